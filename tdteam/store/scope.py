"""What a scope is, and how it conditions a statement: the rules behind `store/gate.py`, which applies them.

A table says how it is scoped in `__scope__`:
    open            no scope (catalogues, edges of places)
    village         column village_id lies inside a root
    place           column place_id lies inside a root
    place_above     the same to write; to read, also what contains something inside a root
    commune         column commune_id lies inside a root, or contains something that does
    reach           column id likewise, or once contained something that does
    team, team_self, team_village, member, member_self   through the villages a team serves
    upload          through the upload's place
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, bindparam, or_, select
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.selectable import Select
from sqlmodel import SQLModel

from tdteam.domain.periods import today
from tdteam.domain.roles import SYSTEM, Actor
from tdteam.store import tables

_reach = tables.PlaceAncestor.__table__  # type: ignore[attr-defined]
_team_village = tables.TeamVillage.__table__  # type: ignore[attr-defined]
_membership = tables.Membership.__table__  # type: ignore[attr-defined]
_upload = tables.Upload.__table__  # type: ignore[attr-defined]
_BY_KEY = "tdteam_by_key"
_KEPT = "tdteam_kept"
BY_KEY = {_BY_KEY: True}
"""Execution options of a statement that names its rows by key: the scope's condition checks them, and is kept from
being the way they are found (SQLite, which keeps no statistics, else reads every row of the scope: 10 ms, not 0.3)."""
_UNINDEXED: Any = operators.custom_op("+")


def unindexed(column: Any) -> UnaryExpression[Any]:
    """`+column`: a number column's value, for which no index answers, so that it checks rows and does not find them."""
    return UnaryExpression(column, operator=_UNINDEXED, type_=column.type)


class Ungated(RuntimeError):
    """A statement the scope's conditions cannot reach, or a row outside the scope: a fault of ours, never of the user."""


@dataclass(frozen=True)
class Scope:
    """Where an account may look and write: a set of root places. `names` False hides residents' names from lists."""

    roots: frozenset[int] = frozenset()
    names: bool = False
    actor: Actor = SYSTEM
    is_everywhere: bool = False
    day: date = field(default_factory=today)


def inside(scope: Scope) -> Select[Any]:
    """Ids of the places inside the roots now."""
    return select(_reach.c.place_id).where(
        _reach.c.ancestor_id.in_(bindparam("gate_roots", sorted(scope.roots), expanding=True, unique=True)),
        _reach.c.since <= scope.day,
        or_(_reach.c.until.is_(None), _reach.c.until > scope.day),
    )


INSIDE = select(_reach.c.place_id).where(
    _reach.c.ancestor_id.in_(bindparam("roots", expanding=True)),
    _reach.c.since <= bindparam("day"),
    or_(_reach.c.until.is_(None), _reach.c.until > bindparam("day")),
)
"""The same, built once, for `roots` and a `day`: each session that writes asks it."""


def _touching(scope: Scope) -> Select[Any]:
    """Ids of the places that contain something inside the roots: the way up, for names and papers."""
    return select(_reach.c.ancestor_id).where(
        _reach.c.place_id.in_(inside(scope)),
        _reach.c.since <= scope.day,
        or_(_reach.c.until.is_(None), _reach.c.until > scope.day),
    )


def _ever_touching(scope: Scope) -> Select[Any]:
    """The same on any day: who may see a village may read the names of the units it once stood in."""
    return select(_reach.c.ancestor_id).where(_reach.c.place_id.in_(inside(scope)))


def _teams(scope: Scope) -> Select[Any]:
    return select(_team_village.c.team_id).where(_team_village.c.village_id.in_(inside(scope)))


def _members(scope: Scope) -> Select[Any]:
    return select(_membership.c.member_id).where(_membership.c.team_id.in_(_teams(scope)))


def _uploads(scope: Scope) -> Select[Any]:
    return select(_upload.c.id).where(_upload.c.place_id.in_(inside(scope)))


# scope word -> (column, ids allowed)
RULES: dict[str, tuple[str, Callable[[Scope], Select[Any]]]] = {
    "village": ("village_id", inside),
    "place": ("place_id", inside),
    "place_above": ("place_id", _touching),
    "commune": ("commune_id", _touching),
    "reach": ("id", _ever_touching),
    "team": ("team_id", _teams),
    "team_self": ("id", _teams),
    "team_village": ("team_id", _teams),
    "member": ("member_id", _members),
    "member_self": ("id", _members),
    "upload": ("upload_id", _uploads),
}


def all_tables() -> list[type[SQLModel]]:
    """Every mapped table class."""
    return [getattr(tables, name) for name in tables.__all__]


def scope_word(cls: type[Any]) -> str:
    """How a table is scoped; Ungated where it does not say."""
    word = getattr(cls, "__scope__", None)
    if word != "open" and word not in RULES:
        raise Ungated(f"{cls.__name__} does not say how it is scoped")
    return str(word)


@lru_cache(maxsize=512)
def _criteria(scope: Scope, by_key: bool = False) -> dict[str, Any]:
    """Table name -> the option that scopes it; one a class, for a mixin with a lambda crashes under SQLModel."""
    out = {}
    for cls in all_tables():
        word = scope_word(cls)
        if word != "open":
            name, allowed = RULES[word]
            column = getattr(cls, name)
            if by_key and isinstance(column.type, Integer):
                column = unindexed(column)
            condition: ColumnElement[bool] = column.in_(allowed(scope))
            out[str(cls.__tablename__)] = with_loader_criteria(cls, condition, include_aliases=True)
    return out


def _named(statement: Any) -> set[str]:
    """Names of all tables anywhere in a statement: joins, aliases, subqueries and expressions included."""
    found, ahead = set(), [statement]
    while ahead:
        element = ahead.pop()
        if isinstance(element, Table):
            found.add(element.name)  # what a table is made of names no other
        else:
            ahead.extend(element.get_children())
    return found


def kept(statement: Any) -> Any:
    """A statement built once and asked again and again, with `bindparam`s for what changes: what the gate adds to it
    for a scope is kept too, which is most of the cost of a small question."""
    return statement.execution_options(**{_KEPT: True})


def conditioned(statement: Any, scope: Scope, options: Mapping[str, Any]) -> Any:
    """A statement with the conditions of a scope. `options`: its execution options (BY_KEY, kept)."""
    condition = _conditioned_once if options.get(_KEPT) else _conditioned
    return condition(statement, scope, options.get(_BY_KEY, False))


def _conditioned(statement: Any, scope: Scope, by_key: bool) -> Any:
    criteria = _criteria(scope, by_key)
    return statement.options(*(criteria[name] for name in sorted(_named(statement)) if name in criteria))


_conditioned_once = lru_cache(maxsize=512)(_conditioned)
