"""Spot checks: a random sample that anybody draws again from its seed, and what it tells of the whole.

The frame is the ids of the visits that counted when it was drawn; its mark is the SHA-256 of the sorted ids, one a
line. Each visit stands at SHA-256("seed|id"); the lowest are drawn. A seed that begins with "T-" divides the sample by
team: places by the largest remainder of each team's part of the frame, equal remainders by the lowest
SHA-256("seed|team:number"), then the lowest of each team. Drawn visits are listed in the order of their marks.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.privacy import judge_text
from tdteam.domain.shares import Share

LEAST, MOST = 1, 200
SPAN_MOST = 400
"""Days a sample may reach over."""
NOTE_LIMIT = 300
BY_TEAM = "T-"
_SEED = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,31}")
_Z = 1.959963984540054  # 95 % of the normal distribution lie within so many deviations


class Answer(StrEnum):
    """What was found where a visit was said to have been."""

    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    DENIED = "denied"
    ABSENT = "absent"


@dataclass(frozen=True)
class SampleDraft:
    """What is to be drawn: visits of [since, until]. An empty seed asks for a fresh one."""

    since: date | None
    until: date | None
    size: int | None
    seed: str = ""
    by_team: bool = False
    note: str = ""


def judge(draft: SampleDraft, today: date) -> list[Flaw]:
    """What is wrong. Codes: required, days_reversed, day_ahead, sample_span, sample_size, sample_seed, too_long."""
    flaws = [Flaw(name, "required") for name in ("since", "until") if getattr(draft, name) is None]
    if draft.since and draft.until:
        if draft.until < draft.since:
            flaws.append(Flaw("until", "days_reversed"))
        elif draft.until > today:
            flaws.append(Flaw("until", "day_ahead"))
        elif (draft.until - draft.since).days >= SPAN_MOST:
            flaws.append(Flaw("until", "sample_span", {"most": SPAN_MOST}))
    if draft.size is None or not LEAST <= draft.size <= MOST:
        flaws.append(Flaw("size", "sample_size", {"low": LEAST, "high": MOST}))
    if draft.seed and not _SEED.fullmatch(draft.seed):
        flaws.append(Flaw("seed", "sample_seed"))
    if len(draft.note) > NOTE_LIMIT:
        flaws.append(Flaw("note", "too_long", {"limit": NOTE_LIMIT}))
    flaws += judge_text("note", draft.note)
    return flaws


def seed_of(typed: str, fresh: str, *, by_team: bool) -> str:
    """The seed as it is kept: it says itself whether the sample is divided by team."""
    plain = (typed or fresh).removeprefix(BY_TEAM)
    return f"{BY_TEAM}{plain}"[:32] if by_team else plain[:32]


def is_by_team(seed: str) -> bool:
    return seed.startswith(BY_TEAM)


def frame_of(ids: Iterable[str]) -> str:
    """The mark of what a sample was drawn from."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def place_of(seed: str, name: str) -> str:
    """Where a visit (or a team) stands in the draw."""
    return hashlib.sha256(f"{seed}|{name}".encode()).hexdigest()


def draw(team_of: Mapping[str, int], seed: str, size: int) -> list[str]:
    """The ids drawn from a frame (id -> team), in the order of the draw; all of it where it is no larger."""
    if not is_by_team(seed):
        return sorted(team_of, key=lambda one: place_of(seed, one))[:size]
    places = allot(Counter(team_of.values()), seed, size)
    own: dict[int, list[str]] = {}
    for one in sorted(team_of, key=lambda one: place_of(seed, one)):
        own.setdefault(team_of[one], []).append(one)
    drawn = [one for team, ids in own.items() for one in ids[: places[team]]]
    return sorted(drawn, key=lambda one: place_of(seed, one))


def allot(counts: Mapping[int, int], seed: str, size: int) -> dict[int, int]:
    """How many of a sample each team gets, by the largest remainder."""
    whole = sum(counts.values())
    size = min(size, whole)
    out = {team: count * size // whole for team, count in counts.items()} if whole else {}
    left = size - sum(out.values())
    rest = sorted(counts, key=lambda team: (-(counts[team] * size % whole), place_of(seed, f"team:{team}")))
    for team in rest[:left]:
        out[team] += 1
    return out


@dataclass(frozen=True)
class Outcome:
    """What a sample found. `counts` by answer; lines voided since they were drawn are told apart by nobody: they were
    counted then."""

    size: int
    counts: Mapping[Answer, int]

    @property
    def asked(self) -> int:
        """Visits of which somebody could say something."""
        return sum(count for answer, count in self.counts.items() if answer is not Answer.ABSENT)

    @property
    def wrong(self) -> int:
        return self.counts.get(Answer.DIFFERS, 0) + self.counts.get(Answer.DENIED, 0)

    @property
    def open(self) -> int:
        """Visits nothing was typed in for yet."""
        return self.size - sum(self.counts.values())

    @property
    def rate(self) -> Share | None:
        """Wrong visits of those asked; None while nobody was asked."""
        return Share(self.wrong, self.asked) if self.asked else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95 % interval of the error rate in percent; None while nobody was asked."""
        return wilson(self.wrong, self.asked) if self.asked else None


def outcome(answers: Sequence[str | None]) -> Outcome:
    """The outcome of a sample's lines."""
    known = Counter(Answer(answer) for answer in answers if answer)
    return Outcome(len(answers), {one: known[one] for one in Answer})


def wilson(wrong: int, asked: int) -> tuple[Decimal, Decimal]:
    """The Wilson score interval (95 %) of `wrong` of `asked`, in percent to one decimal. `asked` is not 0.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
    """
    share, square = wrong / asked, _Z * _Z
    middle = share + square / (2 * asked)
    spread = _Z * ((share * (1 - share) + square / (4 * asked)) / asked) ** 0.5
    low, high = ((middle + sign * spread) / (1 + square / asked) for sign in (-1, 1))
    return _tenths(max(0.0, low)), _tenths(min(1.0, high))


def _tenths(share: float) -> Decimal:
    return (Decimal(repr(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class FindingDraft:
    """What was typed for one line of a sample."""

    position: int
    answer: str | None
    note: str = ""


def judge_findings(found: Iterable[FindingDraft]) -> list[Flaw]:
    """What is wrong with what was typed. Codes: unknown_choice, note_alone, too_long and those of `privacy`."""
    flaws = []
    for one in found:
        if one.answer and one.answer not in set(Answer):
            flaws.append(Flaw(f"answer-{one.position}", "unknown_choice"))
        if one.note and not one.answer:
            flaws.append(Flaw(f"answer-{one.position}", "note_alone"))
        if len(one.note) > NOTE_LIMIT:
            flaws.append(Flaw(f"note-{one.position}", "too_long", {"limit": NOTE_LIMIT}))
        flaws += judge_text(f"note-{one.position}", one.note)
    return flaws
