"""The rows of the board in their order: places, what stands open inside them, the teams of opened villages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tdteam.domain.coverage import Board, Line, TeamActivity, TeamLine, VillageWord
from tdteam.domain.month import TeamStatus
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.web.coverage_cells import Cell, Cells, Links
from tdteam.web.coverage_view import View, board_url
from tdteam.web.formats import DASH, num
from tdteam.web.gate import may
from tdteam.web.sparks import Spark, spark
from tdteam.web.states import State, state_of

STATES = (TeamStatus.DONE, TeamStatus.DOING, TeamStatus.ZERO, TeamStatus.SILENT)


@dataclass(frozen=True)
class Row:
    """A place's row. `depth` 0 stands right under the head; `inside` is the row it belongs to; `toggle` opens or closes
    what lies in it; `of` says how many villages; `url` is a village's own page."""

    line: Line
    depth: int
    inside: int
    cells: list[Cell]
    toggle: str | None = None
    is_open: bool = False
    of: str = ""
    is_part: bool = False
    url: str | None = None
    report: str | None = None
    counts: tuple[tuple[int, State, str], ...] = ()
    silent: str = ""
    last: str = ""
    spark: Spark | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class TeamRow:
    """A team of an opened village, with what it did in the period."""

    team: TeamActivity
    inside: int
    told: list[str]
    url: str | None
    silent: str
    last: str


@dataclass(frozen=True)
class Rows:
    """What the table shows: the whole, the rows, and how many of a commune's villages a filter let through."""

    whole: Row
    listed: list[Row | TeamRow] = field(default_factory=list)
    found: int = 0


class RowDrawer:
    """Turns a board into rows, everything of a page prepared once."""

    def __init__(self, view: View, board: Board, today: date) -> None:
        self.view, self.board, self.today = view, board, today
        self.links = Links(view)
        self.cells = Cells(view, board.columns, self.links)
        self.may_report = may(Power.SEE_FIGURES)
        # One address a page, into which each row writes its own number.
        self.toggle = board_url(open="OPEN")
        self.closed = board_url(open=None)
        self.report = url_for("reports.show", commune_id=0, period=board.period.code)

    def draw(self) -> Rows:
        """All rows, those a filter leaves out left out."""
        listed: list[Row | TeamRow] = []
        found = 0
        for line in self.board.communes:
            inside = self._inside(line)
            if inside is None:
                continue
            is_open = self._is_open(line)
            if not self.view.is_own:
                listed.append(self._place(line, 0, 0, is_open))
            if is_open:
                listed += self._under(line, inside, 0 if self.view.is_own else 1)
            found += len(inside)
        return Rows(
            replace(self._row(self.board.whole, 0, 0), is_whole=True, report=None, is_part=False),
            listed,
            found,
        )

    def draw_inside(self, place_id: int) -> list[Row | TeamRow]:
        """Only what lies right inside one row, for a page that opens it in place."""
        if place_id in self.board.teams:
            return list(self._teams(place_id, self.board.teams[place_id]))
        line = next((one for one in self.board.communes if one.place_id == place_id), None)
        if line is None:
            inner = (one for rows in self.board.inside.values() for one in rows)
            line = next((one for one in inner if one.place_id == place_id), None)
        inside = self._inside(line) if line else None
        return list(self._under(line, inside, 1, deep=False)) if line and inside is not None else []

    @staticmethod
    def counts(line: Line) -> list[int]:
        """A place's teams: confirmed, sending, nothing to report, silent."""
        return [number for number, _mark, _word in _counts(line)]

    def _is_open(self, line: Line) -> bool:
        asked = self.view.asked
        return asked.all_opened or line.place_id in asked.open_ids or self.view.is_own

    def _inside(self, line: Line) -> tuple[Line, ...] | None:
        """The rows inside one that a filter lets through; None where it lets nothing of it through."""
        inside, narrowed = self.board.inside.get(line.place_id, ()), self.view.narrowed
        if not narrowed.is_asked:
            return inside
        if self.view.asked.all_opened or self.view.is_own:
            stays, villages = narrowed.rows(line, inside, self.today)
            return villages if stays else None
        return inside if narrowed.takes(line, self.today) else None

    def _under(
        self, above: Line, lines: Sequence[Line], depth: int, *, deep: bool = True
    ) -> Iterator[Row | TeamRow]:
        for line in lines:
            is_open = line.place_id in self.view.asked.open_ids and deep
            yield self._place(line, depth, above.place_id, is_open)
            if not is_open:
                continue
            if line.level == Level.VILLAGE:
                yield from self._teams(line.place_id, self.board.teams.get(line.place_id, ()))
            else:
                yield from self._under(line, self.board.inside.get(line.place_id, ()), depth + 1)

    def _place(self, line: Line, depth: int, inside: int, is_open: bool) -> Row:
        opens = bool(line.teams if line.level == Level.VILLAGE else line.villages)
        if self.view.asked.all_opened and line.level == Level.COMMUNE:
            opens = False  # a filter opens what it found
        return self._row(line, depth, inside, is_open=is_open, toggle=self._toggle(line) if opens else None)

    def _toggle(self, line: Line) -> str:
        found = self.view.open_with(line.place_id)
        return self.toggle.replace("OPEN", found) if found else self.closed

    def _row(
        self, line: Line, depth: int, inside: int, *, is_open: bool = False, toggle: str | None = None
    ) -> Row:
        is_village = line.level == Level.VILLAGE
        return Row(
            line=line,
            depth=depth,
            inside=inside,
            cells=self.cells.of(line),
            toggle=toggle,
            is_open=is_open,
            of="" if is_village else villages_of(line, self.view.is_area and depth == 0 and bool(toggle)),
            is_part=line.is_beyond or line.known_villages > line.villages,
            url=f"{self.links.village}{line.place_id}" if is_village and self.links.village else None,
            report=self.report.replace("/0/", f"/{line.place_id}/")
            if line.level == Level.COMMUNE and self.may_report and not self.view.is_before
            else None,
            counts=() if is_village else _counts(line),
            silent=self._silent(line.state, line.last_on) if is_village else "",
            last=self._day(line.last_on),
            spark=spark(line.series),
        )

    def _teams(self, village: int, teams: Sequence[TeamLine]) -> Iterator[TeamRow]:
        for one in teams:
            told = [
                (one.visits, _("%(num)s visits", num=num(one.visits))),
                (one.people, _("%(num)s people helped", num=num(one.people))),
                (one.gatherings, _("%(num)s gatherings", num=num(one.gatherings))),
                (one.filings, _("%(num)s filings", num=num(one.filings))),
            ]
            yield TeamRow(
                team=one.team,
                inside=village,
                told=[words for number, words in told if number is not None],
                url=f"{self.links.team}{one.team.team_id}" if self.links.team else None,
                silent=self._silent(one.team.status, one.team.last_on),
                last=self._day(one.team.last_on),
            )

    def _silent(self, state: str, last_on: date | None) -> str:
        """For how long a silent team has been so."""
        if state != TeamStatus.SILENT:
            return ""
        if last_on is None:
            return str(_("never yet"))
        days = (self.today - last_on).days
        return str(ngettext("%(num)s day", "%(num)s days", days))

    def _day(self, value: date | None) -> str:
        if value is None:
            return DASH
        text = f"{value.day:02d}/{value.month:02d}"
        return text if value.year == self.today.year else f"{text}/{value.year}"


def _counts(line: Line) -> tuple[tuple[int, State, str], ...]:
    """How many teams confirmed, sent something (on paper too), reported nothing, are silent."""
    of = line.statuses
    sent = of.get(TeamStatus.DOING, 0) + of.get(TeamStatus.DECLARED, 0)
    numbers = (of.get(TeamStatus.DONE, 0), sent, of.get(TeamStatus.ZERO, 0), of.get(TeamStatus.SILENT, 0))
    marks = (state_of("team", state) for state in STATES)
    return tuple((number, mark, str(_(mark.word))) for number, mark in zip(numbers, marks, strict=True))


def villages_of(line: Line, area: bool) -> str:
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
    words = str(some[line.village_word]) % {"some": counted}
    if line.known_villages <= line.villages and not line.is_beyond:
        return words
    return str(
        _("only %(villages)s of the old district", villages=words)
        if area
        else _("only %(villages)s", villages=words)
    )
