"""Takes an import back, newest change first. A row that somebody changed since is left alone and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from tdteam.domain.vietnamese import fold, name_key
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import (
    Gathering,
    GatheringHousehold,
    Household,
    Member,
    Membership,
    Resident,
    Team,
    TeamVillage,
    Training,
    UploadChange,
    Visit,
    VisitMember,
)


@dataclass
class Undone:
    """What an undo did; `villages` are those whose registry changed."""

    removed: int = 0
    restored: int = 0
    kept: int = 0
    villages: set[int] = field(default_factory=set)


def undo(session: GatedSession, upload_id: int) -> Undone:
    """Walk an upload's changes backwards."""
    done = Undone()
    query = select(UploadChange).where(UploadChange.upload_id == upload_id)
    for change in session.exec(query.order_by(col(UploadChange.id).desc())).all():
        back = {"household": _household, "member": _member, "team": _team}[change.noun]
        back(session, change, done)
        session.flush()
    return done


def _count(session: GatedSession, column: Any, value: Any) -> int:
    return int(session.exec(select(func.count()).where(column == value)).one())


def _delete(session: GatedSession, cls: Any, column: Any, value: Any) -> None:
    """Delete rows the scope was checked for already: a team is unseen once its last village is taken from it."""
    bulk.run(session, delete(cls.__table__).where(column == value), places=())


def _household(session: GatedSession, change: UploadChange, done: Undone) -> None:
    row = session.get(Household, change.target)
    if row is None or row.version != change.after_version:
        done.kept += 1
        return
    done.villages.add(row.village_id)
    if change.before is not None:
        for name, value in change.before.items():
            setattr(row, name, value)
        row.version += 1
        session.add(row)
        done.restored += 1
        return
    used = (Visit.household_id, Resident.household_id, GatheringHousehold.household_id)
    if any(_count(session, column, row.id) for column in used):
        done.kept += 1
        return
    session.delete(row)
    done.removed += 1


def _member(session: GatedSession, change: UploadChange, done: Undone) -> None:
    row = session.get(Member, int(change.target))
    if row is None or row.version != change.after_version:
        done.kept += 1
        return
    if change.before is not None:
        _restore_member(session, row, change.before)
        done.restored += 1
        return
    if _count(session, VisitMember.member_id, row.id) or _count(session, Membership.member_id, row.id) > 1:
        done.kept += 1
        return
    _delete(session, Training, Training.member_id, row.id)
    _delete(session, Membership, Membership.member_id, row.id)
    _delete(session, Member, Member.id, row.id)
    session.expunge(row)
    done.removed += 1


def _restore_member(session: GatedSession, row: Member, before: dict[str, Any]) -> None:
    membership = session.get(Membership, before["membership_id"])
    for name, value in before.items():
        if name == "trained":
            _delete(session, Training, Training.member_id, row.id)
        elif name in ("role", "component") and membership:
            setattr(membership, name, value)
        elif name != "membership_id":
            setattr(row, name, value)
    row.name_fold, row.name_sort = fold(row.name), name_key(row.name)
    row.version += 1
    session.add(row)


def _team(session: GatedSession, change: UploadChange, done: Undone) -> None:
    row = session.get(Team, int(change.target))
    if row is None or row.version != change.after_version:
        done.kept += 1
        return
    if change.before is not None:
        row.decision_number = change.before["decision_number"]
        day = change.before["decision_date"]
        row.decision_date = date.fromisoformat(day) if day else None
        row.version += 1
        session.add(row)
        done.restored += 1
        return
    used = (Visit.team_id, Gathering.team_id, Membership.team_id)
    if any(_count(session, column, row.id) for column in used):
        done.kept += 1
        return
    _delete(session, TeamVillage, TeamVillage.team_id, row.id)
    _delete(session, Team, Team.id, row.id)
    session.expunge(row)
    done.removed += 1
