"""The teams of a place in a period: what each sent, whether it confirmed, when it was last heard of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, select

from tdteam.domain.month import TeamMonth, status_of
from tdteam.domain.people import MemberRole
from tdteam.domain.periods import Period
from tdteam.domain.shares import Share
from tdteam.domain.tallies import HOUSEHOLDS, REACHED
from tdteam.domain.team_month import is_tentative
from tdteam.store import declared, team_months
from tdteam.store.gate import GatedSession
from tdteam.store.indicators import by_village, sum_spans, sum_stock
from tdteam.store.organisation import serving, teams_inside
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import Declared, Member, Membership, Place, Team, TeamTally, TeamVillage


def list_team_months(session: GatedSession, place_id: int, period: Period, on: date) -> list[TeamMonth]:
    """Every team at work in a place, with its state in the period. `on`: the tree, and the memberships, of which day."""
    teams = session.exec(
        select(Team.id, Team.name, Team.channel)
        .where(col(Team.id).in_(teams_inside(place_id, on)), holds_on(Team, on))
        .order_by(Team.name_sort, col(Team.id))
    ).all()
    ids = [team_id or 0 for team_id, _, _ in teams]
    villages = _villages(session, ids, on)
    leaders = _leaders(session, ids, on)
    tallies = _tallies(session, ids, period)
    words = team_months.list_words(session, ids, period)
    confirmed = {team_id: kind for team_id, (kind, _) in words.items()}
    fresh = team_months.count_fresh(session, list(words), period) if words else {}
    heard, written = _last_heard(session, ids), _last_written(session, ids)
    told = {row.team_id for row in declared.list_of_teams(session, place_id, period.code, on)}
    reached = _reached(session, place_id, period, on)
    lines = []
    for team_id, (_, name, channel) in zip(ids, teams, strict=True):
        own = villages.get(team_id, [])
        tally = tallies.get(team_id)
        worked = bool(tally and (tally.visits or tally.gatherings or tally.filings))
        known = worked or team_id in confirmed
        lines.append(
            TeamMonth(
                team_id=team_id,
                name=name,
                villages=", ".join(label for _, label in own),
                village_ids=tuple(village_id for village_id, _ in own),
                leader=leaders.get(team_id, ""),
                status=status_of(confirmed.get(team_id), worked, team_id in told),
                visits=(tally.visits if tally else 0) if known else None,
                assists=(tally.assists if tally else 0) if known else None,
                reached=_share(reached, [village_id for village_id, _ in own], known),
                last_sent=heard.get(team_id),
                last_written=written.get(team_id),
                channel=channel,
                fresh=fresh.get(team_id, 0),
                is_tentative=team_id in words and is_tentative(words[team_id][1], period),
            )
        )
    return lines


def _tallies(session: GatedSession, ids: Sequence[int], period: Period) -> dict[int, TeamTally]:
    query = select(TeamTally).where(col(TeamTally.team_id).in_(ids), TeamTally.period == period.code)
    return {row.team_id: row for row in session.exec(query)}


def _villages(session: GatedSession, ids: Sequence[int], on: date) -> dict[int, list[tuple[int, str]]]:
    query = (
        select(TeamVillage.team_id, Place.id, Place.label)
        .join(Place, col(Place.id) == TeamVillage.village_id)
        .where(col(TeamVillage.team_id).in_(ids), holds_on(TeamVillage, on))
        .order_by(Place.name_sort, Place.label)
    )
    out: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for team_id, village_id, label in session.exec(query):
        out[team_id].append((village_id or 0, label))
    return out


def _leaders(session: GatedSession, ids: Sequence[int], on: date) -> dict[int, str]:
    query = (
        select(Membership.team_id, Member.name)
        .join(Member, col(Member.id) == Membership.member_id)
        .where(col(Membership.team_id).in_(ids), Membership.role == MemberRole.LEADER, serving(on))
        .order_by(col(Membership.id))
    )
    return dict(session.exec(query).all())


def _last_heard(session: GatedSession, ids: Sequence[int]) -> dict[int, datetime]:
    query = (
        select(TeamTally.team_id, func.max(TeamTally.last_received_at))
        .where(col(TeamTally.team_id).in_(ids), col(TeamTally.last_received_at).is_not(None))
        .group_by(col(TeamTally.team_id))
    )
    return {team_id: at for team_id, at in session.exec(query) if at}


def _last_written(session: GatedSession, ids: Sequence[int]) -> dict[int, date]:
    """The last day figures of a team came on paper or by Zalo."""
    query = (
        select(Declared.team_id, func.max(col(Declared.received_on)))
        .where(col(Declared.team_id).in_(ids), col(Declared.superseded_at).is_(None))
        .group_by(col(Declared.team_id))
    )
    return {team_id: day for team_id, day in session.exec(query) if team_id and day}


def _reached(
    session: GatedSession, place_id: int, period: Period, on: date
) -> tuple[dict[int, int], dict[int, int]]:
    """Households reached and households known, by village."""
    inside = ids_inside(place_id, on)
    reached = sum_spans(session, inside, [period.code], [REACHED], by_village()).get(period.code, {})
    known = sum_stock(session, inside, period, [HOUSEHOLDS], by_village())
    return (
        {village: sum(row.value for row in rows) for village, rows in reached.items()},
        {village: sum(row.value for row in rows) for village, rows in known.items()},
    )


def _share(found: tuple[dict[int, int], dict[int, int]], villages: Sequence[int], known: bool) -> Share:
    reached, households = found
    whole = [households[village] for village in villages if village in households]
    return Share(sum(reached.get(v, 0) for v in villages) if known else None, sum(whole) if whole else None)
