"""What the coverage board keeps ready: a place's figures of a span, summed from its tallies and marked stale by every
write that moves one."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel


class Sheet(SQLModel, table=True):
    """A village's, or a whole commune's, tally sums in a span, ready to be read. Never the only place of a figure:
    dropped and made again from `tally` at any time.

    `tree`: the day of the newest edge between places that had come when it was made; another day, another tree.
    `part`, `whole`: of the indicator the board is about, so that thirteen periods need no `figures` to be read.
    """

    __tablename__ = "sheet"
    __scope__: ClassVar[str] = "place"
    __table_args__ = (
        Index("ix_sheet_span", "span", "place_id"),
        Index("ix_sheet_stale", "is_stale", "span"),
    )

    place_id: int = Field(foreign_key="place.id", primary_key=True)
    span: str = Field(primary_key=True, max_length=8)  # a period, or "y" and a period: the year up to its end
    tree: date
    figures: str  # canonical JSON
    part: int | None = None
    whole: int | None = None
    is_stale: bool = False
    made_at: datetime
