"""The commune's outreach calendar and the villages' proposals: drafts and what they must satisfy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.privacy import judge_text
from tdteam.domain.wire import Reader

TITLE_LENGTH = 160
PLACE_LENGTH = 160
PROPOSAL_LENGTH = 1_000
FARTHEST = timedelta(days=366)
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class ProposalState(StrEnum):
    """A proposal's life: sent by the village, seen by the commune, taken up to section V, settled, or declined with a reason."""

    SENT = "sent"
    SEEN = "seen"
    FORWARDED = "forwarded"
    SETTLED = "settled"
    DECLINED = "declined"


@dataclass(frozen=True)
class OutreachDraft:
    """A plan as typed. Hours are "HH:MM", empty for the whole day."""

    title: str = ""
    held_on: date | None = None
    starts: str = ""
    ends: str = ""
    place: str = ""
    note: str = ""
    village_ids: tuple[int, ...] = ()


def judge_outreach(draft: OutreachDraft, today: date) -> list[Flaw]:
    """What is wrong with a plan."""
    flaws = [] if draft.title.strip() else [Flaw("title", "required")]
    flaws += judge_text("title", draft.title, TITLE_LENGTH)
    flaws += judge_text("place", draft.place, PLACE_LENGTH)
    flaws += judge_text("note", draft.note)
    if draft.held_on is None:
        flaws.append(Flaw("held_on", "required"))
    elif not today - FARTHEST <= draft.held_on <= today + FARTHEST:
        flaws.append(Flaw("held_on", "date_too_far"))
    bad = [
        name for name in ("starts", "ends") if (hour := getattr(draft, name)) and not _HOUR.fullmatch(hour)
    ]
    flaws += [Flaw(name, "hour_form") for name in bad]
    if not bad and draft.ends and (not draft.starts or draft.ends <= draft.starts):
        flaws.append(Flaw("ends", "ends_before_start"))
    if not draft.village_ids:
        flaws.append(Flaw("village_ids", "required"))
    return flaws


@dataclass(frozen=True)
class ProposalDraft:
    """A proposal as it came from a phone."""

    id: str | None = None
    village_id: int | None = None
    team_id: int | None = None
    text: str = ""


def proposal_from_json(body: object, record_id: str | None = None) -> tuple[ProposalDraft, list[Flaw]]:
    """A proposal's draft and what is wrong with its shape."""
    reader = Reader(body)
    draft = ProposalDraft(
        id=reader.id("id") or record_id,
        village_id=reader.integer("village_id"),
        team_id=reader.integer("team_id"),
        text=reader.text("text"),
    )
    return draft, reader.flaws


def judge_proposal(draft: ProposalDraft) -> list[Flaw]:
    """What is wrong with a proposal."""
    flaws = [Flaw(name, "required") for name in ("village_id", "team_id", "text") if not getattr(draft, name)]
    return flaws + judge_text("text", draft.text, PROPOSAL_LENGTH)


def judge_answer(state: str | None, answer: str) -> list[Flaw]:
    """What is wrong with a commune's answer: declining needs a reason."""
    flaws = [] if state in set(ProposalState) - {ProposalState.SENT} else [Flaw("state", "choice_unknown")]
    if state == ProposalState.DECLINED and not answer.strip():
        flaws.append(Flaw("answer", "required"))
    return flaws + judge_text("answer", answer, PROPOSAL_LENGTH)
