"""What we install is pinned, wholly and once, and what is pinned is used."""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions

from tests.house.source import imports, nothing, ours, text_of, tree_of

PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==([\w.!+]+)")
DIRECTIVES = {"-r requirements.txt", "-c constraints.txt"}
# Installed for something that no import of ours shows.
UNSEEN = {
    "psycopg": "SQLAlchemy's driver, chosen by TDTEAM_DATABASE_URL",
    "rl-accel": "imported as _rl_accel; ReportLab's fast path",
}


def same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> tuple[dict[str, str], list[str]]:
    """Name -> version, and the lines that pin nothing."""
    found: dict[str, str] = {}
    loose = []
    for line in filter(None, (line.split("#")[0].strip() for line in text.splitlines())):
        pin = PIN.fullmatch(line)
        if pin is not None and same(pin[1]) not in found:
            found[same(pin[1])] = pin[2]
        elif line not in DIRECTIVES:
            loose.append(line)
    return found, loose


def test_every_requirement_is_pinned_once_and_its_constraint_agrees() -> None:
    exact, loose = pins(text_of("constraints.txt"))
    nothing(loose)
    for name in ("requirements.txt", "requirements-dev.txt"):
        wanted, loose = pins(text_of(name))
        nothing(loose, name)
        nothing(
            {key: version for key, version in wanted.items() if exact.get(key) != version}, "run: make pins"
        )


def test_what_tdteam_imports_is_required_and_what_is_required_is_imported() -> None:
    modules = packages_distributions()
    imported = {
        found.package for path in ours(".py", under=("tdteam/",)) for found in imports(tree_of(path), path)
    }
    distributions = {same(name) for package in imported for name in modules.get(package, [])}
    exact, _ = pins(text_of("constraints.txt"))
    wanted, _ = pins(text_of("requirements.txt"))
    nothing(sorted(distributions - set(exact)), "imported and not pinned")
    nothing(sorted(set(wanted) - distributions - set(UNSEEN)), "pinned and not imported")


def test_a_loose_requirement_is_seen() -> None:
    assert pins("flask>=3\nflask\n-e .\nflask==3.1.3\nflask==3.1.3")[1] == [
        "flask>=3",
        "flask",
        "-e .",
        "flask==3.1.3",
    ]
    assert pins("psycopg[binary]==3.3.9  # driver")[0] == {"psycopg": "3.3.9"}
