"""What the demonstration asks of the tables: its villages with their teams, and rows written by the thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import SQLModel, col, select

from tdteam.domain.people import MemberRole
from tdteam.domain.places import Level
from tdteam.domain.tallies import STOCKS, TallyKey
from tdteam.store import bulk, places, tables
from tdteam.store.gate import GatedSession
from tdteam.store.sheet_marks import mark
from tdteam.store.tables import Member, Membership, Place, Tally, Team, TeamVillage, Training

_tally: Any = Tally.__table__  # type: ignore[attr-defined]


def has_teams(session: GatedSession) -> bool:
    """Whether anybody works with this database already."""
    return session.exec(select(Team.id).limit(1)).first() is not None


def find_area(session: GatedSession) -> Place | None:
    """The area whose villages are the demonstration (the one reviewers' area of today)."""
    return session.exec(
        select(Place)
        .where(Place.level == Level.AREA, col(Place.until).is_(None))
        .order_by(col(Place.id))
        .limit(1)
    ).first()


def province_id(session: GatedSession) -> int:
    """The province of today."""
    found = session.exec(
        select(Place.id)
        .where(Place.level == Level.PROVINCE, col(Place.until).is_(None))
        .order_by(col(Place.id))
    ).first()
    assert found is not None
    return found


@dataclass(frozen=True)
class Ground:
    """A village with its present commune, its old one's code, the team that serves it and who is in it."""

    village_id: int
    label: str
    commune_id: int
    origin_code: str
    team_id: int
    team: str
    members: tuple[int, ...]
    leader: int | None


def list_ground(session: GatedSession, area_id: int) -> list[Ground]:
    """The villages of an area that a team serves, in the order of their ids."""
    origins = dict(session.exec(select(Place.id, Place.code).where(Place.level == Level.COMMUNE)).all())
    born = dict(session.exec(select(Place.id, Place.origin_id).where(Place.level == Level.VILLAGE)).all())
    served = session.exec(
        select(TeamVillage.village_id, TeamVillage.team_id, Team.name).join(
            Team, col(Team.id) == TeamVillage.team_id
        )
    ).all()
    teams = {village: (team, name) for village, team, name in served}
    members: dict[int, list[int]] = {}
    leaders: dict[int, int] = {}
    for team, member, role in session.exec(
        select(Membership.team_id, Membership.member_id, Membership.role)
        .where(col(Membership.left).is_(None))
        .order_by(col(Membership.id))
    ):
        members.setdefault(team, []).append(member)
        if role == MemberRole.LEADER:
            leaders.setdefault(team, member)
    out = []
    for line in places.list_villages(session, area_id):
        if line.id in teams:
            team_id, name = teams[line.id]
            origin = str(origins.get(born.get(line.id)) or "")
            out.append(
                Ground(
                    line.id,
                    line.label,
                    line.commune_id,
                    origin,
                    team_id,
                    name,
                    tuple(members.get(team_id, ())),
                    leaders.get(team_id),
                )
            )
    return sorted(out, key=lambda ground: ground.village_id)


def member_names(session: GatedSession, member_ids: Iterable[int]) -> dict[int, str]:
    """Names of members by id."""
    found = session.exec(select(Member.id, Member.name).where(col(Member.id).in_(list(member_ids)))).all()
    return {member: name for member, name in found if member is not None}


def write(session: GatedSession, noun: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many new rows of one table, named by its class."""
    cls: type[SQLModel] = getattr(tables, noun)
    bulk.insert_rows(session, cls.__table__, rows, places=())  # type: ignore[attr-defined]


def set_channel(session: GatedSession, team_ids: Iterable[int], channel: str) -> None:
    """How these teams send their work."""
    for team in session.exec(select(Team).where(col(Team.id).in_(list(team_ids)))):
        team.channel = channel
        session.add(team)
    session.flush()


def untrained(session: GatedSession, member_ids: Iterable[int]) -> list[int]:
    """Those of some members who took no course yet."""
    trained = set(session.exec(select(Training.member_id)))
    return [member for member in member_ids if member not in trained]


def move_member(session: GatedSession, member_id: int, from_team: int, on: date, decision: str) -> None:
    """Tell that a member came from another team to the one he or she serves in, on a day."""
    row = session.exec(
        select(Membership).where(Membership.member_id == member_id, col(Membership.left).is_(None))
    ).one()
    before = Membership(
        team_id=from_team,
        member_id=member_id,
        component=row.component,
        joined=row.joined,
        left=on,
        decision=decision,
    )
    row.joined, row.decision = on, decision
    session.add_all([row, before])
    session.flush()


def list_frozen(session: GatedSession, span: str) -> list[tuple[int, TallyKey, int]]:
    """The registry's figures of a period that is over: village, key, value."""
    query = select(_tally).where(_tally.c.span == span, _tally.c.measure.in_(STOCKS))
    return [
        (row.village_id, TallyKey(row.measure, row.kind, row.outcome), row.value)
        for row in bulk.run(session, query, places=())
    ]


def set_frozen(session: GatedSession, span: str, values: Sequence[tuple[int, TallyKey, int]]) -> None:
    """Write these figures anew."""
    keys = ("measure", "kind", "outcome")
    change = _tally.update().where(
        _tally.c.span == span,
        _tally.c.village_id == bindparam("of_village"),
        *(_tally.c[key] == bindparam(f"of_{key}") for key in keys),
    )
    rows = [
        {"of_village": village, "value": value, **{f"of_{key}": getattr(of, key) for key in keys}}
        for village, of, value in values
    ]
    if rows:
        bulk.run(session, change, rows, places=())
        mark(session, {village for village, _, _ in values}, [span])
