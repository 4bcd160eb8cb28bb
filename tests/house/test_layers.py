"""The dependency rule and the homes of packages, read from the imports (CONTRIBUTING.md, rules 1 and 2)."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.house.source import Import, imports, nothing, ours, tree_of

# layer -> the layers it may import besides itself. config and errors of the root are open to all but domain and reports.
LAYERS = {
    "tdteam/domain/": (),
    "tdteam/store/": ("tdteam.domain",),
    "tdteam/migrations/": ("tdteam.domain", "tdteam.store"),
    "tdteam/reports/": ("tdteam.domain",),
    "tdteam/actions/": ("tdteam.domain", "tdteam.store", "tdteam.reports"),
    "tdteam/web/": ("tdteam.domain", "tdteam.store", "tdteam.actions", "tdteam.config"),
}

# package -> where alone it may be imported. What is not named here has no home yet: give it one, with a reason.
HOMES = {
    "sqlmodel": ("tdteam/store/", "tdteam/migrations/"),
    "sqlalchemy": ("tdteam/store/", "tdteam/migrations/"),
    "alembic": ("tdteam/store/", "tdteam/migrations/"),
    "sqlcipher3": ("tdteam/store/",),
    "psycopg": ("tdteam/store/",),
    "reportlab": ("tdteam/reports/",),
    "_rl_accel": ("tdteam/reports/",),
    "xlsxwriter": ("tdteam/reports/",),
    "docx": ("tdteam/reports/",),
    "segno": ("tdteam/reports/", "tdteam/web/two_step.py"),
    "python_calamine": ("tdteam/actions/workbooks.py",),
    "shapely": ("tdteam/actions/import_shapes.py",),
    "PIL": ("tdteam/actions/pictures.py",),
    "argon2": ("tdteam/actions/", "tdteam/store/accounts.py"),
    "pyotp": ("tdteam/actions/",),
    "flask": ("tdteam/web/", "tdteam/__init__.py"),
    "werkzeug": ("tdteam/web/",),
    "markupsafe": ("tdteam/web/",),
    "flask_babel": ("tdteam/web/",),
    "babel": ("tdteam/web/words.py", "tdteam/web/formats.py"),
    "wtforms": ("tdteam/web/forms/",),
    "flask_wtf": (
        "tdteam/web/forms/",
        "tdteam/web/security.py",
        "tdteam/web/errors.py",
        "tdteam/web/phone_session.py",
    ),
    "flask_login": ("tdteam/web/gate.py", "tdteam/web/sign_in.py"),
    "click": ("tdteam/cli",),
    "waitress": ("tdteam/server.py",),
    # the interpreter's own SQLite is in the range that can corrupt a WAL: sqlcipher3's is the only one here
    "sqlite3": (),
}


def layer_of(path: str) -> str | None:
    return next((layer for layer in LAYERS if path.startswith(layer)), None)


def crossing(path: str, found: Import) -> bool:
    """Whether this import breaks the dependency rule."""
    layer = layer_of(path)
    if layer is None or found.package != "tdteam" or found.module.count(".") < 1:
        return False
    allowed = (layer.rstrip("/").replace("/", "."), *LAYERS[layer])
    return not any(f"{found.module}.".startswith(f"{home}.") for home in allowed) and not _is_name_of_root(
        found
    )


def _is_name_of_root(found: Import) -> bool:
    return found.module in {"tdteam.__version__", "tdteam.create_app"}


def homeless(path: str, found: Import) -> bool:
    """Whether a package is imported outside its home, or has none."""
    if found.package in HOMES:
        return not path.startswith(HOMES[found.package]) or not HOMES[found.package]
    return found.package not in sys.stdlib_module_names and found.package not in {"tdteam", "__future__"}


def faults(path: str, tree: ast.Module) -> list[str]:
    out = []
    for found in imports(tree, path):
        if crossing(path, found):
            out.append(f"{path}:{found.line} imports {found.module}: its layer may not")
        elif homeless(path, found):
            home = ", ".join(HOMES.get(found.package, ())) or "nowhere"
            out.append(f"{path}:{found.line} imports {found.module}, at home in {home}")
    return out


def test_every_import_stays_inside_its_layer_and_every_package_at_home() -> None:
    nothing([fault for path in ours(".py", under=("tdteam/",)) for fault in faults(path, tree_of(path))])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("tdteam/domain/visits.py", "from tdteam.store import visits"),
        ("tdteam/domain/visits.py", "import flask"),
        ("tdteam/domain/visits.py", "from ..store import visits"),
        ("tdteam/store/visits.py", "from tdteam.actions.record_visit import record"),
        ("tdteam/reports/monthly.py", "def draw():\n    from tdteam.store import tallies"),
        ("tdteam/actions/record_visit.py", "import flask"),
        ("tdteam/web/visits.py", "from sqlalchemy import text"),
        ("tdteam/web/visits.py", "from flask_login import login_user"),
        ("tdteam/actions/export.py", "import python_calamine"),
        ("tdteam/store/engine.py", "import sqlite3"),
        ("tdteam/web/visits.py", "import requests"),
    ],
)
def test_a_crossing_import_is_seen(path: str, line: str) -> None:
    assert faults(path, ast.parse(line))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("tdteam/domain/visits.py", "from datetime import date\nfrom tdteam.domain.errors import Flaw"),
        (
            "tdteam/actions/record_visit.py",
            "from tdteam.store import visits\nfrom tdteam.reports import monthly",
        ),
        ("tdteam/cli.py", "import click\nfrom tdteam.web.app import make_app"),
    ],
)
def test_a_decent_import_is_left_alone(path: str, line: str) -> None:
    assert faults(path, ast.parse(line)) == []
