"""Sealed figures, the wordings and steps of a report, the papers as they were drawn and signed, reviews of them.

Triggers keep what is sealed: a snapshot, a paper's bytes, a wording and a step never change and never leave.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import JSON, Field, Index, LargeBinary, SQLModel, UniqueConstraint

from tdteam.domain.report_life import Step
from tdteam.store.base import at_least, one_of

ENDS = ("unsealed", "replaced")
FORMS = ("pdf", "xlsx", "docx")
VERDICTS = ("accepted", "returned")


class Sealing(SQLModel, table=True):
    """One seal of a place's figures in a span. `snapshot` is canonical JSON (`domain/snapshots`), `sha256` its hash;
    only how it ended may still be written."""

    __tablename__ = "sealing"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (
        one_of("ended", ENDS, null=True),
        at_least("version", 1),
        UniqueConstraint("commune_id", "period", "version"),
        Index("ix_sealing_code", "code", unique=True),
        Index("ix_sealing_period", "period", "commune_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="place.id")  # the commune, or the area of a consolidated report
    period: str = Field(
        max_length=24
    )  # a span's code: 2026-11, 2026-Q4, 2026-H2, 2026, 2026-10-15..2026-11-20
    version: int
    code: str = Field(max_length=32)
    snapshot: str
    sha256: str = Field(max_length=64)
    audit_head: str = Field(max_length=64)  # of the newest audit entry before this seal's own
    counted: bytes = Field(sa_type=LargeBinary)  # zlib of the canonical list of versions counted
    replaces_id: int | None = Field(default=None, foreign_key="sealing.id")  # the issued one this replaces
    why: str = ""
    sealed_at: datetime
    sealed_by: int | None = Field(default=None, foreign_key="account.id")
    ended: str | None = None
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="account.id")
    ended_why: str = ""


class ReportWording(SQLModel, table=True):
    """The words of a report as they stood after one save: narrative, number, day and paper settings."""

    __tablename__ = "report_wording"
    __scope__: ClassVar[str] = "commune"

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    version: int = Field(primary_key=True)
    commune_id: int = Field(foreign_key="place.id", index=True)
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="account.id")


class ReportStep(SQLModel, table=True):
    """A step in a report's life. `alone`: the commune has one person, who both submitted and signed."""

    __tablename__ = "report_step"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (one_of("step", Step), Index("ix_report_step_report_id", "report_id", "id"))

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    commune_id: int = Field(foreign_key="place.id", index=True)
    sealing_id: int | None = Field(default=None, foreign_key="sealing.id", index=True)
    step: str
    wording: int = 0  # version of the words at that moment
    why: str = ""
    alone: bool = False
    at: datetime
    taken_by: int | None = Field(default=None, foreign_key="account.id")


class Paper(SQLModel, table=True):
    """A paper's bytes as they were drawn from a seal and its words, when it was issued."""

    __tablename__ = "paper"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (
        one_of("form", FORMS),
        UniqueConstraint("sealing_id", "form"),
        Index("ix_paper_sha256", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sealing_id: int = Field(foreign_key="sealing.id")
    commune_id: int = Field(foreign_key="place.id", index=True)
    form: str
    words: str  # canonical JSON of the words it was drawn with
    name: str
    sha256: str = Field(max_length=64)
    body: bytes = Field(sa_type=LargeBinary)
    issued_at: datetime


class SignedCopy(SQLModel, table=True):
    """A scan or digitally signed PDF of an issued paper; its bytes lie in the instance folder under their hash."""

    __tablename__ = "signed_copy"
    __scope__: ClassVar[str] = "commune"
    __table_args__ = (UniqueConstraint("sealing_id", "sha256"), Index("ix_signed_copy_sha256", "sha256"))

    id: int | None = Field(default=None, primary_key=True)
    sealing_id: int = Field(foreign_key="sealing.id")
    commune_id: int = Field(foreign_key="place.id", index=True)
    name: str
    sha256: str = Field(max_length=64)
    size: int
    kept_at: datetime
    kept_by: int | None = Field(default=None, foreign_key="account.id")


class Review(SQLModel, table=True):
    """A reviewer's word on a commune's issued report: accepted, or returned with a reason. The newest stands."""

    __tablename__ = "review"
    __scope__: ClassVar[str] = "place"
    __table_args__ = (
        one_of("verdict", VERDICTS),
        Index("ix_review_sealing_id", "sealing_id", "id"),
        Index("ix_review_place_id", "place_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id")  # the area or province it was reviewed for
    sealing_id: int = Field(foreign_key="sealing.id")
    verdict: str
    why: str = ""
    at: datetime
    given_by: int | None = Field(default=None, foreign_key="account.id")
