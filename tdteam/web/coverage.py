"""The coverage board: where people are not being reached, which teams are silent, which communes are late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.domain.coverage import LEAD, Board, Line, TeamActivity, VillageWord
from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.shares import Average, Share, Value
from tdteam.store import coverage, places
from tdteam.store.coverage_ground import Asked
from tdteam.store.tables import Place
from tdteam.web import choices, reminders, states
from tdteam.web.coverage_tabs import coverage_tabs
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.formats import day, month_year, num
from tdteam.web.frame import here
from tdteam.web.gate import may, session, visitor
from tdteam.web.records import demand_period, export_links, number_arg
from tdteam.web.sparks import spark

pages = Blueprint("coverage", __name__)
pages.add_app_template_global(coverage_tabs)
FEW = 8
"""Villages of an opened commune that are shown until all are asked for."""
# Where the rows behind a village's figure are listed.
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    LEAD: ("visits.index", {"contact": "met"}),
    "FILINGS": ("filings.index", {}),
    "GATHERINGS": ("gatherings.index", {}),
}


@dataclass(frozen=True)
class Silent:
    """The silent teams of a commune, the longest silent first."""

    commune_id: int
    name: str
    teams: tuple[TeamActivity, ...]


@pages.get("/coverage")
def index() -> str:
    """Communes in rows, the worst first; `?open=` shows the villages of one of them."""
    place, grounds = _place()
    asked = _asked(place)
    board = coverage.read_board(session(), asked)
    whole = bool(request.args.get("all")) or len(board.communes) == 1
    silent = _by_commune(board)
    return render_template(
        "coverage/index.html",
        place=place,
        grounds=grounds,
        board=board,
        rest=[one for one in board.columns if one.code != LEAD],
        lead=next((one for one in board.columns if one.code == LEAD), None),
        period=asked.period,
        before=asked.period.plus(-1),
        period_url=lambda code: here(period=code),
        after=asked.period.plus(1) if asked.period < choices.this_period() else None,
        year=asked.year,
        order=asked.order,
        opened=asked.opened,
        villages=board.opened if whole else board.opened[:FEW],
        silent=silent,
        reminder=_reminder(silent, asked),
        today=today(),
        reminders=reminders.of_area(place, [line.place_id for line in board.communes if line.villages]),
        kind_of=kind_of,
        spark=spark,
        villages_of=_villages_of,
        rows_url=lambda line, code: _rows_url(line, code, asked),
        may_teams=may(Power.SEE_TEAMS),
        may_places=may(Power.SEE_PLACES),
        exports=export_links("coverage.export"),
    )


def _place() -> tuple[Place, list[Place]]:
    """The place the board is of, and those it may be of: what the account covers, and the areas inside a province."""
    who = visitor()
    grounds = [places.get_place(session(), root) for root in sorted(who.seen.roots)] if who else []
    if not grounds:
        raise NotFound
    if any(ground.level == Level.PROVINCE for ground in grounds):
        grounds += [
            area for area in places.list_reached(session(), Level.AREA) if session().permits(area.id or 0)
        ]
    chosen = number_arg("place")
    if chosen is None:
        return grounds[0], grounds
    session().demand(chosen)
    return places.get_place(session(), chosen), grounds


def _asked(place: Place) -> Asked:
    """What the address asks for. A commune's own board, and a village's, stand open."""
    args = request.args
    opened = number_arg("open")
    if place.level == Level.COMMUNE:
        opened = place.id
    elif place.level == Level.VILLAGE:
        opened = places.commune_of(session(), place.id or 0).id
    return Asked(
        place=place,
        period=demand_period(args["period"]) if args.get("period") else choices.this_period(),
        on=today(),
        year=args.get("span") == "year",
        opened=opened,
        order=args.get("order") or LEAD,
    )


def kind_of(one: Indicator) -> str:
    """How a column is drawn: share, average or count."""
    if not one.has_whole:
        return "count"
    return "share" if one.unit == "%" else "average"


def _villages_of(line: Line, area: bool) -> str:
    """How many villages stand behind a row: "41 thon", or only those of the old district."""
    some = {
        VillageWord.VILLAGES: _("%(some)s villages"),
        VillageWord.WARDS: _("%(some)s wards"),
        VillageWord.BOTH: _("%(some)s villages and wards"),
    }
    if line.known_villages > line.villages:
        counted = f"{num(line.villages)}/{num(line.known_villages)}"
    else:
        counted = num(line.villages)
    words = some[line.village_word] % {"some": counted}
    if line.known_villages <= line.villages and not line.is_beyond:
        return words
    return (
        _("only %(villages)s of the old district", villages=words)
        if area
        else _("only %(villages)s", villages=words)
    )


def _rows_url(line: Line, code: str, asked: Asked) -> str | None:
    """The rows behind a village's figure; those of a commune are its villages."""
    if code not in ROWS or asked.year or not may(Power.SEE_VISITS):
        return None
    endpoint, filters = ROWS[code]
    return url_for(endpoint, village_id=line.place_id, period=asked.period.code, **filters)


def _by_commune(board: Board) -> list[Silent]:
    """Communes with silent teams, those with most of them first."""
    names = {line.place_id: line.name for line in board.communes}
    found: dict[int, list[TeamActivity]] = {}
    for team in board.silent:
        found.setdefault(team.commune_id, []).append(team)
    listed = [Silent(commune, names.get(commune, ""), tuple(teams)) for commune, teams in found.items()]
    return sorted(listed, key=lambda one: -len(one.teams))


def _reminder(silent: Sequence[Silent], asked: Asked) -> str:
    """A text for Zalo that names the silent teams."""
    listed = "\n".join(f"- {one.name}: {', '.join(team.label for team in one.teams)}" for one in silent)
    words: str = _(
        "Month %(month)s (%(since)s to %(until)s): nothing has come from these teams. Please record your visits, or report "
        "that nothing happened.\n%(teams)s",
        month=month_year(asked.period),
        since=day(asked.period.since),
        until=day(asked.period.last_day),
        teams=listed,
    )
    return words


@pages.get("/coverage/export.<ending>")
def export_list(ending: str) -> Response:
    """Every commune and village of the board as a workbook or CSV."""
    place, _grounds = _place()
    asked = _asked(place)
    columns = coverage.board_columns(session())
    heads = [ListColumn(_("Commune")), ListColumn(_("Village"))]
    for one in columns:
        heads += _heads(one)
    heads += [ListColumn(_("Last work"), Kind.DATE), ListColumn(_("State"))]
    title = f"{_('Coverage')} {place.name} {asked.period.month:02d}/{asked.period.year}"
    return export(ending, "coverage", title, heads, _rows(asked, columns))


def _heads(one: Indicator) -> list[ListColumn]:
    if not one.has_whole:
        return [ListColumn(one.short_name, Kind.INT)]
    last = Kind.PERCENT if one.unit == "%" else Kind.TEXT
    return [
        ListColumn(one.part_name or one.short_name, Kind.INT),
        ListColumn(one.whole_name or _("Of"), Kind.INT),
        ListColumn(one.short_name, last),
    ]


def _cells(one: Indicator, value: Value) -> list[object]:
    if not one.has_whole:
        return [value]
    if isinstance(value, Share):
        return [value.part, value.whole, value]
    if isinstance(value, Average):
        return [value.total, value.count, num(value.value) if value.value is not None else None]
    return [None, None, None]


def _rows(asked: Asked, columns: Sequence[Indicator]) -> Iterator[list[object]]:
    for line, villages in coverage.read_all_villages(session(), asked):
        yield [
            line.name,
            "",
            *_figures(line, columns),
            line.last_on,
            _(states.state_of("report", line.state).word),
        ]
        for village in villages:
            word = _(states.state_of("team", village.state).word) if village.state else _("No team")
            yield [line.name, village.name, *_figures(village, columns), village.last_on, word]


def _figures(line: Line, columns: Sequence[Indicator]) -> list[object]:
    return [cell for one in columns for cell in _cells(one, line.values.get(one.code))]
