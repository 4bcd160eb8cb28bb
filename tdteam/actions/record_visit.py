"""Record, correct and void a visit. Facts, figures and audit move in one transaction; the caller commits.

Nothing is checked and then inserted: the row's id decides (`ON CONFLICT DO NOTHING`), so that a phone may send as often
as it likes. A correction is a new version; the old one stays and ends by compare-and-swap.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tdteam.actions.keep_filing import Moves
from tdteam.actions.tie_filings import drop_filings, says_anything, tie_filings, tied_ids
from tdteam.domain.assists import find_filing
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.facts import Facts
from tdteam.domain.ids import new_id
from tdteam.domain.occasions import judge_why
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.domain.visits import VisitDraft, is_same, judge
from tdteam.domain.vocabulary import RecordState
from tdteam.domain.wire import stored
from tdteam.store import audit, filing_rows, visit_rows
from tdteam.store.catalogue import read_catalogue
from tdteam.store.facts import facts_for, find_own_member
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Visit
from tdteam.store.tallies import post
from tdteam.store.visit_rows import Version


def record_visit(
    session: GatedSession, draft: VisitDraft, actor: Actor, *, recorded_at: datetime | None = None
) -> Visit:
    """A new visit. The same again (id and content) gives the same visit; Refused with flaws; Conflict `id_taken`.

    It counts in the period of its day, or (late) in the first open one after a sealed one.
    """
    draft, facts = _whole(session, draft, actor)
    held = visit_rows.find_visit(session, str(draft.id))
    if held:
        return _same_or_conflict(session, held, draft)
    _refuse_flaws(session, draft, facts)
    village, day = _where(draft)
    book = PeriodBook(session)
    now = datetime.now(UTC)
    version = Version(
        id=str(draft.id),
        root_id=str(draft.id),
        number=1,
        replaces_id=None,
        period=book.counting(village, day).code,
        account_id=actor.account_id,
        recorded_at=recorded_at or now,
        received_at=now,
    )
    if not visit_rows.insert_visit(session, draft, version):
        held = visit_rows.find_visit(session, version.id)  # another request was faster with the same id
        if held is None:
            raise Conflict("id_taken")
        return _same_or_conflict(session, held, draft)
    return _write(session, book, draft, version, facts, actor, "record")


def correct_visit(
    session: GatedSession,
    visit_id: str,
    draft: VisitDraft,
    base_version: int,
    actor: Actor,
    *,
    recorded_at: datetime | None = None,
) -> Visit:
    """A new version of the visit any of whose versions bears `visit_id`, read at `base_version`.

    Saying the same as the version in force changes nothing. Conflict `stale` where another correction came first,
    `voided` where the visit was taken out. What it changes in a sealed period counts in the first open one.
    """
    old = visit_rows.newest_version(session, visit_id)
    before = visit_rows.draft_of(session, old)
    draft, facts = _whole(session, draft, actor, before)
    if old.state == RecordState.VOID:
        raise Conflict("voided")
    own = tied_ids(before)
    if is_same(before, draft) and _filings_stand(session, draft, facts):
        return old
    if old.version != base_version:
        raise Conflict("stale", version=old.version)
    _refuse_flaws(session, draft, facts, own)
    if not visit_rows.end_version(session, old, RecordState.SUPERSEDED, actor.account_id):
        raise Conflict("stale")
    book = PeriodBook(session)
    now = datetime.now(UTC)
    taken = draft.id is None or visit_rows.find_visit(session, draft.id) is not None
    version = Version(
        id=new_id() if taken else str(draft.id),
        root_id=old.root_id,
        number=old.version + 1,
        replaces_id=old.id,
        period=book.corrected(old.period, _where(before), _where(draft)),
        account_id=actor.account_id,
        recorded_at=recorded_at or now,
        received_at=now,
    )
    if not visit_rows.insert_visit(session, draft, version):
        raise Conflict("id_taken")
    gone = Moves(gone=[visit_rows.counted_of(before, old.period)])
    return _write(session, book, draft, version, facts, actor, "correct", moves=gone, own=own)


def void_visit(session: GatedSession, visit_id: str, why: str, actor: Actor) -> Visit:
    """Take a visit out of all figures, with the reason; the row stays. Twice is as once."""
    old = visit_rows.newest_version(session, visit_id)
    if old.state == RecordState.VOID:
        return old
    why = stored(why)
    flaws = judge_why(why)
    if flaws:
        raise Refused(flaws)
    before = visit_rows.draft_of(session, old)
    if not visit_rows.end_version(session, old, RecordState.VOID, actor.account_id, why):
        raise Conflict("stale")
    moves = Moves(gone=[visit_rows.counted_of(before, old.period)])
    moves.add(drop_filings(session, tied_ids(before), old.root_id, why, actor))
    post(session, PeriodBook(session), gone=moves.gone, come=moves.come)
    audit.append(session, "void", "visit", old.root_id, place_id=old.village_id, version=old.version)
    session.refresh(old)
    return old


def _write(
    session: GatedSession,
    book: PeriodBook,
    draft: VisitDraft,
    version: Version,
    facts: Facts,
    actor: Actor,
    action: str,
    *,
    moves: Moves | None = None,
    own: set[str] | None = None,
) -> Visit:
    """The parts of a visit whose own row stands, its filings, the figures (all at once, in order), the audit."""
    moves = moves or Moves()
    ties = tie_filings(session, book, draft, facts, actor, version.recorded_at, own=own or ())
    moves.add(ties.moves)
    dropped = (own or set()) - tied_ids(ties.draft)
    moves.add(drop_filings(session, dropped, version.root_id, "", actor))
    visit_rows.insert_parts(session, ties.draft, version.id)
    moves.come.append(visit_rows.counted_of(ties.draft, version.period, version.received_at))
    post(session, book, gone=moves.gone, come=moves.come)
    audit.append(
        session, action, "visit", version.root_id, place_id=ties.draft.village_id, version=version.number
    )
    row = visit_rows.find_visit(session, version.id)
    assert row is not None
    return row


def _whole(
    session: GatedSession, draft: VisitDraft, actor: Actor, before: VisitDraft | None = None
) -> tuple[VisitDraft, Facts]:
    """The draft with an id, composed text and whole filings, and the facts about it (and the version it corrects).

    Where nobody is named, the account's own member helped, if in the team that day.
    """
    draft = replace(draft, id=draft.id or new_id(), note=stored(draft.note)).completed()
    own = None if draft.member_ids else find_own_member(session, actor.account_id)
    alone = replace(draft, member_ids=(own,)) if own else draft
    facts = facts_for(session, [alone, before] if before else [alone])
    if own and draft.team_id and draft.visited_on and facts.is_member(draft.team_id, own, draft.visited_on):
        draft = alone
    if before and before.household_id and before.village_id:
        # A household that moved since is still the one that was visited where it lived.
        facts = replace(facts, households={**facts.households, before.household_id: before.village_id})
    return draft, facts


def _where(draft: VisitDraft) -> tuple[int, date]:
    if draft.village_id is None or draft.visited_on is None:
        raise ValueError("judge first")
    return draft.village_id, draft.visited_on


def _same_or_conflict(session: GatedSession, held: Visit, draft: VisitDraft) -> Visit:
    if is_same(visit_rows.draft_of(session, held), draft):
        return held
    raise Conflict("id_taken")


def _filings_stand(session: GatedSession, draft: VisitDraft, facts: Facts) -> bool:
    """Whether what the draft says of its filings is there already: no part of the visit, but of its correction."""
    for assist in draft.assists:
        if assist.filing and says_anything(assist.filing):
            known = find_filing(assist.filing, facts)
            if known is None or not filing_rows.says_the_same(session, known.id, assist.filing):
                return False
    return True


def _refuse_flaws(
    session: GatedSession, draft: VisitDraft, facts: Facts, own: set[str] | None = None
) -> None:
    flaws = judge(draft, read_catalogue(session), facts, today(), own_filings=own or ())
    if flaws:
        raise Refused(flaws)
