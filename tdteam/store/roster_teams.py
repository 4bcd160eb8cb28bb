"""Teams and members as an import writes them: villages first, then the teams, then their members, many rows a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Table, bindparam, update
from sqlmodel import col, select

from tdteam.domain.people import Channel, Component, MemberRole
from tdteam.domain.places import ALWAYS
from tdteam.domain.rosters.plans import Change
from tdteam.domain.rosters.rows import TeamFound, TeamRow
from tdteam.domain.rosters.stored import StoredMember
from tdteam.domain.vietnamese import fold, name_key, text_key
from tdteam.store import bulk, places
from tdteam.store.gate import GatedSession
from tdteam.store.places import words
from tdteam.store.roster_rows import CHUNK, note_changes, write_rows
from tdteam.store.sheet_marks import mark_teams
from tdteam.store.tables import Member, Membership, Place, Team, TeamVillage, Training

_team: Table = Team.__table__  # type: ignore[attr-defined]
_serves: Table = TeamVillage.__table__  # type: ignore[attr-defined]
_member: Table = Member.__table__  # type: ignore[attr-defined]
_membership: Table = Membership.__table__  # type: ignore[attr-defined]
_training: Table = Training.__table__  # type: ignore[attr-defined]


class Planned(Protocol):
    """A team to be made or found (`actions/check_roster.TeamPlan`)."""

    found: TeamFound
    origin_id: int
    village_id: int | None
    team_id: int | None


def make_teams(session: GatedSession, plans: Sequence[Planned], upload_id: int | None) -> None:
    """Make the villages and teams that are not there yet; the plans then name them."""
    _make_villages(session, [plan for plan in plans if plan.village_id is None], upload_id)
    fresh = [plan for plan in plans if plan.team_id is None]
    if not fresh:
        return
    wanted = {plan.village_id or 0 for plan in fresh}
    names = dict(session.exec(select(Place.id, Place.name).where(col(Place.id).in_(sorted(wanted)))).all())
    values = [_team_values(plan, names[plan.village_id]) for plan in fresh]
    for plan, team_id in zip(fresh, _insert(session, _team, values, wanted), strict=True):
        plan.team_id = team_id
    edges = [
        {"team_id": plan.team_id, "village_id": plan.village_id, "since": one["since"]}
        for plan, one in zip(fresh, values, strict=True)
    ]
    bulk.insert_rows(session, _serves, edges, places=wanted)
    mark_teams(session, [], villages=wanted)
    note_changes(session, upload_id, "team", [(str(plan.team_id), None, 1) for plan in fresh])


def _insert(
    session: GatedSession, table: Table, values: Sequence[Mapping[str, Any]], wanted: set[int]
) -> list[int]:
    """Insert many rows; their new ids in the same order."""
    statement = bulk.insert(session, table).returning(table.c.id, sort_by_parameter_order=True)
    out: list[int] = []
    for start in range(0, len(values), CHUNK):
        out += bulk.run(session, statement, values[start : start + CHUNK], places=wanted).scalars().all()
    return out


def _make_villages(session: GatedSession, plans: Sequence[Planned], upload_id: int | None) -> None:
    """Each village of its old commune, under the commune that took it over and the area of the old district."""
    fresh: list[int] = []
    for plan in plans:
        origin = places.get_place(session, plan.origin_id)
        kind = f"{_kind_word(plan.found.village_kind)} " if plan.found.village_kind else ""
        village = places.add_village(session, origin, f"{kind}{plan.found.village}")
        plan.village_id = village.id
        fresh.append(village.id or 0)
    if fresh:
        places.rebuild_closure(session, fresh)
        session.flush()
        for commune_id in {places.commune_of(session, village_id).id or 0 for village_id in fresh}:
            places.label_villages(session, commune_id)
        note_changes(session, upload_id, "village", [(str(village_id), None, 1) for village_id in fresh])


def _kind_word(kind: str) -> str:
    return str(next((word for word, code in words()["kinds"] if code == kind), ""))


def _team_values(plan: Planned, village: str) -> dict[str, Any]:
    name = words()["team"].format(village=village[:1].lower() + village[1:])
    return {
        "name": name,
        "name_fold": fold(name),
        "name_sort": text_key(places.split_kind(village)[1]),
        "decision_number": plan.found.decision_number,
        "decision_date": plan.found.decision_on,
        "decision_by": "",
        "channel": Channel.APP,
        "since": plan.found.decision_on or ALWAYS,
        "note": "",
        "version": 1,
    }


def amend_teams(session: GatedSession, plans: Sequence[Planned], upload_id: int | None) -> None:
    """Write down a founding decision the file knows and the store does not."""
    for plan in plans:
        team = session.get(Team, plan.team_id)
        if team is None or team.decision_number:
            continue
        before = {"decision_number": team.decision_number, "decision_date": _iso(team.decision_date)}
        team.decision_number, team.decision_date = plan.found.decision_number, plan.found.decision_on
        team.version += 1
        session.add(team)
        session.flush()
        note_changes(session, upload_id, "team", [(str(team.id), before, team.version)])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def add_members(
    session: GatedSession, rows: Sequence[tuple[Planned, TeamRow]], upload_id: int | None
) -> None:
    """New members, each with a membership in the team and, where ticked, a training of unknown day."""
    wanted = {plan.village_id or 0 for plan, _ in rows}
    ids = _insert(session, _member, [_member_values(row) for _, row in rows], wanted)
    services = [
        {
            "team_id": plan.team_id,
            "member_id": member_id,
            "role": row.role or MemberRole.MEMBER,
            "component": row.component or Component.OTHER,
            "decision": "",
        }
        for member_id, (plan, row) in zip(ids, rows, strict=True)
    ]
    memberships = _insert(session, _membership, services, wanted)
    trained = [member_id for member_id, (_, row) in zip(ids, rows, strict=True) if row.trained]
    trainings = _train(session, trained, wanted)
    noted = [
        (str(one["member_id"]), {"added": True, **_after(membership, one, trainings)}, 1)
        for membership, one in zip(memberships, services, strict=True)
    ]
    note_changes(session, upload_id, "member", noted)


def _member_values(row: TeamRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_fold": row.folded,
        "name_sort": name_key(row.name),
        "birth_year": row.birth_year,
        "sex": row.sex,
        "phone": row.phone,
        "note": row.note or "",
        "version": 1,
    }


def _train(session: GatedSession, member_ids: Sequence[int], wanted: set[int]) -> dict[int, int]:
    """Note a training of unknown course and day; member to the training's id."""
    values = [{"member_id": member_id, "course": ""} for member_id in member_ids]
    return dict(zip(member_ids, _insert(session, _training, values, wanted), strict=True))


def _after(membership_id: int, service: Mapping[str, Any], trainings: Mapping[int, int]) -> dict[str, Any]:
    """What undoing a member's row has to know of his or her service: as the import left it."""
    return {
        "membership_id": membership_id,
        "role": service["role"],
        "component": service["component"],
        "training_id": trainings.get(service["member_id"]),
    }


_OF_MEMBERSHIP = {"role", "component"}
MemberChange = tuple[StoredMember, TeamRow, tuple[Change, ...]]


def change_members(
    session: GatedSession, changed: Sequence[MemberChange], wanted: set[int], upload_id: int | None
) -> None:
    """Write what the file says otherwise of members; `wanted` are the villages their teams serve."""
    if not changed:
        return
    ids = [int(str(record.id)) for record, _, _ in changed]
    query = select(Membership).where(col(Membership.id).in_(ids))
    served = {row.id or 0: row for row in session.exec(query)}
    ticked = [served[key].member_id for key, one in zip(ids, changed, strict=True) if _says(one, "trained")]
    trainings = _train(session, list(dict.fromkeys(ticked)), wanted)
    people: dict[int, tuple[int, int, dict[str, Any]]] = {}  # who serves in two teams of the file is one row
    services, noted = [], []
    for key, (record, row, changes) in zip(ids, changed, strict=True):
        service = served[key]
        new = {one.field: one.new for one in changes if one.field != "trained"}
        after = {"role": new.pop("role", service.role), "component": new.pop("component", service.component)}
        if "name" in new:
            new |= {"name_fold": row.folded, "name_sort": name_key(row.name)}
        _, version, values = people.setdefault(service.member_id, (service.member_id, record.version, {}))
        values |= new
        services.append({"key": key, "new_role": after["role"], "new_component": after["component"]})
        was = {one.field: one.old for one in changes if one.field != "trained"}
        kept = _after(key, {**after, "member_id": service.member_id}, trainings)
        noted.append((str(service.member_id), {"was": was, **kept}, version + 1))
    write_rows(session, _member, people.values(), places=wanted)
    statement = (
        update(_membership)
        .where(_membership.c.id == bindparam("key"))
        .values(role=bindparam("new_role"), component=bindparam("new_component"))
    )
    bulk.run(session, statement, services, places=wanted)
    note_changes(session, upload_id, "member", noted)


def _says(changed: MemberChange, field: str) -> bool:
    return any(one.field == field for one in changed[2])
