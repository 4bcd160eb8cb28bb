"""Declared figures: the rows in force, the grid of teams, history. A correction supersedes; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from tdteam.domain.declared import DeclaredDraft
from tdteam.domain.periods import Period
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Declared


def _in_force() -> Any:
    return col(Declared.superseded_at).is_(None)


def find_same(session: GatedSession, draft: DeclaredDraft) -> Declared | None:
    """The row in force for the same cell: place, team, indicator, span and source."""
    query = select(Declared).where(
        Declared.place_id == draft.place_id,
        Declared.team_key == (draft.team_id or 0),
        Declared.indicator == draft.indicator,
        Declared.span_key == span_key(draft),
        Declared.source == draft.source,
        _in_force(),
    )
    return session.exec(query).first()


def span_key(draft: DeclaredDraft) -> str:
    """The span of a declared figure as its key: a period, or a day."""
    return draft.period or (draft.as_of.isoformat() if draft.as_of else "")


def supersede(session: GatedSession, row: Declared) -> None:
    """Take a row out of force; it stays to be read."""
    row.superseded_at = datetime.now(UTC)
    row.span_key = f"{row.span_key}#{row.id}"
    session.add(row)
    session.flush()


def add_declared(session: GatedSession, draft: DeclaredDraft) -> Declared:
    """Store a declared figure in force."""
    row = Declared(
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
        team_key=draft.team_id or 0,
        span_key=span_key(draft),
        declared_by=session.scope.actor.account_id,
        declared_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    return row


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


def list_history(session: GatedSession, place_id: int, indicator: str, limit: int = 50) -> Sequence[Declared]:
    """Every version of an indicator declared for a place, newest first."""
    query = select(Declared).where(Declared.place_id == place_id, Declared.indicator == indicator)
    return session.exec(query.order_by(col(Declared.id).desc()).limit(limit)).all()
