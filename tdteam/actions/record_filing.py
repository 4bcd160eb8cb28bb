"""Record, change and void a filing. Figures and audit move in the same transaction; the caller commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tdteam.actions.keep_filing import Moves, add_filing, alter_filing, drop_filing
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.filings import FilingDraft, judge, settled
from tdteam.domain.ids import new_id
from tdteam.domain.occasions import judge_why
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.domain.wire import stored
from tdteam.store import audit, filing_rows
from tdteam.store.catalogue import read_catalogue
from tdteam.store.facts import facts_for
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Filing
from tdteam.store.tallies import post


def record_filing(
    session: GatedSession, draft: FilingDraft, actor: Actor, *, recorded_at: datetime | None = None
) -> Filing:
    """A new filing. The same again (id and content) gives the same filing; Refused with flaws; Conflict otherwise."""
    draft = _whole(draft)
    held = filing_rows.find_filing(session, draft.id) if draft.id else None
    if held:
        if filing_rows.is_same(filing_rows.draft_of(held), draft):
            return held
        raise Conflict("id_taken")
    _refuse_flaws(session, draft)
    book = PeriodBook(session)
    written, moves = add_filing(session, book, draft, actor, recorded_at or datetime.now(UTC))
    row = filing_rows.get_filing_row(session, str(written.id))
    _finish(session, book, moves, "record", row)
    return row


def change_filing(
    session: GatedSession, filing_id: str, draft: FilingDraft, base_version: int, actor: Actor
) -> Filing:
    """Change a filing read at `base_version`; what it said is kept. Conflict `stale` where it changed meanwhile."""
    row = filing_rows.get_filing_row(session, filing_id)
    draft = _whole(replace(draft, id=filing_id))
    if row.voided_at:
        raise Conflict("voided")
    if filing_rows.is_same(filing_rows.draft_of(row), draft):
        return row
    if row.version != base_version:
        raise Conflict("stale", version=row.version)
    _refuse_flaws(session, draft, row)
    book = PeriodBook(session)
    moves = alter_filing(session, book, row, draft, actor)
    _finish(session, book, moves, "change", row)
    return row


def void_filing(session: GatedSession, filing_id: str, why: str, actor: Actor) -> Filing:
    """Take a filing out of all figures, with the reason; its code is free again. Twice is as once."""
    row = filing_rows.get_filing_row(session, filing_id)
    if row.voided_at:
        return row
    why = stored(why)
    flaws = judge_why(why)
    if flaws:
        raise Refused(flaws)
    moves = drop_filing(session, row, why, actor)
    _finish(session, PeriodBook(session), moves, "void", row)
    return row


def _whole(draft: FilingDraft) -> FilingDraft:
    return settled(replace(draft, id=draft.id or new_id(), note=stored(draft.note)))


def _refuse_flaws(session: GatedSession, draft: FilingDraft, row: Filing | None = None) -> None:
    facts = facts_for(session, [draft])
    if row and row.household_id:  # it may have moved since: the filing stays where it was made
        facts = replace(facts, households={**facts.households, row.household_id: row.village_id})
    flaws = judge(draft, read_catalogue(session), facts, today(), own={str(draft.id)})
    if flaws:
        raise Refused(flaws)


def _finish(session: GatedSession, book: PeriodBook, moves: Moves, action: str, row: Filing) -> None:
    post(session, book, gone=moves.gone, come=moves.come)
    audit.append(session, action, "filing", row.id, place_id=row.village_id, version=row.version)
