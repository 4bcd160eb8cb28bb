"""Papers beside the report, in the house's style and without a number: letterhead, title, tables, a signature.

PDF and workbook are drawn from one value, so they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from reportlab.platypus import Flowable, KeepTogether
from xlsxwriter.worksheet import Worksheet

from tdteam.domain.report_settings import PaperDate, PaperSettings
from tdteam.domain.shares import Share
from tdteam.reports import decree30 as decree
from tdteam.reports.charts import lay_out_chart
from tdteam.reports.figures import MISSING, Cell
from tdteam.reports.flow import CAPTION, Drawn, Look, Piece, Prose, keep_with_next
from tdteam.reports.fonts import BOLD, ITALIC, register_fonts
from tdteam.reports.grid import Grid, measure
from tdteam.reports.hand_sign import HandSign
from tdteam.reports.letterhead import Letterhead, Signature, Title
from tdteam.reports.lists import CELL_LIMIT, EPOCH, WORKBOOK, ListFormats, sheet_name
from tdteam.reports.manuscript import Chart, Heading, Manuscript, Note, Para, dress, fitting
from tdteam.reports.pages import Paper
from tdteam.reports.picture import Picture, Sketch
from tdteam.reports.tables import BLANK, Row, RowKind, Table, cell_text
from tdteam.reports.team_words import say
from tdteam.reports.text import printable
from tdteam.reports.wording import SHARE_HEADS

Block = Heading | Para | Note | Chart | Table | Sketch
SIZES = (12.0, 11.0, 10.0, 9.0, 8.5)
"""Of tables, tried in turn until the paper fits its page."""
CHART_HIGH = 40 * decree.MM
NAME_LIMIT = 160
WIDEST = 44


@dataclass(frozen=True)
class PlainPaper:
    """A paper in words. `issuing` replaces the commune's own lines where somebody else writes (then the commune's name
    stands above them); `signer` and `signer_name` replace the commune's signer; an empty signer leaves none.
    `is_by_hand`: signed by hand and without a seal, with a remark beside it."""

    settings: PaperSettings
    kind: str
    abstract: tuple[str, ...]
    blocks: tuple[Block, ...]
    issuing: tuple[str, ...] = ()
    signer: tuple[str, ...] | None = None
    signer_name: str = ""
    is_by_hand: bool = False
    remark: str = ""
    is_wide: bool = False  # A4 laid on its side


def short(text: str, limit: int = NAME_LIMIT) -> str:
    """A printable name no longer than a head or a one-page paper has room for."""
    told = printable(text)
    return told if len(told) <= limit else told[: limit - 3].rstrip() + "..."


def manuscript_of(paper: PlainPaper) -> Manuscript:
    """The fixed parts as every paper of the house has them, without number, addressees and copies."""
    settings = fitting(paper.settings)
    dressed = dress(settings, "", PaperDate())
    own = {"number_line": "", "addressees": (), "copies": ()}
    if paper.issuing:
        body = printable(settings.body_name).replace(say("body_long"), say("body_short"))
        own |= {"superior": body.upper()}
        own |= {"issuing": tuple(short(line).upper() for line in paper.issuing)}
    if paper.signer is not None:
        own |= {"signer": paper.signer, "signer_name": short(paper.signer_name)}
    told = " ".join(short(line) for line in paper.abstract)
    return Manuscript(
        title=f"{paper.kind} {told}",
        kind=paper.kind,
        abstract=tuple(short(line) for line in paper.abstract),
        blocks=(),
        closing="",
        annexes=(),
        **{**dressed, **own},
    )


def draw_plain_pdf(paper: PlainPaper) -> bytes:
    """The paper as PDF, on one page where slightly smaller letters do it; the same paper always gives the same bytes."""
    usual, pages = _draw(paper, SIZES[1])
    if pages == 1:
        return usual
    smaller, pages = _draw(paper, SIZES[2])
    return smaller if pages == 1 else usual


STEPS: tuple[tuple[int | None, int | None], ...] = (
    (None, None), (10, None), (8, None), (6, None), (5, 12), (4, 8), (3, 5), (2, 2), (1, 1),
)  # fmt: skip
"""Rows of a first and a second list that a one-page paper may hold, tried in turn (None: all)."""


def draw_one_page_pdf(write: Callable[[int | None, int | None], PlainPaper]) -> bytes:
    """A paper that is one page whatever it holds: smaller letters first, then fewer rows. `write` makes the paper with at
    most so many rows in its first and second list."""
    for lists in STEPS:
        for size in SIZES if lists == STEPS[0] else SIZES[-2:]:
            body, pages = _draw(write(*lists), size)
            if pages == 1:
                return body
    return body


def _draw(paper: PlainPaper, size: float) -> tuple[bytes, int]:
    """The PDF, and how many pages it has."""
    register_fonts()
    words = manuscript_of(paper)
    room = decree.LANDSCAPE_WIDTH if paper.is_wide else decree.TEXT_WIDTH
    story: list[Flowable] = [Letterhead(words, room), Title(words, room)]
    story += keep_with_next(list(_pieces(paper.blocks, size, room)), room, _leads)
    if paper.is_by_hand:
        story.append(HandSign(words.signer, words.signer_name, printable(paper.remark)))
    elif words.signer:
        last = [story.pop()] if isinstance(story[-1], Prose) else []
        story.append(KeepTogether([*last, Signature(words, wide=room)]))
    sheet = Paper(words.title, words.author, words.demo, wide=paper.is_wide)
    return sheet.print(story), int(sheet.page)


def _pieces(blocks: Sequence[Block], size: float, room: float) -> Iterator[Piece]:
    heading = Look(
        font=BOLD, size=size + 1, leading=(size + 1) * 1.25, indent=0, before=size * 0.7, align="left"
    )
    plain = Look(size=size + 1, leading=(size + 1) * 1.3, indent=0, before=3)
    note = Look(font=ITALIC, size=size, leading=size * 1.2, indent=0, before=4, align="left")
    for block in blocks:
        match block:
            case Heading():
                yield Prose(printable(block.text), heading, outline=0)
            case Para():
                yield Prose(printable(block.text), plain)
            case Note():
                yield Prose(printable(block.text), note)
            case Chart() | Sketch():
                yield Drawn(_picture(block, room))
                yield Prose(printable(block.caption), replace(CAPTION, size=size))
            case Table():
                yield Grid(measure(block, room, size))


def _picture(block: Chart | Sketch, room: float) -> Picture:
    if isinstance(block, Sketch):
        return block.picture
    return lay_out_chart(block.series, room, CHART_HIGH, 9, every=True)


def _leads(piece: Piece) -> bool:
    return isinstance(piece, Drawn) or (isinstance(piece, Prose) and piece.outline is not None)


def draw_plain_xlsx(paper: PlainPaper) -> bytes:
    """The paper as a workbook of one sheet: figures as numbers, a share as its three, missing ones as "-"."""
    register_fonts()
    out = BytesIO()
    words = manuscript_of(paper)
    book = xlsxwriter.Workbook(out, WORKBOOK)
    book.set_properties({"title": words.title, "author": words.author, "created": EPOCH})
    sheet = book.add_worksheet(sheet_name(paper.kind.capitalize()))
    formats = ListFormats(book)
    told = " ".join((paper.kind, *words.abstract))
    sheet.write_string(0, 0, f"{told} ({words.demo})" if words.demo else told, formats.title)
    sheet.write_string(
        1, 0, ", ".join(line for line in (words.superior, *words.issuing) if line), formats.subtitle
    )
    tables = [_spread(block) for block in paper.blocks if isinstance(block, Table)]
    for place, wide in enumerate(_widths(tables)):
        sheet.set_column(place, place, wide)
    row = 3
    for block in paper.blocks:
        row = _write_block(sheet, row, block, formats)
    if paper.remark:
        sheet.write_string(row, 0, printable(paper.remark), formats.subtitle)
        row += 1
    if words.signer:
        for line in (*words.signer, "", words.signer_name):
            row += 1
            sheet.write_string(row, 1, line, formats.title if line in words.signer else formats.subtitle)
    sheet.set_paper(9)
    [sheet.set_portrait, sheet.set_landscape][paper.is_wide]()
    sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    book.close()
    return out.getvalue()


def _write_block(sheet: Worksheet, row: int, block: Block, formats: ListFormats) -> int:
    """A block from a row on; the row after it."""
    if isinstance(block, Table):
        return _write_table(sheet, row, _spread(block), formats) + 1
    if isinstance(block, Chart):
        sheet.write_string(row, 0, printable(block.caption), formats.subtitle)
        for place, point in enumerate(block.series.points):
            sheet.write_string(row + 1, place + 1, f"{point.month:02d}/{point.year}", formats.head)
            _write(sheet, row + 2, place + 1, point.value, formats)
        return row + 4
    told = block.caption if isinstance(block, Sketch) else block.text
    look = formats.title if isinstance(block, Heading) else formats.subtitle
    sheet.write_string(row, 0, printable(told)[:CELL_LIMIT], look)
    return row + 1


def _write_table(sheet: Worksheet, row: int, table: Table, formats: ListFormats) -> int:
    for place, column in enumerate(table.columns):
        sheet.write_string(row, place, printable(column.head), formats.head)
    for line in table.rows:
        row += 1
        if line.kind in (RowKind.EMPTY, RowKind.GROUP):
            sheet.write_string(row, 0, cell_text(line.cells[0]), formats.text)
            continue
        for place, value in enumerate(line.cells):
            _write(sheet, row, place, value, formats)
    return row + 1


def _write(sheet: Worksheet, row: int, place: int, value: Cell, formats: ListFormats) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, formats.day)
    elif isinstance(value, Decimal):
        sheet.write_number(row, place, float(value), formats.decimal)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, formats.count)
    elif value is None:
        sheet.write_string(row, place, MISSING, formats.missing)
    elif value == BLANK:
        sheet.write_blank(row, place, None, formats.wrap)
    else:
        sheet.write_string(row, place, cell_text(value)[:CELL_LIMIT], formats.wrap)


def _spread(table: Table) -> Table:
    """The table with every column that holds a share in three: part, whole, percent. Other figures stand in the first."""
    shared = {
        place
        for place, _ in enumerate(table.columns)
        for row in table.rows
        if len(row.cells) > place and isinstance(row.cells[place], Share)
    }
    if not shared:
        return table
    columns = []
    for place, column in enumerate(table.columns):
        columns.append(column)
        if place in shared:
            columns += [replace(column, head=f"{column.head}: {head.lower()}") for head in SHARE_HEADS[1:]]
    rows = tuple(replace(row, cells=_spread_cells(row, shared)) for row in table.rows)
    return replace(table, columns=tuple(columns), rows=rows)


def _spread_cells(row: Row, shared: set[int]) -> tuple[Cell, ...]:
    if row.kind in (RowKind.EMPTY, RowKind.GROUP):
        return row.cells
    out: list[Cell] = []
    for place, value in enumerate(row.cells):
        if place not in shared:
            out.append(value)
        elif isinstance(value, Share):
            out += [value.part, value.whole, value.percent]
        else:
            out += [value, BLANK, BLANK]
    return tuple(out)


def _widths(tables: Sequence[Table]) -> list[float]:
    """Widths in letters that suit every table under the other."""
    out: list[float] = []
    for table in tables:
        for place, column in enumerate(table.columns):
            texts = [cell_text(row.cells[place]) for row in table.rows if len(row.cells) > place > 0]
            wide = max((len(text) for text in (*texts, *column.head.split())), default=6) + 2
            while len(out) <= place:
                out.append(6)
            out[place] = max(out[place], min(wide, WIDEST))
    return out
