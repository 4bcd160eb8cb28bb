"""Where places lie on the map: points and boundaries, imported; nothing of a household ever."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel


class Shape(SQLModel, table=True):
    """A place's point, and its boundary where one was imported: longitude and latitude in degrees (WGS 84).

    `boundary`: GeoJSON MultiPolygon coordinates, simplified and valid, as canonical JSON.
    """

    __tablename__ = "shape"
    __scope__: ClassVar[str] = "place_above"

    place_id: int = Field(foreign_key="place.id", primary_key=True)
    longitude: float
    latitude: float
    boundary: str | None = None
    points: int = 0
    source: str = ""
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")
