"""Gatherings: thirty people helped at the culture house is one form with head-counts and what was done for how many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tdteam.domain.assists import MOST_ASSISTS, AssistDraft, essence, judge_assist, read_assists
from tdteam.domain.catalogue import Catalogue
from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts
from tdteam.domain.occasions import judge_number, judge_occasion
from tdteam.domain.privacy import judge_text
from tdteam.domain.vocabulary import VisitPlace
from tdteam.domain.wire import Reader

MOST_ATTENDED = 5_000
MOST_HOUSEHOLDS = 500
TOPIC_LENGTH = 300


@dataclass(frozen=True)
class GatheringDraft:
    """A gathering as it came in, unchecked. Women, youth and elders are of those who attended; None: not counted."""

    id: str | None = None
    village_id: int | None = None
    team_id: int | None = None
    held_on: date | None = None
    place: str | None = VisitPlace.CULTURE_HOUSE
    topic: str = ""
    attended: int | None = None
    women: int | None = None
    youth: int | None = None
    elders: int | None = None
    household_ids: tuple[str, ...] = ()
    note: str = ""
    assists: tuple[AssistDraft, ...] = ()


def draft_from_json(body: object, record_id: str | None = None) -> tuple[GatheringDraft, list[Flaw]]:
    """A gathering's draft and what is wrong with its shape."""
    reader = Reader(body)
    draft = GatheringDraft(
        id=reader.id("id") or record_id,
        village_id=reader.integer("village_id"),
        team_id=reader.integer("team_id"),
        held_on=reader.day("held_on"),
        place=reader.word("place") or VisitPlace.CULTURE_HOUSE,
        topic=reader.text("topic"),
        attended=reader.integer("attended"),
        women=reader.integer("women"),
        youth=reader.integer("youth"),
        elders=reader.integer("elders"),
        household_ids=reader.ids("household_ids"),
        note=reader.text("note"),
        assists=read_assists(reader),
    )
    return draft, reader.flaws


def judge(draft: GatheringDraft, catalogue: Catalogue, facts: Facts, today: date) -> list[Flaw]:
    """What is wrong with a gathering. Causes are welcome and not asked for: a crowd has many."""
    flaws = judge_occasion(
        facts,
        today,
        village_id=draft.village_id,
        team_id=draft.team_id,
        day=draft.held_on,
        day_field="held_on",
        households=tuple(("household_ids", household) for household in draft.household_ids),
    )
    if draft.place not in set(VisitPlace):
        flaws.append(Flaw("place", "choice_unknown"))
    flaws += _judge_heads(draft)
    flaws += judge_text("topic", draft.topic, TOPIC_LENGTH) + judge_text("note", draft.note)
    if len(draft.assists) > MOST_ASSISTS:
        flaws.append(Flaw("assists", "list_long", {"most": MOST_ASSISTS}))
    for place, assist in enumerate(draft.assists):
        flaws += judge_assist(place, assist, catalogue, cause_required=False)
        flaws += _judge_crowd(place, assist, draft.attended)
    return _once(flaws)


def is_same(one: GatheringDraft, other: GatheringDraft) -> bool:
    """Whether two drafts say the same."""
    plain = [
        replace(draft, id=None, assists=(), household_ids=tuple(sorted(draft.household_ids)))
        for draft in (one, other)
    ]
    return plain[0] == plain[1] and essence(one.assists) == essence(other.assists)


def _judge_heads(draft: GatheringDraft) -> list[Flaw]:
    if draft.attended is None:
        return [Flaw("attended", "required")]
    flaws = judge_number("attended", draft.attended, 1, MOST_ATTENDED)
    for field in ("women", "youth", "elders"):
        value = getattr(draft, field)
        flaws += judge_number(field, value, 0, MOST_ATTENDED)
        if value is not None and value > draft.attended:
            flaws.append(Flaw(field, "more_than_attended", {"attended": draft.attended}))
    return flaws


def _judge_crowd(place: int, assist: AssistDraft, attended: int | None) -> list[Flaw]:
    at = f"assists.{place}."
    flaws = []
    if assist.resident_id or assist.filing:
        flaws.append(Flaw(at + "kind", "crowd_has_no_names"))
    if attended and assist.people and assist.people > attended:
        flaws.append(Flaw(at + "people", "more_than_attended", {"attended": attended}))
    return flaws


def _once(flaws: list[Flaw]) -> list[Flaw]:
    """Each field's flaw once, though several households may share it."""
    seen: dict[tuple[str, str], Flaw] = {}
    for flaw in flaws:
        seen.setdefault((flaw.field, flaw.code), flaw)
    return list(seen.values())
