"""The targets of a board's rows, as its figures should have reached them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tdteam.domain import coverage as rules
from tdteam.domain.indicators import Indicator
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import Target

_target: Any = Target.__table__  # type: ignore[attr-defined]
_TARGETS = Prepared(
    select(_target.c.place_id, _target.c.indicator, _target.c.span, _target.c.value)
    .where(any_of(_target.c.place_id, "places"), any_of(_target.c.span, "spans"))
    .order_by(func.length(_target.c.span))
)


def read_targets(
    session: GatedSession, asked: Asked, columns: Sequence[Indicator], places: Collection[int]
) -> dict[int, dict[str, Decimal]]:
    """Place -> indicator -> the percent or count it should have reached. A period's target stands before a year's."""
    by_code = {one.code: one for one in columns}
    spans = [asked.period.code, asked.period.year_code]
    found = _TARGETS.ask(session, {"places": list(places), "spans": spans}, places=())
    out: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for place, code, span, value in found:
        if code in by_code and rules.holds_for(by_code[code], span, asked.period, year=asked.year):
            out[place][code] = rules.target_size(by_code[code], value)
    return out
