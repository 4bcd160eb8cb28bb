"""Fills `domain/facts.Facts` for a batch of drafts with a handful of queries, all inside the session's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as core_select
from sqlmodel import col, select

from tdteam.domain.facts import Facts, KnownFiling, Span
from tdteam.domain.filings import FilingDraft
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.places import Level
from tdteam.domain.visits import VisitDraft
from tdteam.store.gate import BY_KEY, GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import Account, Filing, Household, Membership, Place, Resident, Team, TeamVillage

Draft = VisitDraft | GatheringDraft | FilingDraft
_account = Account.__table__  # type: ignore[attr-defined]
_edge = TeamVillage.__table__  # type: ignore[attr-defined]
_team = Team.__table__  # type: ignore[attr-defined]
_place = Place.__table__  # type: ignore[attr-defined]
_membership = Membership.__table__  # type: ignore[attr-defined]
_household = Household.__table__  # type: ignore[attr-defined]
_OWN = Prepared(core_select(_account.c.member_id).where(_account.c.id == bindparam("account")))
_SERVES = Prepared(
    core_select(
        *(_edge.c.team_id, _edge.c.village_id, _edge.c.since, _edge.c.until, _team.c.since, _team.c.until)
    )
    .join(_team, _team.c.id == _edge.c.team_id)
    .join(_place, _place.c.id == _edge.c.village_id)
    .where(
        _place.c.level == Level.VILLAGE.value,
        any_of(_edge.c.team_id, "teams"),
        any_of(_edge.c.village_id, "villages"),
    )
)
_SERVING = Prepared(
    core_select(
        *(_membership.c.team_id, _membership.c.member_id, _membership.c.joined, _membership.c.left)
    ).where(any_of(_membership.c.team_id, "teams"), any_of(_membership.c.member_id, "members"))
)
_HOMES = Prepared(core_select(_household.c.id, _household.c.village_id).where(any_of(_household.c.id, "ids")))
_CHUNK = 500  # SQLite and psycopg take more variables; the planner does not like them


def facts_for(session: GatedSession, drafts: Sequence[Draft]) -> Facts:
    """What the store knows about everything the drafts name."""
    villages = {draft.village_id for draft in drafts if draft.village_id}
    teams = {draft.team_id for draft in drafts if draft.team_id}
    filings = list(_filings(drafts))
    return Facts(
        villages=_villages(session, villages),
        teams=frozenset(_column(session, Team.id, teams)),
        serves=_serves(session, teams, villages),
        members=_members(
            session, teams, {m for d in drafts if isinstance(d, VisitDraft) for m in d.member_ids}
        ),
        households=_households(session, set(_household_ids(drafts))),
        residents=_residents(session, set(_resident_ids(drafts))),
        filings=_known_filings(session, filings),
    )


def facts_near(session: GatedSession, drafts: Sequence[VisitDraft]) -> Facts:
    """What visits of the scope's villages mostly need, in three small questions: their teams, members and households, and
    nothing of elsewhere. A draft found good by it is good; one found wanting is to be judged by `facts_for`, which knows
    what else there is."""
    villages = {d.village_id for d in drafts if d.village_id and session.permits(d.village_id)}
    edges: dict[tuple[int, int], tuple[Span, ...]] = defaultdict(tuple)
    teams = sorted({draft.team_id for draft in drafts if draft.team_id})
    asked: dict[str, Any] = {"villages": sorted(villages), "teams": teams}
    for team, village, *days in _SERVES.ask(session, asked, places=villages):
        edges[team, village] += (_within(*days),)
    serving = sorted({team for team, _ in edges})
    spans: dict[tuple[int, int], tuple[Span, ...]] = defaultdict(tuple)
    asked = {"teams": serving, "members": sorted({m for draft in drafts for m in draft.member_ids})}
    for team, member, joined, left in _SERVING.ask(session, asked, places=villages):
        spans[team, member] += (Span(joined, left),)
    homes = _HOMES.ask(session, {"ids": sorted(set(_household_ids(drafts)))}, places=villages)
    return Facts(
        villages=frozenset(village for _, village in edges),
        teams=frozenset(serving),
        serves=dict(edges),
        members=dict(spans),
        households={household: village for household, village in homes if village in villages},
        residents=_residents(session, set(_resident_ids(drafts))),
    )


def _within(since: date, until: date | None, team_since: date, team_until: date | None) -> Span:
    """Days a team served a village: those of the edge, within those of the team."""
    ends = [day for day in (until, team_until) if day]
    return Span(max(since, team_since), min(ends) if ends else None)


def find_own_member(session: GatedSession, account_id: int | None) -> int | None:
    """The member an account belongs to."""
    found = _OWN.ask(session, {"account": account_id}, places=()) if account_id is not None else []
    return found[0][0] if found else None


def _filings(drafts: Iterable[Draft]) -> Iterator[FilingDraft]:
    for draft in drafts:
        if isinstance(draft, FilingDraft):
            yield draft
        elif isinstance(draft, VisitDraft):
            yield from (assist.filing for assist in draft.assists if assist.filing)


def _household_ids(drafts: Iterable[Draft]) -> Iterator[str]:
    for draft in drafts:
        if isinstance(draft, GatheringDraft):
            yield from draft.household_ids
        elif draft.household_id:
            yield draft.household_id
    yield from (filing.household_id for filing in _filings(drafts) if filing.household_id)


def _resident_ids(drafts: Iterable[Draft]) -> Iterator[str]:
    for draft in drafts:
        if isinstance(draft, VisitDraft):
            yield from (assist.resident_id for assist in draft.assists if assist.resident_id)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    listed = sorted(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def _column(session: GatedSession, column: Any, ids: Iterable[Any]) -> list[Any]:
    return [
        found
        for chunk in _chunks(ids)
        for found in session.exec(select(column).where(column.in_(chunk)), execution_options=BY_KEY)
    ]


def _villages(session: GatedSession, ids: Iterable[int]) -> frozenset[int]:
    """Villages facts may be written in: an ended one stays, its facts follow its successor."""
    inside = [place for place in ids if session.permits(place)]
    found = {
        place_id
        for chunk in _chunks(inside)
        for place_id in session.exec(
            select(Place.id).where(col(Place.id).in_(chunk), Place.level == Level.VILLAGE)
        )
    }
    return frozenset(place_id for place_id in found if place_id)


def _serves(
    session: GatedSession, teams: set[int], villages: set[int]
) -> dict[tuple[int, int], tuple[Span, ...]]:
    out: dict[tuple[int, int], tuple[Span, ...]] = defaultdict(tuple)
    query = (
        select(TeamVillage, Team.since, Team.until)
        .join(Team, col(Team.id) == TeamVillage.team_id)
        .where(col(TeamVillage.team_id).in_(sorted(teams)), col(TeamVillage.village_id).in_(sorted(villages)))
    )
    for edge, since, until in session.exec(query):
        out[edge.team_id, edge.village_id] += (_within(edge.since, edge.until, since, until),)
    return dict(out)


def _members(
    session: GatedSession, teams: set[int], members: set[int]
) -> dict[tuple[int, int], tuple[Span, ...]]:
    out: dict[tuple[int, int], tuple[Span, ...]] = defaultdict(tuple)
    query = select(Membership).where(
        col(Membership.team_id).in_(sorted(teams)), col(Membership.member_id).in_(sorted(members))
    )
    for row in session.exec(query) if members else ():
        out[row.team_id, row.member_id] += (Span(row.joined, row.left),)
    return dict(out)


def _households(session: GatedSession, ids: set[str]) -> dict[str, int]:
    return {
        household: village
        for chunk in _chunks(ids)
        for household, village in session.exec(
            select(Household.id, Household.village_id).where(col(Household.id).in_(chunk)),
            execution_options=BY_KEY,
        )
    }


def _residents(session: GatedSession, ids: set[str]) -> dict[str, tuple[str, int]]:
    return {
        resident: (household, village)
        for chunk in _chunks(ids)
        for resident, household, village in session.exec(
            select(Resident.id, Resident.household_id, Resident.village_id).where(
                col(Resident.id).in_(chunk)
            ),
            execution_options=BY_KEY,
        )
    }


def _known_filings(session: GatedSession, drafts: Sequence[FilingDraft]) -> dict[str, KnownFiling]:
    out = {}
    wanted = ((Filing.id, {f.id for f in drafts if f.id}), (Filing.code, {f.code for f in drafts if f.code}))
    for column, values in wanted:
        for chunk in _chunks(values):
            query = select(Filing.id, Filing.code, Filing.village_id).where(
                col(column).in_(chunk), col(Filing.voided_at).is_(None)
            )
            rows = session.exec(query, execution_options=BY_KEY)
            out.update({found[0]: KnownFiling(*found) for found in rows})
    return out
