"""Seals of figures: the period held alone, the seal kept, its paper, and how all of it is found again."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.snapshots import Counted, Snapshot, canonical, sha256_of, snapshot_from
from tdteam.domain.vocabulary import PeriodStatus, RecordState
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Filing, Gathering, Paper, PeriodState, Report, ReportStep, Sealing, Visit

_state = PeriodState.__table__  # type: ignore[attr-defined]
_report = Report.__table__  # type: ignore[attr-defined]


def hold_alone(session: GatedSession, commune_id: int, period: str) -> PeriodState:
    """A commune's period, its row made where missing and held alone until the transaction ends: writers of facts wait."""
    row = {"commune_id": commune_id, "period": period, "status": PeriodStatus.OPEN, "version": 0}
    bulk.run(session, bulk.insert(session, _state).on_conflict_do_nothing(), row, places=(commune_id,))
    query = select(PeriodState).where(PeriodState.commune_id == commune_id, PeriodState.period == period)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one()


def hold_report(session: GatedSession, place_id: int, span: str) -> Report:
    """A place's report in a span, made where missing and held until the transaction ends."""
    row = {
        "commune_id": place_id,
        "period": span,
        "narrative": {},
        "number": "",
        "version": 0,
        "changed_at": datetime.now(UTC),
        "stage": "draft",
    }
    bulk.run(session, bulk.insert(session, _report).on_conflict_do_nothing(), row, places=(place_id,))
    query = select(Report).where(Report.commune_id == place_id, Report.period == span)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one()


def find_report(session: GatedSession, place_id: int, span: str) -> Report | None:
    """A place's report in a span, where somebody began it."""
    return session.exec(select(Report).where(Report.commune_id == place_id, Report.period == span)).first()


def counted_in(
    session: GatedSession, village_ids: Sequence[int], periods: Sequence[str]
) -> tuple[Counted, bytes]:
    """The versions of facts that count in some periods of some villages: their numbers and hash, and the list, packed."""
    inside = col(Visit.village_id).in_(village_ids)
    visits = session.exec(
        select(Visit.id, Visit.version)
        .where(inside, col(Visit.period).in_(periods), Visit.state == RecordState.CURRENT)
        .order_by(Visit.id)
    ).all()
    gatherings = session.exec(
        select(Gathering.id, Gathering.version)
        .where(
            col(Gathering.village_id).in_(village_ids),
            col(Gathering.period).in_(periods),
            Gathering.state == RecordState.CURRENT,
        )
        .order_by(Gathering.id)
    ).all()
    filings = session.exec(
        select(Filing.id, Filing.version)
        .where(
            col(Filing.village_id).in_(village_ids),
            col(Filing.period).in_(periods) | col(Filing.result_period).in_(periods),
            col(Filing.voided_at).is_(None),
        )
        .order_by(Filing.id)
    ).all()
    listed = {
        "visits": [list(row) for row in visits],
        "gatherings": [list(row) for row in gatherings],
        "filings": [list(row) for row in filings],
    }
    text = canonical(listed)
    told = Counted(len(visits), len(gatherings), len(filings), sha256_of(text))
    return told, zlib.compress(text.encode(), 6)


def next_version(session: GatedSession, place_id: int, span: str) -> int:
    """The number of the next seal of a place's span."""
    query = select(func.max(Sealing.version)).where(Sealing.commune_id == place_id, Sealing.period == span)
    return (session.scalar(query) or 0) + 1


def keep_sealing(
    session: GatedSession,
    snapshot: Snapshot,
    packed: bytes,
    *,
    account_id: int | None,
    sealed_at: datetime,
    replaces_id: int | None = None,
    why: str = "",
) -> Sealing:
    """Write a seal."""
    text = snapshot.text()
    row = Sealing(
        commune_id=snapshot.place_id,
        period=snapshot.span_code,
        version=snapshot.version,
        code=snapshot.code,
        snapshot=text,
        sha256=sha256_of(text),
        audit_head=snapshot.audit_head,
        counted=packed,
        replaces_id=replaces_id,
        why=why,
        sealed_at=sealed_at,
        sealed_by=account_id,
    )
    session.add(row)
    session.flush()
    return row


def end_sealing(session: GatedSession, row: Sealing, how: str, account_id: int | None, why: str) -> None:
    """Note that a seal no longer stands: `unsealed`, or `replaced` by a later one."""
    row.ended, row.ended_at, row.ended_by, row.ended_why = how, datetime.now(UTC), account_id, why
    session.add(row)
    session.flush()


def get_sealing(session: GatedSession, sealing_id: int) -> Sealing:
    """A seal, or NotFound."""
    row = session.exec(select(Sealing).where(Sealing.id == sealing_id)).first()
    if row is None:
        raise NotFound
    return row


def find_sealing(session: GatedSession, code: str) -> Sealing | None:
    """The seal a printed code names."""
    return session.exec(select(Sealing).where(Sealing.code == code)).first()


def list_sealings(session: GatedSession, place_id: int, span: str) -> Sequence[Sealing]:
    """Every seal of a place's span, newest first, without their snapshots."""
    query = select(Sealing).where(Sealing.commune_id == place_id, Sealing.period == span)
    lean = (defer(Sealing.snapshot), defer(Sealing.counted))  # type: ignore[arg-type]
    return session.exec(query.order_by(col(Sealing.version).desc()).options(*lean)).all()


def find_version(session: GatedSession, place_id: int, span: str, version: int) -> Sealing | None:
    """One seal of a place's span by its number."""
    query = select(Sealing).where(
        Sealing.commune_id == place_id, Sealing.period == span, Sealing.version == version
    )
    return session.exec(query).first()


def next_issued(session: GatedSession, row: Sealing) -> Sealing | None:
    """The issued seal that came after one that was replaced or opened again."""
    query = (
        select(Sealing)
        .join(Paper, col(Paper.sealing_id) == Sealing.id)
        .where(
            Sealing.commune_id == row.commune_id,
            Sealing.period == row.period,
            Sealing.version > row.version,
        )
        .order_by(col(Sealing.version))
    )
    return session.exec(query).first()


@dataclass(frozen=True)
class Held:
    """A seal read back: `is_whole` says that its text still has the hash it was sealed with."""

    row: Sealing
    snapshot: Snapshot
    is_whole: bool


def read_sealing(row: Sealing) -> Held:
    """A seal with its figures. Raises ValueError where the text can no longer be read at all."""
    return Held(row, snapshot_from(row.snapshot), sha256_of(row.snapshot) == row.sha256)


def keep_paper(session: GatedSession, row: Sealing, form: str, words: str, name: str, body: bytes) -> Paper:
    """Write a paper's bytes."""
    made = Paper(
        sealing_id=row.id or 0,
        commune_id=row.commune_id,
        form=form,
        words=words,
        name=name,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        issued_at=datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    return made


def find_paper(session: GatedSession, sealing_id: int, form: str) -> Paper | None:
    """An issued paper's bytes in one form (pdf, xlsx, docx)."""
    return session.exec(select(Paper).where(Paper.sealing_id == sealing_id, Paper.form == form)).first()


def list_steps(session: GatedSession, report_id: int) -> Sequence[ReportStep]:
    """The steps a report took, oldest first."""
    query = select(ReportStep).where(ReportStep.report_id == report_id)
    return session.exec(query.order_by(col(ReportStep.id))).all()
