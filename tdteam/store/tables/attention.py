"""What asks for attention, as far as people said something to it: thresholds of rules, what was set aside and why, and
samples of visits drawn to be checked on the spot."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import true
from sqlmodel import JSON, Field, Index, SQLModel, UniqueConstraint

from tdteam.store.base import at_least, one_of

BOARDS = ("attention", "quality")
FINDINGS = ("confirmed", "differs", "denied", "absent")


class RuleLimit(SQLModel, table=True):
    """A rule's thresholds where an administrator set them otherwise, and whether it is asked at all. Rules without a
    row stand as `domain` has them."""

    __tablename__ = "rule_limit"
    __scope__: ClassVar[str] = "open"

    code: str = Field(primary_key=True)
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    limits: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")


class SetAside(SQLModel, table=True):
    """Somebody dealt with a line of the attention list, or dismissed a finding about the data, and said why. In force
    while `undone_at` is empty. `target` names what it is about ("team:12", "visit:<id>"); no names of people."""

    __tablename__ = "set_aside"
    __scope__: ClassVar[str] = "place"
    __table_args__ = (
        one_of("board", BOARDS),
        Index("ix_set_aside_place_id", "place_id", "board", "span"),
        Index("ix_set_aside_rule_target", "rule", "target"),
    )

    id: int | None = Field(default=None, primary_key=True)
    board: str
    place_id: int = Field(foreign_key="place.id")
    rule: str
    target: str
    span: str = Field(default="", max_length=24)
    why: str
    set_at: datetime
    set_by: int | None = Field(default=None, foreign_key="account.id")
    undone_at: datetime | None = None
    undone_by: int | None = Field(default=None, foreign_key="account.id")


class Sample(SQLModel, table=True):
    """A random sample of a place's counted visits, to be visited again. Who has seed, place, days and `frame` draws the
    same: `frame` is the SHA-256 over the sorted ids it was drawn from."""

    __tablename__ = "sample"
    __scope__: ClassVar[str] = "place"
    __table_args__ = (at_least("size", 1), Index("ix_sample_place_id", "place_id", "id"))

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id")
    since: date
    until: date  # the day after the last one
    seed: str = Field(max_length=32)
    size: int
    population: int
    frame: str = Field(max_length=64)
    note: str = ""
    drawn_at: datetime
    drawn_by: int | None = Field(default=None, foreign_key="account.id")


class SampleLine(SQLModel, table=True):
    """A visit of a sample and what was found there. `version`: of the visit when it was drawn."""

    __tablename__ = "sample_line"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        one_of("finding", FINDINGS, null=True),
        UniqueConstraint("sample_id", "visit_id"),
    )

    sample_id: int = Field(foreign_key="sample.id", primary_key=True)
    position: int = Field(primary_key=True)
    visit_id: str = Field(foreign_key="visit.id", max_length=36, index=True)
    version: int
    village_id: int = Field(foreign_key="place.id", index=True)
    finding: str | None = None
    note: str = ""
    checked_on: date | None = None
    checked_at: datetime | None = None
    checked_by: int | None = Field(default=None, foreign_key="account.id")
