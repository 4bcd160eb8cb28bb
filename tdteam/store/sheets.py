"""Reads sheets: places' figures of periods kept ready, counted from the tallies where none is, or a stale one.

A village's sheet holds its own tallies alone; that of a province, area or commune those of every village inside it on the
day asked for, and of villages that ended in one of these. Reading writes nothing: it notes what it had to count, and
after the answer `store/sheet_upkeep.py` writes that down, counted again in a transaction of its own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, String, bindparam, cast, or_, select

from tdteam.domain.coverage import LEAD
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.sheets import SENT, Figures, Layout, Reading, Span, YearSoFar, add
from tdteam.domain.tallies import STOCKS
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.sheet_marks import mark_now, read_state, tree_days
from tdteam.store.sums import by_village, sum_spans, sum_stocks
from tdteam.store.tables import Place, PlaceAncestor, Sheet

DUE = "sheets_due"
"""Where a session notes the sheets that were missing or stale: {(place, span)}."""
Key = tuple[int, str]
_CHUNK = 400
_sheet: Any = Sheet.__table__  # type: ignore[attr-defined]
_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_TREE = cast(_sheet.c.tree, String)  # as text: nothing to be translated in thousands of rows
_fresh = (
    any_of(_sheet.c.place_id, "places"),
    any_of(_sheet.c.span, "spans"),
    _sheet.c.is_stale.is_(False),
)
_FULL = Prepared(select(_sheet.c.place_id, _sheet.c.span, _TREE, _sheet.c.figures).where(*_fresh))
_SHORT = Prepared(
    select(_sheet.c.place_id, _sheet.c.span, _TREE, _sheet.c.part, _sheet.c.whole).where(*_fresh)
)
_day: Any = bindparam("day", type_=Date())
_standing = (_place.c.since <= _day, or_(_place.c.until.is_(None), _place.c.until > _day))
_holding = (_reach.c.since <= _day, or_(_reach.c.until.is_(None), _reach.c.until > _day))
_VILLAGES = Prepared(
    select(_reach.c.ancestor_id, _reach.c.place_id)
    .join(_place, _place.c.id == _reach.c.place_id)
    .where(any_of(_reach.c.ancestor_id, "places"), _place.c.level == Level.VILLAGE.value, *_holding)
)
_COMMUNES = Prepared(
    select(_reach.c.ancestor_id, _reach.c.place_id)
    .join(_place, _place.c.id == _reach.c.place_id)
    .where(
        any_of(_reach.c.ancestor_id, "places"),
        _place.c.level == Level.COMMUNE.value,
        *_standing,
        *_holding,
    )
)


def tree_of(days: Iterable[str], on: date) -> date:
    """The newest day, up to `on`, on which the tree changed: sheets of places with the same one are of one tree."""
    return date.fromisoformat(max((day for day in days if day <= on.isoformat()), default="1900-01-01"))


@dataclass
class Shelf:
    """The sheets of one session. `tree`: that of the day asked for; `holds`: whether what is kept is of this catalogue."""

    session: GatedSession
    on: date
    layout: Layout
    tree: date
    holds: bool
    is_today: bool
    due: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._told = self.tree.isoformat()

    def full(self, places: Collection[int], spans: Collection[str], *, own: bool) -> dict[Key, Figures]:
        """The fresh sheets there are. `own`: of villages, which no tree touches."""
        found = [row for row in self._ask(_FULL, places, spans) if own or row[2] == self._told]
        told = json.loads(
            f"[{','.join([row[3] for row in found])}]"
        )  # all at once: each alone costs twice as much
        return {(row[0], row[1]): figures for row, figures in zip(found, told, strict=True)}

    def short(
        self, places: Collection[int], spans: Collection[str], *, own: bool
    ) -> dict[Key, tuple[int | None, int | None]]:
        """Of the indicator the board is about only: its two numbers."""
        found = self._ask(_SHORT, places, spans)
        return {
            (place, span): (part, whole)
            for place, span, tree, part, whole in found
            if own or tree == self._told
        }

    def told(self, places: Collection[int], span: str) -> dict[int, str]:
        """What fresh sheets of one span and of this tree say, unread."""
        return {row[0]: row[3] for row in self._ask(_FULL, places, [span]) if row[2] == self._told}

    def _ask(self, question: Prepared, places: Collection[int], spans: Collection[str]) -> list[Any]:
        if not self.holds or not places or not spans:
            return []
        return question.ask(self.session, {"places": list(places), "spans": list(spans)}, places=())

    def note(self, keys: Iterable[Key]) -> None:
        """These had to be counted. A tree of another day is nobody's today: its sheets are not kept."""
        if self.is_today:
            self.due.update(keys)


def open_shelf(session: GatedSession, on: date, known: Sequence[Indicator] | None = None) -> Shelf:
    """The sheets as a session may read them, what it wrote itself told. `known`: the indicators, where they are read
    already."""
    mark_now(session)
    state = read_state(session)
    days = state.get("days") or tree_days(session)
    layout = _layout(tuple(list_indicators(session) if known is None else known))
    due: set[Key] = session.info.setdefault(DUE, set())
    today = tree_of(days, session.scope.day)
    tree = tree_of(days, on)
    return Shelf(session, on, layout, tree, state.get("mark") == layout.mark, tree == today, due)


_layout = lru_cache(maxsize=8)(Layout)


def of_villages(shelf: Shelf, villages: Collection[int], spans: Sequence[Span]) -> dict[Key, Figures]:
    """Each village's own sheet of each span."""
    found = shelf.full(villages, [span.code for span in spans], own=True)
    return {**found, **count(shelf, _missing(villages, spans, found))}


def _missing(
    places: Collection[int], spans: Sequence[Span], found: Mapping[Key, Any]
) -> dict[int, list[Span]]:
    out = {place: [one for one in spans if (place, one.code) not in found] for place in places}
    return {place: lacking for place, lacking in out.items() if lacking}


def count(shelf: Shelf, wanted: Mapping[int, Sequence[Span]]) -> dict[Key, Figures]:
    """Villages' sheets counted from their tallies; a year's from those of its months."""
    months = {
        village: [span for span in spans if not isinstance(span, YearSoFar)]
        for village, spans in wanted.items()
    }
    out: dict[Key, Figures] = {}
    villages = sorted(village for village, periods in months.items() if periods)
    for start in range(0, len(villages), _CHUNK):
        part = villages[start : start + _CHUNK]
        periods = sorted({period for village in part for period in months[village]})
        counted = _count(shelf, part, periods)
        out.update({(v, p.code): counted[v, p.code] for v in part for p in months[v]})
    out |= _count_years(shelf, wanted)
    shelf.note(out)
    return out


def _count_years(shelf: Shelf, wanted: Mapping[int, Sequence[Span]]) -> dict[Key, Figures]:
    years: dict[YearSoFar, list[int]] = defaultdict(list)
    for village, spans in wanted.items():
        for span in spans:
            if isinstance(span, YearSoFar):
                years[span].append(village)
    out: dict[Key, Figures] = {}
    for year, villages in years.items():
        found = of_villages(shelf, villages, year.months)
        for village in villages:
            out[village, year.code] = shelf.layout.of_year([found[village, m.code] for m in year.months])
    return out


def _count(shelf: Shelf, villages: Sequence[int], periods: Sequence[Period]) -> dict[Key, Figures]:
    sent = sum_spans(shelf.session, villages, [period.code for period in periods], SENT, by_village())
    registry = sum_stocks(shelf.session, villages, periods, STOCKS, by_village())
    return {
        (village, period.code): shelf.layout.count(
            sent.get(period.code, {}).get(village), registry.get(period.code, {}).get(village)
        )
        for village in villages
        for period in periods
    }


def of_communes(shelf: Shelf, communes: Collection[int], spans: Sequence[Span]) -> dict[Key, Figures]:
    """The sheets of whole communes."""
    found = shelf.full(communes, [span.code for span in spans], own=False)
    missing = _missing(communes, spans, found)
    return {**found, **_composed(shelf, missing, _inside(shelf, _VILLAGES, missing), of_villages)}


def of_provinces(shelf: Shelf, provinces: Collection[int], spans: Sequence[Span]) -> dict[Key, Figures]:
    """The sheets of whole provinces and areas: of the communes inside, and of villages that lie in none of these."""
    found = shelf.full(provinces, [span.code for span in spans], own=False)
    missing = _missing(provinces, spans, found)
    communes = communes_inside(shelf, missing)
    strays = strays_inside(shelf, missing, communes)
    whole = _composed(shelf, missing, communes, of_communes)
    beside = _composed(shelf, missing, strays, of_villages)
    return {**found, **{key: add([whole[key], beside[key]]) for key in whole}}


def communes_inside(shelf: Shelf, provinces: Collection[int]) -> dict[int, list[int]]:
    """Province or area -> the communes that stand in it."""
    return _inside(shelf, _COMMUNES, provinces)


def strays_inside(
    shelf: Shelf, provinces: Collection[int], communes: Mapping[int, Sequence[int]]
) -> dict[int, list[int]]:
    """Province -> its villages that lie in none of its communes."""
    if not provinces:
        return {}
    listed = sorted({commune for inside in communes.values() for commune in inside})
    housed: dict[int, set[int]] = defaultdict(set)
    for commune, village in _VILLAGES.ask(shelf.session, {"places": listed, "day": shelf.on}, places=()):
        housed[commune].add(village)
    out = {}
    for province, villages in _inside(shelf, _VILLAGES, provinces).items():
        held = set().union(*(housed[commune] for commune in communes.get(province, ())))
        out[province] = [village for village in villages if village not in held]
    return out


def _inside(shelf: Shelf, question: Prepared, places: Collection[int]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {place: [] for place in places}
    if places:
        for place, inside in question.ask(
            shelf.session, {"places": list(places), "day": shelf.on}, places=()
        ):
            if shelf.is_today or shelf.session.permits(inside):
                out[place].append(inside)
    return out


def _composed(
    shelf: Shelf, missing: Mapping[int, Sequence[Span]], inside: Mapping[int, Sequence[int]], of: Any
) -> dict[Key, Figures]:
    """Sums of what lies inside each place, for the spans it misses."""
    parts = sorted({part for place in missing for part in inside.get(place, ())})
    spans = list({span: None for lacking in missing.values() for span in lacking})
    found = of(shelf, parts, spans) if parts else {}
    blank = shelf.layout.count(None, None)
    out = {
        (place, span.code): add([blank, *(found[part, span.code] for part in inside.get(place, ()))])
        for place, lacking in missing.items()
        for span in lacking
    }
    shelf.note(out)
    return out


__all__ = ["DUE", "LEAD", "Reading", "Shelf", "open_shelf"]
