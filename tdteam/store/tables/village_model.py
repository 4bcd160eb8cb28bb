"""Villages that are to become a model (thon chuyen doi so thong minh and others), what a model asks, who sponsors a
commune, and what a village has: network, a culture house with wifi."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from tdteam.store.base import one_of

GROUPS = ("infrastructure", "government", "economy", "society")
SIGNALS = ("none", "weak", "good")


class VillageModel(SQLModel, table=True):
    """A model villages may strive for: data, so that the next one needs no developer."""

    __tablename__ = "village_model"
    __scope__: ClassVar[str] = "open"

    code: str = Field(primary_key=True)
    name: str
    source: str = ""  # the document that set it up
    sort: int = 0
    is_active: bool = True


class ModelItem(SQLModel, table=True):
    """A criterion of a model. With an indicator it is met by the village's figure (`at_least`: hundredths of a percent
    of a share, else a count); without one it is ticked by a person, with evidence."""

    __tablename__ = "model_item"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (one_of("section", GROUPS), Index("ix_model_item_model", "model", "sort"))

    code: str = Field(primary_key=True)
    model: str = Field(foreign_key="village_model.code")
    section: str
    name: str
    indicator: str | None = Field(default=None, foreign_key="indicator.code")
    at_least: int | None = None
    sort: int = 0
    is_active: bool = True


class ModelVillage(SQLModel, table=True):
    """A village chosen for a model: planned on, launched on, given up on."""

    __tablename__ = "model_village"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (UniqueConstraint("village_id", "model"),)

    id: int | None = Field(default=None, primary_key=True)
    village_id: int = Field(foreign_key="place.id")
    model: str = Field(foreign_key="village_model.code", index=True)
    planned_on: date | None = None
    launched_on: date | None = None
    ended_on: date | None = None
    note: str = ""
    version: int = 1
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")


class ModelTick(SQLModel, table=True):
    """Somebody's word on a criterion in a village. The newest stands; earlier ones stay."""

    __tablename__ = "model_tick"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (Index("ix_model_tick_village_id", "village_id", "item", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    village_id: int = Field(foreign_key="place.id")
    item: str = Field(foreign_key="model_item.code")
    is_met: bool
    document_id: int | None = Field(default=None, foreign_key="document.id", index=True)
    note: str = ""
    ticked_at: datetime
    ticked_by: int | None = Field(default=None, foreign_key="account.id")


class VillageGround(SQLModel, table=True):
    """What a village has, as of a day and by whose word; unknown is null."""

    __tablename__ = "village_ground"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (one_of("signal", SIGNALS, null=True),)

    village_id: int = Field(foreign_key="place.id", primary_key=True)
    has_house: bool | None = None  # a culture house
    has_wifi: bool | None = None  # public wifi in it
    signal: str | None = None
    has_fibre: bool | None = None
    note: str = ""
    source: str = ""
    as_of: date | None = None
    version: int = 1
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")


class Sponsor(SQLModel, table=True):
    """An agency that sponsors a commune (at least three each in Bao Thang), and the model village it helps."""

    __tablename__ = "sponsor"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (Index("ix_sponsor_commune_id", "commune_id", "since"),)

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="place.id")
    agency: str
    village_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    contact: str = ""  # an office and its phone; a person at work, not a resident
    since: date | None = None
    until: date | None = None
    note: str = ""
    version: int = 1
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")
