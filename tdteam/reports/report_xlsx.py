"""The tables of a composed report as a workbook: figures as numbers, each ratio as its three, missing ones as "-"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tdteam.domain.report import Report
from tdteam.domain.report_blocks import Block, CauseTable, ChangeList, ChangeTable, FigureTable, TeamTable
from tdteam.domain.report_facts import CauseLine, ChartSeries, FigureLine, VillageTable
from tdteam.domain.shares import Average, Share, Value, change
from tdteam.domain.vocabulary import Nature
from tdteam.reports import tables, wording
from tdteam.reports.figures import MISSING, Cell, show
from tdteam.reports.fonts import REGULAR, register_fonts, width
from tdteam.reports.grid import group_spans
from tdteam.reports.lists import CELL_LIMIT, EPOCH, FONT, WORKBOOK, ListFormats, set_page
from tdteam.reports.tables import Align, Column, Row, RowKind, Table, cell_text
from tdteam.reports.text import wrap

FIRST_ROW = 3  # title, days, an empty row
TEXT = 12.0
WIDEST = 42.0  # letters, where a long text begins to wrap


def draw_report_xlsx(report: Report) -> bytes:
    """XLSX bytes; the same report always gives the same."""
    register_fonts()
    out = BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK)
    subject = " ".join(wording.subject(report.span))
    author = show(report.settings.body_name)
    book.set_properties({"title": subject, "author": author, "created": EPOCH})
    formats = ListFormats(book)
    for name, title, table in _tables(report, subject):
        sheet = _sheet(book, name, title, report, formats)
        _rows(sheet, table, formats)
        sheet.set_footer(_footer(report), {"scale_with_doc": False})
    book.close()
    return out.getvalue()


def _tables(report: Report, subject: str) -> Iterator[tuple[str, str, Table]]:
    """(sheet, title, table) of each table in the order of the paper."""
    figures, villages, causes, teams, changes, charts, differences = wording.SHEETS
    blocks = _blocks(report)
    for block in blocks:
        match block:
            case FigureTable():
                yield figures, subject, _figure_table(block, report)
            case VillageTable():
                yield villages, wording.ANNEXES["villages"], tables.village_table(block, report)
            case CauseTable():
                yield causes, wording.ANNEXES["causes"], _cause_table(block)
            case TeamTable():
                yield teams, wording.SUBHEADINGS["team_list"], tables.team_table(block, report)
            case ChangeTable():
                yield changes, wording.SUBHEADINGS["team_changes"], tables.change_table(block, report)
            case ChangeList():
                yield differences, wording.ANNEXES["changes"], tables.difference_table(block, report)
    if series := [block for block in blocks if isinstance(block, ChartSeries)]:
        yield charts, subject, _chart_table(series)


def _blocks(report: Report) -> list[Block]:
    chapters = [block for chapter in report.chapters for block in chapter.blocks]
    return [*chapters, *(block for annex in report.annexes for block in annex.blocks)]


def _sheet(
    book: xlsxwriter.Workbook, name: str, title: str, report: Report, formats: ListFormats
) -> Worksheet:
    sheet = book.add_worksheet(name)
    demo = f" ({wording.DEMO})" if report.settings.demo else ""
    sheet.write_string(0, 0, f"{title}{demo}", formats.title)
    sheet.write_string(
        1,
        0,
        f"{show(report.settings.body_name)}, {wording.span_days(report.span)}. {wording.DASH_NOTE}",
        formats.subtitle,
    )
    return sheet


def _footer(report: Report) -> str:
    """The page's number, and what the paper's foot says. An ampersand would begin one of Excel's codes."""
    lines = wording.mark_lines(report.mark) if report.mark else (wording.DRAFT,)
    told = "\n".join(lines).replace("&", "&&")
    return f'&L&"{FONT},Regular"&7{told}&C&P/&N'


def _write(
    sheet: Worksheet, row: int, place: int, value: Cell, formats: ListFormats, *, total: bool = False
) -> None:
    """A value as what it is: number, day or text; nothing a person typed becomes a formula."""
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, formats.day)
    elif isinstance(value, int) and place == 0:
        sheet.write_number(row, place, value, formats.missing)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, formats.total if total else formats.count)
    elif isinstance(value, Decimal):
        sheet.write_number(row, place, float(value), formats.decimal)
    elif value is None:
        sheet.write_string(row, place, MISSING, formats.missing)
    elif text := cell_text(value):
        sheet.write_string(row, place, text[:CELL_LIMIT], formats.group if total else formats.wrap)
    else:
        sheet.write_blank(row, place, None, formats.wrap)


def _rows(sheet: Worksheet, table: Table, formats: ListFormats) -> None:
    """A table row by row, under one head row or two; widths and heights are set, as no program sets them for us."""
    widths = _widths(table)
    for place, wide in enumerate(widths):
        sheet.set_column(place, place, wide)
    deep = _heads(sheet, table.columns, widths, formats)
    row, last = FIRST_ROW + deep, len(table.columns) - 1
    for row, line in enumerate(table.rows, FIRST_ROW + deep):  # noqa: B007 - row is read after the loop
        if line.kind in (RowKind.GROUP, RowKind.EMPTY):
            look = formats.group if line.kind is RowKind.GROUP else formats.missing
            sheet.merge_range(row, 0, row, last, cell_text(line.cells[0]), look)
            continue
        sheet.set_row(row, _height([cell_text(value) for value in line.cells], widths))
        for place, value in enumerate(line.cells):
            _write(sheet, row, place, value, formats, total=line.kind is RowKind.TOTAL)
    set_page(sheet, row, last, landscape=True, head_row=FIRST_ROW + deep - 1)


def _widths(table: Table) -> list[float]:
    """Widths in letters: the longest cell, at most WIDEST, and at least the longest word of the head."""
    widths = []
    for place, column in enumerate(table.columns):
        cells = [cell_text(row.cells[place]) for row in table.rows if len(row.cells) == len(table.columns)]
        longest = min(max((_letters(text) for text in cells), default=0.0), WIDEST)
        head = max((_letters(word) for word in column.head.split()), default=0.0)
        widths.append(max(longest, head * 1.1) + 1.5)
    return widths


def _letters(text: str) -> float:
    """Width of text at TEXT points in Excel's unit, a digit of its default font (5.25 points)."""
    return width(text, REGULAR, TEXT) / 5.25


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Points a row needs for its fullest cell."""
    lines = [len(wrap(text, wide - 1, _letters)) for text, wide in zip(texts, widths, strict=True) if text]
    return max(lines, default=1) * TEXT * 1.3 + 2


def _heads(sheet: Worksheet, columns: Sequence[Column], widths: Sequence[float], formats: ListFormats) -> int:
    """Head rows, one or two with groups; answers how many."""
    spans = dict(group_spans(columns))
    deep = 2 if spans else 1
    grouped = {place for start, stop in spans.items() for place in range(start, stop)}
    for start, stop in spans.items():
        if stop - start > 1:
            sheet.merge_range(FIRST_ROW, start, FIRST_ROW, stop - 1, columns[start].group, formats.head)
        else:
            sheet.write_string(FIRST_ROW, start, columns[start].group, formats.head)
    for place, column in enumerate(columns):
        if deep == 2 and place not in grouped:
            sheet.merge_range(FIRST_ROW, place, FIRST_ROW + 1, place, column.head, formats.head)
        else:
            sheet.write_string(FIRST_ROW + deep - 1, place, column.head, formats.head)
    inner = [1.1 * wide for wide in widths] if deep == 2 else [wide * 0.92 for wide in widths]
    sheet.set_row(FIRST_ROW + deep - 1, _height([column.head for column in columns], inner))
    return deep


def _figure_table(table: FigureTable, report: Report) -> Table:
    """Indicators with three columns a span, so that a ratio can be reckoned with."""
    name, unit, now, before, by, total = wording.FIGURE_HEADS
    groups = (now, before, f"{total} {show(report.span.year_since)}")
    columns = [
        Column(wording.ORDER),
        Column(name, align=Align.LEFT),
        Column(unit),
        Column(wording.SOURCE_HEAD),
    ]
    columns += [Column(head, group) for group in groups for head in wording.SHARE_HEADS]
    columns.insert(10, Column(by))
    rows: list[Row] = []
    order = 0
    for group in table.groups:
        rows.append(Row((wording.group_name(group.code, group.name),), RowKind.GROUP))
        for line in group.lines:
            order += 1
            rows.append(Row((order, *_figure_cells(line))))
    return Table(tuple(columns), tuple(rows))


def _figure_cells(line: FigureLine) -> tuple[Cell, ...]:
    by = change(line.now, line.previous)
    cumulative = None if line.nature is Nature.STOCK else line.cumulative
    told = (show(line.name), show(line.unit), wording.source(line))
    return (*told, *_three(line.now), *_three(line.previous), by, *_three(cumulative))


def _three(value: Value) -> tuple[Cell, Cell, Cell]:
    """(number or numerator, denominator, rate); what does not apply is blank, what is unknown a dash."""
    if isinstance(value, Share):
        return value.part, value.whole, value.percent
    if isinstance(value, Average):
        return value.total, value.count, value.value
    return value, tables.BLANK, tables.BLANK


def _cause_table(table: CauseTable) -> Table:
    name, now, _, before, cumulative, villages = wording.CAUSE_HEADS
    heads = (
        wording.ORDER,
        name,
        now,
        wording.SHARE_HEADS[1],
        wording.SHARE_HEADS[2],
        before,
        cumulative,
        villages,
    )

    def row(line: CauseLine, order: Cell, kind: RowKind) -> Row:
        rate = Share(line.now, table.whole).percent
        told = (line.now, table.whole, rate, line.previous, line.cumulative, line.villages)
        return Row((order, line.name or wording.TOTAL, *told), kind)

    rows = [row(line, order, RowKind.PLAIN) for order, line in enumerate(table.lines, 1)]
    if table.total:
        rows.append(row(table.total, tables.BLANK, RowKind.TOTAL))
    return Table(tuple(Column(head) for head in heads), tuple(rows))


def _chart_table(series: Sequence[ChartSeries]) -> Table:
    """The series behind the charts, a row a period."""
    months = sorted({(point.year, point.month) for told in series for point in told.points})
    columns = [Column(wording.MONTH), *(Column(f"{show(told.title)} ({show(told.unit)})") for told in series)]
    values = [{(point.year, point.month): point.value for point in told.points} for told in series]
    rows = [
        Row((f"{month:02d}/{year}", *(known.get((year, month)) for known in values)))
        for year, month in months
    ]
    return Table(tuple(columns), tuple(rows))
