"""Teams and members as they are typed: what a draft must satisfy before it is kept.

A team is founded by a decision of the commune's chairman (CV 793/BTTTT-THH of 5 March 2022); a later decision changes
its composition. A person may serve in more than one team, and a team may serve more than one village.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tdteam.domain.errors import Flaw
from tdteam.domain.people import Channel, Component, MemberRole, Sex
from tdteam.domain.persons import NAME_LENGTH, judge_birth_year, judge_known, judge_name, judge_phone
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import judge_text
from tdteam.domain.vietnamese import nfc, title_name

NUMBER_LENGTH = 60
COURSE_LENGTH = 200
MEMBER_LOW, MEMBER_HIGH = 12, 100
"""Ages a member can have; outside them a birth year is a slip of the hand."""


@dataclass(frozen=True)
class TeamDraft:
    """A team as typed. `since` None: from before anybody kept dates."""

    name: str
    village_ids: tuple[int, ...] = ()
    since: date | None = None
    decision_number: str = ""
    decision_date: date | None = None
    decision_by: str = ""
    channel: str = Channel.APP
    note: str = ""

    def tidy(self) -> TeamDraft:
        """In the stored spelling."""
        return replace(
            self,
            name=nfc(self.name),
            decision_number=nfc(self.decision_number),
            decision_by=nfc(self.decision_by),
            note=self.note.strip(),
            village_ids=tuple(dict.fromkeys(self.village_ids)),
        )


@dataclass(frozen=True)
class MemberDraft:
    """A person who serves, as typed; `phone` in any usual spelling."""

    name: str
    birth_year: int | None = None
    sex: str | None = None
    phone: str | None = None
    note: str = ""

    def tidy(self) -> MemberDraft:
        """In the stored spelling; a phone that cannot be read stays as it was typed, for `judge_member` to refuse."""
        phone = parse_phone(self.phone)
        return replace(
            self,
            name=title_name(self.name),
            sex=self.sex or None,
            phone=self.phone if isinstance(phone, Flaw) else phone,
            note=self.note.strip(),
        )


@dataclass(frozen=True)
class ServiceDraft:
    """A person's time in a team: role, whom he or she stands for, from when, by which decision."""

    role: str = MemberRole.MEMBER
    component: str = Component.OTHER
    joined: date | None = None
    decision: str = ""


@dataclass(frozen=True)
class Served:
    """A membership in force, as the rules about a team's composition see it."""

    id: int
    role: str
    joined: date | None = None


@dataclass(frozen=True)
class AmendDraft:
    """A decision that settles a team's composition anew on a day ("kien toan"): who leaves, who becomes what.

    `roles` and `components`: membership id -> what it is from then on. Whoever stays serves by this decision; new
    people are added by themselves.
    """

    decision: str
    on: date | None
    leaving: frozenset[int] = frozenset()
    roles: tuple[tuple[int, str], ...] = ()
    components: tuple[tuple[int, str], ...] = ()


def judge_team(draft: TeamDraft, on: date) -> list[Flaw]:
    """What is wrong with a team's draft on a day."""
    flaws = _judge_title("name", draft.name)
    if not draft.village_ids:
        flaws.append(Flaw("village_ids", "required"))
    flaws += judge_known("channel", draft.channel, Channel)
    flaws += _judge_past("since", draft.since, on)
    flaws += _judge_number("decision_number", draft.decision_number)
    flaws += _judge_past("decision_date", draft.decision_date, on)
    flaws += judge_text("decision_by", draft.decision_by, NAME_LENGTH)
    return flaws + judge_text("note", draft.note)


def judge_member(draft: MemberDraft, on: date) -> list[Flaw]:
    """What is wrong with a member's draft on a day."""
    flaws = judge_name("name", draft.name)
    flaws += judge_birth_year("birth_year", draft.birth_year, on.year - MEMBER_HIGH, on.year - MEMBER_LOW)
    flaws += judge_known("sex", draft.sex, Sex)
    flaws += judge_phone("phone", draft.phone)
    return flaws + judge_text("note", draft.note)


def judge_service(
    draft: ServiceDraft,
    on: date,
    *,
    others: Iterable[Served] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[Flaw]:
    """What is wrong with a membership: `others` serve in the team now, which stands in [since, until)."""
    flaws = judge_known("role", draft.role, MemberRole, needed=True)
    flaws += judge_known("component", draft.component, Component, needed=True)
    flaws += _judge_number("decision", draft.decision)
    flaws += _judge_past("joined", draft.joined, on)
    if draft.joined and since and draft.joined < since:
        flaws.append(Flaw("joined", "before_team", {"since": since}))
    if draft.joined and until and draft.joined >= until:
        flaws.append(Flaw("joined", "team_ended"))
    if draft.role == MemberRole.LEADER and any(other.role == MemberRole.LEADER for other in others):
        flaws.append(Flaw("role", "leader_twice"))
    return flaws


def judge_leaving(field: str, left: date | None, since: date | None, on: date) -> list[Flaw]:
    """What is wrong with the day somebody leaves, or a team ends: `left` is the first day without."""
    if left is None:
        return [Flaw(field, "required")]
    if since and left <= since:
        return [Flaw(field, "left_before_joined", {"joined": since})]
    return _judge_past(field, left, on)


def judge_training(course: str, trained_on: date | None, on: date) -> list[Flaw]:
    """What is wrong with a training: a course's name, and no day in the future."""
    flaws = judge_text("course", course, COURSE_LENGTH) if course.strip() else [Flaw("course", "required")]
    return flaws + _judge_past("trained_on", trained_on, on)


def judge_amendment(draft: AmendDraft, now: Sequence[Served], on: date) -> list[Flaw]:
    """What is wrong with an amending decision for a team whose memberships in force are `now`."""
    flaws = [] if draft.decision.strip() else [Flaw("decision", "required")]
    flaws += _judge_number("decision", draft.decision)
    flaws += _judge_past("on", draft.on, on) if draft.on else [Flaw("on", "required")]
    known = {served.id: served for served in now}
    named = [*draft.leaving, *(served_id for served_id, _ in (*draft.roles, *draft.components))]
    if any(served_id not in known for served_id in named):
        return [*flaws, Flaw("", "not_found")]
    roles = dict(draft.roles)
    for role in roles.values():
        flaws += judge_known("", role, MemberRole, needed=True)
    for _, component in draft.components:
        flaws += judge_known("", component, Component, needed=True)
    leaving = [served for served in now if served.id in draft.leaving]
    if draft.on and any(served.joined and served.joined >= draft.on for served in leaving):
        flaws.append(Flaw("on", "left_before_joined", {"joined": max(s.joined for s in leaving if s.joined)}))
    staying = [roles.get(served.id, served.role) for served in now if served.id not in draft.leaving]
    if staying.count(MemberRole.LEADER) > 1:
        flaws.append(Flaw("", "leader_twice"))
    return flaws


def _judge_title(field: str, text: str) -> list[Flaw]:
    if not text.strip():
        return [Flaw(field, "required")]
    return judge_text(field, text, NAME_LENGTH)


def _judge_number(field: str, text: str) -> list[Flaw]:
    return judge_text(field, text, NUMBER_LENGTH)


def _judge_past(field: str, day: date | None, on: date) -> list[Flaw]:
    if day and day > on:
        return [Flaw(field, "date_future", {"today": on})]
    return []
