"""Visits: the draft that comes in from a form or a phone, and what it must satisfy.

Field names are those of the wire (`docs/sync.md`), in flaws too ("assists.0.cause").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tdteam.domain.assists import (
    MOST_ASSISTS,
    AssistDraft,
    complete,
    essence,
    judge_assist,
    judge_filing,
    judge_resident,
    judge_twice,
    read_assists,
    warn_assists,
)
from tdteam.domain.catalogue import Catalogue
from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts
from tdteam.domain.occasions import judge_number, judge_occasion
from tdteam.domain.privacy import judge_text
from tdteam.domain.vocabulary import Contact, Outcome, VisitPlace
from tdteam.domain.wire import Reader

LONGEST_MINUTES = 24 * 60
FARTHEST_RETURN = timedelta(days=366)
MOST_MEMBERS = 30
_PLACES, _CONTACTS = frozenset(VisitPlace), frozenset(Contact)


@dataclass(frozen=True)
class VisitDraft:
    """A visit as it came in, unchecked. `member_ids`: who helped (empty: the account's own member)."""

    id: str | None = None
    village_id: int | None = None
    team_id: int | None = None
    member_ids: tuple[int, ...] = ()
    household_id: str | None = None
    visited_on: date | None = None
    place: str | None = VisitPlace.HOME
    contact: str | None = Contact.MET
    minutes: int | None = None
    return_on: date | None = None
    note: str = ""
    assists: tuple[AssistDraft, ...] = ()

    def completed(self) -> VisitDraft:
        """The draft with the filings of its assists filled in from it."""
        if not any(assist.filing for assist in self.assists):
            return self
        return replace(
            self,
            assists=tuple(
                complete(
                    assist,
                    village_id=self.village_id,
                    team_id=self.team_id,
                    household_id=self.household_id,
                    day=self.visited_on,
                )
                for assist in self.assists
            ),
        )


def draft_from_json(body: object, record_id: str | None = None) -> tuple[VisitDraft, list[Flaw]]:
    """A visit's draft and what is wrong with its shape. `record_id` stands where the body has no id."""
    reader = Reader(body)
    draft = VisitDraft(
        id=reader.id("id") or record_id,
        village_id=reader.integer("village_id"),
        team_id=reader.integer("team_id"),
        member_ids=reader.integers("member_ids"),
        household_id=reader.id("household_id"),
        visited_on=reader.day("visited_on"),
        place=reader.word("place") or VisitPlace.HOME,
        contact=reader.word("contact") or Contact.MET,
        minutes=reader.integer("minutes"),
        return_on=reader.day("return_on"),
        note=reader.text("note"),
        assists=read_assists(reader),
    )
    return draft.completed(), reader.flaws


def judge(
    draft: VisitDraft, catalogue: Catalogue, facts: Facts, today: date, *, own_filings: Collection[str] = ()
) -> list[Flaw]:
    """What is wrong with a visit. `own_filings`: filings tied to the version this draft corrects."""
    flaws = judge_occasion(
        facts,
        today,
        village_id=draft.village_id,
        team_id=draft.team_id,
        day=draft.visited_on,
        day_field="visited_on",
        households=(("household_id", draft.household_id),),
    )
    flaws += _judge_members(draft, facts) + _judge_meeting(draft) + _judge_return(draft)
    flaws += judge_number("minutes", draft.minutes, 1, LONGEST_MINUTES)
    flaws += judge_text("note", draft.note)
    for place, assist in enumerate(draft.assists):
        flaws += judge_assist(place, assist, catalogue)
        flaws += judge_resident(place, assist, facts, draft.village_id, draft.household_id)
        flaws += judge_filing(place, assist, catalogue, facts, today, own_filings)
    return flaws + judge_twice(draft.assists)


def _judge_members(draft: VisitDraft, facts: Facts) -> list[Flaw]:
    if len(draft.member_ids) > MOST_MEMBERS:
        return [Flaw("member_ids", "list_long", {"most": MOST_MEMBERS})]
    if not draft.team_id or not draft.visited_on:
        return []
    strangers = [
        member for member in draft.member_ids if not facts.is_member(draft.team_id, member, draft.visited_on)
    ]
    return [Flaw("member_ids", "member_not_in_team")] if strangers else []


def _judge_meeting(draft: VisitDraft) -> list[Flaw]:
    """Help needs somebody to be helped: nobody at home and moved away take no assists, a refusal only what was declined."""
    flaws = []
    if draft.place not in _PLACES:
        flaws.append(Flaw("place", "choice_unknown"))
    if draft.contact not in _CONTACTS:
        return [*flaws, Flaw("contact", "choice_unknown")]
    if draft.contact != Contact.MET and draft.household_id is None:
        flaws.append(Flaw("household_id", "household_missing"))
    if draft.contact in (Contact.NOBODY_HOME, Contact.MOVED) and draft.assists:
        flaws.append(Flaw("contact", "assists_without_contact"))
    if draft.contact == Contact.REFUSED and any(a.outcome != Outcome.NOT_DONE for a in draft.assists):
        flaws.append(Flaw("contact", "assists_after_refusal"))
    if len(draft.assists) > MOST_ASSISTS:
        flaws.append(Flaw("assists", "list_long", {"most": MOST_ASSISTS}))
    return flaws


def _judge_return(draft: VisitDraft) -> list[Flaw]:
    if draft.return_on is None or draft.visited_on is None:
        return []
    if draft.return_on <= draft.visited_on:
        return [Flaw("return_on", "return_before_visit")]
    if draft.return_on > draft.visited_on + FARTHEST_RETURN:
        return [Flaw("return_on", "date_too_far")]
    return []


def is_same(one: VisitDraft, other: VisitDraft) -> bool:
    """Whether two drafts say the same (a phone that sends again, an edit that changes nothing)."""
    plain = [
        replace(draft, id=None, assists=(), member_ids=tuple(sorted(draft.member_ids)))
        for draft in (one, other)
    ]
    return plain[0] == plain[1] and essence(one.assists) == essence(other.assists)


def warn(draft: VisitDraft) -> list[Flaw]:
    """Doubts to show beside the field; they never stop a record."""
    return warn_assists(draft.assists)
