"""Targets by place, indicator and year or period: a grid to type, paste and save, with what is inherited shown in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions.import_targets import read_whole
from tdteam.actions.set_targets import set_targets
from tdteam.domain.errors import Flaw, NotFound
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.targets import GridRow, Inherited, TargetGrid, is_share, parse_target, shown, targeted
from tdteam.store import indicators, places, targets
from tdteam.store.own_places import with_areas
from tdteam.store.tables import Place
from tdteam.store.targets import GridAsked
from tdteam.web import choices
from tdteam.web.catalogue import PARTS
from tdteam.web.exports import ListColumn, export
from tdteam.web.formats import num
from tdteam.web.frame import here
from tdteam.web.gate import actor, may, session
from tdteam.web.records import export_links, number_arg
from tdteam.web.states import N_
from tdteam.web.words import say_flaw

pages = Blueprint("targets", __name__, url_prefix="/targets")
AROUND = 2
"""Years before and after this one that can be chosen."""
LEVELS = {
    Level.PROVINCE: N_("Province"),
    Level.AREA: N_("Area"),
    Level.COMMUNE: N_("Commune"),
    Level.VILLAGE: N_("Village"),
}


@dataclass
class TypedGrid:
    """The grid as typed: texts as they stand in the inputs, what is wrong beside them, values once all is well."""

    grid: TargetGrid
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    whole: str = ""
    values: dict[targets.Key, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, grid: TargetGrid) -> TypedGrid:
        typed = {
            cell_name(row, one): written(value, one)
            for row in grid.rows
            for one in grid.columns
            if (value := grid.own(row, one)) is not None
        }
        return cls(grid, typed)

    @classmethod
    def posted(cls, grid: TargetGrid) -> TypedGrid:
        """Only the cells of the grid are read, whatever else was sent."""
        form = cls(grid, {name: value.strip() for name, value in request.form.items()})
        for row in grid.rows:
            for one in grid.columns:
                name = cell_name(row, one)
                if row.is_typed and name in form.typed:
                    form._read(row, one, name)
        if form.typed.get("seen", grid.stamp) != grid.stamp:
            form.whole = _(
                "Somebody else typed figures here meanwhile. Yours are still below: look again, then save."
            )
        return form

    def _read(self, row: GridRow, one: Indicator, name: str) -> None:
        value = parse_target(self.typed[name], name, share=is_share(one))
        if isinstance(value, Flaw):
            self.errors[name] = say_flaw(value)
        else:
            self.values[row.place_id, one.code] = value

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.whole)

    @property
    def flaws(self) -> list[tuple[str, str]]:
        """(input to jump to, sentence that names its place and column)."""
        where = {
            cell_name(row, one): f"{row.name}, {one.short_name}"
            for row in self.grid.rows
            for one in self.grid.columns
        }
        return [(name, f"{where[name]}: {text}") for name, text in self.errors.items()]


def cell_name(row: GridRow, one: Indicator) -> str:
    return f"t-{row.place_id}-{one.code}"


def written(value: int, one: Indicator) -> str:
    """82,5 of 8250, 1.200 of 1200: as it is typed."""
    if not is_share(one):
        return num(value)
    return num(shown(value), 2).removesuffix("0").removesuffix("0").removesuffix(",")


def the_place() -> tuple[Place, list[Place]]:
    """The place whose grid it is, and those one may begin with: what the account covers, the areas of its province."""
    grounds = with_areas(session())
    if not grounds:
        raise NotFound
    chosen = number_arg("place")
    if chosen is None:
        return grounds[0], grounds
    session().demand(chosen)
    return places.get_place(session(), chosen), grounds


def the_span() -> str:
    """The year or period of the address; this year where it says nothing, NotFound for nonsense and far years."""
    now = choices.this_period().year
    text = request.args.get("span") or str(now)
    if not targets.is_span(session(), text) or abs(int(text[:4]) - now) > AROUND:
        raise NotFound
    return text


def span_words(span: str) -> str:
    """Year 2026, month 11/2026."""
    if len(span) == 4:
        return _("year %(year)s", year=span)
    return _("month %(month)s", month=f"{span[5:]}/{span[:4]}")


def _grid(place: Place, span: str) -> TargetGrid:
    asked = GridAsked(
        place, span, today(), opened=number_arg("open"), everybody=request.args.get("places") == "all"
    )
    everything = request.args.get("columns") == "all"
    return targets.read_grid(
        session(), asked, targeted(indicators.list_indicators(session()), everything=everything)
    )


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The grid of a place and span. A POST stores it whole or not at all."""
    place, grounds = the_place()
    span = the_span()
    grid = _grid(place, span)
    form = TypedGrid.posted(grid) if request.method == "POST" else TypedGrid.of(grid)
    if request.method == "POST" and not form.is_wrong:
        changed = set_targets(session(), span, form.values, actor())
        flash(
            _("The targets are saved.") if changed else _("Nothing was changed."), "ok" if changed else "info"
        )
        return redirect(here())
    now = choices.this_period()
    answer = render_template(
        "targets/index.html",
        place=place,
        grounds=grounds,
        grid=grid,
        form=form,
        span=span,
        span_words=span_words(span),
        year=span[:4],
        years=range(now.year - AROUND, now.year + AROUND + 1),
        months=[Period(int(span[:4]), month, now.start_day) for month in range(1, 13)],
        is_share=is_share,
        cell_name=cell_name,
        written=written,
        source_words=source_words,
        everybody=request.args.get("places") == "all",
        everything=request.args.get("columns") == "all",
        parts=PARTS if may(Power.KEEP_CATALOGUE) else {},
        exports=export_links("targets.export"),
        books_url=url_for("targets_books.index", place=place.id, span=span),
    )
    return answer, 422 if form.is_wrong else 200


def source_words(grid: TargetGrid, row: GridRow, found: Inherited) -> str:
    """Where an inherited target comes from: the place, the year, or both."""
    name = grid.names.get(found.place_id, "")
    if found.span == grid.span:
        return name
    if found.place_id == row.place_id:
        return _("of the year %(year)s", year=found.span)
    return _("%(place)s, year %(year)s", place=name, year=found.span)


@pages.get("/export.<ending>")
def export_list(ending: str) -> Response:
    """Every place of the grid with what holds for it and where that comes from, as a workbook or CSV."""
    place, _grounds = the_place()
    span = the_span()
    grid = read_whole(session(), place, span, everything=request.args.get("columns") == "all")
    columns = [ListColumn(_("Place")), ListColumn(_("Level"))]
    for one in grid.columns:
        unit = "%" if is_share(one) else one.unit
        columns += [ListColumn(f"{one.short_name} ({unit})"), ListColumn(_("Set by"))]
    title = f"{_('Targets')} {place.name} {span}"
    return export(ending, "target", title, columns, _rows(grid, grid.columns))


def _rows(grid: TargetGrid, columns: Sequence[Indicator]) -> Iterator[list[object]]:
    for row in grid.rows:
        line: list[object] = [row.name, _(LEVELS[Level(row.level)])]
        for one in columns:
            own, above = grid.own(row, one), grid.inherited(row, one)
            if own is not None:
                line += [written(own, one), row.name]
            elif above is not None:
                line += [written(above.value, one), source_words(grid, row, above)]
            else:
                line += [None, None]
        yield line
