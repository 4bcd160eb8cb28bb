"""The commune decides on a record that waits: held, in conflict, or of a doubtful day. Once; the caller commits.

What is taken in is judged by the same handlers as on arrival (`receive_kinds.py`), in the official's scope, and recorded in
the sender's name; where the sender's role no longer may, in the official's. The phone hears of it with its next roster.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from tdteam.actions.decide_conflict import take_fields, take_whole
from tdteam.actions.judge_note import flaws_kept, judge_note
from tdteam.actions.receive_note import Note, Outcome
from tdteam.actions.record_filing import change_filing
from tdteam.actions.record_gathering import correct_gathering
from tdteam.actions.record_visit import correct_visit
from tdteam.domain.decisions import Decision, Side, judge_decline, judge_sides
from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.roles import Actor, Power
from tdteam.domain.sync import Envelope, RecordKind, Verdict, time_of
from tdteam.domain.wire import stored
from tdteam.store import accounts, audit, filing_rows, gathering_rows, visit_rows
from tdteam.store.gate import GatedSession
from tdteam.store.inbox import utc
from tdteam.store.inbox_queue import CONFLICT, DOUBT, HELD, get_record, settle, why_of
from tdteam.store.tables import Inbox

_NEEDS = {
    RecordKind.HOUSEHOLD: Power.KEEP_HOUSEHOLDS,
    RecordKind.RESIDENT: Power.KEEP_HOUSEHOLDS,
    RecordKind.CONFIRMATION: Power.CONFIRM,
}


def stands_for(session: GatedSession, row: Inbox, official: Actor) -> Actor:
    """In whose name a record is taken in: the sender's while that role may, else the official's."""
    sender = accounts.get_account(session, row.account_id)
    actor = Actor(sender.id, sender.name, sender.role)
    return actor if actor.holds(_NEEDS.get(RecordKind(row.kind), Power.RECORD)) else official


def take_held(session: GatedSession, n: int, official: Actor) -> Inbox:
    """Judge a held record now. What it says may be refused, clash or be of a doubtful day; the last two wait on."""
    row = _waiting(session, n, HELD)
    now = datetime.now(UTC)
    outcome = judge_note(_note(session, row, stands_for(session, row, official), now))
    return _take_in(session, row, outcome, Decision.TAKEN, now)


def decline_held(session: GatedSession, n: int, why: str) -> Inbox:
    """Do not take a held record in; the member reads why. Raises Refused."""
    row = _waiting(session, n, HELD)
    why = stored(why)
    if flaws := judge_decline(why):
        raise Refused(flaws)
    return _turn_down(session, row, Flaw("", "declined_by_commune", {"why": why}), Decision.DECLINED)


def choose_fields(
    session: GatedSession, n: int, sides: Mapping[str, str], seen_version: int, official: Actor
) -> Inbox:
    """Settle an edit that clashed, each field to one side. Raises Refused; Conflict `stale` where the thing changed since
    the official saw it (`seen_version`)."""
    row = _waiting(session, n, CONFLICT)
    fields = (row.clash or {}).get("fields") or {}
    if flaws := judge_sides(fields, sides):
        raise Refused(flaws)
    taken = {name: told["sent"] for name, told in fields.items() if sides[name] == Side.SENT}
    if not taken:
        return _turn_down(session, row, Flaw("", "kept_by_commune"), Decision.KEPT)
    now = datetime.now(UTC)
    with session.begin_nested():
        version = take_fields(_note(session, row, official, now), row.target, taken, seen_version)
    outcome = Outcome(Verdict.ACCEPTED, version, target=row.target, village_id=row.village_id)
    whole = len(taken) == len(fields)
    return _take_in(session, row, outcome, Decision.TAKEN if whole else Decision.MIXED, now)


def keep_stored(session: GatedSession, n: int) -> Inbox:
    """What stands stays; the version sent is kept in the inbox alone."""
    row = _waiting(session, n, CONFLICT)
    return _turn_down(session, row, Flaw("", "kept_by_commune"), Decision.KEPT)


def take_sent(session: GatedSession, n: int, seen_version: int, official: Actor) -> Inbox:
    """The version sent becomes the one in force (of a voided thing, and of an id that stands elsewhere: a thing of its
    own). Raises Refused with what does not make sense; Conflict `stale`."""
    row = _waiting(session, n, CONFLICT)
    if (row.clash or {}).get("fields"):
        raise Conflict("stale")
    now = datetime.now(UTC)
    note = _note(session, row, stands_for(session, row, official), now)
    with session.begin_nested():
        outcome = take_whole(note, seen_version)
    if outcome.state == Verdict.REFUSED:
        raise Refused(outcome.flaws)
    if outcome.state == Verdict.CONFLICT:
        raise Conflict("stale")
    # Its day was looked at with the rest of it.
    return _take_in(session, row, replace(outcome, doubt=None), Decision.TAKEN, now)


def confirm_day(session: GatedSession, n: int) -> Inbox:
    """The doubtful day is right."""
    row = _waiting(session, n, DOUBT)
    return _done(session, row, Decision.DAY_RIGHT, datetime.now(UTC))


def change_day(session: GatedSession, n: int, day: date | None, official: Actor) -> Inbox:
    """The doubtful day was another: a correction by the official. Raises Refused (beside `day`); Conflict `voided`."""
    row = _waiting(session, n, DOUBT)
    if day is None:
        raise Refused([Flaw("day", "required")])
    try:
        with session.begin_nested():
            row.version = _move(session, row, day, official)
    except Refused as refused:
        days = ("visited_on", "held_on", "submitted_on", "result_on")
        raise Refused(
            [replace(flaw, field="day") if flaw.field in days else flaw for flaw in refused.flaws]
        ) from refused
    return _done(session, row, Decision.DAY_CHANGED, datetime.now(UTC))


def _move(session: GatedSession, row: Inbox, day: date, official: Actor) -> int:
    if row.kind == RecordKind.VISIT:
        visit = visit_rows.newest_version(session, row.target)
        moved = replace(visit_rows.draft_of(session, visit), id=None, visited_on=day)
        return correct_visit(session, visit.id, moved, visit.version, official).version
    if row.kind == RecordKind.GATHERING:
        held = gathering_rows.newest_version(session, row.target)
        told = replace(gathering_rows.draft_of(session, held), id=None, held_on=day)
        return correct_gathering(session, held.id, told, held.version, official).version
    filing = filing_rows.get_filing_row(session, row.target)
    sent = envelope_of(row).body.get("set") or {}
    draft = filing_rows.draft_of(filing)
    draft = replace(draft, result_on=day) if sent.get("result_on") else replace(draft, submitted_on=day)
    return change_filing(session, filing.id, draft, filing.version, official).version


def _waiting(session: GatedSession, n: int, why: str) -> Inbox:
    """The row, held; Conflict `decided` where it no longer waits for that."""
    row = get_record(session, n)
    if why_of(row) != why:
        raise Conflict("decided")
    return row


def envelope_of(row: Inbox) -> Envelope:
    """A kept record as it stood on the wire (texts masked). Refused where its body was emptied."""
    if row.body is None:
        raise Refused([Flaw("", "body_gone")])
    return Envelope(
        id=row.record_id,
        sha256=row.sha256,
        seq=row.seq,
        kind=row.kind,
        schema=row.schema_version,
        base_version=row.base_version,
        recorded_at=row.recorded_at,
        clock_offset=row.clock_offset,
        body=json.loads(row.body),
    )


def _note(session: GatedSession, row: Inbox, actor: Actor, now: datetime) -> Note:
    record = envelope_of(row)
    timing = time_of(record, row.clock_measured, utc(row.received_at))
    return Note(session, record, actor, timing, now)


def _take_in(session: GatedSession, row: Inbox, outcome: Outcome, decision: Decision, now: datetime) -> Inbox:
    row.state, row.version, row.doubt = outcome.state, outcome.version, outcome.doubt
    row.flaws, row.clash = flaws_kept(outcome.flaws), outcome.clash
    row.target = outcome.target or row.record_id
    if outcome.village_id and session.permits(outcome.village_id):
        row.village_id = outcome.village_id
    if outcome.state == Verdict.CONFLICT or outcome.doubt:  # taken in, and asked again
        session.add(row)
        session.flush()
        _note_down(session, row, decision)
        return row
    return _done(session, row, decision, now)


def _turn_down(session: GatedSession, row: Inbox, flaw: Flaw, decision: Decision) -> Inbox:
    row.state, row.version, row.flaws = Verdict.REFUSED, None, flaws_kept([flaw])
    return _done(session, row, decision, datetime.now(UTC))


def _done(session: GatedSession, row: Inbox, decision: Decision, now: datetime) -> Inbox:
    settle(session, row, decision, now)
    _note_down(session, row, decision)
    return row


def _note_down(session: GatedSession, row: Inbox, decision: Decision) -> None:
    audit.append(
        session, "decide", "record", row.record_id, place_id=row.village_id, kind=row.kind, decision=decision
    )


def recorded_at(row: Inbox) -> datetime:
    """When a record was made, by our clock as far as it is known; never after it came."""
    record = Envelope(
        row.record_id, row.sha256, row.seq, row.kind, 0, None, row.recorded_at, row.clock_offset, None
    )
    return time_of(record, row.clock_measured, utc(row.received_at)).recorded_at
