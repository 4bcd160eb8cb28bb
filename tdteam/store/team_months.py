"""One team's period, its word on it, and how many visits were recorded after that word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, not_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.shares import Share
from tdteam.domain.tallies import HOUSEHOLDS, REACHED
from tdteam.domain.team_month import COUNTS, TeamPeriod, Word
from tdteam.domain.vocabulary import PeriodStatus, RecordState
from tdteam.store.gate import GatedSession
from tdteam.store.places import find_above, holds_on
from tdteam.store.sums import by_village, sum_spans, sum_stock
from tdteam.store.tables import (
    Account,
    Confirmation,
    Declared,
    PeriodState,
    TeamTally,
    TeamVillage,
    Visit,
)


def tree_day(period: Period) -> date:
    """The day whose tree a period is read by: its last, or today while it runs."""
    return min(period.last_day, today())


def read_team_period(session: GatedSession, team_id: int, period: Period) -> TeamPeriod:
    """A team's figures of a period and the one before, and its word. The team is the caller's to find first."""
    before = period.plus(-1)
    query = select(TeamTally).where(
        TeamTally.team_id == team_id, col(TeamTally.period).in_((period.code, before.code))
    )
    found = {row.period: row for row in session.exec(query)}
    said = _words(session, team_id, (period.code, before.code))
    return TeamPeriod(
        team_id=team_id,
        period=period,
        now=_counts(found.get(period.code), is_known=period.code in said),
        before=_counts(found.get(before.code), is_known=before.code in said),
        reached=read_reached(session, team_id, period, is_known=bool({period.code} & {*found, *said})),
        reached_before=read_reached(session, team_id, before, is_known=bool({before.code} & {*found, *said})),
        word=_with_fresh(session, team_id, period, said.get(period.code)),
        is_sealed=is_sealed(session, team_id, period),
    )


def _counts(row: TeamTally | None, *, is_known: bool) -> dict[str, int | None]:
    if row is None:
        return dict.fromkeys(COUNTS, 0 if is_known else None)
    return {name: getattr(row, name) for name in COUNTS}


def _words(session: GatedSession, team_id: int, periods: Sequence[str]) -> dict[str, Word]:
    query = select(Confirmation).where(Confirmation.team_id == team_id, col(Confirmation.period).in_(periods))
    rows = {row.period: row for row in session.exec(query)}
    ids = {row.confirmed_by for row in rows.values() if row.confirmed_by}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids))).all())
    return {
        code: Word(row.kind, row.confirmed_at, names.get(row.confirmed_by, "")) for code, row in rows.items()
    }


def _with_fresh(session: GatedSession, team_id: int, period: Period, word: Word | None) -> Word | None:
    if word is None:
        return None
    return Word(word.kind, word.at, word.by, count_fresh(session, [team_id], period).get(team_id, 0))


def count_fresh(session: GatedSession, team_ids: Sequence[int], period: Period) -> dict[int, int]:
    """Team -> visits that count in a period and came in after its word on it; teams without any are left out.

    A visit that the confirming hand itself wrote before confirming, and sent together with its word, is none. A
    correction is no new visit.
    """
    first = aliased(Visit)
    own_before = and_(
        col(first.recorded_by) == Confirmation.confirmed_by,
        col(first.recorded_at) <= Confirmation.confirmed_at,
    )
    query = (
        select(Visit.team_id, func.count())
        .join(first, col(first.id) == Visit.root_id)
        .join(
            Confirmation,
            and_(col(Confirmation.team_id) == Visit.team_id, col(Confirmation.period) == Visit.period),
        )
        .where(
            col(Visit.team_id).in_(list(team_ids)),
            Visit.period == period.code,
            Visit.state == RecordState.CURRENT,
            col(first.received_at) > Confirmation.confirmed_at,
            not_(func.coalesce(own_before, False)),
        )
        .group_by(col(Visit.team_id))
    )
    return {team_id: int(fresh) for team_id, fresh in session.exec(query)}


def list_words(
    session: GatedSession, team_ids: Sequence[int], period: Period
) -> dict[int, tuple[str, datetime]]:
    """Team -> (kind, when) of its word on a period."""
    query = select(Confirmation.team_id, Confirmation.kind, Confirmation.confirmed_at).where(
        col(Confirmation.team_id).in_(list(team_ids)), Confirmation.period == period.code
    )
    return {team_id: (kind, at) for team_id, kind, at in session.exec(query)}


def villages_served(session: GatedSession, team_id: int, day: date) -> list[int]:
    """The villages of the scope that a team serves on a day."""
    query = select(TeamVillage.village_id).where(TeamVillage.team_id == team_id, holds_on(TeamVillage, day))
    return sorted(session.exec(query))


def read_reached(session: GatedSession, team_id: int, period: Period, *, is_known: bool) -> Share:
    """Households reached in a team's villages, of those known there."""
    inside = villages_served(session, team_id, tree_day(period))
    if not inside:
        return Share(None, None)
    reached = sum_spans(session, inside, [period.code], [REACHED], by_village()).get(period.code, {})
    known = sum_stock(session, inside, period, [HOUSEHOLDS], by_village())
    part = sum(row.value for rows in reached.values() for row in rows)
    whole = sum(row.value for rows in known.values() for row in rows)
    return Share(part if is_known else None, whole if known else None)


def communes_of(session: GatedSession, team_id: int, period: Period) -> list[int]:
    """The communes that report a team's villages for a period."""
    on = period.last_day
    found = (
        find_above(session, village, Level.COMMUNE, on)
        for village in villages_served(session, team_id, tree_day(period))
    )
    return sorted({commune.id or 0 for commune in found if commune})


def is_sealed(session: GatedSession, team_id: int, period: Period) -> bool:
    """Whether the commune of a team has sealed a period."""
    query = select(PeriodState.commune_id).where(
        col(PeriodState.commune_id).in_(communes_of(session, team_id, period)),
        PeriodState.period == period.code,
        PeriodState.status != PeriodStatus.OPEN,
    )
    return session.exec(query.limit(1)).first() is not None


def has_declared(session: GatedSession, team_id: int, period: str) -> bool:
    """Whether a paper of the team tells figures of a period that are not zero."""
    query = select(Declared.id).where(
        Declared.team_id == team_id,
        Declared.period == period,
        col(Declared.superseded_at).is_(None),
        col(Declared.part) > 0,
    )
    return session.exec(query.limit(1)).first() is not None
