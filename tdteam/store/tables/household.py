"""Households and residents: as little as helping them needs. No id numbers, no health, no ethnicity, ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from tdteam.domain.people import ConsentMethod, Poverty, Sex, SubjectKind
from tdteam.store.base import at_least, one_of


class Household(SQLModel, table=True):
    """A household, household business or cooperative. Counts serve where it has no list of residents; unknown is null."""

    __tablename__ = "household"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("kind", SubjectKind),
        one_of("poverty", Poverty, null=True),
        one_of("consent_method", ConsentMethod, null=True),
        at_least("people", 0),
        at_least("adults", 0),
        at_least("eid2", 0),
        Index("ix_household_village_id_head_sort", "village_id", "head_sort", "id"),
        Index("ix_household_head_sort", "head_sort", "id"),
        Index("ix_household_village_id_head_fold", "village_id", "head_fold"),
        Index("ix_household_village_id_changed_at", "village_id", "changed_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    village_id: int = Field(foreign_key="place.id")
    kind: str = SubjectKind.HOUSEHOLD
    head: str
    head_fold: str
    head_sort: str
    birth_year: int | None = None
    people: int | None = None
    adults: int | None = None  # residents of 14 years and over
    eid2: int | None = None  # of these, with level 2
    poverty: str | None = None
    smartphone: bool | None = None
    phone: str | None = None
    consent: bool | None = None  # null: not asked yet
    consent_method: str | None = None
    consent_on: date | None = None
    consent_by: int | None = Field(default=None, foreign_key="account.id")
    note: str = ""
    version: int = 1
    created_at: datetime
    changed_at: datetime
    ended_on: date | None = None
    ended_why: str = ""


class Resident(SQLModel, table=True):
    """A person of a household."""

    __tablename__ = "resident"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("sex", Sex, null=True),
        Index("ix_resident_household_id", "household_id"),
        Index("ix_resident_village_id_name_sort", "village_id", "name_sort", "id"),
        Index("ix_resident_village_id_changed_at", "village_id", "changed_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    household_id: str = Field(foreign_key="household.id", max_length=36)
    village_id: int = Field(foreign_key="place.id")
    name: str
    name_fold: str
    name_sort: str
    birth_year: int | None = None
    sex: str | None = None
    version: int = 1
    created_at: datetime
    changed_at: datetime
    ended_on: date | None = None
    ended_why: str = ""


class Attainment(SQLModel, table=True):
    """What a resident has attained (an indicator's code, such as EID2), since when, by whose word."""

    __tablename__ = "attainment"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        UniqueConstraint("resident_id", "indicator"),
        Index("ix_attainment_village_id_indicator", "village_id", "indicator"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resident_id: str = Field(foreign_key="resident.id", max_length=36)
    village_id: int = Field(foreign_key="place.id")
    indicator: str
    attained_on: date | None = None
    source: str = ""
