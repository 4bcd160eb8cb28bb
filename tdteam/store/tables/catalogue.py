"""The catalogue, editable data: assist kinds with the outcomes each allows, causes, procedures, indicators, settings."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from tdteam.domain.vocabulary import Nature, Outcome, Pillar, Source
from tdteam.store.base import JSON_OR_NULL, one_of


class AssistKind(SQLModel, table=True):
    """A kind of help. There is none for "granted level 2": only the police grant."""

    __tablename__ = "assist_kind"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (one_of("pillar", Pillar),)

    code: str = Field(primary_key=True)
    name: str
    short_name: str = ""
    pillar: str
    sort: int = 0
    is_active: bool = True


class AssistKindOutcome(SQLModel, table=True):
    """An outcome a kind of help allows, with the words it has for that kind."""

    __tablename__ = "assist_kind_outcome"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (one_of("outcome", Outcome),)

    kind: str = Field(foreign_key="assist_kind.code", primary_key=True)
    outcome: str = Field(primary_key=True)
    name: str
    sort: int = 0


class Cause(SQLModel, table=True):
    """Why an assist was not done."""

    __tablename__ = "cause"
    __scope__: ClassVar[str] = "open"

    code: str = Field(primary_key=True)
    name: str
    sort: int = 0
    is_active: bool = True


class Procedure(SQLModel, table=True):
    """A public-service procedure."""

    __tablename__ = "procedure"
    __scope__: ClassVar[str] = "open"

    code: str = Field(primary_key=True)
    name: str
    name_fold: str = ""
    is_essential: bool = False
    sort: int = 0
    is_active: bool = True


class Indicator(SQLModel, table=True):
    """An indicator (chi tieu). `part` and `whole` of a counted one name tally measures; a declared one is typed in."""

    __tablename__ = "indicator"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (one_of("nature", Nature), one_of("source", Source), one_of("pillar", Pillar, null=True))

    code: str = Field(primary_key=True)
    name: str
    short_name: str = ""
    unit: str
    nature: str
    source: str
    pillar: str | None = None
    section: str = (
        ""  # code of the group of the report's chapter II it stands under (domain/report_facts.SECTIONS)
    )
    part: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON_OR_NULL)
    whole: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON_OR_NULL)
    part_name: str = ""
    whole_name: str = ""
    dti_code: str = ""
    beside: str | None = None  # the counted indicator a declared one stands beside
    is_teams: bool = False  # may be declared per team (paper and Zalo teams)
    is_places: bool = False  # may be declared per village or commune (police, portal, health station)
    in_report: bool = True
    is_headline: bool = False  # told in the report as a sentence too
    on_board: bool = False
    annex: str = ""  # column of the report's annex I it fills (domain/report_facts.VillageColumn)
    is_falling_good: bool = False
    sort: int = 0
    is_active: bool = True


class Setting(SQLModel, table=True):
    """A setting of this installation, such as the period's start day (fixed at the first `migrate`)."""

    __tablename__ = "setting"
    __scope__: ClassVar[str] = "open"

    key: str = Field(primary_key=True)
    value: str


class Target(SQLModel, table=True):
    """What a place is to reach in an indicator, for a statutory year ("2026") or a period ("2026-11")."""

    __tablename__ = "target"
    __scope__: ClassVar[str] = "place_above"
    __table_args__ = (
        UniqueConstraint("place_id", "indicator", "span"),
        Index("ix_target_indicator_span", "indicator", "span"),
    )

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id")
    indicator: str = Field(foreign_key="indicator.code")
    span: str
    value: int  # a count, or hundredths of a percent for a share
    set_on: date
    set_by: int | None = Field(default=None, foreign_key="account.id")
