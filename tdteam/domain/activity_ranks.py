"""The commendation list: who did most over some periods, by a rule short enough to be printed under the list.

Score = households reached, each counted once a period, plus pieces of help done. Equal scores share a rank (1, 2, 2, 4).
Voided records, and records whose day the commune has still to decide on, do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

MOST = 10
LIMIT = 50
"""How far a list may be asked to go."""


@dataclass(frozen=True)
class Doer:
    """A team, or a member (then `team` names the team they did most in). `rank` is 0 until ranked."""

    id: int
    name: str
    team: str
    households: int
    done: int
    rank: int = 0

    @property
    def score(self) -> int:
        return self.households + self.done


def ranked(doers: Iterable[Doer], most: int = MOST) -> tuple[Doer, ...]:
    """The first `most` ranks, best first, equal scores by their order on the way in; nobody with a score of 0."""
    found = sorted((doer for doer in doers if doer.score), key=lambda doer: -doer.score)
    out: list[Doer] = []
    for place, doer in enumerate(found, 1):
        rank = out[-1].rank if out and out[-1].score == doer.score else place
        if rank > most:
            break
        out.append(replace(doer, rank=rank))
    return tuple(out)
