"""The coverage board: where people are not being reached, which teams are silent, which communes are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from tdteam.domain.coverage import Board, TeamActivity
from tdteam.domain.coverage_filter import SILENT_CHOICES, Show
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import today
from tdteam.domain.places import REFORM, Level
from tdteam.domain.roles import Power
from tdteam.domain.vocabulary import Source
from tdteam.store import coverage_needs, indicators
from tdteam.web import choices, coverage_files, coverage_needs_words, reminders
from tdteam.web.coverage_cells import kind_of, target_words
from tdteam.web.coverage_rows import RowDrawer, villages_of
from tdteam.web.coverage_tabs import coverage_tabs
from tdteam.web.coverage_view import BEFORE, View, board_url, kept_arguments, read_shown, read_view
from tdteam.web.formats import day, month_year
from tdteam.web.gate import may, session
from tdteam.web.records import number_arg
from tdteam.web.states import N_

pages = Blueprint("coverage", __name__)
pages.add_app_template_global(coverage_tabs)
SHOW_WORDS = {
    Show.UNDER: N_("Under the target"),
    Show.NO_REPORT: N_("Report not started"),
    Show.MODEL: N_("Model villages"),
}
SECTIONS = {
    "outreach": N_("Outreach"),
    "government": N_("Digital government"),
    "economy": N_("Digital economy"),
    "society": N_("Digital society"),
}


@dataclass(frozen=True)
class Silent:
    """The silent teams of a commune, the longest silent first."""

    commune_id: int
    name: str
    teams: tuple[TeamActivity, ...]


@pages.get("/coverage")
def index() -> str:
    """Places in rows, the worst first; `?open=` lists what stands open: provinces, communes, villages."""
    view = read_view()
    now = today()
    board, needs = _read(view, now)
    silent = by_commune(board)
    return render_template(
        "coverage/index.html",
        view=view,
        place=view.place,
        board=board,
        columns=board.columns,
        rows=RowDrawer(view, board, now).draw(),
        period=view.period,
        before=view.period.plus(-1),
        after=view.period.plus(1) if view.period < choices.this_period() else None,
        period_url=lambda code: board_url(period=code),
        board_url=board_url,
        kept=kept_arguments,
        needs=needs,
        needed=coverage_needs_words.say(needs, view) if needs else [],
        silent=silent,
        attention_url=url_for("attention.index", place=view.place.id, period=view.period.code),
        attention_count_url=url_for("attention.count", place=view.place.id, period=view.period.code),
        reminder=reminder_of(silent, view),
        today=now,
        reform=REFORM,
        before_units=BEFORE,
        reminders=reminders.of_area(
            view.place,
            [line.place_id for line in board.communes if line.villages and line.level == Level.COMMUNE],
        ),
        kind_of=kind_of,
        villages_of=villages_of,
        targets={one.code: target_words(board.whole.targets, one) for one in board.columns},
        shows=SHOW_WORDS,
        silent_choices=SILENT_CHOICES,
        catalogue=_catalogue(),
        may_teams=may(Power.SEE_TEAMS),
        exports=coverage_files.links() if may(Power.EXPORT) else None,
        runs=view.runs,
    )


@pages.get("/coverage/rows")
def rows() -> Response:
    """What lies right inside one row (`of`), for a page that opens it in place: the same rows the whole page would have.
    Without `of` all rows."""
    view = read_view()
    wanted = number_arg("of")
    if wanted is not None:
        asked = replace(view.asked, open_ids=view.asked.open_ids | {wanted, *_around(wanted)})
        view = replace(view, asked=asked)
    board = read_shown(view)
    drawer = RowDrawer(view, board, today())
    listed = drawer.draw().listed if wanted is None else drawer.draw_inside(wanted)
    return jsonify(rows=render_template("coverage/fragment.html", listed=listed, columns=board.columns))


def _around(place_id: int) -> list[int]:
    """What must stand open so that a village's row is there: its commune, which the address names already."""
    return [number for number in (number_arg("within"),) if number is not None and number != place_id]


@pages.get("/coverage/export.<ending>")
def export_list(ending: str) -> Response:
    """The board as shown as a workbook, CSV or PDF."""
    return coverage_files.send(ending, read_view())


def _read(view: View, now: date) -> tuple[Board, coverage_needs.Needs | None]:
    """The board and the places that need help most; none of a filtered board or under the units of another day."""
    if view.is_before or view.narrowed.is_asked:
        return read_shown(view), None
    return coverage_needs.read_with_needs(session(), view.asked, now)


def _catalogue() -> list[tuple[str, list[Indicator]]]:
    """The counted indicators a column may show, by section."""
    known = [one for one in indicators.list_indicators(session()) if one.source is Source.COUNTED]
    return [(word, [one for one in known if one.section == section]) for section, word in SECTIONS.items()]


def by_commune(board: Board) -> list[Silent]:
    """Communes with silent teams, those with most of them first."""
    names = {line.place_id: line.name for line in board.communes}
    found: dict[int, list[TeamActivity]] = {}
    for team in board.silent:
        found.setdefault(team.commune_id, []).append(team)
    listed = [Silent(commune, names.get(commune, ""), tuple(teams)) for commune, teams in found.items()]
    return sorted(listed, key=lambda one: -len(one.teams))


def reminder_of(silent: Sequence[Silent], view: View) -> str:
    """A text for Zalo that names the silent teams."""
    listed = "\n".join(f"- {one.name}: {', '.join(team.label for team in one.teams)}" for one in silent)
    words: str = _(
        "Month %(month)s (%(since)s to %(until)s): nothing has come from these teams. Please record your visits, or report "
        "that nothing happened.\n%(teams)s",
        month=month_year(view.period),
        since=day(view.period.since),
        until=day(view.period.last_day),
        teams=listed,
    )
    return words
