"""What the address of the board asks for: place, period, units, columns, what stands open, order, filter; odd text asks nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from tdteam.domain.coverage import LEAD, Board
from tdteam.domain.coverage_filter import Narrowed, Show
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period, today
from tdteam.domain.places import REFORM, Level
from tdteam.store import coverage, coverage_needs, coverage_units, places
from tdteam.store.coverage_ground import Asked
from tdteam.store.own_places import with_areas
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.forms.fields import read_number
from tdteam.web.gate import session
from tdteam.web.records import demand_period, number_arg

BEFORE = "before"
"""How the address says: the units as they stood on the last day before the reform."""
MOST_OPEN = 300


@dataclass(frozen=True)
class View:
    """The board as one reader asked for it. `place` is today's unit; `asked.place` what it was on the day of the units."""

    place: Place
    grounds: tuple[Place, ...]
    asked: Asked
    narrowed: Narrowed
    units: str
    chosen: tuple[str, ...] | None

    @property
    def period(self) -> Period:
        return self.asked.period

    @property
    def is_before(self) -> bool:
        """Whether units of another day than today's are shown."""
        return self.asked.on != today()

    @property
    def runs(self) -> bool:
        """Whether the one period shown is not over."""
        return today() < self.period.until and not self.asked.year

    @property
    def is_area(self) -> bool:
        return self.place.level == Level.AREA

    @property
    def is_own(self) -> bool:
        """A commune's own board, whose villages stand open."""
        return self.asked.place.level == Level.COMMUNE and not self.asked.roots

    def open_with(self, place_id: int) -> str | None:
        """The `open` of the address once a row was opened, or closed again."""
        found = self.asked.open_ids ^ {place_id}
        return ",".join(str(one) for one in sorted(found)) or None


def read_shown(view: View) -> Board:
    """The board a view asks for."""
    if view.is_before:
        return coverage_units.read_under(session(), view.asked, view.place, today())
    return coverage.read_board(session(), view.asked)


def read_view() -> View:
    """The view of this request's address. NotFound for a place outside the scope and for no period."""
    place, grounds, several = _place()
    units, on = _units()
    chosen = _columns()
    period = demand_period(request.args["period"]) if request.args.get("period") else choices.this_period()
    roots = tuple(grounds[:several]) if several else ()
    then, before = place, coverage_units.stood_for(session(), roots or (place,), on) if units else ()
    if before:
        then, roots = before[0], before if len(before) > 1 else ()
    elif units:
        units, on = "", today()
    opened = set(_open_ids())
    if then.level == Level.COMMUNE and not roots:
        opened.add(then.id or 0)
    elif then.level == Level.VILLAGE:
        opened.add(places.commune_of(session(), then.id or 0).id or 0)
    asked = Asked(
        place=then,
        period=period,
        on=on,
        year=request.args.get("span") == "year",
        order=request.args.get("order") or LEAD,
        columns=chosen,
        roots=roots,
        open_ids=frozenset(opened),
    )
    narrowed = _narrowed(asked)
    if narrowed.is_asked and _has_few_villages(asked):
        asked = replace(asked, all_opened=True)
    return View(place, tuple(grounds), asked, narrowed, units, chosen)


def _has_few_villages(asked: Asked) -> bool:
    """Whether a filter looks at every village; of a province it looks at communes and at what stands open."""
    return not asked.roots and asked.place.level != Level.PROVINCE


def _place() -> tuple[Place, list[Place], int]:
    """The place the board is of, those it may be of (what the account covers, and the areas inside a province), and how
    many provinces stand in rows, where it is of several."""
    grounds = with_areas(session())
    if not grounds:
        raise NotFound
    chosen = number_arg("place")
    if chosen is None:
        provinces = sum(ground.level == Level.PROVINCE for ground in grounds)
        return grounds[0], grounds, provinces if provinces > 1 else 0
    session().demand(chosen)
    return places.get_place(session(), chosen), grounds, 0


def _units() -> tuple[str, date]:
    """What the address says of the units, and the day it means: today's where it says nothing or nonsense."""
    text = request.args.get("units", "")
    if text == BEFORE:
        return BEFORE, REFORM - timedelta(days=1)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "", today()
    return (text, day) if date(1945, 9, 2) <= day < today() else ("", today())


def _columns() -> tuple[str, ...] | None:
    found = tuple(dict.fromkeys(_listed("cols")))
    return found[:30] or None


def _open_ids() -> list[int]:
    return [number for number in map(read_number, _listed("open")) if number is not None][:MOST_OPEN]


def _listed(name: str) -> list[str]:
    """The values of an argument that may stand there several times, or once with commas."""
    return [one for text in request.args.getlist(name) for one in text.split(",") if one]


def _narrowed(asked: Asked) -> Narrowed:
    show = frozenset(Show(one) for one in _listed("show") if one in set(Show))
    days = number_arg("silent")
    models: set[int] = set()
    if Show.MODEL in show:
        models = coverage_needs.list_model_villages(session(), asked.place_id, asked.on)
    return Narrowed(
        q=request.args.get("q", "").strip()[:60],
        show=show,
        silent=min(days, 3650) if days else None,
        models=frozenset(models),
    )


def board_url(**changes: object) -> str:
    """The board's address as this page was asked for, with some arguments changed; None drops one."""
    kept: dict[str, Any] = {}
    for key, value in kept_arguments(*changes, "endpoint"):
        kept.setdefault(key, []).append(value)
    kept |= {key: value for key, value in changes.items() if value not in (None, "")}
    return url_for("coverage.index", **kept)


def kept_arguments(*but: str) -> list[tuple[str, Any]]:
    """The address's arguments as hidden fields of a form, without those the form has itself."""
    gone = {*but, "of"}
    return [
        (key, value)
        for key, value in request.args.items(multi=True)
        if key not in gone and not key.startswith("_")
    ]
