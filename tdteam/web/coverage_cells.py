"""The figures of a board's row as they are shown: text, fraction, shade, target, the period before, the way to the rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from flask import url_for

from tdteam.domain.coverage import Line
from tdteam.domain.coverage_marks import mark
from tdteam.domain.indicators import Indicator
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.tallies import (
    ATTENDED,
    FEES_DUE,
    FEES_PAID_ONLINE,
    FILINGS,
    GATHERINGS,
    HEADS,
    PEOPLE,
    REACHED,
    STOCKS,
    VISITS,
)
from tdteam.web.coverage_view import View
from tdteam.web.formats import DASH, num, pct, signed, step
from tdteam.web.gate import may, visitor

_FILED = {FILINGS, FEES_DUE, FEES_PAID_ONLINE}
_MET = {GATHERINGS, ATTENDED, *HEADS, *(f"{head}_of" for head in HEADS)}


class Cell(NamedTuple):
    """A figure. `step` shades a share (None: no share); `moved`: against the period before; `before`: that period's own
    figure, where this one still runs; `declared`: since when its denominator is somebody's word."""

    text: str
    step: int | None
    is_low: bool
    frac: str
    moved: str
    before: str
    url: str | None
    declared: date | None


def kind_of(one: Indicator) -> str:
    """How a column is drawn: share, average or count."""
    if not one.has_whole:
        return "count"
    return "share" if one.unit == "%" else "average"


def shown(value: Value) -> str:
    """A figure without its fraction."""
    if isinstance(value, Share):
        return pct(value)
    return num(value.value, 1) if isinstance(value, Average) else num(value)


@lru_cache(maxsize=512)
def rows_behind(one: Indicator) -> tuple[str, str] | None:
    """The list that shows what an indicator counted, and the filter it needs; None where no list shows just that."""
    measures = {selector.measure for selector in one.part}
    if measures == {REACHED}:
        return "visits", "&contact=met"
    if measures == {VISITS}:
        return "visits", _only("contact", one)
    if measures == {PEOPLE}:
        kinds = {kind for selector in one.part for kind in selector.kind or ()}
        outcomes = {outcome for selector in one.part for outcome in selector.outcome or ()}
        if len(kinds) > 1 or len(outcomes) > 1 or any(selector.kind_not for selector in one.part):
            return None
        more = [f"&kind={kind}" for kind in kinds] + [f"&outcome={outcome}" for outcome in outcomes]
        return "visits", "".join(more)
    if measures & _FILED:
        return "filings", ""
    if measures <= _MET:
        return "gatherings", ""
    return ("households", "") if measures <= set(STOCKS) else None


def _only(name: str, one: Indicator) -> str:
    kinds = {kind for selector in one.part for kind in selector.kind or ()}
    return f"&{name}={kinds.pop()}" if len(kinds) == 1 else ""


class Links:
    """The ways from a figure to its rows, made once a page: no route is built for each cell."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.lists: dict[str, str] = {}
        who = visitor()
        self.roots = set(who.seen.roots) if who else set()
        if may(Power.SEE_VISITS) and not view.asked.year:
            self.lists = {noun: url_for(f"{noun}.index") for noun in ("visits", "filings", "gatherings")}
        if may(Power.SEE_HOUSEHOLDS):
            self.lists["households"] = url_for("households.index")
        self.village = url_for("places.show", place_id=0).removesuffix("0") if may(Power.SEE_PLACES) else None
        self.team = url_for("teams.show", team_id=0).removesuffix("0") if may(Power.SEE_TEAMS) else None

    def rows(self, line: Line, one: Indicator) -> str | None:
        """The rows behind a figure of a place; of a village whose rows no list shows, the village's page."""
        found = rows_behind(one)
        place = self._place(line)
        if found and found[0] in self.lists and place is not None:
            noun, more = found
            period = "" if noun == "households" else f"&period={self.view.period.code}"
            return f"{self.lists[noun]}?{f'{place}{period}{more}'.removeprefix('&')}"
        if line.level == Level.VILLAGE and self.village:
            return f"{self.village}{line.place_id}"
        return None

    def _place(self, line: Line) -> str | None:
        """A place as the lists' filters name it. What no longer stands is no filter: its villages are."""
        if line.level == Level.VILLAGE:
            return f"village_id={line.place_id}"
        if self.view.is_before or not line.place_id:
            return None
        if line.level == Level.COMMUNE:
            is_part = self.view.is_area and self.roots != {self.view.place.id}
            return f"commune_id={line.place_id}" + (f"&area_id={self.view.place.id}" if is_part else "")
        return "" if self.roots == {line.place_id} else f"area_id={line.place_id}"


class Cells:
    """Draws the figures of rows."""

    def __init__(self, view: View, columns: tuple[Indicator, ...], links: Links) -> None:
        self.links = links
        self.columns = columns
        self.runs = view.runs

    def of(self, line: Line) -> list[Cell]:
        return [self._cell(line, one, line.values.get(one.code)) for one in self.columns]

    def _cell(self, line: Line, one: Indicator, value: Value) -> Cell:
        beside = mark(line, one, runs=self.runs)
        share = value if isinstance(value, Share) else None
        part = share.part if share else value.count if isinstance(value, Average) else value
        return Cell(
            text=shown(value),
            step=step(share) if kind_of(one) == "share" else None,
            is_low=beside.is_low,
            frac=_frac(value),
            moved=signed(beside.moved) if beside.is_held else "",
            before=shown(beside.before) if not beside.is_held and beside.before is not None else "",
            url=self.links.rows(line, one) if part else None,
            declared=line.declared.get(one.code),
        )


def _frac(value: Value) -> str:
    if isinstance(value, Share) and value.whole is not None:
        return f"{num(value.part)}/{num(value.whole)}"
    return ""


def target_words(targets: Mapping[str, Decimal], one: Indicator) -> str:
    """A column's target of the board's place: "95%", of a count "1.200"; the dash where none is set."""
    found = targets.get(one.code)
    if found is not None and not one.has_whole:
        return num(int(found))
    return DASH if found is None else f"{num(int(found) if found % 1 == 0 else found)}%"
