"""Rows of signed copies: scans or digitally signed files of a report. Their bytes lie in the instance folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Report, Sealing, SignedCopy

_copy = SignedCopy.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class CopyLine:
    """A signed copy as a list shows it; `version` is the seal it belongs to, `who` kept it."""

    id: int
    name: str
    sha256: str
    size: int
    kept_at: datetime
    who: str
    version: int


def list_copies(session: GatedSession, place_id: int, span: str) -> list[CopyLine]:
    """The signed copies of every version of a place's report in a span, newest first."""
    query = (
        select(SignedCopy, Sealing.version, Account.name)
        .join(Sealing, col(Sealing.id) == SignedCopy.sealing_id)
        .outerjoin(Account, col(Account.id) == SignedCopy.kept_by)
        .where(Sealing.commune_id == place_id, Sealing.period == span)
        .order_by(col(SignedCopy.id).desc())
    )
    return [
        CopyLine(row.id or 0, row.name, row.sha256, row.size, row.kept_at, name or "", version)
        for row, version, name in session.exec(query)
    ]


def get_copy(session: GatedSession, place_id: int, span: str, copy_id: int) -> SignedCopy:
    """A signed copy of a place's report in a span, or NotFound."""
    query = (
        select(SignedCopy)
        .join(Sealing, col(Sealing.id) == SignedCopy.sealing_id)
        .where(SignedCopy.id == copy_id, Sealing.commune_id == place_id, Sealing.period == span)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound
    return found


def hold_stage(session: GatedSession, place_id: int, span: str) -> Report:
    """A report that was begun, held until the transaction ends; NotFound where there is none."""
    query = select(Report).where(Report.commune_id == place_id, Report.period == span)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def keep_copy(session: GatedSession, report: Report, name: str, sha256: str, size: int) -> tuple[int, bool]:
    """Write a copy of a report's seal; its id, and whether it is new (the same file twice is one)."""
    values = {
        "sealing_id": report.sealing_id,
        "commune_id": report.commune_id,
        "name": name,
        "sha256": sha256,
        "size": size,
        "kept_at": datetime.now(UTC),
        "kept_by": session.scope.actor.account_id,
    }
    places = (report.commune_id,)
    made = bulk.run(
        session,
        bulk.insert(session, _copy).on_conflict_do_nothing().returning(_copy.c.id),
        values,
        places=places,
    ).scalar()
    if made is not None:
        return int(made), True
    query = select(SignedCopy.id).where(
        SignedCopy.sealing_id == report.sealing_id, SignedCopy.sha256 == sha256
    )
    return session.exec(query).one() or 0, False
