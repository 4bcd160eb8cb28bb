"""Declared figures: what somebody else counted (a team on paper, the police, the portal). They stand beside what the tool counted
and are never added to it for the same cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdteam.domain.errors import Flaw
from tdteam.domain.indicators import Indicator
from tdteam.domain.occasions import judge_number
from tdteam.domain.periods import Period
from tdteam.domain.privacy import judge_text
from tdteam.domain.vocabulary import Nature

LARGEST = 9_999_999
LONGEST_SOURCE = 200


@dataclass(frozen=True)
class DeclaredDraft:
    """A declared figure as it came in. A flow holds for a period, a stock as of a day; a team's figure for a period."""

    place_id: int
    indicator: str
    part: int | None
    whole: int | None = None
    team_id: int | None = None
    period: str | None = None
    as_of: date | None = None
    source: str = ""
    sender: str = ""
    received_on: date | None = None
    note: str = ""
    scan_name: str = ""
    scan_sha256: str | None = None


def judge_declared(
    draft: DeclaredDraft, indicator: Indicator | None, today: date, last_open: Period
) -> list[Flaw]:
    """What is wrong. Codes: required, indicator_unknown, not_for_teams, not_for_places, number_range, part_over_whole,
    whole_required, as_of_future, period_future, span_required, date_future, and those of free text."""
    if indicator is None:
        return [Flaw("indicator", "indicator_unknown")]
    flaws = []
    if draft.team_id is not None and not indicator.is_teams:
        flaws.append(Flaw("indicator", "not_for_teams"))
    if draft.team_id is None and not indicator.is_places:
        flaws.append(Flaw("indicator", "not_for_places"))
    flaws += _judge_values(draft, indicator) + _judge_span(draft, indicator, today, last_open)
    if draft.received_on and draft.received_on > today:
        flaws.append(Flaw("received_on", "date_future", {"today": today}))
    if not draft.source.strip():
        flaws.append(Flaw("source", "required"))
    for name in ("source", "sender", "note"):
        flaws += judge_text(name, getattr(draft, name))
    return flaws


def _judge_values(draft: DeclaredDraft, indicator: Indicator) -> list[Flaw]:
    if draft.part is None:
        return [Flaw("part", "required")]
    flaws = judge_number("part", draft.part, 0, LARGEST)
    if draft.team_id is not None:
        return flaws  # a team tells counts; its shares are reckoned from the registry
    if indicator.has_whole and draft.whole is None:
        flaws.append(Flaw("whole", "whole_required"))
    flaws += judge_number("whole", draft.whole, 0, LARGEST)
    if draft.whole is not None and draft.part > draft.whole and indicator.unit == "%":
        flaws.append(Flaw("part", "part_over_whole"))
    return flaws


def _judge_span(draft: DeclaredDraft, indicator: Indicator, today: date, last_open: Period) -> list[Flaw]:
    if (draft.period is None) == (draft.as_of is None):
        return [Flaw("as_of" if indicator.nature is Nature.STOCK else "period", "span_required")]
    if draft.as_of and draft.as_of > today:
        return [Flaw("as_of", "as_of_future")]
    if draft.period and draft.period > last_open.code:
        return [Flaw("period", "period_future")]
    return []
