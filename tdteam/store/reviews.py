"""Reviewers' words on issued reports. They are an area's rows; the commune whose report it is reads them all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel import select as rows

from tdteam.domain.area_month import Verdict, Word
from tdteam.domain.roles import Actor
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Paper, Place, Report, Review, Sealing

_review = Review.__table__  # type: ignore[attr-defined]
_account = Account.__table__  # type: ignore[attr-defined]
_place = Place.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Told:
    """A reviewer's word as the commune reads it: `place` is the area or province it was given for."""

    sealing_id: int
    period: str
    place_id: int
    place: str
    word: Word


def add_review(
    session: GatedSession, place_id: int, sealing_id: int, verdict: Verdict, why: str, actor: Actor
) -> Review:
    """Write a reviewer's word; the newest of a place stands."""
    row = Review(
        place_id=place_id,
        sealing_id=sealing_id,
        verdict=verdict,
        why=why,
        at=datetime.now(UTC),
        given_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    return row


def list_newest(session: GatedSession, place_id: int, sealing_ids: Sequence[int]) -> dict[int, Word]:
    """The word that stands for a place on each of some seals."""
    query = (
        rows(Review, Account.name)
        .outerjoin(Account, col(Account.id) == Review.given_by)
        .where(Review.place_id == place_id, col(Review.sealing_id).in_(sealing_ids))
        .order_by(col(Review.id))
    )
    return {
        row.sealing_id: Word(Verdict(row.verdict), row.why, row.at, name or "")
        for row, name in session.exec(query)
    }


def newest(session: GatedSession, sealing_id: int) -> Told | None:
    """What an area said last of a report that the scope reaches: a return first, where several areas read it."""
    period = session.exec(rows(Sealing.period).where(Sealing.id == sealing_id)).first()
    if period is None:
        return None
    told = _told(session, {sealing_id: period})
    returned = [one for one in told if one.word.verdict is Verdict.RETURNED]
    return next(iter(returned or told), None)


def list_returned(session: GatedSession, commune_id: int) -> list[Told]:
    """The issued reports of a commune that stand returned, newest first. A report being replaced is answered."""
    query = (
        rows(Sealing.id, Sealing.period)
        .join(Paper, (col(Paper.sealing_id) == Sealing.id) & (col(Paper.form) == "pdf"))
        .join(Report, col(Report.sealing_id) == Sealing.id)
        .where(Sealing.commune_id == commune_id, col(Sealing.ended).is_(None))
    )
    found: dict[int, str] = {sealing or 0: period for sealing, period in session.exec(query)}
    return [one for one in _told(session, found) if one.word.verdict is Verdict.RETURNED]


def _told(session: GatedSession, periods: dict[int, str]) -> list[Told]:
    """The standing words on some seals, newest first. Asked without scope: an area lies outside that of a commune's
    official, and the seals were found inside it."""
    if not periods:
        return []
    last = (
        select(func.max(_review.c.id))
        .where(_review.c.sealing_id.in_(periods))
        .group_by(_review.c.sealing_id, _review.c.place_id)
    )
    query: Any = (
        select(_review, _account.c.name.label("who"), _place.c.name.label("place"))
        .join(_place, _place.c.id == _review.c.place_id)
        .outerjoin(_account, _account.c.id == _review.c.given_by)
        .where(_review.c.id.in_(last))
        .order_by(_review.c.id.desc())
    )
    return [
        Told(
            row.sealing_id,
            periods[row.sealing_id],
            row.place_id,
            row.place,
            Word(Verdict(row.verdict), row.why, row.at, row.who or ""),
        )
        for row in bulk.run(session, query, places=())
    ]
