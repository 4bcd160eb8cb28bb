"""What a village's page tells of its registry: households by state, as figures; nobody's name is read."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.domain.indicators import Row
from tdteam.domain.people import Poverty, SubjectKind
from tdteam.domain.periods import Period
from tdteam.domain.shares import Share
from tdteam.domain.tallies import CONSENT, EID2, EID2_OF, HOUSEHOLDS, POVERTY, SMARTPHONE, SMARTPHONE_OF
from tdteam.store.gate import GatedSession
from tdteam.store.sums import sum_stock

MEASURES = (HOUSEHOLDS, POVERTY, SMARTPHONE, SMARTPHONE_OF, EID2, EID2_OF, CONSENT)


def read_states(session: GatedSession, village_id: int, period: Period) -> dict[str, int | Share | None]:
    """Households by state at a period's end, in the order of the page; None where the registry did not stand yet."""
    rows = sum_stock(session, [village_id], period, MEASURES).get(None)
    poverty = {Poverty.POOR: "poor", Poverty.NEAR_POOR: "near_poor"}
    return {
        "known": _total(rows, HOUSEHOLDS),
        **{str(kind): _total(rows, HOUSEHOLDS, str(kind)) for kind in SubjectKind},
        **{code: _total(rows, POVERTY, str(kind)) for kind, code in poverty.items()},
        "smartphone": Share(_total(rows, SMARTPHONE), _total(rows, SMARTPHONE_OF)),
        "eid2": Share(_total(rows, EID2), _total(rows, EID2_OF)),
        "consent": _total(rows, CONSENT, "yes"),
    }


def _total(rows: Sequence[Row] | None, measure: str, kind: str | None = None) -> int | None:
    if rows is None:
        return None
    return sum(row.value for row in rows if row.measure == measure and kind in (None, row.kind))
