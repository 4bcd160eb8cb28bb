"""Receives a batch of records from a phone: keep them as they came, then judge each (`docs/sync.md`).

The caller commits and only then answers; every verdict but `unreceived` is then a receipt. One record, one savepoint; new
visits are judged and written together (`record_visits.py`), even one alone, for that is what phones mostly send.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from tdteam.actions.judge_note import flaws_kept, flaws_of, judge_note
from tdteam.actions.open_batch import SATISFACTION, Opened
from tdteam.actions.receive_note import Note, Outcome
from tdteam.actions.record_visits import record_visits
from tdteam.domain.errors import Flaw, Unavailable
from tdteam.domain.masking import masked
from tdteam.domain.roles import Actor, Power
from tdteam.domain.sync import (
    OLDEST_SCHEMA,
    SCHEMA,
    Batch,
    RecordKind,
    Verdict,
    time_of,
)
from tdteam.store import inbox
from tdteam.store.gate import GatedSession

_NO_FLAWS: list[Any] = []
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What the phone is told of one record."""

    id: str
    sha256: str
    outcome: Outcome
    was: str | None = None


@dataclass
class _Run:
    """One batch on its way: the session, who sends, when, and what is settled so far by place in the batch."""

    session: GatedSession
    opened: Opened
    actor: Actor
    now: datetime
    hold: bool
    villages: dict[int, str] = field(default_factory=dict)
    done: dict[int, Result] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)  # refused before, and judged anew
    twins: dict[int, int] = field(
        default_factory=dict
    )  # the same record twice in one batch: place -> first place
    scores: Counter[tuple[int, str, int]] = field(default_factory=Counter)

    @cached_property
    def may_record(self) -> bool:
        return self.actor.holds(Power.RECORD)

    @property
    def batch(self) -> Batch:
        return self.opened.batch


def receive(
    session: GatedSession, opened: Opened, actor: Actor, *, hold: bool = False
) -> tuple[list[Result], list[int]]:
    """Receive a batch; one result a record, in order, and the numbers that never came.

    `hold`: nothing is judged, everything waits for the commune (a revoked phone gives back what it still had).
    """
    run, batch, now = _Run(session, opened, actor, opened.now, hold), opened.batch, opened.now
    run.villages = _reach(run)
    claimed = _claim(run)
    for group in _groups(run, claimed):
        if _is_plain(run, group[0]):
            _judge_together(run, group)
        for place in group:
            if place not in run.done:
                _judge_alone(run, place)
    for place, first in run.twins.items():
        told = run.done[first]
        known = Outcome(Verdict.DUPLICATE, told.outcome.version, flaws=told.outcome.flaws)
        run.done[place] = Result(told.id, told.sha256, known, told.was or told.outcome.state)
    inbox.note_verdicts(session, [_row(run, place) for place in claimed if _moved(run, place)])
    inbox.count_satisfaction(session, run.scores)
    whose, missing = actor.account_id or 0, []
    # Another phone's own sequence sees its numbers when it sends itself.
    if batch.from_account in (None, whose):
        seqs = [record.seq for record in batch.records if not record.code]
        missing = inbox.advance(session, whose, batch.device_id, now, seqs)
    return [run.done[place] for place in range(len(batch.records))], missing


def _reach(run: _Run) -> dict[int, str]:
    """Each village named: "now" inside the sender's scope, or "once"."""
    named = {village for village in run.opened.villages if village}
    now = set() if run.hold else {village for village in named if run.session.permits(village)}
    once = inbox.once_had(run.session, run.actor.account_id or 0, named - now)
    return {**dict.fromkeys(now, "now"), **dict.fromkeys(once, "once")}


def _claim(run: _Run) -> list[int]:
    """Put what can be received into the inbox; the places of what is to be judged, in order. The rest is settled.

    What was refused and comes again is judged anew: the reason may be gone by now, or it was somebody else who brought
    it. So nobody's refusal can keep a record out for good, and a reason that was lost on the way is told again.
    """
    wanted: dict[inbox.Key, int] = {}
    for place, record in enumerate(run.batch.records):
        key = (record.id, record.sha256)
        if record.code:
            flaws = (Flaw("", record.code),)
            run.done[place] = Result(*key, Outcome(Verdict.UNRECEIVED, flaws=flaws))
        elif key in wanted:
            run.twins[place] = wanted[key]
        else:
            wanted[key] = place
    fresh = inbox.claim(run.session, [_raw(run, place) for place in wanted.values()])
    held = inbox.find_held(run.session, wanted.keys() - fresh)
    for key, place in wanted.items():
        if key in fresh:
            continue
        known = held[key]
        if known.is_open:
            run.again.add(place)
        else:
            outcome = Outcome(Verdict.DUPLICATE, known.version, flaws=flaws_of(known.flaws))
            run.done[place] = Result(*key, outcome, known.state)
    return [place for place in wanted.values() if place not in run.done]


def _raw(run: _Run, place: int) -> tuple[Any, ...]:
    """A record as a row (`inbox.RAW`): what came, and the verdict most get."""
    record, village, batch = run.batch.records[place], run.opened.villages[place], run.batch
    return (
        record.id,
        record.sha256,
        run.actor.account_id,
        batch.from_account if batch.from_account != run.actor.account_id else None,
        batch.device_id,
        batch.client,
        record.seq,
        str(record.kind),
        record.schema,
        record.base_version,
        record.recorded_at,
        record.clock_offset,
        batch.measured,
        run.now,
        run.opened.kept[place],
        Verdict.ACCEPTED.value,
        1,
        _NO_FLAWS,
        village if village in run.villages else None,
        record.id,
        "",
    )


def _groups(run: _Run, claimed: Sequence[int]) -> Iterator[list[int]]:
    """Places in order; plain new visits next to each other in one group, each id once; everything else by itself."""
    group: dict[str, int] = {}
    for place in claimed:
        record = run.batch.records[place]
        if _is_plain(run, place) and record.id not in group:
            group[record.id] = place
            continue
        if group:
            yield list(group.values())
            group = {}
        yield [place]
    if group:
        yield list(group.values())


def _is_plain(run: _Run, place: int) -> bool:
    """Whether a record is a new visit that its sender may record there today."""
    return (
        not run.hold
        and place in run.opened.visits
        and run.villages.get(run.opened.villages[place] or 0) == "now"
        and run.may_record
    )


def _judge_together(run: _Run, group: Sequence[int]) -> None:
    """Visits at once; those it leaves out are judged alone. Whatever goes wrong, they all are."""
    sent = [run.opened.visits[place] for place in group]
    try:
        with run.session.begin_nested():
            outcomes = record_visits(run.session, sent, run.actor, run.now)
    except Unavailable:
        raise
    except Exception:
        _log.exception("visits could not be written together")
        return
    for place, outcome in zip(group, outcomes, strict=True):
        if outcome is not None:
            _settle(run, place, outcome)


def _settle(run: _Run, place: int, outcome: Outcome) -> None:
    record = run.batch.records[place]
    score = record.body.get(SATISFACTION) if isinstance(record.body, dict) else None
    if score in (1, 2, 3) and not isinstance(score, bool) and outcome.period and outcome.village_id:
        run.scores[outcome.village_id, outcome.period, score] += 1
    run.done[place] = Result(record.id, record.sha256, outcome)


def _judge_alone(run: _Run, place: int) -> None:
    """One record in a savepoint of its own. A fault of ours refuses the record and keeps it: it never blocks the rest."""
    record = run.batch.records[place]
    early = _judge_envelope(run, place)
    if early:
        _settle(run, place, early)
        return
    timing = time_of(record, run.batch.measured, run.now)
    _settle(run, place, judge_note(Note(run.session, record, run.actor, timing, run.now)))


def _judge_envelope(run: _Run, place: int) -> Outcome | None:
    """What can be said without looking into the body."""
    record = run.batch.records[place]
    if record.kind == RecordKind.UNKNOWN:
        return Outcome(Verdict.REFUSED, flaws=(Flaw("", "kind_unknown"),))
    if not OLDEST_SCHEMA <= record.schema <= SCHEMA:
        return Outcome(Verdict.REFUSED, flaws=(Flaw("", "schema_unknown"),))
    if not isinstance(record.body, dict):
        return Outcome(Verdict.REFUSED, flaws=(Flaw("", "shape"),))
    reach = run.villages.get(run.opened.villages[place] or 0)
    if reach is None:
        code = "not_found" if record.body.get("village_id") else "required"
        return Outcome(Verdict.REFUSED, flaws=(Flaw("village_id", code),))
    if reach == "once" or run.hold:
        return Outcome(Verdict.HELD)
    return None


def _moved(run: _Run, place: int) -> bool:
    """Whether a verdict differs from the one the inbox presumed (of a new record) or has from before."""
    if place in run.again:
        return True
    outcome = run.done[place].outcome
    return not (
        outcome.state is Verdict.ACCEPTED
        and outcome.version == 1
        and outcome.target in ("", run.batch.records[place].id)
        and not (outcome.flaws or outcome.clash or outcome.doubt)
    )


def _row(run: _Run, place: int) -> dict[str, Any]:
    record, outcome = run.batch.records[place], run.done[place].outcome
    village = run.opened.villages[place]
    return {
        "record_id": record.id,
        "sha256": record.sha256,
        "state": outcome.state,
        "version": outcome.version,
        "flaws": flaws_kept(outcome.flaws),
        "clash": masked(outcome.clash),
        "doubt": outcome.doubt,
        "village_id": outcome.village_id or (village if village in run.villages else None),
        "target": outcome.target or record.id,
    }
