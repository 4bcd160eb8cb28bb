"""Imports: what is kept of the file, how its columns were read, what it would do, and what it did (so that it can be undone)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, Index, LargeBinary, SQLModel

from tdteam.store.base import JSON_OR_NULL, one_of


class Upload(SQLModel, table=True):
    """One import of a file, from upload to undo."""

    __tablename__ = "upload"
    __scope__: ClassVar[str] = "place"
    __table_args__ = (one_of("state", ("uploaded", "checked", "done", "undone")),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    place_id: int = Field(foreign_key="place.id", index=True)
    file_name: str
    sha256: str
    size: int
    state: str = "uploaded"
    layout: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    outcome: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    uploaded_at: datetime
    uploaded_by: int | None = Field(default=None, foreign_key="account.id")
    done_at: datetime | None = None
    undone_at: datetime | None = None


class UploadFile(SQLModel, table=True):
    """The rows kept of an upload, apart so that lists of uploads stay light; removed by retention."""

    __tablename__ = "upload_file"
    __scope__: ClassVar[str] = "upload"

    upload_id: int = Field(foreign_key="upload.id", primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)


class UploadChange(SQLModel, table=True):
    """A row an import added or changed, with what stood there before; undo walks these backwards."""

    __tablename__ = "upload_change"
    __scope__: ClassVar[str] = "upload"
    __table_args__ = (Index("ix_upload_change_upload_id", "upload_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    upload_id: int = Field(foreign_key="upload.id")
    noun: str
    target: str
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    after_version: int = 1
