"""Declared figures: the rows in force, the grid of teams, history. A correction supersedes; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from tdteam.domain.declared import DeclaredDraft
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Account, Declared, Place, TeamVillage


def _in_force() -> Any:
    return col(Declared.superseded_at).is_(None)


def find_same(session: GatedSession, drafts: Sequence[DeclaredDraft]) -> dict[int, Declared]:
    """The row in force for the same cell, by the draft's place in the sequence. The cell of a team is its indicator and
    period, whoever brought the paper; a place's has its source too: police and portal may both count."""
    query = select(Declared).where(
        _in_force(),
        or_(
            col(Declared.place_id).in_({draft.place_id for draft in drafts}),
            col(Declared.team_id).in_({draft.team_id for draft in drafts if draft.team_id}),
        ),
        col(Declared.indicator).in_({draft.indicator for draft in drafts}),
        col(Declared.span_key).in_({span_key(draft) for draft in drafts}),
    )
    known = {cell_of(row): row for row in session.exec(query)}
    cells = [_cell(d.place_id, d.team_id, d.indicator, span_key(d), d.source) for d in drafts]
    return {place: known[cell] for place, cell in enumerate(cells) if cell in known}


def _cell(place_id: int, team_id: int | None, indicator: str, span: str, source: str) -> tuple[object, ...]:
    return (team_id, indicator, span) if team_id else (place_id, indicator, span, source)


def cell_of(row: Declared) -> tuple[object, ...]:
    """The cell a row is of, whether it is in force or not."""
    return _cell(row.place_id, row.team_id, row.indicator, row.span_key.partition("#")[0], row.source)


def span_key(draft: DeclaredDraft) -> str:
    """The span of a declared figure as its key: a period, or a day."""
    return draft.period or (draft.as_of.isoformat() if draft.as_of else "")


def supersede(session: GatedSession, rows: Iterable[Declared]) -> None:
    """Take rows out of force; they stay to be read."""
    for row in rows:
        row.superseded_at = datetime.now(UTC)
        row.span_key = f"{row.span_key}#{row.id}"
        session.add(row)
    session.flush()


def add_declared(session: GatedSession, drafts: Iterable[DeclaredDraft]) -> list[Declared]:
    """Store declared figures in force."""
    now = datetime.now(UTC)
    rows = [
        Declared(
            place_id=draft.place_id,
            team_id=draft.team_id,
            indicator=draft.indicator,
            period=draft.period,
            as_of=draft.as_of,
            part=draft.part or 0,
            whole=draft.whole,
            source=draft.source,
            sender=draft.sender,
            received_on=draft.received_on,
            note=draft.note,
            scan_name=draft.scan_name,
            scan_sha256=draft.scan_sha256,
            team_key=draft.team_id or 0,
            span_key=span_key(draft),
            declared_by=session.scope.actor.account_id,
            declared_at=now,
        )
        for draft in drafts
    ]
    session.add_all(rows)
    session.flush()
    return rows


def draft_of(row: Declared) -> DeclaredDraft:
    """A row as the draft it came from."""
    return DeclaredDraft(**{field.name: getattr(row, field.name) for field in fields(DeclaredDraft)})


def list_of_place(session: GatedSession, place_id: int, period: Period) -> Sequence[Declared]:
    """What was declared for a place itself: flows of the period, and the newest stocks up to its end."""
    query = (
        select(Declared)
        .where(
            Declared.place_id == place_id,
            col(Declared.team_id).is_(None),
            _in_force(),
            or_(
                col(Declared.period) == period.code,
                (col(Declared.as_of) <= period.last_day) & (col(Declared.as_of) >= period.plus(-12).since),
            ),
        )
        .order_by(Declared.indicator, col(Declared.as_of).desc(), col(Declared.id).desc())
    )
    newest: dict[tuple[str, str], Declared] = {}
    for row in session.exec(query):
        newest.setdefault((row.indicator, row.source), row)
    return list(newest.values())


def list_of_teams(session: GatedSession, place_id: int, period: str, on: date) -> Sequence[Declared]:
    """What teams of a place sent otherwise for a period, in force."""
    query = select(Declared).where(
        col(Declared.place_id).in_(ids_inside(place_id, on)),
        col(Declared.team_id).is_not(None),
        Declared.period == period,
        _in_force(),
    )
    return session.exec(query.order_by(col(Declared.team_id), Declared.indicator)).all()


def list_of_places(session: GatedSession, place_id: int, period: Period, on: date) -> list[Declared]:
    """What was declared for a place and for each village inside it, as `list_of_place` tells it of one."""
    query = (
        select(Declared)
        .where(
            or_(col(Declared.place_id) == place_id, col(Declared.place_id).in_(ids_inside(place_id, on))),
            col(Declared.team_id).is_(None),
            _in_force(),
            or_(
                col(Declared.period) == period.code,
                (col(Declared.as_of) <= period.last_day) & (col(Declared.as_of) >= period.plus(-12).since),
            ),
        )
        .order_by(Declared.indicator, col(Declared.as_of).desc(), col(Declared.id).desc())
    )
    newest: dict[tuple[int, str, str], Declared] = {}
    for row in session.exec(query):
        newest.setdefault((row.place_id, row.indicator, row.source), row)
    return list(newest.values())


@dataclass(frozen=True)
class Version:
    """A declared figure in the history of its indicator: the row, of which place, and who typed it in."""

    row: Declared
    place: str
    by: str | None


def list_history(
    session: GatedSession, place_id: int, indicator: str, on: date, limit: int = 100
) -> list[Version]:
    """Every version of an indicator declared for a place or a village inside it, newest first."""
    query = (
        select(Declared, Place.name, Account.name)
        .join(Place, col(Place.id) == Declared.place_id)
        .outerjoin(Account, col(Account.id) == Declared.declared_by)
        .where(
            or_(col(Declared.place_id) == place_id, col(Declared.place_id).in_(ids_inside(place_id, on))),
            col(Declared.team_id).is_(None),
            Declared.indicator == indicator,
        )
    )
    found = session.exec(query.order_by(col(Declared.id).desc()).limit(limit))
    return [Version(row, place, by) for row, place, by in found]


def list_sources(session: GatedSession, place_id: int, limit: int = 30) -> list[str]:
    """Sources named for a place so far, those used lately first: to offer again."""
    query = (
        select(Declared.source, func.max(Declared.id))
        .where(Declared.place_id == place_id, col(Declared.team_id).is_(None))
        .group_by(Declared.source)
        .order_by(func.max(Declared.id).desc())
        .limit(limit)
    )
    return [source for source, _ in session.exec(query)]


def get_declared(session: GatedSession, declared_id: int) -> Declared:
    """A declared figure inside the scope, or NotFound."""
    row = session.exec(select(Declared).where(Declared.id == declared_id)).first()
    if row is None:
        raise NotFound
    return row


def find_rows(session: GatedSession, ids: Sequence[int]) -> Sequence[Declared]:
    """Declared figures by their ids, those inside the scope."""
    return session.exec(select(Declared).where(col(Declared.id).in_(ids)).order_by(col(Declared.id))).all()


def find_scan(session: GatedSession, sha256: str) -> str | None:
    """The name of a scan that belongs to a declared figure inside the scope; None where none does."""
    query = select(Declared.scan_name).where(Declared.scan_sha256 == sha256)
    return session.exec(query.limit(1)).first()


def served(session: GatedSession, team_ids: Collection[int]) -> set[tuple[int, int]]:
    """(team, village) of the villages that teams of the scope serve or served."""
    query = select(TeamVillage.team_id, TeamVillage.village_id).where(col(TeamVillage.team_id).in_(team_ids))
    return set(session.exec(query).all())
