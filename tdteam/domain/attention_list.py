"""The attention list as it is shown: ranked by a rule that can be told, grouped by commune, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tdteam.domain.attention import RULES, Item, Severity
from tdteam.domain.errors import Flaw
from tdteam.domain.periods import Period
from tdteam.domain.privacy import judge_text
from tdteam.domain.report_settings import PaperSettings

WHY_LIMIT = 300
TOP = 20
"""Lines of an area or province shown at once; the rest stand behind their communes."""


def rank(items: Iterable[Item]) -> list[Item]:
    """By severity, then the most households concerned, then by name."""
    order = {rule.code: place for place, rule in enumerate(RULES)}
    return sorted(
        items, key=lambda one: (one.severity, -(one.households or 0), order[one.rule], one.name, one.target)
    )


@dataclass(frozen=True)
class Group:
    """A commune's lines of the list. `rest`: how many more it has than are shown."""

    commune_id: int
    name: str
    items: tuple[Item, ...]
    rest: int = 0

    @property
    def urgent(self) -> int:
        return sum(one.severity is Severity.URGENT for one in self.items)


def group(
    items: Sequence[Item], communes: Mapping[int, str], most: int | None = None
) -> tuple[list[Group], list[Group]]:
    """Ranked lines by commune, the commune of the gravest line first: those with lines among the first `most`, holding
    only these, and those without (holding all, to be counted)."""
    shown = items if most is None else items[:most]
    first: dict[int, list[Item]] = {}
    for one in shown:
        first.setdefault(one.commune_id, []).append(one)
    whole: dict[int, list[Item]] = {}
    for one in items:
        whole.setdefault(one.commune_id, []).append(one)
    top = [
        Group(key, communes.get(key, ""), tuple(own), len(whole[key]) - len(own))
        for key, own in first.items()
    ]
    others = [Group(key, communes.get(key, ""), tuple(own)) for key, own in whole.items() if key not in first]
    return top, others


def judge_why(why: str) -> list[Flaw]:
    """What is wrong with the word on a line that was dealt with, or a finding set aside. Codes: required, too_long and
    those of `privacy`."""
    if not why.strip():
        return [Flaw("why", "required")]
    if len(why) > WHY_LIMIT:
        return [Flaw("why", "too_long", {"limit": WHY_LIMIT})]
    return judge_text("why", why)


@dataclass(frozen=True)
class PaperLine:
    """A line of the digest in words."""

    commune: str
    name: str
    severity: str
    rule: str
    reason: str
    households: int | None


@dataclass(frozen=True)
class Digest:
    """The attention list as a paper, lines in order; `more`: lines that it does not hold."""

    settings: PaperSettings
    place: str
    period: Period
    on: date
    lines: tuple[PaperLine, ...]
    more: int = 0
