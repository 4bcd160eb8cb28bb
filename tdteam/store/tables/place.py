"""Places, their dated edges, the closure of those edges, and other spellings of their names."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from tdteam.domain.places import ALWAYS, Level, PlaceKind
from tdteam.store.base import one_of


class Place(SQLModel, table=True):
    """A province, area, commune or village. A village is known by (origin_id, name_fold): its old commune and its name."""

    __tablename__ = "place"
    __scope__: ClassVar[str] = "reach"
    __table_args__ = (
        one_of("level", Level),
        one_of("kind", PlaceKind),
        Index("ix_place_code", "code"),
        UniqueConstraint("origin_id", "name_fold", name="uq_place_origin_id_name_fold"),
    )

    id: int | None = Field(default=None, primary_key=True)
    level: str
    kind: str
    name: str  # with its kind, as in official papers
    short_name: str  # without the kind
    label: str  # told apart inside its present parent
    name_fold: str = Field(index=True)
    name_sort: str
    code: str | None = None  # reused over time: never a key
    since: date = ALWAYS
    until: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="place.id")
    origin_id: int | None = Field(default=None, foreign_key="place.id")
    decree: str = ""
    latitude: float | None = None
    longitude: float | None = None


class PlaceParent(SQLModel, table=True):
    """A dated edge: the place stands under the parent in [since, until)."""

    __tablename__ = "place_parent"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (UniqueConstraint("place_id", "parent_id", "since"),)

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    parent_id: int = Field(foreign_key="place.id", index=True)
    since: date = ALWAYS
    until: date | None = None


class PlaceAncestor(SQLModel, table=True):
    """The closure of the edges, a place under itself included; rebuilt by `store/places.rebuild_closure`."""

    __tablename__ = "place_ancestor"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (Index("ix_place_ancestor_place_id", "place_id", "ancestor_id"),)

    ancestor_id: int = Field(foreign_key="place.id", primary_key=True)
    place_id: int = Field(foreign_key="place.id", primary_key=True)
    since: date = Field(default=ALWAYS, primary_key=True)
    until: date | None = None


class PlaceAlias(SQLModel, table=True):
    """Another spelling of a place's name, folded for matching."""

    __tablename__ = "place_alias"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (UniqueConstraint("place_id", "name_fold"),)

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id")
    name: str
    name_fold: str = Field(index=True)
