"""Teams and members as an import makes them: villages first, then the team, then its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from tdteam.domain.people import Channel, Component, MemberRole
from tdteam.domain.places import ALWAYS
from tdteam.domain.rosters.plans import Change, StoredMember
from tdteam.domain.rosters.rows import TeamFound, TeamRow
from tdteam.domain.vietnamese import fold, name_key, text_key
from tdteam.store import places
from tdteam.store.gate import GatedSession
from tdteam.store.places import words
from tdteam.store.rosters import note_changes
from tdteam.store.tables import Member, Membership, Place, Team, TeamVillage, Training


class Planned(Protocol):
    """A team to be made or found (`actions/import_roster.TeamPlan`)."""

    found: TeamFound
    origin_id: int
    village_id: int | None
    team_id: int | None


def make_teams(session: GatedSession, plans: Sequence[Planned], upload_id: int | None) -> None:
    """Make the villages and teams that are not there yet; the plans then name them. A newer decision is written down."""
    fresh = []
    for plan in plans:
        if plan.village_id is None:
            origin = session.get(Place, plan.origin_id)
            assert origin is not None
            kind = f"{_kind_word(plan.found.village_kind)} " if plan.found.village_kind else ""
            village = places.add_village(session, origin, f"{kind}{plan.found.village}")
            plan.village_id = village.id
            fresh.append(village)
    if fresh:
        places.rebuild_closure(session, [village.id for village in fresh if village.id])
        session.flush()
        for commune_id in {_commune(session, village) for village in fresh}:
            places.label_villages(session, commune_id)
    for plan in plans:
        if plan.team_id is None:
            plan.team_id = _make_team(session, plan)
            note_changes(session, upload_id, "team", [(str(plan.team_id), None, 1)])
        else:
            _amend(session, plan, upload_id)


def _kind_word(kind: str) -> str:
    return str(next((word for word, code in words()["kinds"] if code == kind), ""))


def _commune(session: GatedSession, village: Place) -> int:
    return places.commune_of(session, village.id or 0).id or 0


def _make_team(session: GatedSession, plan: Planned) -> int:
    village = session.get(Place, plan.village_id)
    assert village is not None
    full = village.name[:1].lower() + village.name[1:]
    name = words()["team"].format(village=full)
    team = Team(
        name=name,
        name_fold=fold(name),
        name_sort=text_key(village.short_name),
        decision_number=plan.found.decision_number,
        decision_date=plan.found.decision_on,
        channel=Channel.APP,
        since=plan.found.decision_on or ALWAYS,
    )
    session.add(team)
    session.flush()
    assert team.id is not None
    session.add(TeamVillage(team_id=team.id, village_id=plan.village_id or 0, since=team.since))
    session.flush()
    return team.id


def _amend(session: GatedSession, plan: Planned, upload_id: int | None) -> None:
    """A founding decision the file knows and the store does not."""
    team = session.get(Team, plan.team_id)
    if team is None or team.decision_number or not plan.found.decision_number:
        return
    before = {"decision_number": team.decision_number, "decision_date": _iso(team.decision_date)}
    team.decision_number, team.decision_date = plan.found.decision_number, plan.found.decision_on
    team.version += 1
    session.add(team)
    session.flush()
    note_changes(session, upload_id, "team", [(str(team.id), before, team.version)])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def add_members(session: GatedSession, rows: Sequence[tuple[int, TeamRow]], upload_id: int | None) -> None:
    """New members, each with a membership in the team."""
    made = [
        Member(
            name=row.name,
            name_fold=row.folded,
            name_sort=name_key(row.name),
            birth_year=row.birth_year,
            sex=row.sex,
            phone=row.phone,
            note=row.note or "",
        )
        for _team_id, row in rows
    ]
    session.add_all(made)
    session.flush()
    for member, (team_id, row) in zip(made, rows, strict=True):
        session.add(
            Membership(
                team_id=team_id,
                member_id=member.id or 0,
                role=row.role or MemberRole.MEMBER,
                component=row.component or Component.OTHER,
            )
        )
        if row.trained:
            session.add(Training(member_id=member.id or 0))
    session.flush()
    note_changes(session, upload_id, "member", [(str(member.id), None, 1) for member in made])


_OF_MEMBERSHIP = {"role", "component"}


def change_members(
    session: GatedSession,
    changed: Sequence[tuple[StoredMember, TeamRow, tuple[Change, ...]]],
    upload_id: int | None,
) -> None:
    """Write what the file says otherwise of members."""
    for record, row, changes in changed:
        membership = session.get(Membership, record.id)
        member = session.get(Member, membership.member_id) if membership else None
        if membership is None or member is None:
            continue
        before: dict[str, Any] = {"membership_id": membership.id}
        for one in changes:
            before[one.field] = one.old
            if one.field == "trained":
                session.add(Training(member_id=member.id or 0))
            else:
                setattr(membership if one.field in _OF_MEMBERSHIP else member, one.field, one.new)
        if "name" in before:
            member.name_fold, member.name_sort = row.folded, name_key(row.name)
        member.version += 1
        session.add_all([member, membership])
        session.flush()
        note_changes(session, upload_id, "member", [(str(member.id), before, member.version)])
