"""Rules that speak up (the attention list, findings about the data): their thresholds, and how an administrator sets them.

A rule stands as `domain` has it until somebody sets it otherwise; it can be switched off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tdteam.domain.errors import Flaw


@dataclass(frozen=True)
class Limit:
    """A threshold: its name, what it usually is, and the range it may be set in."""

    name: str
    usual: int
    least: int
    most: int


@dataclass(frozen=True)
class Rule:
    """A rule by its code; `board` is where it speaks: "attention", "quality" or "sponsors"."""

    code: str
    board: str
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A rule as it stands in an installation: `standing["days"]` is its threshold."""

    rule: Rule
    limits: Mapping[str, int] = field(default_factory=dict)
    is_active: bool = True

    def __getitem__(self, name: str) -> int:
        return self.limits[name]

    @property
    def is_usual(self) -> bool:
        """Whether nobody set it otherwise."""
        return self.is_active and all(self.limits[one.name] == one.usual for one in self.rule.limits)


Kept = Mapping[str, tuple[bool, Mapping[str, object]]]
"""Rule code -> whether it is asked, and the thresholds somebody set."""


def stand(rules: Iterable[Rule], kept: Kept | None = None) -> dict[str, Standing]:
    """The rules as they stand, by code; what was kept and makes no sense any more gives way to what is usual."""
    out = {}
    for rule in rules:
        is_active, told = (kept or {}).get(rule.code, (True, {}))
        limits = {one.name: _sane(one, told.get(one.name)) for one in rule.limits}
        out[rule.code] = Standing(rule, limits, is_active)
    return out


def _sane(limit: Limit, told: object) -> int:
    if isinstance(told, int) and not isinstance(told, bool) and limit.least <= told <= limit.most:
        return told
    return limit.usual


def judge_limits(rule: Rule, typed: Mapping[str, int | None]) -> list[Flaw]:
    """What is wrong with the thresholds typed for a rule. Code: rule_range."""
    return [
        Flaw(f"{rule.code}-{one.name}", "rule_range", {"low": one.least, "high": one.most})
        for one in rule.limits
        if not one.least <= (typed.get(one.name) or 0) <= one.most
    ]
