"""Both gates are whole: every route asks for a power, and only a listed few may look everywhere."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import nodes

from tests.house.messages import JINJA
from tests.house.source import nothing, ours, text_of, tree_of

# Who may write EVERYWHERE, the scope without limits, and for what. A new line here is a decision, not a formality.
EVERYWHERE = {
    "tdteam/store/gate.py": "defines it",
    "tdteam/web/gate.py": "reads the account before its scope is known",
    "tdteam/web/verify.py": "reads, for anybody, what the code of a printed report names, and counts wrong codes",
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


def linked(tree: ast.Module) -> set[str]:
    """Endpoints that Python names in url_for."""
    return {
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and (getattr(call.func, "id", "") or getattr(call.func, "attr", "")) == "url_for"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def linked_by_page(source: str, name: str = "page") -> set[str]:
    """Endpoints that a template names in url_for."""
    return {
        str(call.args[0].value)
        for call in JINJA.parse(source, name, name).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name == "url_for"
        and call.args
        and isinstance(call.args[0], nodes.Const)
    }


def endpoints(folder: Path) -> set[str]:
    from tdteam import create_app
    from tdteam.config import Config

    app = create_app(Config(folder, f"sqlite:///{folder}/none.db", "house-" * 8))
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_only_the_listed_may_look_everywhere() -> None:
    saying = {path for path in ours(".py", under=("tdteam/",)) if says_everywhere(tree_of(path))}
    nothing(sorted(saying - set(EVERYWHERE)))
    nothing(sorted(set(EVERYWHERE) - saying), "listed, and no longer needs to be")


def test_every_route_asks_for_a_power_and_every_power_has_its_route(tmp_path: Path) -> None:
    access = importlib.import_module("tdteam.web.access")
    nothing(ungated(endpoints(tmp_path), access.ACCESS))


def test_no_page_links_to_a_route_that_is_not_there(tmp_path: Path) -> None:
    known = endpoints(tmp_path)
    pages = {path: linked_by_page(text_of(path), path) for path in ours(".html", under=("templates/",))}
    code = {path: linked(tree_of(path)) for path in ours(".py", under=("tdteam/web/",))}
    nothing({path: sorted(lost) for path, named in {**pages, **code}.items() if (lost := named - known)})


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


def test_a_link_to_nowhere_is_seen() -> None:
    assert linked(ast.parse('redirect(url_for("visits.gone", id=1))')) == {"visits.gone"}
    assert linked_by_page('<a href="{{ url_for("visits.gone", id=1) }}">') == {"visits.gone"}
