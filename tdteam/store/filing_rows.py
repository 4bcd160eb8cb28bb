"""Filings as rows: one row each, what it said before a change kept in `filing_version`."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select as core_select
from sqlalchemy import update as core_update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from tdteam.domain.catalogue import FILING_SUBMIT
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.filings import FilingDraft
from tdteam.domain.tallies import (
    FILINGS_UNLISTED,
    Counted,
    TallyKey,
    deltas_of_filing,
    deltas_of_result,
)
from tdteam.domain.vocabulary import Outcome, RecordState
from tdteam.store import bulk
from tdteam.store.audit import canonical
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Assist, Filing, FilingVersion, Visit

_filing: Any = Filing.__table__  # type: ignore[attr-defined]
_SAID = (
    *("village_id", "team_id", "household_id", "code", "procedure", "submitted_on", "mode", "fee_due"),
    *("paid_online", "due_on", "state", "result_on", "electronic_result", "note"),
)


def insert_filing(
    session: GatedSession,
    draft: FilingDraft,
    *,
    period: str,
    result_period: str | None,
    account_id: int | None,
    recorded_at: datetime,
) -> bool:
    """Write a filing; False where its id or its code is taken, whoever holds it."""
    row = {
        **said(draft),
        "id": draft.id,
        "period": period,
        "result_period": result_period,
        "version": 1,
        "recorded_by": account_id,
        "recorded_at": recorded_at,
        "received_at": datetime.now(UTC),
        "void_why": "",
    }
    statement = bulk.insert(session, _filing).on_conflict_do_nothing().returning(_filing.c.id)
    return bulk.run(session, statement, row, places=(row["village_id"],)).first() is not None


def said(draft: FilingDraft) -> dict[str, Any]:
    """The columns a draft fills."""
    values = asdict(draft)
    return {name: values[name] for name in _SAID}


def find_filing(session: GatedSession, filing_id: str) -> Filing | None:
    """A filing, voided or not."""
    return session.exec(
        select(Filing).where(Filing.id == filing_id).execution_options(populate_existing=True)
    ).first()


def get_filing_row(session: GatedSession, filing_id: str) -> Filing:
    """A filing; NotFound outside the scope."""
    row = find_filing(session, filing_id)
    if row is None:
        raise NotFound
    return row


def draft_of(filing: Filing) -> FilingDraft:
    """A filing as the draft it says."""
    return FilingDraft(id=filing.id, **{name: getattr(filing, name) for name in _SAID})


def is_same(one: FilingDraft, other: FilingDraft) -> bool:
    """Whether two drafts say the same."""
    return replace(one, id=None) == replace(other, id=None)


def change_row(
    session: GatedSession, filing: Filing, *, account_id: int | None, values: dict[str, Any]
) -> bool:
    """Keep what the filing said and write the change, if its version still is the one read; False if not.

    A code that somebody else holds, even outside the scope, raises Refused.
    """
    before = filing.version
    change = (
        core_update(_filing)
        .where(_filing.c.id == filing.id, _filing.c.version == before, _filing.c.voided_at.is_(None))
        .values(version=before + 1, **values)
    )
    places = {filing.village_id, values.get("village_id", filing.village_id)}
    try:
        with session.begin_nested():
            changed = bulk.run(session, change, places=places)
    except IntegrityError as error:
        raise Refused([Flaw("code", "filing_code_taken")]) from error
    if not changed.rowcount:
        return False
    session.add(
        FilingVersion(
            filing_id=filing.id,
            version=before,
            village_id=filing.village_id,
            body=canonical(_plain(draft_of(filing))),
            changed_at=datetime.now(UTC),
            changed_by=account_id,
        )
    )
    session.flush()
    session.expire(filing)
    return True


def _plain(draft: FilingDraft) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in said(draft).items()
    }


def list_versions(session: GatedSession, filing_id: str) -> list[FilingVersion]:
    """What a filing said before its changes, newest first."""
    query = select(FilingVersion).where(FilingVersion.filing_id == filing_id)
    return list(session.exec(query.order_by(col(FilingVersion.version).desc())))


def counted_of(
    draft: FilingDraft, period: str, result_period: str | None, received_at: datetime | None = None
) -> list[Counted]:
    """What a filing adds: to the period of its submission, and to that of its result."""
    village, team = draft.village_id or 0, draft.team_id or 0
    out = [
        Counted(
            village,
            team,
            period,
            deltas=deltas_of_filing(draft),
            worked_on=draft.submitted_on,
            received_at=received_at,
        )
    ]
    result = deltas_of_result(draft)
    if result and result_period:
        out.append(Counted(village, team, result_period, result))
    return out


def id_is_taken(session: GatedSession, filing_id: str, village_id: int) -> bool:
    """Whether any filing, also outside the scope, bears the id."""
    query = core_select(_filing.c.id).where(_filing.c.id == filing_id)
    return bulk.run(session, query, places=(village_id,)).first() is not None


def untie(session: GatedSession, filing: Filing) -> list[Counted]:
    """Let the assists of visits in force go of a filing; what those visits then count as filed and not listed."""
    tied = session.exec(
        select(Visit, Assist)
        .join(Assist, col(Assist.visit_id) == Visit.id)
        .where(Assist.filing_id == filing.id, Visit.state == RecordState.CURRENT)
    ).all()
    for _, assist in tied:
        assist.filing_id = None
        session.add(assist)
    return [
        Counted(visit.village_id, visit.team_id, visit.period, {TallyKey(FILINGS_UNLISTED): 1})
        for visit, assist in tied
        if assist.kind == FILING_SUBMIT and assist.outcome == Outcome.DONE
    ]


def ties_elsewhere(session: GatedSession, filing_id: str, root_id: str) -> bool:
    """Whether a visit in force other than `root_id`'s is tied to the filing."""
    query = (
        select(Assist.id)
        .join(Visit, col(Visit.id) == Assist.visit_id)
        .where(Assist.filing_id == filing_id, Visit.root_id != root_id, Visit.state == RecordState.CURRENT)
    )
    return session.exec(query).first() is not None


def made_with(session: GatedSession, filing_id: str, root_id: str) -> bool:
    """Whether the filing was written together with a version of the visit that is tied to it."""
    query = (
        select(Filing.id)
        .join(Assist, col(Assist.filing_id) == Filing.id)
        .join(Visit, col(Visit.id) == Assist.visit_id)
        .where(Filing.id == filing_id, Visit.root_id == root_id, Filing.recorded_at == Visit.recorded_at)
    )
    return session.exec(query).first() is not None


def says_the_same(session: GatedSession, filing_id: str, draft: FilingDraft) -> bool:
    """Whether the filing already says what a draft says of it."""
    row = find_filing(session, filing_id)
    return row is not None and is_same(draft_of(row), draft)
