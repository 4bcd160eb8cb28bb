"""Figures: tallies kept with every write, households reached, declared figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import CheckConstraint, Field, Index, SQLModel

from tdteam.store.base import at_least


class Tally(SQLModel, table=True):
    """One figure of a village in a span: a period ("2026-11"), a statutory year ("2026", distinct figures only), or
    "now" (the registry as it stands). `measure`, `kind` and `outcome` are named in `domain/tallies.py`."""

    __tablename__ = "tally"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (Index("ix_tally_village_id_span", "village_id", "span"),)

    span: str = Field(primary_key=True, max_length=7)
    village_id: int = Field(foreign_key="place.id", primary_key=True)
    measure: str = Field(primary_key=True)
    kind: str = Field(default="", primary_key=True)
    outcome: str = Field(default="", primary_key=True)
    value: int = 0


class TeamTally(SQLModel, table=True):
    """A team's work in a period, and when it last worked and last sent."""

    __tablename__ = "team_tally"
    __scope__: ClassVar[str] = "team"

    period: str = Field(primary_key=True, max_length=7)
    team_id: int = Field(foreign_key="team.id", primary_key=True, index=True)
    visits: int = 0
    assists: int = 0
    people: int = 0
    gatherings: int = 0
    filings: int = 0
    last_on: date | None = None
    last_received_at: datetime | None = None


class Reached(SQLModel, table=True):
    """How many counted visits met a household in a period or statutory year: distinct figures survive any race."""

    __tablename__ = "reached"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (Index("ix_reached_village_id_span", "village_id", "span"),)

    household_id: str = Field(foreign_key="household.id", primary_key=True, max_length=36)
    span: str = Field(primary_key=True, max_length=7)
    village_id: int = Field(foreign_key="place.id", primary_key=True)
    visits: int = 0


class Adjustment(SQLModel, table=True):
    """What a correction or voiding changed after its period was sealed: the sealed figure stays, and the difference
    counts in the first open period (`to_period`; null where a figure is not carried on, as with distinct ones)."""

    __tablename__ = "adjustment"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        Index("ix_adjustment_village_id_from_period", "village_id", "from_period"),
        Index("ix_adjustment_village_id_to_period", "village_id", "to_period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    village_id: int = Field(foreign_key="place.id")
    team_id: int = Field(foreign_key="team.id")
    from_period: str = Field(max_length=7)
    to_period: str | None = Field(default=None, max_length=7)
    measure: str
    kind: str = ""
    outcome: str = ""
    value: int
    made_at: datetime


class StockState(SQLModel, table=True):
    """How far a village's registry figures are frozen: "now" rows hold for every period after `frozen_to`."""

    __tablename__ = "stock_state"
    __scope__: ClassVar[str] = "village"

    village_id: int = Field(foreign_key="place.id", primary_key=True)
    since: str = Field(max_length=7)  # the first period the registry stood in
    frozen_to: str = Field(max_length=7)
    age_year: int  # the year by which ages in the "now" rows are reckoned


class Declared(SQLModel, table=True):
    """A figure somebody else counted: a team on paper, the police, the portal. Never added to what the tool counted.

    Corrections supersede: the row in force has `superseded_at` null.
    """

    __tablename__ = "declared"
    __scope__: ClassVar[str] = "place"
    __table_args__ = (
        CheckConstraint("(period IS NULL) <> (as_of IS NULL)", name="period_or_day"),
        at_least("part", 0),
        at_least("whole", 0),
        Index("ix_declared_place_id_indicator", "place_id", "indicator", "period"),
        Index(
            "uq_declared_in_force",
            "place_id",
            "team_key",
            "indicator",
            "span_key",
            "source",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id")
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    indicator: str = Field(foreign_key="indicator.code")
    period: str | None = Field(default=None, max_length=7)
    as_of: date | None = None
    part: int
    whole: int | None = None
    source: str  # who counted, in words
    sender: str = ""
    received_on: date | None = None
    note: str = ""
    scan_name: str = ""
    scan_sha256: str | None = None
    team_key: int = 0  # 0 where no team: unique keys cannot hold nulls
    span_key: str = ""  # period or ISO day, with "#id" once superseded
    declared_by: int | None = Field(default=None, foreign_key="account.id")
    declared_at: datetime
    superseded_at: datetime | None = None
