"""Takes back the members and teams of an import (see `store/roster_undo.py`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, select

from tdteam.domain.vietnamese import fold, name_key
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.roster_rows import write_rows
from tdteam.store.roster_trace import Noted, Undone, parts, remove, rows_of, used
from tdteam.store.sheet_marks import mark_teams
from tdteam.store.tables import Member, Membership, Team, TeamVillage, Training

_member: Table = Member.__table__  # type: ignore[attr-defined]
_membership: Table = Membership.__table__  # type: ignore[attr-defined]
_training: Table = Training.__table__  # type: ignore[attr-defined]
_team: Table = Team.__table__  # type: ignore[attr-defined]
_serves: Table = TeamVillage.__table__  # type: ignore[attr-defined]


def undo_members(session: GatedSession, noted: Sequence[Noted], done: Undone) -> None:
    """Remove members who were added, give those who were changed their particulars and service back."""
    rows = rows_of(session, _member, {one.target for one in noted})
    services = rows_of(session, _membership, {_about(one)["membership_id"] for one in noted})
    ours = [
        one
        for one in noted
        if one.target in rows
        and rows[one.target].version == one.version
        and _stands(services.get(_about(one)["membership_id"]), one)
    ]
    near = _permitted(session, {services[_about(one)["membership_id"]].team_id for one in ours})
    ours = [one for one in ours if services[_about(one)["membership_id"]].team_id in near]
    gone = _unused(session, [one for one in ours if "added" in _about(one)])
    remove(session, _training, "member_id", gone)
    remove(session, _membership, "member_id", gone)
    remove(session, _member, "id", gone)
    back = [one for one in ours if "was" in _about(one)]
    _restore(session, rows, back)
    done.count(noted, len(gone), len(back))


def _about(one: Noted) -> Mapping[str, Any]:
    return one.before or {}


def _own(one: Noted) -> set[int]:
    training = _about(one)["training_id"]
    return {training} if training else set()


def _stands(service: Row[Any] | None, one: Noted) -> bool:
    """Whether a membership is as the import left it."""
    about = _about(one)
    return (
        service is not None
        and service.left is None
        and (service.role, service.component) == (about["role"], about["component"])
    )


def _permitted(session: GatedSession, team_ids: Collection[int]) -> set[int]:
    """Teams that serve a village of the scope."""
    out: set[int] = set()
    for part in parts(team_ids):
        query = select(_serves.c.team_id, _serves.c.village_id).where(_serves.c.team_id.in_(part))
        found = bulk.run(session, query, places=())
        out |= {team_id for team_id, village_id in found if session.permits(village_id)}
    return out


def _served(session: GatedSession, team_ids: Collection[int]) -> set[int]:
    """The villages teams ever served."""
    out: set[int] = set()
    for part in parts(team_ids):
        query = select(_serves.c.village_id).where(_serves.c.team_id.in_(part))
        out.update(bulk.run(session, query, places=()).scalars())
    return out


def _unused(session: GatedSession, added: Sequence[Noted]) -> list[int]:
    """Added members with nothing but the service and training the import gave them. Asked without scope: who serves
    in another commune too must not vanish because this account cannot see it."""
    ids = [one.target for one in added]
    services = {_about(one)["membership_id"] for one in added}
    trainings = {key for one in added for key in _own(one)}
    busy = used(session, _member, ids, but=(_membership, _training))
    for part in parts(ids):
        for table, own in ((_membership, services), (_training, trainings)):
            query = select(table.c.member_id, table.c.id).where(table.c.member_id.in_(part))
            busy |= {member_id for member_id, key in bulk.run(session, query, places=()) if key not in own}
    return [member_id for member_id in ids if member_id not in busy]


def _restore(session: GatedSession, rows: Mapping[int, Row[Any]], back: Sequence[Noted]) -> None:
    people: dict[int, dict[str, Any]] = {}
    for one in back:
        was = dict(_about(one)["was"])
        service = {name: was.pop(name) for name in ("role", "component") if name in was}
        if service:
            own = _membership.c.id == _about(one)["membership_id"]
            bulk.run(session, _membership.update().where(own).values(service), places=())
        if "name" in was:
            was |= {"name_fold": fold(was["name"]), "name_sort": name_key(was["name"])}
        people.setdefault(one.target, {}).update(was)
    remove(session, _training, "id", [key for one in back for key in _own(one)])
    changed = [(key, rows[key].version, values) for key, values in people.items()]
    write_rows(session, _member, changed, places=())


def undo_teams(session: GatedSession, noted: Sequence[Noted], done: Undone) -> None:
    """Remove teams that were added and that nobody uses, take written decisions back."""
    rows = rows_of(session, _team, [one.target for one in noted])
    near = _permitted(session, list(rows))
    ours = [one for one in noted if one.target in near and rows[one.target].version == one.version]
    added = [one.target for one in ours if one.before is None]
    busy = used(session, _team, added, but=(_serves,))
    gone = [team_id for team_id in added if team_id not in busy]
    mark_teams(session, rows, villages=_served(session, gone))
    remove(session, _serves, "team_id", gone)
    remove(session, _team, "id", gone)
    back = [(one.target, one.version, _founding(one.before)) for one in ours if one.before is not None]
    write_rows(session, _team, back, places=())
    done.count(noted, len(gone), len(back))


def _founding(before: Mapping[str, Any]) -> dict[str, Any]:
    day = before["decision_date"]
    return {**before, "decision_date": date.fromisoformat(day) if day else None}
