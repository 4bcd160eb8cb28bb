"""The register of evidence documents (tai lieu kiem chung): number, day, issuer and abstract of each, what it proves,
what it belongs to, and the file where there is one."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import true
from sqlmodel import Field, Index, SQLModel

from tdteam.store.base import one_of

KINDS = ("decision", "plan", "report", "letter", "minutes", "list", "photo", "screen", "other")
NOUNS = ("team", "gathering", "village", "report", "model")


class Document(SQLModel, table=True):
    """A document or picture that proves something. Cited as "so, ky hieu; ngay; co quan; trich yeu" (DTI practice).

    `has_names`: people are named or seen in the file, so it opens only to who may see names. The bytes lie in the
    instance folder under their hash; a picture is kept re-encoded, without what a camera writes beside it. A village
    reads what its commune filed (not a file with names), as an area reads what its communes filed.
    """

    __tablename__ = "document"
    __scope__: ClassVar[str] = "place_above"
    __table_args__ = (
        one_of("kind", KINDS),
        Index("ix_document_place_id", "place_id", "dated"),
        Index("ix_document_sha256", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id")
    kind: str
    number: str = ""
    dated: date | None = None
    issuer: str = ""
    abstract: str
    since: date | None = None  # the days it speaks of; empty: while it is in force
    until: date | None = None
    file_name: str = ""
    file_kind: str = ""  # pdf, jpg, png, xlsx, docx
    size: int = 0
    sha256: str | None = Field(default=None, max_length=64)
    has_names: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    version: int = 1
    added_at: datetime
    added_by: int | None = Field(default=None, foreign_key="account.id")
    changed_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""


class DocumentIndicator(SQLModel, table=True):
    """An indicator a document proves."""

    __tablename__ = "document_indicator"
    __scope__: ClassVar[str] = "place_above"

    document_id: int = Field(foreign_key="document.id", primary_key=True)
    indicator: str = Field(foreign_key="indicator.code", primary_key=True, index=True)
    place_id: int = Field(foreign_key="place.id", index=True)


class DocumentTie(SQLModel, table=True):
    """What a document belongs to: a team, a gathering, a village, a report, a village's model."""

    __tablename__ = "document_tie"
    __scope__: ClassVar[str] = "place_above"
    __table_args__ = (one_of("noun", NOUNS), Index("ix_document_tie_noun", "noun", "target"))

    document_id: int = Field(foreign_key="document.id", primary_key=True)
    noun: str = Field(primary_key=True)
    target: str = Field(primary_key=True, max_length=40)
    place_id: int = Field(foreign_key="place.id", index=True)
