"""The small sets of a phone's roster: places, people of the teams, catalogue, targets, the month, plans and proposals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from tdteam.domain.follow_ups import OPEN_OUTCOMES, follow_ups
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.vocabulary import FilingState, RecordState
from tdteam.store import residents, settings, targets
from tdteam.store.catalogue import read_catalogue
from tdteam.store.gate import GatedSession
from tdteam.store.phone_month import months
from tdteam.store.phone_rows import visit_bodies
from tdteam.store.places import holds_on, list_villages
from tdteam.store.tables import (
    Assist,
    Filing,
    Member,
    Membership,
    Outreach,
    OutreachVillage,
    Place,
    Proposal,
    Team,
    TeamVillage,
    Visit,
)

FOLLOW_DAYS = 400
PLAN_DAYS = 7
PROPOSAL_DAYS = 180
OPEN_FILINGS = (FilingState.SUBMITTED, FilingState.SUPPLEMENT)


def village_ids(session: GatedSession) -> set[int]:
    """The villages of the scope today."""
    query = select(Place.id).where(
        col(Place.id).in_(sorted(session.inside_ids)), Place.level == Level.VILLAGE
    )
    return {place_id for place_id in session.scalars(query) if place_id}


def read_sets(session: GatedSession, villages: Collection[int]) -> dict[str, Any]:
    """What every pull begins with."""
    on = today()
    told = [one for one in list_villages(session) if one.id in villages]
    teams = teams_of(session, villages, on)
    return {
        "villages": [
            {"id": one.id, "name": one.label, "commune_id": one.commune_id, "commune": one.commune}
            for one in told
        ],
        "teams": teams,
        "members": _members(session, [team["id"] for team in teams], on),
        "catalogue": _catalogue(session),
        "targets": _targets(session, {*villages, *(one.commune_id for one in told)}, on),
        "outreach": _outreach(session, villages, on),
        "proposals": _proposals(session, villages),
    }


def read_late_sets(session: GatedSession, villages: Collection[int], on: date) -> dict[str, Any]:
    """What every pull ends with, after the rows it speaks of."""
    return {
        "follow_ups": _follow_ups(session, villages, on),
        "filings": _filings(session, villages),
        "month": months(session, villages, teams_of(session, villages, on), on),
    }


def teams_of(session: GatedSession, villages: Collection[int], on: date) -> list[dict[str, Any]]:
    """The teams that serve the villages today."""
    query = (
        select(Team.id, Team.name, TeamVillage.village_id)
        .join(TeamVillage, col(TeamVillage.team_id) == Team.id)
        .where(
            col(TeamVillage.village_id).in_(sorted(villages)), holds_on(Team, on), holds_on(TeamVillage, on)
        )
        .order_by(Team.name_sort, col(Team.id))
    )
    found: dict[int, dict[str, Any]] = {}
    for team_id, name, village_id in session.execute(query):
        found.setdefault(team_id, {"id": team_id, "name": name, "village_ids": []})["village_ids"].append(
            village_id
        )
    return list(found.values())


def _members(session: GatedSession, team_ids: Sequence[int], on: date) -> list[dict[str, Any]]:
    query = (
        select(Member.id, Member.name, Membership.team_id, Membership.role)
        .join(Membership, col(Membership.member_id) == Member.id)
        .where(
            col(Membership.team_id).in_(team_ids),
            (col(Membership.left).is_(None)) | (col(Membership.left) > on),
        )
        .order_by(Member.name_sort, col(Member.id))
    )
    return [
        {"id": member_id, "team_id": team_id, "name": name, "role": role}
        for member_id, name, team_id, role in session.execute(query)
    ]


def _catalogue(session: GatedSession) -> dict[str, Any]:
    whole = read_catalogue(session)
    return {
        "kinds": [
            {
                "code": one.code,
                "name": one.name,
                "short_name": one.short_name,
                "pillar": one.pillar,
                "outcomes": dict(one.outcomes),
                "active": one.is_active,
            }
            for one in whole.kinds.values()
        ],
        "causes": [
            {"code": one.code, "name": one.name, "active": one.is_active} for one in whole.causes.values()
        ],
        "procedures": [
            {"code": one.code, "name": one.name, "essential": one.is_essential, "active": one.is_active}
            for one in whole.procedures.values()
        ],
        "attainable": [{"code": code, "name": name} for code, name in residents.attainable(session).items()],
        "hash": whole.version,
    }


def _targets(session: GatedSession, places: Collection[int], on: date) -> list[dict[str, Any]]:
    """What holds for each of the places, inherited or its own: the phone does not know what lies above them."""
    found = targets.read_effective(session, sorted(places), settings.period_on(session, on), on)
    return [
        {"place_id": place, "indicator": code, "span": span, "value": value}
        for (place, code, span), value in sorted(found.items())
    ]


def _outreach(session: GatedSession, villages: Collection[int], on: date) -> list[dict[str, Any]]:
    """The commune's plans for the villages, from a week ago on."""
    query = (
        select(Outreach, OutreachVillage.village_id)
        .join(OutreachVillage, col(OutreachVillage.outreach_id) == Outreach.id)
        .where(
            col(OutreachVillage.village_id).in_(sorted(villages)),
            Outreach.held_on >= on - timedelta(days=PLAN_DAYS),
        )
        .order_by(
            col(Outreach.held_on), col(Outreach.starts), col(Outreach.id), col(OutreachVillage.village_id)
        )
    )
    found: dict[int, dict[str, Any]] = {}
    for plan, village_id in session.execute(query):
        told = {
            "id": plan.id,
            "title": plan.title,
            "on": plan.held_on.isoformat(),
            "from": plan.starts,
            "to": plan.ends,
            "place": plan.place,
            "note": plan.note,
            "cancelled": plan.cancelled_at is not None,
            "village_ids": [],
        }
        found.setdefault(plan.id, told)["village_ids"].append(village_id)
    return list(found.values())


def _proposals(session: GatedSession, villages: Collection[int]) -> list[dict[str, Any]]:
    since = datetime.now(UTC) - timedelta(days=PROPOSAL_DAYS)
    query = select(Proposal).where(col(Proposal.village_id).in_(sorted(villages)), Proposal.made_at >= since)
    return [
        {
            "id": one.id,
            "village_id": one.village_id,
            "text": one.text,
            "state": one.state,
            "answer": one.answer,
            "made_at": one.made_at.isoformat(),
        }
        for one in session.scalars(query.order_by(col(Proposal.made_at).desc(), Proposal.id))
    ]


def _follow_ups(session: GatedSession, villages: Collection[int], on: date) -> list[dict[str, Any]]:
    """What is left to do after visits; folded from all visits of the households where anything may be open."""
    inside, since = sorted(villages), on - timedelta(days=FOLLOW_DAYS)
    stands = (
        col(Visit.village_id).in_(inside),
        Visit.visited_on >= since,
        Visit.state == RecordState.CURRENT,
    )
    helped = select(Assist.visit_id).where(
        col(Assist.village_id).in_(inside),
        col(Assist.outcome).in_(OPEN_OUTCOMES),
        col(Assist.visit_id).is_not(None),
    )
    may_be_open = col(Visit.return_on).is_not(None) | col(Visit.id).in_(helped)
    homes = select(Visit.household_id).where(*stands, may_be_open, col(Visit.household_id).is_not(None))
    query = select(Visit).where(
        *stands, col(Visit.household_id).in_(homes) | (col(Visit.household_id).is_(None) & may_be_open)
    )
    found = session.scalars(
        query.order_by(col(Visit.visited_on), col(Visit.received_at), col(Visit.id))
    ).all()
    of_village = {visit.id: visit.village_id for visit in found}
    return [{**one, "village_id": of_village[one["id"]]} for one in follow_ups(visit_bodies(session, found))]


def _filings(session: GatedSession, villages: Collection[int]) -> list[dict[str, Any]]:
    """Filings that wait for a result."""
    query = select(Filing).where(
        col(Filing.village_id).in_(sorted(villages)),
        col(Filing.voided_at).is_(None),
        col(Filing.state).in_(OPEN_FILINGS),
    )
    plain = (
        "id",
        "village_id",
        "team_id",
        "household_id",
        "code",
        "procedure",
        "mode",
        "fee_due",
        "paid_online",
        "state",
        "electronic_result",
        "note",
        "version",
    )
    return [
        {
            **{name: getattr(one, name) for name in plain},
            "submitted_on": one.submitted_on.isoformat(),
            "due_on": one.due_on.isoformat() if one.due_on else None,
            "result_on": None,
        }
        for one in session.scalars(query.order_by(col(Filing.submitted_on), Filing.id))
    ]
