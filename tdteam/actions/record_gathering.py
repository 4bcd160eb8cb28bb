"""Record, correct and void a gathering, as visits are. The caller commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.gatherings import GatheringDraft, is_same, judge
from tdteam.domain.ids import new_id
from tdteam.domain.occasions import judge_why
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.domain.vocabulary import RecordState
from tdteam.domain.wire import stored
from tdteam.store import audit, gathering_rows
from tdteam.store.catalogue import read_catalogue
from tdteam.store.facts import facts_for
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Gathering
from tdteam.store.tallies import post
from tdteam.store.visit_rows import Version


def record_gathering(
    session: GatedSession, draft: GatheringDraft, actor: Actor, *, recorded_at: datetime | None = None
) -> Gathering:
    """A new gathering. The same again gives the same one; Refused with flaws; Conflict `id_taken`."""
    draft = _whole(draft)
    held = gathering_rows.find_gathering(session, str(draft.id))
    if held:
        return _same_or_conflict(session, held, draft)
    _refuse_flaws(session, draft)
    book = PeriodBook(session)
    now = datetime.now(UTC)
    version = Version(
        id=str(draft.id),
        root_id=str(draft.id),
        number=1,
        replaces_id=None,
        period=book.counting(*_where(draft)).code,
        account_id=actor.account_id,
        recorded_at=recorded_at or now,
        received_at=now,
    )
    if not gathering_rows.insert_gathering(session, draft, version):
        held = gathering_rows.find_gathering(session, version.id)
        if held is None:
            raise Conflict("id_taken")
        return _same_or_conflict(session, held, draft)
    post(session, book, come=[gathering_rows.counted_of(draft, version.period, now)])
    return _finish(session, "record", version, draft)


def correct_gathering(
    session: GatedSession,
    gathering_id: str,
    draft: GatheringDraft,
    base_version: int,
    actor: Actor,
    *,
    recorded_at: datetime | None = None,
) -> Gathering:
    """A new version of a gathering read at `base_version`; Conflict `stale` or `voided`."""
    old = gathering_rows.newest_version(session, gathering_id)
    draft = _whole(draft)
    before = gathering_rows.draft_of(session, old)
    if old.state == RecordState.VOID:
        raise Conflict("voided")
    if is_same(before, draft):
        return old
    if old.version != base_version:
        raise Conflict("stale", version=old.version)
    _refuse_flaws(session, draft, before)
    if not gathering_rows.end_version(session, old, RecordState.SUPERSEDED, actor.account_id):
        raise Conflict("stale")
    book = PeriodBook(session)
    now = datetime.now(UTC)
    taken = draft.id is None or gathering_rows.find_gathering(session, draft.id) is not None
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
    if not gathering_rows.insert_gathering(session, draft, version):
        raise Conflict("id_taken")
    gone = gathering_rows.counted_of(before, old.period)
    post(session, book, gone=[gone], come=[gathering_rows.counted_of(draft, version.period, now)])
    return _finish(session, "correct", version, draft)


def void_gathering(session: GatedSession, gathering_id: str, why: str, actor: Actor) -> Gathering:
    """Take a gathering out of all figures, with the reason; the row stays. Twice is as once."""
    old = gathering_rows.newest_version(session, gathering_id)
    if old.state == RecordState.VOID:
        return old
    why = stored(why)
    flaws = judge_why(why)
    if flaws:
        raise Refused(flaws)
    before = gathering_rows.draft_of(session, old)
    if not gathering_rows.end_version(session, old, RecordState.VOID, actor.account_id, why):
        raise Conflict("stale")
    post(session, PeriodBook(session), gone=[gathering_rows.counted_of(before, old.period)])
    audit.append(session, "void", "gathering", old.root_id, place_id=old.village_id, version=old.version)
    session.refresh(old)
    return old


def _finish(session: GatedSession, action: str, version: Version, draft: GatheringDraft) -> Gathering:
    audit.append(
        session, action, "gathering", version.root_id, place_id=draft.village_id, version=version.number
    )
    row = gathering_rows.find_gathering(session, version.id)
    assert row is not None
    return row


def _whole(draft: GatheringDraft) -> GatheringDraft:
    return replace(draft, id=draft.id or new_id(), topic=stored(draft.topic), note=stored(draft.note))


def _where(draft: GatheringDraft) -> tuple[int, date]:
    if draft.village_id is None or draft.held_on is None:
        raise ValueError("judge first")
    return draft.village_id, draft.held_on


def _same_or_conflict(session: GatedSession, held: Gathering, draft: GatheringDraft) -> Gathering:
    if is_same(gathering_rows.draft_of(session, held), draft):
        return held
    raise Conflict("id_taken")


def _refuse_flaws(session: GatedSession, draft: GatheringDraft, before: GatheringDraft | None = None) -> None:
    facts = facts_for(session, [draft])
    if before and before.village_id:  # households that moved since were present where they lived
        held = dict.fromkeys(before.household_ids, before.village_id)
        facts = replace(facts, households={**facts.households, **held})
    flaws = judge(draft, read_catalogue(session), facts, today())
    if flaws:
        raise Refused(flaws)
