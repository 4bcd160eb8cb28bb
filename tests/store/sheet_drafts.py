"""What people of a random world write down: any kind of help with any outcome, dossiers at any stage, gatherings."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tdteam.domain.assists import AssistDraft
from tdteam.domain.filings import FilingDraft
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.visits import VisitDraft
from tdteam.domain.vocabulary import MAY_HAVE_CAUSE, FilingMode, FilingState
from tests.actions.given import helped, visit_at
from tests.world import Hamlet

_DATA = Path(__file__).parents[2] / "tdteam" / "data"
KINDS: list[tuple[str, str]] = [
    (kind["code"], outcome)
    for kind in json.loads((_DATA / "assist_kinds.json").read_text(encoding="utf-8"))
    for outcome in kind["outcomes"]
]


def some_help(dice: random.Random) -> AssistDraft:
    """Any kind of help with any outcome it allows."""
    kind, outcome = dice.choice(KINDS)
    return helped(kind, outcome, people=dice.randint(1, 3), cause=cause_of(outcome))


def cause_of(outcome: str) -> str | None:
    return "NO_NETWORK" if outcome in MAY_HAVE_CAUSE else None


def some_helps(dice: random.Random) -> tuple[AssistDraft, ...]:
    """One to four, each kind once, as one tells a visit."""
    drafts = {draft.kind: draft for draft in (some_help(dice) for _ in range(dice.randint(1, 4)))}
    return tuple(drafts.values())


def some_filing(dice: random.Random, village: Hamlet, day: date, latest: date) -> FilingDraft:
    """A dossier: perhaps with a fee, perhaps paid online, perhaps answered up to the latest day, late or in time."""
    fee_due = dice.choice([None, True, True, False])
    return FilingDraft(
        village_id=village.id,
        team_id=village.team.id,
        submitted_on=day,
        procedure=dice.choice(["BIRTH", None]),
        mode=dice.choice([None, *FilingMode]),
        fee_due=fee_due,
        paid_online=dice.choice([None, True, False]) if fee_due else None,
        due_on=dice.choice([None, day + timedelta(days=dice.randint(0, 20))]),
        **(answered(dice, day, latest) if dice.random() < 0.6 else {}),
    )


def answered(dice: random.Random, day: date, latest: date) -> dict[str, Any]:
    """The result of a dossier of that day, given up to the latest day."""
    on = day + timedelta(days=dice.randint(0, max(0, min(25, (latest - day).days))))
    return {
        "state": FilingState.RETURNED,
        "result_on": on,
        "electronic_result": dice.choice([None, True, False]),
    }


def some_gathering(dice: random.Random, village: Hamlet, day: date) -> GatheringDraft:
    """A gathering whose women may be counted or not, where perhaps something was done too."""
    return GatheringDraft(
        village_id=village.id,
        team_id=village.team.id,
        held_on=day,
        attended=20,
        women=dice.choice([None, 0, 9]),
        assists=some_helps(dice) if dice.random() < 0.4 else (),
    )


def each_help(village: Hamlet, day: date) -> list[VisitDraft]:
    """A visit for each kind of help with each outcome it allows."""
    return [
        visit_at(village, helped(kind, outcome, cause=cause_of(outcome)), visited_on=day)
        for kind, outcome in KINDS
    ]


def good_filing(village: Hamlet, day: date) -> FilingDraft:
    """A dossier that is all one wishes: whole online, paid online, answered in time, electronically."""
    return FilingDraft(
        village_id=village.id,
        team_id=village.team.id,
        submitted_on=day,
        procedure="BIRTH",
        mode=FilingMode.FULL,
        fee_due=True,
        paid_online=True,
        due_on=day + timedelta(days=9),
        state=FilingState.RETURNED,
        result_on=day + timedelta(days=3),
        electronic_result=True,
    )
