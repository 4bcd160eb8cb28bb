"""Visits, gatherings, assists and filings: append-only facts. A correction is a new version that points to the old one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlmodel import CheckConstraint, Field, Index, SQLModel, text

from tdteam.domain.vocabulary import Contact, FilingMode, FilingState, Outcome, RecordState, VisitPlace
from tdteam.store.base import at_least, one_of


def _few(name: str, column: str, rule: str) -> Index:
    """An index of the few visits that a rare filter asks for."""
    where: dict[str, Any] = {"sqlite_where": text(rule), "postgresql_where": text(rule)}
    return Index(name, column, "visited_on", "id", **where)


class Visit(SQLModel, table=True):
    """A version of a visit. `root_id` names the chain; `period` is the period it counts in (not always its day's: late)."""

    __tablename__ = "visit"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("place", VisitPlace),
        one_of("contact", Contact),
        one_of("state", RecordState),
        at_least("minutes", 0),
        Index("ix_visit_village_id_visited_on", "village_id", "visited_on", "id"),
        Index("ix_visit_visited_on", "visited_on", "id"),
        Index("ix_visit_period_village_id", "period", "village_id"),
        Index("ix_visit_household_id", "household_id", "visited_on"),
        Index("ix_visit_root_id", "root_id", "version", unique=True),
        Index("ix_visit_village_id_received_at", "village_id", "received_at"),
        _few("ix_visit_ended", "state", "state <> 'current'"),
        _few("ix_visit_unmet", "contact", "contact <> 'met'"),
    )

    id: str = Field(primary_key=True, max_length=36)
    root_id: str = Field(max_length=36)
    version: int = 1
    replaces_id: str | None = Field(default=None, unique=True, max_length=36)
    state: str = RecordState.CURRENT
    village_id: int = Field(foreign_key="place.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    household_id: str | None = Field(default=None, foreign_key="household.id", max_length=36)
    visited_on: date
    period: str = Field(max_length=7)
    place: str = VisitPlace.HOME
    contact: str = Contact.MET
    minutes: int | None = None
    return_on: date | None = None
    note: str = ""
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    recorded_at: datetime
    received_at: datetime
    ended_at: datetime | None = None  # superseded or voided
    ended_by: int | None = Field(default=None, foreign_key="account.id")
    ended_why: str = ""


class VisitMember(SQLModel, table=True):
    """A member who helped at a visit."""

    __tablename__ = "visit_member"
    __scope__: ClassVar[str] = "village"

    visit_id: str = Field(foreign_key="visit.id", primary_key=True, max_length=36)
    member_id: int = Field(foreign_key="member.id", primary_key=True, index=True)
    village_id: int = Field(foreign_key="place.id")


class Gathering(SQLModel, table=True):
    """A version of a gathering: head-counts, and what was done for how many people (its assists)."""

    __tablename__ = "gathering"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("place", VisitPlace),
        one_of("state", RecordState),
        at_least("attended", 0),
        CheckConstraint(
            "women <= attended AND youth <= attended AND elders <= attended", name="parts_within_attended"
        ),
        Index("ix_gathering_village_id_held_on", "village_id", "held_on", "id"),
        Index("ix_gathering_held_on", "held_on", "id"),
        Index("ix_gathering_period_village_id", "period", "village_id"),
        Index("ix_gathering_root_id", "root_id", "version", unique=True),
    )

    id: str = Field(primary_key=True, max_length=36)
    root_id: str = Field(max_length=36)
    version: int = 1
    replaces_id: str | None = Field(default=None, unique=True, max_length=36)
    state: str = RecordState.CURRENT
    village_id: int = Field(foreign_key="place.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    held_on: date
    period: str = Field(max_length=7)
    place: str = VisitPlace.CULTURE_HOUSE
    topic: str = ""
    attended: int
    women: int | None = None
    youth: int | None = None
    elders: int | None = None
    note: str = ""
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    recorded_at: datetime
    received_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="account.id")
    ended_why: str = ""


class GatheringHousehold(SQLModel, table=True):
    """A household present at a gathering, where the team wished to note it."""

    __tablename__ = "gathering_household"
    __scope__: ClassVar[str] = "village"

    gathering_id: str = Field(foreign_key="gathering.id", primary_key=True, max_length=36)
    household_id: str = Field(foreign_key="household.id", primary_key=True, max_length=36, index=True)
    village_id: int = Field(foreign_key="place.id")


class Assist(SQLModel, table=True):
    """One kind of help given once, to a resident or to `people` people, at a visit or a gathering."""

    __tablename__ = "assist"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("outcome", Outcome),
        at_least("people", 1),
        CheckConstraint("(visit_id IS NULL) <> (gathering_id IS NULL)", name="one_occasion"),
        Index("ix_assist_village_id_kind", "village_id", "kind", "outcome"),
    )

    id: str = Field(primary_key=True, max_length=36)
    visit_id: str | None = Field(default=None, foreign_key="visit.id", max_length=36, index=True)
    gathering_id: str | None = Field(default=None, foreign_key="gathering.id", max_length=36, index=True)
    village_id: int = Field(foreign_key="place.id")
    kind: str = Field(foreign_key="assist_kind.code")
    outcome: str
    cause: str | None = Field(default=None, foreign_key="cause.code")
    people: int = 1
    resident_id: str | None = Field(default=None, foreign_key="resident.id", max_length=36, index=True)
    filing_id: str | None = Field(default=None, foreign_key="filing.id", max_length=36, index=True)


class Filing(SQLModel, table=True):
    """A public-service dossier a team helped to file. Counts in the period it was submitted in; its result in the
    period that came in."""

    __tablename__ = "filing"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("mode", FilingMode, null=True),
        one_of("state", FilingState),
        Index("ix_filing_village_id_submitted_on", "village_id", "submitted_on", "id"),
        Index("ix_filing_submitted_on", "submitted_on", "id"),
        Index("ix_filing_period_village_id", "period", "village_id"),
        Index(
            "uq_filing_code",
            "code",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    village_id: int = Field(foreign_key="place.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    household_id: str | None = Field(default=None, foreign_key="household.id", max_length=36, index=True)
    code: str | None = None
    procedure: str | None = Field(default=None, foreign_key="procedure.code")
    submitted_on: date
    period: str = Field(max_length=7)
    result_period: str | None = Field(default=None, max_length=7)
    mode: str | None = None
    fee_due: bool | None = None
    paid_online: bool | None = None
    due_on: date | None = None
    state: str = FilingState.SUBMITTED
    result_on: date | None = None
    electronic_result: bool | None = None
    note: str = ""
    version: int = 1
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    recorded_at: datetime
    received_at: datetime
    voided_at: datetime | None = None
    void_why: str = ""


class FilingVersion(SQLModel, table=True):
    """What a filing said before a change, kept as it was."""

    __tablename__ = "filing_version"
    __scope__: ClassVar[str] = "village"

    filing_id: str = Field(foreign_key="filing.id", primary_key=True, max_length=36)
    version: int = Field(primary_key=True)
    village_id: int = Field(foreign_key="place.id")
    body: str  # canonical JSON
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")
