"""What came after a seal, as a page tells it: late records, and figures changed by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tdteam.domain import tallies
from tdteam.store.late import Changed, LateRecord
from tdteam.web.states import N_

MEASURES = {
    tallies.VISITS: N_("Visits"),
    tallies.RETURNS: N_("Return dates set"),
    tallies.ASSISTS: N_("Assists"),
    tallies.PEOPLE: N_("People helped"),
    tallies.CAUSES: N_("People not helped, by cause"),
    tallies.GATHERINGS: N_("Gatherings"),
    tallies.ATTENDED: N_("People at gatherings"),
    "women": N_("Women at gatherings"),
    "youth": N_("Youth at gatherings"),
    "elders": N_("Elders at gatherings"),
    tallies.FILINGS: N_("Dossiers filed"),
    tallies.FILINGS_UNLISTED: N_("Dossiers filed, not listed one by one"),
    tallies.FEES_DUE: N_("Dossiers that owe a fee"),
    tallies.FEES_PAID_ONLINE: N_("Fees paid online"),
    tallies.RESULTS: N_("Results returned"),
    tallies.RESULTS_ON_TIME: N_("Results on time"),
    tallies.RESULTS_ELECTRONIC: N_("Electronic results"),
    tallies.REACHED: N_("Households reached"),
    tallies.REACHED_FIRST: N_("Households reached for the first time this year"),
}
"""What a reader is told of; parts of shares (`women_of`, days summed) follow from these."""


@dataclass(frozen=True)
class ChangedLine:
    """A figure of a village that is not what was sealed."""

    village_id: int
    name: str
    value: int
    counts_in: str | None


@dataclass(frozen=True)
class Waiting:
    """Late records, and what corrections changed since; `names` of the villages by id."""

    records: Sequence[LateRecord]
    changed: Sequence[Changed]
    names: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.records) + len(self.told)

    @property
    def told(self) -> list[ChangedLine]:
        """What changed, by village and figure, refinements together."""
        sums: Counter[tuple[int, str, str | None]] = Counter()
        for one in self.changed:
            if one.key.measure in MEASURES:
                sums[one.village_id, one.key.measure, one.counts_in] += one.value
        order = list(MEASURES)
        lines = sorted(sums.items(), key=lambda one: (self.names.get(one[0][0], ""), order.index(one[0][1])))
        return [
            ChangedLine(village, _(MEASURES[code]), value, to)
            for (village, code, to), value in lines
            if value
        ]
