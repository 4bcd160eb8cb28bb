"""The board as shown, as files: workbook and CSV (a list of places), PDF (A4 landscape on the house's plain paper)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _

from tdteam.actions import export_list
from tdteam.actions.draw_board import BoardWords, draw_board
from tdteam.domain.coverage import Board, Line
from tdteam.domain.coverage_marks import Mark, mark
from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.shares import Average, Share, Value
from tdteam.web import states
from tdteam.web.coverage_cells import target_words
from tdteam.web.coverage_rows import RowDrawer, TeamRow
from tdteam.web.coverage_view import View, read_shown
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.formats import day, month_year, num
from tdteam.web.gate import noting, session, visitor
from tdteam.web.sending import send_file

ENDINGS = ("xlsx", "csv", "pdf")


def links() -> dict[str, str]:
    """The addresses of this very board as files."""
    gone = {"ending", "endpoint", "of"}
    kept: dict[str, Any] = {
        key: request.args.getlist(key) for key in request.args if key not in gone and not key.startswith("_")
    }
    return {ending: url_for("coverage.export_list", ending=ending, **kept) for ending in ENDINGS}


def title_of(view: View) -> str:
    """What the board is of: `Coverage, Bao Thang (cu), month 11/2026`."""
    name = _("All provinces") if view.asked.roots and not view.is_before else view.place.name
    return f"{_('Coverage')} {name} {view.period.month:02d}/{view.period.year}"


def subtitle_parts(view: View) -> list[str]:
    """What else a reader of the file must know: the span, the units, that the period still runs."""
    span = _("Since the start of %(year)s", year=view.period.year) if view.asked.year else None
    parts = [span or _("Month %(name)s", name=month_year(view.period))]
    if view.is_before:
        parts.append(_("units of %(day)s", day=day(view.asked.on)))
    if today() < view.period.until:
        parts.append(_("figures of %(day)s, the period still runs", day=day(today())))
    return [str(part) for part in parts]


def send(ending: str, view: View) -> Response:
    """The rows that stand on the page, in its order: workbook, CSV or PDF."""
    if ending not in ENDINGS:
        raise NotFound
    board = read_shown(view)
    lines = list(shown_lines(view, board))
    if ending == "pdf":
        return _send_pdf(view, board, lines)
    heads = [
        ListColumn(_("Commune, village"), wide=28),
        ListColumn(_("Kind of unit"), wide=12),
        ListColumn(_("Inside"), wide=22),
    ]
    said = [_Said(one, view, [line for line, _inside, _depth in lines]) for one in board.columns]
    for column in said:
        heads += column.heads()
    heads += [ListColumn(word, Kind.INT) for word in _team_heads()]
    heads += [ListColumn(_("Last work"), Kind.DATE), ListColumn(_("State"), wide=18)]
    title = f"{title_of(view)}, {', '.join(subtitle_parts(view)[1:])}".rstrip(", ")
    return export(ending, "coverage", title, heads, _rows(said, lines))


def _send_pdf(view: View, board: Board, lines: Sequence[tuple[Line, str, int]]) -> Response:
    """The rows as a landscape paper, noted in the audit before it is drawn."""
    who = visitor()
    with noting() as writing:
        export_list.note_export(writing, "coverage", "pdf", names=session().scope.names)
    title = title_of(view)
    notes = [
        _("Teams: confirmed · sent something · nothing to report · nothing sent."),
        _running_note(view),
        _(
            "Of the households of the commune's list, and where there is no list, of the number a village or commune "
            "declared, marked with its day."
        ),
        *declared_notes(board, lines),
    ]
    words = BoardWords(
        title=title,
        subtitle=", ".join([*subtitle_parts(view), *(who.seen.root_names if who else []), day(today())]),
        unit=_("Commune, village"),
        teams=_("Teams by state"),
        last=_("Last work"),
        state=_("State"),
        whole=_("Total"),
        target=_("Target"),
        before=_("before:"),
        notes=tuple(str(note) for note in notes),
        author=who.seen.name if who else "",
        demo=_("DEMO DATA") if current_app.config["TDTEAM"].is_demo else "",
    )
    body = draw_board(
        board.columns,
        [(line, depth) for line, _inside, depth in lines],
        words,
        teams_of=RowDrawer.counts,
        state_of=state_word,
        runs=view.runs,
    )
    return send_file(body, export_list.file_name(f"{title}-{today().isoformat()}", "pdf"), inline=True)


def declared_notes(board: Board, lines: Sequence[tuple[Line, str, int]]) -> Iterator[str]:
    """Which rows hold a denominator that somebody declared, and of which day."""
    names = {one.code: one.short_name for one in board.columns}
    for line, _inside, depth in lines:
        for code, declared_on in line.declared.items():
            if depth >= 0 and code in names:
                place = {"place": line.name, "column": names[code], "day": day(declared_on)}
                yield str(_("%(place)s, %(column)s: of the number declared on %(day)s.", **place))


def shown_lines(view: View, board: Board) -> Iterator[tuple[Line, str, int]]:
    """The places in the order of the page, each with the name of what it stands in and its depth; the whole first."""
    names = {line.place_id: line.name for line in board.communes}
    names |= {line.place_id: line.name for rows in board.inside.values() for line in rows}
    yield board.whole, "", -1
    for row in RowDrawer(view, board, today()).draw().listed:
        if not isinstance(row, TeamRow):
            yield row.line, names.get(row.inside, "") or _commune_of(view, row.line), row.depth


def _commune_of(view: View, line: Line) -> str:
    return view.asked.place.name if line.level == Level.VILLAGE else ""


def _team_heads() -> list[str]:
    return [_("Teams confirmed"), _("Teams recording"), _("Teams with nothing to report"), _("Teams silent")]


def _running_note(view: View) -> str:
    """What the sign and the small figures of the paper mean."""
    small = (
        _(
            "▼: under the target. The period still runs: under each figure stands that of the whole period before."
        )
        if view.runs
        else _(
            "▼: under the target. Under each figure: its change against the period before, of shares in points."
        )
    )
    return str(small)


class _Said:
    """A board's column as columns of a workbook: the figure, what it is made of, the period before, the target."""

    def __init__(self, one: Indicator, view: View, lines: Sequence[Line]) -> None:
        self.one, self.runs = one, view.runs
        marks = [mark(line, one, runs=view.runs) for line in lines]
        self.has_before = any(found.before is not None for found in marks)
        self.has_change = any(found.is_held for found in marks)
        self.has_target = any(found.target is not None for found in marks)
        self.kind = Kind.INT if not one.has_whole else Kind.PERCENT if one.unit == "%" else Kind.TEXT

    def heads(self) -> list[ListColumn]:
        one, name = self.one, self.one.short_name
        heads = [ListColumn(name, self.kind)]
        if one.has_whole:
            parts = (one.part_name or name, one.whole_name or _("Of"))
            heads = [*(ListColumn(part, Kind.INT) for part in parts), *heads]
        if self.has_before:
            heads.append(ListColumn(_("%(name)s: period before", name=name), self.kind))
        if self.has_change:
            heads.append(ListColumn(_("%(name)s: change", name=name), Kind.CHANGE))
        if self.has_target:
            heads.append(ListColumn(_("%(name)s: against the target", name=name), wide=14))
        return heads

    def cells(self, line: Line) -> list[object]:
        one, beside = self.one, mark(line, self.one, runs=self.runs)
        value = line.values.get(one.code)
        cells = [*(_parts(value) if one.has_whole else ()), self._figure(value)]
        if self.has_before:
            cells.append(self._figure(beside.before))
        if self.has_change:
            cells.append(beside.moved)
        if self.has_target:
            cells.append(self._against(line, beside))
        return cells

    def _figure(self, value: Value) -> object:
        if isinstance(value, Average):
            return num(value.value) if value.value is not None else None
        return value

    def _against(self, line: Line, beside: Mark) -> str:
        """`under 95%`, `reached 95%`; of a count, or where no share is known, the target alone."""
        if beside.target is None:
            return ""
        target = target_words(line.targets, self.one)
        value = line.values.get(self.one.code)
        if beside.is_low:
            return str(_("under %(target)s", target=target))
        is_share = isinstance(value, Share) and value.percent is not None
        return str(_("reached %(target)s", target=target)) if is_share else target


def _parts(value: Value) -> tuple[object, object]:
    if isinstance(value, Share):
        return value.part, value.whole
    return (value.total, value.count) if isinstance(value, Average) else (None, None)


def state_word(line: Line) -> str:
    """A row's state in words: of a village's team, of a commune's report."""
    if line.level == Level.VILLAGE:
        return str(_(states.state_of("team", line.state).word) if line.state else _("No team"))
    return str(_(states.state_of("report", line.state).word)) if line.state else ""


def _rows(said: Sequence[_Said], lines: Sequence[tuple[Line, str, int]]) -> Iterator[list[object]]:
    kinds = {Level.PROVINCE: _("Province"), Level.COMMUNE: _("Commune"), Level.VILLAGE: _("Village")}
    for line, inside, depth in lines:
        drawn = [cell for column in said for cell in column.cells(line)]
        teams = RowDrawer.counts(line)
        kind = _("Total") if depth < 0 else kinds.get(Level(line.level), "") if line.level else ""
        yield [line.name or _("All provinces"), kind, inside, *drawn, *teams, line.last_on, state_word(line)]
