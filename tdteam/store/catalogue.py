"""The catalogue in the tables: loaded from data at `migrate`, edited by an administrator, read as one value.

`load_catalogue` adds what is missing and never touches a row that is there: it may have been edited. The value is
cached a process under a token that changes with every edit.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import delete
from sqlmodel import SQLModel, col, select

from tdteam.domain.catalogue import Catalogue, Cause, Kind, Procedure, judge_kind
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.indicators import Indicator, judge_indicator
from tdteam.domain.vietnamese import fold, nfc
from tdteam.store import bulk, tables
from tdteam.store.gate import GatedSession
from tdteam.store.settings import find_setting, set_setting

DATA = Path(__file__).parent.parent / "data"
VERSION = "catalogue_version"
_cached: WeakKeyDictionary[Any, Catalogue] = WeakKeyDictionary()


@cache
def shipped(name: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of a data file that ships with the program."""
    return tuple(json.loads((DATA / f"{name}.json").read_text("utf-8")))


def load_catalogue(session: GatedSession) -> int:
    """Add the shipped kinds, causes, procedures and indicators that are not there yet; how many were added."""
    new_kinds = _add_missing(session, tables.AssistKind, _kind_rows())
    outcomes = [row for row in _outcome_rows() if row["kind"] in new_kinds]
    _insert(session, tables.AssistKindOutcome, outcomes)
    added = len(new_kinds)
    added += len(_add_missing(session, tables.Cause, _sorted_rows("causes")))
    added += len(_add_missing(session, tables.Procedure, _procedure_rows()))
    added += len(_add_missing(session, tables.Indicator, _sorted_rows("indicators")))
    added += len(_add_missing(session, tables.VillageModel, _model_rows()))
    added += len(_add_missing(session, tables.ModelItem, _item_rows()))
    if added:
        touch_catalogue(session)
    return added


def _sorted_rows(name: str) -> list[dict[str, Any]]:
    return [{**row, "sort": (place + 1) * 10} for place, row in enumerate(shipped(name))]


def _procedure_rows() -> list[dict[str, Any]]:
    return [{**row, "name_fold": fold(row["name"])} for row in _sorted_rows("procedures")]


def _model_rows() -> list[dict[str, Any]]:
    return [
        {key: value for key, value in row.items() if key != "items"} for row in _sorted_rows("village_models")
    ]


def _item_rows() -> list[dict[str, Any]]:
    return [
        {**item, "model": row["code"], "sort": (place + 1) * 10}
        for row in shipped("village_models")
        for place, item in enumerate(row["items"])
    ]


def _kind_rows() -> list[dict[str, Any]]:
    return [
        {key: value for key, value in row.items() if key != "outcomes"}
        for row in _sorted_rows("assist_kinds")
    ]


def _outcome_rows() -> list[dict[str, Any]]:
    return [
        {"kind": row["code"], "outcome": outcome, "name": name, "sort": place}
        for row in shipped("assist_kinds")
        for place, (outcome, name) in enumerate(row["outcomes"].items())
    ]


def _add_missing(session: GatedSession, cls: Any, rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Insert the rows whose code is not there; the codes added."""
    known = set(session.exec(select(cls.code)))
    fresh = [row for row in rows if row["code"] not in known]
    _insert(session, cls, fresh)
    return {str(row["code"]) for row in fresh}


def _insert(session: GatedSession, cls: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert whole rows (defaults filled in), standing aside for whoever loads at the same moment."""
    whole = [cls(**row).model_dump() for row in rows]
    if whole:
        statement = bulk.insert(session, cls.__table__).on_conflict_do_nothing()
        bulk.run(session, statement, whole, places=())


def touch_catalogue(session: GatedSession) -> None:
    """Say that the catalogue changed: every process reads it anew."""
    session.flush()
    set_setting(session, VERSION, secrets.token_hex(8))


def read_catalogue(session: GatedSession) -> Catalogue:
    """The catalogue of kinds, causes and procedures."""
    version = find_setting(session, VERSION) or ""
    pool = session.get_bind().engine.pool
    held = _cached.get(pool)
    if held is None or held.version != version:
        held = _cached[pool] = _read(session, version)
    return held


def _read(session: GatedSession, version: str) -> Catalogue:
    outcomes: dict[str, dict[str, str]] = {}
    allowed = tables.AssistKindOutcome
    for row in session.exec(select(allowed).order_by(col(allowed.sort), col(allowed.outcome))):
        outcomes.setdefault(row.kind, {})[row.outcome] = row.name
    return Catalogue(
        kinds={
            row.code: Kind(
                row.code, row.name, row.short_name, row.pillar, outcomes.get(row.code, {}), row.is_active
            )
            for row in _in_order(session, tables.AssistKind)
        },
        causes={
            row.code: Cause(row.code, row.name, row.is_active) for row in _in_order(session, tables.Cause)
        },
        procedures={
            row.code: Procedure(row.code, row.name, row.is_essential, row.is_active)
            for row in _in_order(session, tables.Procedure)
        },
        version=version,
    )


def _in_order(session: GatedSession, cls: Any) -> Iterable[Any]:
    return session.exec(select(cls).order_by(cls.sort, cls.code))


def save_kind(session: GatedSession, kind: Kind, *, sort: int | None = None) -> None:
    """Add or change a kind of help with its outcomes; raises Refused. A kind is never deleted, only retired."""
    flaws = judge_kind(kind)
    if flaws:
        raise Refused(flaws)
    values = {"name": nfc(kind.name), "short_name": nfc(kind.short_name), "pillar": kind.pillar}
    _save(session, tables.AssistKind, kind.code, {**values, "is_active": kind.is_active}, sort)
    allowed = tables.AssistKindOutcome
    session.exec(delete(allowed).where(col(allowed.kind) == kind.code))
    for place, (outcome, name) in enumerate(kind.outcomes.items()):
        session.add(allowed(kind=kind.code, outcome=outcome, name=nfc(name), sort=place))
    touch_catalogue(session)


def save_cause(session: GatedSession, cause: Cause, *, sort: int | None = None) -> None:
    """Add, rename or retire a cause; raises Refused."""
    _save(session, tables.Cause, cause.code, {"name": nfc(cause.name), "is_active": cause.is_active}, sort)
    touch_catalogue(session)


def save_procedure(session: GatedSession, procedure: Procedure, *, sort: int | None = None) -> None:
    """Add, rename or retire a procedure; raises Refused."""
    name = nfc(procedure.name)
    values = {"name": name, "name_fold": fold(name), "is_essential": procedure.is_essential}
    _save(session, tables.Procedure, procedure.code, {**values, "is_active": procedure.is_active}, sort)
    touch_catalogue(session)


def save_indicator(session: GatedSession, indicator: Indicator, *, sort: int | None = None) -> None:
    """Add or change an indicator; raises Refused. What a counted one reads of the tallies stays as it was shipped."""
    flaws = judge_indicator(indicator)
    if flaws:
        raise Refused(flaws)
    words = ("name", "short_name", "part_name", "whole_name", "unit")
    plain = (
        "nature",
        "source",
        "section",
        "beside",
        "is_teams",
        "is_places",
        "in_report",
        "is_headline",
        "on_board",
    )
    values: dict[str, Any] = {name: nfc(getattr(indicator, name)) for name in words}
    values |= {name: getattr(indicator, name) for name in (*plain, "is_falling_good", "is_active")}
    _save(session, tables.Indicator, indicator.code, values, sort)
    touch_catalogue(session)


def sorts_of(session: GatedSession) -> dict[str, dict[str, int]]:
    """Noun -> code -> place in the order, of everything in the catalogue."""
    nouns: dict[str, Any] = {
        "kind": tables.AssistKind,
        "cause": tables.Cause,
        "procedure": tables.Procedure,
        "indicator": tables.Indicator,
    }
    return {noun: dict(session.exec(select(cls.code, cls.sort)).all()) for noun, cls in nouns.items()}


def _save(
    session: GatedSession, cls: type[SQLModel], code: str, values: Mapping[str, Any], sort: int | None
) -> None:
    if not values["name"]:
        raise Refused([Flaw("name", "required")])
    row = session.get(cls, code) or cls(code=code, sort=9_000, **values)
    for key, value in values.items():
        setattr(row, key, value)
    if sort is not None:
        row.sort = sort
    session.add(row)
    session.flush()
