"""Assists as rows, of visits and gatherings alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tdteam.domain.assists import AssistDraft
from tdteam.domain.filings import FilingDraft
from tdteam.domain.ids import new_id
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, Rows, any_of
from tdteam.store.tables import Assist

_assist: Any = Assist.__table__  # type: ignore[attr-defined]
_ROWS = Rows(
    _assist,
    (
        "id",
        "visit_id",
        "gathering_id",
        "village_id",
        "kind",
        "outcome",
        "cause",
        "people",
        "resident_id",
        "filing_id",
    ),
)
_TAKEN = Prepared(select(_assist.c.id).where(any_of(_assist.c.id, "ids")))


def insert_assists(
    session: GatedSession, assists: Sequence[AssistDraft], *, village_id: int, gathering_id: str
) -> None:
    """Write the assists of a gathering."""
    insert_assists_of(session, [(assists, village_id, {"gathering_id": gathering_id})])


def insert_assists_of(
    session: GatedSession, occasions: Sequence[tuple[Sequence[AssistDraft], int, Mapping[str, str]]]
) -> None:
    """Write the assists of occasions: (assists, village, {"visit_id" or "gathering_id": id}). An id that is taken (an
    earlier version's) is replaced by a fresh one."""
    places = {village for _, village, _ in occasions}
    wanted = {assist.id for assists, _, _ in occasions for assist in assists if assist.id}
    used = (
        {found for (found,) in _TAKEN.ask(session, {"ids": sorted(wanted)}, places=places)}
        if wanted
        else set()
    )
    rows = []
    for assists, village, occasion in occasions:
        visit, gathering = occasion.get("visit_id"), occasion.get("gathering_id")
        for assist in assists:
            row_id = assist.id if assist.id and assist.id not in used else new_id()
            used.add(row_id)
            done = (assist.kind, assist.outcome, assist.cause, assist.people or 1, assist.resident_id)
            filing = assist.filing.id if assist.filing else None
            rows.append((row_id, visit, gathering, village, *done, filing))
    _ROWS.put(session, rows, places=places)


def drafts_of(rows: Iterable[Assist]) -> tuple[AssistDraft, ...]:
    """Assist rows as drafts; of a filing only its id."""
    return tuple(
        AssistDraft(
            id=row.id,
            kind=row.kind,
            outcome=row.outcome,
            cause=row.cause,
            people=row.people,
            resident_id=row.resident_id,
            filing=FilingDraft(id=row.filing_id) if row.filing_id else None,
        )
        for row in rows
    )
