"""Teams (to cong nghe so cong dong), the villages they serve, their members, memberships and trainings."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel

from tdteam.domain.people import Channel, Component, MemberRole, Sex
from tdteam.domain.places import ALWAYS
from tdteam.store.base import one_of


class Team(SQLModel, table=True):
    """A team. Founded by a decision of the commune's chairman (CV 793/BTTTT-THH of 2022), whose number and date it keeps."""

    __tablename__ = "team"
    __scope__: ClassVar[str] = "team_self"
    __table_args__ = (one_of("channel", Channel),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_fold: str = Field(index=True)
    name_sort: str
    decision_number: str = ""
    decision_date: date | None = None
    decision_by: str = ""
    channel: str = Channel.APP
    since: date = ALWAYS
    until: date | None = None
    note: str = ""
    version: int = 1


class TeamVillage(SQLModel, table=True):
    """A village a team serves, dated. Every team has at least one."""

    __tablename__ = "team_village"
    __scope__: ClassVar[str] = "team_village"
    __table_args__ = (Index("ix_team_village_village_id", "village_id", "team_id"),)

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    village_id: int = Field(foreign_key="place.id", primary_key=True)
    since: date = Field(default=ALWAYS, primary_key=True)
    until: date | None = None


class Member(SQLModel, table=True):
    """A person who serves in one or more teams."""

    __tablename__ = "member"
    __scope__: ClassVar[str] = "member_self"
    __table_args__ = (one_of("sex", Sex, null=True),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_fold: str = Field(index=True)
    name_sort: str
    birth_year: int | None = None
    sex: str | None = None
    phone: str | None = None
    note: str = ""
    version: int = 1


class Membership(SQLModel, table=True):
    """A member's time in a team, with role and component (whom he or she stands for)."""

    __tablename__ = "membership"
    __scope__: ClassVar[str] = "team"
    __table_args__ = (
        one_of("role", MemberRole),
        one_of("component", Component),
        Index("ix_membership_team_id", "team_id", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    role: str = MemberRole.MEMBER
    component: str = Component.OTHER
    joined: date | None = None
    left: date | None = None
    decision: str = ""


class Training(SQLModel, table=True):
    """A course a member took; `trained_on` is unknown where a list only ticks it."""

    __tablename__ = "training"
    __scope__: ClassVar[str] = "member"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    course: str = ""
    trained_on: date | None = None
