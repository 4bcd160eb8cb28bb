"""What was set aside on the attention list and among the findings about the data: said, read, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from tdteam.domain.errors import Conflict, NotFound
from tdteam.store.gate import GatedSession
from tdteam.store.places import hold_places, ids_inside
from tdteam.store.tables import Account, SetAside

Key = tuple[str, str, str]
"""Rule, target and span of what is set aside."""


@dataclass(frozen=True)
class Aside:
    """What somebody set aside, why and when. `who` is None for the command line."""

    id: int
    rule: str
    target: str
    span: str
    place_id: int
    why: str
    at: datetime
    who: str | None


def list_asides(session: GatedSession, board: str, place_id: int, spans: list[str]) -> dict[Key, Aside]:
    """What is set aside on a board, inside a place and for some spans, and is not taken back."""
    query = (
        select(SetAside, Account.name)
        .join(Account, col(Account.id) == SetAside.set_by, isouter=True)
        .where(
            SetAside.board == board,
            col(SetAside.place_id).in_(ids_inside(place_id)),
            col(SetAside.span).in_(spans),
            col(SetAside.undone_at).is_(None),
        )
        .order_by(col(SetAside.id))
    )
    return {
        (row.rule, row.target, row.span): Aside(
            row.id or 0, row.rule, row.target, row.span, row.place_id, row.why, row.set_at, who
        )
        for row, who in session.exec(query)
    }


def set_aside(session: GatedSession, board: str, place_id: int, key: Key, why: str) -> SetAside:
    """Set something aside. Conflict `set_aside_already` where somebody did so meanwhile; NotFound outside the scope."""
    session.demand(place_id)
    hold_places(session, [place_id])
    rule, target, span = key
    query = select(SetAside.id).where(
        SetAside.board == board,
        SetAside.rule == rule,
        SetAside.target == target,
        SetAside.span == span,
        SetAside.place_id == place_id,
        col(SetAside.undone_at).is_(None),
    )
    if session.exec(query).first() is not None:
        raise Conflict("set_aside_already")
    row = SetAside(
        board=board,
        place_id=place_id,
        rule=rule,
        target=target,
        span=span,
        why=why,
        set_at=datetime.now(UTC),
        set_by=session.scope.actor.account_id,
    )
    session.add(row)
    session.flush()
    return row


def take_back(session: GatedSession, board: str, aside_id: int) -> SetAside | None:
    """Take it back: it stands on its list again. None where that was done before. NotFound outside the scope."""
    row = session.exec(select(SetAside).where(SetAside.id == aside_id, SetAside.board == board)).first()
    if row is None:
        raise NotFound
    if row.undone_at is not None:
        return None
    row.undone_at, row.undone_by = datetime.now(UTC), session.scope.actor.account_id
    session.add(row)
    session.flush()
    return row
