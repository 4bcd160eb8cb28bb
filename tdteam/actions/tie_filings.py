"""The filings of a visit's assists: made, changed, tied to one that is there, and taken back with the visit.

A filing that a visit made and nobody touched since goes when the visit is voided or its correction drops it; one that
lived on (changed, or named by another visit) stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tdteam.actions.keep_filing import Moves, add_filing, alter_filing, drop_filing
from tdteam.domain.assists import AssistDraft, find_filing
from tdteam.domain.catalogue import FILING_SUBMIT
from tdteam.domain.facts import Facts
from tdteam.domain.filings import FilingDraft
from tdteam.domain.roles import Actor
from tdteam.domain.visits import VisitDraft
from tdteam.store import filing_rows
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook


@dataclass
class Ties:
    """The visit's draft with its filings' ids, and what they moved in the figures."""

    draft: VisitDraft
    moves: Moves = field(default_factory=Moves)


def tied_ids(draft: VisitDraft) -> set[str]:
    """Ids of the filings a stored version is tied to."""
    return {assist.filing.id for assist in draft.assists if assist.filing and assist.filing.id}


def tie_filings(
    session: GatedSession,
    book: PeriodBook,
    draft: VisitDraft,
    facts: Facts,
    actor: Actor,
    recorded_at: datetime,
    *,
    own: Iterable[str] = (),
) -> Ties:
    """Tie each assist of a judged visit to its filing. `own`: filings of the version this one corrects."""
    ties = Ties(draft)
    assists = []
    mine = set(own)
    for assist in draft.assists:
        if assist.filing is None:
            assists.append(assist)
            continue
        filing, moves = _tie(session, book, assist, assist.filing, facts, actor, recorded_at, mine)
        ties.moves.add(moves)
        assists.append(replace(assist, filing=filing))
    ties.draft = replace(draft, assists=tuple(assists))
    return ties


def _tie(
    session: GatedSession,
    book: PeriodBook,
    assist: AssistDraft,
    filing: FilingDraft,
    facts: Facts,
    actor: Actor,
    recorded_at: datetime,
    own: set[str],
) -> tuple[FilingDraft, Moves]:
    known = find_filing(filing, facts)
    if known is None:
        return add_filing(session, book, filing, actor, recorded_at)
    moves = Moves()
    if assist.kind == FILING_SUBMIT and known.id in own and says_anything(filing):
        row = filing_rows.get_filing_row(session, known.id)
        wanted = replace(filing, id=known.id)
        if not filing_rows.is_same(filing_rows.draft_of(row), wanted):
            moves = alter_filing(session, book, row, wanted, actor)
    return replace(filing, id=known.id), moves


def says_anything(filing: FilingDraft) -> bool:
    """Whether a draft says more than which filing is meant."""
    said = (filing.code, filing.procedure, filing.mode, filing.fee_due, filing.due_on, filing.result_on)
    return any(value is not None for value in said)


def drop_filings(
    session: GatedSession, filing_ids: Iterable[str], root_id: str, why: str, actor: Actor
) -> Moves:
    """Void the filings a visit made and nothing else holds; call it once the visit's version has ended."""
    moves = Moves()
    for filing_id in sorted(filing_ids):
        row = filing_rows.find_filing(session, filing_id)
        if row is None or row.voided_at or row.version > 1 or not _made_by(session, row.id, root_id):
            continue
        moves.add(drop_filing(session, row, why, actor))
    return moves


def _made_by(session: GatedSession, filing_id: str, root_id: str) -> bool:
    return not filing_rows.ties_elsewhere(session, filing_id, root_id) and filing_rows.made_with(
        session, filing_id, root_id
    )
