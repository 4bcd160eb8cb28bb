"""Both gates are whole: every route asks for a power, and only a listed few may look everywhere."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from pathlib import Path

from tests.house.source import nothing, ours, tree_of

# Who may write EVERYWHERE, the scope without limits, and for what. A new line here is a decision, not a formality.
EVERYWHERE = {
    "tdteam/store/gate.py": "defines it",
    "tdteam/web/gate.py": "reads the account before its scope is known",
    "tdteam/cli_base.py": "the shell is the system's own",
    "tdteam/actions/demonstrate.py": "fills an empty database, before there is anybody to see it",
}


def says_everywhere(tree: ast.Module) -> bool:
    """Whether a module names EVERYWHERE, or sets the flag that makes a scope limitless."""
    for node in ast.walk(tree):
        named = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        if named == "EVERYWHERE" or (isinstance(node, ast.keyword) and node.arg == "is_everywhere"):
            return True
    return False


def ungated(endpoints: set[str], table: Mapping[str, object]) -> list[str]:
    """Endpoints without a power, and powers without an endpoint."""
    return sorted(endpoints ^ set(table))


def test_only_the_listed_may_look_everywhere() -> None:
    saying = {path for path in ours(".py", under=("tdteam/",)) if says_everywhere(tree_of(path))}
    nothing(sorted(saying - set(EVERYWHERE)))
    nothing(sorted(set(EVERYWHERE) - saying), "listed, and no longer needs to be")


def test_every_route_asks_for_a_power_and_every_power_has_its_route(tmp_path: Path) -> None:
    from tdteam import create_app
    from tdteam.config import Config

    access = importlib.import_module("tdteam.web.access")
    app = create_app(Config(tmp_path, f"sqlite:///{tmp_path}/none.db", "house-" * 8))
    nothing(ungated({rule.endpoint for rule in app.url_map.iter_rules()}, access.ACCESS))


def test_a_limitless_scope_is_seen() -> None:
    assert says_everywhere(ast.parse("from tdteam.store.gate import EVERYWHERE as E"))
    assert says_everywhere(ast.parse("open_session(engine, gate.EVERYWHERE)"))
    assert says_everywhere(ast.parse("Scope(is_everywhere=True)"))
    assert not says_everywhere(ast.parse("'EVERYWHERE'"))


def test_a_route_outside_the_table_is_seen() -> None:
    assert ungated({"visits.index", "visits.new"}, {"visits.index": 1, "visits.gone": 1}) == [
        "visits.gone",
        "visits.new",
    ]
