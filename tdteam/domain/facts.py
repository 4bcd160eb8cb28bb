"""What the store knows about the things a draft names. Only what lies inside the session's scope is known.

One value serves a whole batch of drafts: the store fills it with a handful of queries, `judge` only looks things up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Span:
    """Days something held, half-open; None is open."""

    since: date | None = None
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True)
class KnownFiling:
    """A filing that is there and not voided."""

    id: str
    code: str | None
    village_id: int


@dataclass(frozen=True)
class Facts:
    """`teams`: id -> days it existed. `serves`: (team, village) -> days. `members`: (team, member) -> days.
    `households`: id -> village. `residents`: id -> (household, village). `filings`: by id."""

    villages: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    serves: Mapping[tuple[int, int], tuple[Span, ...]] = field(default_factory=dict)
    members: Mapping[tuple[int, int], tuple[Span, ...]] = field(default_factory=dict)
    households: Mapping[str, int] = field(default_factory=dict)
    residents: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    filings: Mapping[str, KnownFiling] = field(default_factory=dict)

    def team_serves(self, team_id: int, village_id: int, day: date) -> bool:
        return any(day in span for span in self.serves.get((team_id, village_id), ()))

    def is_member(self, team_id: int, member_id: int, day: date) -> bool:
        return any(day in span for span in self.members.get((team_id, member_id), ()))

    def filing_with(self, code: str) -> KnownFiling | None:
        """The filing that bears a code."""
        return next((known for known in self.filings.values() if known.code == code), None)
