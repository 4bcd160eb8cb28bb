"""What the commune plans for villages, and what villages ask of the commune."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel

from tdteam.domain.outreach import ProposalState
from tdteam.store.base import one_of


class Outreach(SQLModel, table=True):
    """Something the commune brings to villages on a day: the police making level 2 at the culture house."""

    __tablename__ = "outreach"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (Index("ix_outreach_commune_id", "commune_id", "held_on"),)

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="place.id")
    title: str
    held_on: date
    starts: str = Field(default="", max_length=5)  # "14:00", empty: the whole day
    ends: str = Field(default="", max_length=5)
    place: str = ""
    note: str = ""
    version: int = 1
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="account.id")
    changed_at: datetime
    cancelled_at: datetime | None = None
    cancelled_why: str = ""


class OutreachVillage(SQLModel, table=True):
    """A village an outreach is for."""

    __tablename__ = "outreach_village"
    __scope__: ClassVar[str] = "village"

    outreach_id: int = Field(foreign_key="outreach.id", primary_key=True)
    village_id: int = Field(foreign_key="place.id", primary_key=True, index=True)


class Proposal(SQLModel, table=True):
    """A village's difficulty or wish, told to the commune; feeds section V of the report."""

    __tablename__ = "proposal"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("state", ProposalState),
        Index("ix_proposal_village_id", "village_id", "made_at"),
        Index("ix_proposal_period", "period", "village_id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    village_id: int = Field(foreign_key="place.id")
    team_id: int = Field(foreign_key="team.id")
    period: str = Field(max_length=7)
    text: str
    state: str = ProposalState.SENT
    answer: str = ""
    version: int = 1
    made_at: datetime
    received_at: datetime
    changed_at: datetime
    made_by: int | None = Field(default=None, foreign_key="account.id")
    answered_by: int | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = None
