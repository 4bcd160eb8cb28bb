"""Many new visits at once, as phones send them: the same rules as `record_visit.py`, a handful of statements for all.

What needs more (a filing in it, an id that is taken) is left to the one by one; so is anything that does not come out plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tdteam.actions.receive_note import Outcome, outcome_of
from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.domain.sync import Doubt, Timing, Verdict, shifted
from tdteam.domain.visits import VisitDraft, draft_from_json, judge
from tdteam.store import audit, visit_rows
from tdteam.store.catalogue import read_catalogue
from tdteam.store.evidence import link_photos
from tdteam.store.facts import facts_for, facts_near, find_own_member
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tallies import post
from tdteam.store.visit_rows import Version

_FIRST = {"version": 1}


@dataclass(frozen=True)
class Sent:
    """A visit's body as it came, its timing, and what could be read from it without asking the database."""

    id: str
    body: dict[str, Any]
    timing: Timing
    draft: VisitDraft
    flaws: Sequence[Flaw] = ()
    doubt: Doubt | None = None


def read_sent(record_id: str, body: dict[str, Any], timing: Timing, day: date) -> Sent:
    """A visit read and its day moved to where it was meant to be. Needs no database, so no writer waits for it."""
    draft, flaws = draft_from_json(body, record_id)
    if draft.id != record_id:
        draft = replace(draft, id=record_id)
    if flaws or not draft.visited_on:
        return Sent(record_id, body, timing, draft, flaws)
    meant, future = shifted(draft.visited_on, timing.shift, day)
    if meant != draft.visited_on:
        draft = replace(draft, visited_on=meant)
    return Sent(record_id, body, timing, draft, flaws, future or timing.doubt)


@dataclass
class _One:
    """A visit on its way through. `outcome` None: it goes on, or (left out) is for the one by one."""

    sent: Sent
    draft: VisitDraft
    outcome: Outcome | None = None
    is_left_out: bool = False
    version: Version | None = None

    @property
    def goes_on(self) -> bool:
        return self.outcome is None and not self.is_left_out


def record_visits(
    session: GatedSession, sent: Sequence[Sent], actor: Actor, now: datetime
) -> list[Outcome | None]:
    """Write the visits that are plain and sound; what became of each, None where it must be judged by itself."""
    day = today()
    ones = [_begin(one) for one in sent]
    _complete(session, [one for one in ones if one.goes_on], actor, day)
    book = PeriodBook(session)
    for one in ones:
        if one.goes_on:
            one.version = _version(book, one, actor, now)
    going = [one for one in ones if one.goes_on]
    written = visit_rows.insert_visits(session, [(one.draft, one.version) for one in going if one.version])
    for one in going:
        one.is_left_out = one.sent.id not in written
    _write(session, book, [one for one in going if not one.is_left_out], now)
    return [None if one.is_left_out else one.outcome for one in ones]


def _begin(sent: Sent) -> _One:
    one = _One(sent, sent.draft)
    if sent.flaws:
        one.outcome = Outcome(Verdict.REFUSED, flaws=tuple(sent.flaws))
    elif any(assist.filing for assist in sent.draft.assists):
        one.is_left_out = True
    return one


def _complete(session: GatedSession, ones: Sequence[_One], actor: Actor, day: date) -> None:
    """Add the account's own member where nobody is named, then judge all by one set of facts."""
    if not ones:
        return
    own, catalogue = find_own_member(session, actor.account_id), read_catalogue(session)
    alone = [
        one.draft if one.draft.member_ids or not own else replace(one.draft, member_ids=(own,))
        for one in ones
    ]
    facts = facts_near(session, alone)
    wanting = []
    for one, helped in zip(ones, alone, strict=True):
        draft = helped if _is_own(facts, one.draft, own, day) else one.draft
        if judge(draft, catalogue, facts, day):
            wanting.append((one, helped))
        else:
            one.draft = draft
    if not wanting:
        return
    facts = facts_for(session, [helped for _, helped in wanting])
    for one, helped in wanting:
        one.draft = helped if _is_own(facts, one.draft, own, day) else one.draft
        flaws = judge(one.draft, catalogue, facts, day)
        if flaws:
            one.outcome = Outcome(Verdict.REFUSED, flaws=tuple(flaws))


def _is_own(facts: Facts, draft: VisitDraft, own: int | None, day: date) -> bool:
    """Whether the sender served in the team on the day of the visit."""
    there = own and draft.team_id and draft.visited_on
    return bool(there) and facts.is_member(draft.team_id or 0, own or 0, draft.visited_on or day)


def _version(book: PeriodBook, one: _One, actor: Actor, now: datetime) -> Version:
    assert one.draft.village_id and one.draft.visited_on
    return Version(
        id=one.sent.id,
        root_id=one.sent.id,
        number=1,
        replaces_id=None,
        period=book.counting(one.draft.village_id, one.draft.visited_on).code,
        account_id=actor.account_id,
        recorded_at=one.sent.timing.recorded_at,
        received_at=now,
    )


def _write(session: GatedSession, book: PeriodBook, ones: Sequence[_One], now: datetime) -> None:
    """The parts of visits whose rows stand, the figures all at once, the audit last."""
    if not ones:
        return
    visit_rows.insert_many_parts(session, [(one.draft, one.sent.id) for one in ones])
    counted, entries = [], []
    for one in ones:
        assert one.version
        draft, period = one.draft, one.version.period
        one.outcome = outcome_of(
            book, draft.village_id or 0, draft.visited_on, period, 1, one.sent.id, one.sent.doubt
        )
        counted.append(visit_rows.counted_of(draft, period, now))
        entries.append(audit.Entry("record", "visit", one.sent.id, draft.village_id, _FIRST))
        photos = one.sent.body.get("photos")
        if photos:
            link_photos(session, one.sent.id, draft.village_id or 0, photos)
    post(session, book, come=counted)
    audit.append_all(session, entries)
