"""The month: state of periods, confirmations, paper settings and the draft of the report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import false
from sqlmodel import JSON, Field, SQLModel, UniqueConstraint

from tdteam.domain.report_life import Stage
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.store.base import JSON_OR_NULL, one_of


class PeriodState(SQLModel, table=True):
    """A commune's period. Writers of facts take it FOR SHARE, sealing takes it FOR UPDATE (PostgreSQL)."""

    __tablename__ = "period_state"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (one_of("status", PeriodStatus),)

    commune_id: int = Field(foreign_key="place.id", primary_key=True)
    period: str = Field(primary_key=True, max_length=7)
    status: str = PeriodStatus.OPEN
    version: int = 0
    sealed_at: datetime | None = None
    sealed_by: int | None = Field(default=None, foreign_key="account.id")


class Confirmation(SQLModel, table=True):
    """A team's word on its period: the figures stand, or there was nothing (zero)."""

    __tablename__ = "confirmation"
    __scope__: ClassVar[str] = "team"
    __table_args__ = (one_of("kind", ("figures", "zero")), UniqueConstraint("team_id", "period"))

    id: str = Field(primary_key=True, max_length=36)
    team_id: int = Field(foreign_key="team.id")
    period: str = Field(max_length=7)
    kind: str
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # as the team saw them
    confirmed_at: datetime
    confirmed_by: int | None = Field(default=None, foreign_key="account.id")
    note: str = ""


class PaperSetting(SQLModel, table=True):
    """How a commune's papers read: issuing body, recipients, signer. Field names follow `domain/report.PaperSettings`.

    `is_alone`: one person both submits and signs here; each such step says so.
    """

    __tablename__ = "paper_setting"
    __scope__: ClassVar[str] = "commune"

    commune_id: int = Field(foreign_key="place.id", primary_key=True)
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    is_alone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    version: int = 1
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")


class Report(SQLModel, table=True):
    """A commune's (or area's) report in a span: the words an official writes, where it stands, its seal in force.

    While it is a draft the figures are composed from the tallies each time; from the seal on they come from there.
    `settings`: this report's own paper settings, where they differ from the commune's.
    """

    __tablename__ = "report"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (UniqueConstraint("commune_id", "period"), one_of("stage", Stage))

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="place.id")
    period: str = Field(max_length=24)  # a span's code, as in `Sealing`
    stage: str = Field(default=Stage.DRAFT, sa_column_kwargs={"server_default": Stage.DRAFT.value})
    sealing_id: int | None = Field(default=None, foreign_key="sealing.id")
    settings: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    narrative: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    number: str = ""
    dated: date | None = None
    version: int = 1
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")
