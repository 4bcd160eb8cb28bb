"""The blank "Phieu ghi ho tro", A4 on both sides: rows to fill on the front, the legend and the month's figures behind.

Not a paper of Decree 30: nobody seals it. Large rows and letters, as it is filled by hand, often on a knee.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, PageBreak

from tdteam.domain.visit_form import Choice, VisitForm
from tdteam.domain.vocabulary import Outcome
from tdteam.reports import decree30 as decree
from tdteam.reports import wording
from tdteam.reports.figures import show
from tdteam.reports.flow import Look, Prose, fill, sheet_of
from tdteam.reports.fonts import BOLD, ITALIC, REGULAR, register_fonts, width
from tdteam.reports.grid import Grid, measure
from tdteam.reports.letterhead import Block
from tdteam.reports.pages import Margins, Paper
from tdteam.reports.tables import BLANK, Align, Column, Row, Table

MARGINS = Margins(top=13 * decree.MM, bottom=13 * decree.MM, left=20 * decree.MM, right=13 * decree.MM)
ROOM = decree.A4[0] - MARGINS.left - MARGINS.right
ROW_HIGH = 9.2 * decree.MM
LEAST_ROW = 7.4 * decree.MM
GATHERINGS = 3  # blank rows for the month's gatherings
TEXT = 11.5
HEAD = Look(font=BOLD, size=12, leading=15, indent=0, before=9, align="left")
TELL = Look(font=ITALIC, size=TEXT, leading=14, indent=0, before=4, align="left")


def draw_visit_form_pdf(form: VisitForm) -> bytes:
    """Two pages, to print on one sheet; the same form always gives the same bytes."""
    register_fonts()
    words = wording.FORM
    front: list[Flowable] = [_Head(form), _rows(form), Prose(words["how"], TELL)]
    front += [Prose(words["gatherings"], HEAD), _gatherings(), Prose(words["never"], TELL), _Signed()]
    back: list[Flowable] = [Prose(words["kinds"], HEAD), _choices(form.kinds, words["kind"], 3)]
    back += [Prose(words["outcomes"], HEAD), _choices(_outcomes(), words["outcome"], 2)]
    back += [Prose(words["causes"], HEAD), _choices(form.causes, words["cause"], 2)]
    if form.figures:
        back += [Prose(words["figures"], HEAD), _figures(form.figures)]
    title = f"{words['title']} - {show(form.team)}"
    paper = Paper(
        title, show(form.commune), wording.DEMO if form.demo else "", margins=MARGINS, numbered=False
    )
    return paper.print([*front, PageBreak(), *back])


class _Head(Block):
    """Whose sheet this is and for which days."""

    def __init__(self, form: VisitForm) -> None:
        super().__init__()
        commune = fill(show(form.commune).upper(), REGULAR, 12, ROOM)[:2]
        y = self.stack(commune, ROOM / 2, 0, REGULAR, 12)
        y = self.stack((wording.FORM["title"],), ROOM / 2, y + 2, BOLD, 16)
        y = self.stack(
            (f"{wording.span_name(form.span).capitalize()} ({_days(form)})",), ROOM / 2, y, REGULAR, 12
        )
        self.told = [
            (0.0, wording.FORM["team"], show(form.team)),
            (ROOM * 0.52, wording.FORM["villages"], show(form.villages)),
        ]
        self.height = y + 24
        self.spaceAfter = 2

    def draw(self) -> None:
        super().draw()
        sheet = sheet_of(self)
        for x, label, told in self.told:
            after = x + width(f"{label} ", REGULAR, 12)
            room = ROOM * (0.5 if x == 0 else 0.48) - (after - x)
            while told and width(told, BOLD, 12) > room:
                told = told[:-4].rstrip() + "..." if len(told) > 4 else ""
            sheet.write(REGULAR, 12, [(x, 7, label, 0.0)])
            sheet.write(BOLD, 12, [(after, 7, told, 0.0)])


def _days(form: VisitForm) -> str:
    return f"{show(form.span.since)} - {show(form.span.last_day)}"


class _Signed(Flowable):
    """Who wrote, who leads, when it went to the commune: lines to write on, drawn as lines."""

    def __init__(self) -> None:
        super().__init__()
        self.spaceBefore = 10

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        self.width, self.height = room, 46.0
        return room, self.height

    def draw(self) -> None:
        sheet = sheet_of(self)
        third = ROOM / 3
        for place, label in enumerate((wording.FORM["writer"], wording.FORM["leader"], wording.FORM["sent"])):
            x = place * third
            sheet.write(REGULAR, TEXT, [(x, self.height - 12, label, 0.0)])
            sheet.rule(0.5, [(x, 6, x + third - 14, 6)])


def _rows(form: VisitForm) -> Grid:
    heads = wording.FORM_HEADS
    flex = (0.0, 3.0, 12.0, 3.0, 3.0, 3.0, 3.0, 8.0)
    columns = tuple(
        Column(head, align=Align.CENTER, flex=part) for head, part in zip(heads, flex, strict=True)
    )
    rows = tuple(Row((order, *(BLANK,) * (len(heads) - 1))) for order in range(1, form.rows + 1))
    return Grid(measure(Table(columns, rows, TEXT), ROOM, TEXT, ROW_HIGH))


def _choices(choices: Sequence[Choice], head: str, across: int) -> Grid:
    """Marks and names side by side, read down the columns."""
    columns = (Column(wording.FORM["mark"]), Column(head, align=Align.LEFT, flex=1)) * across
    cells = [(choice.mark, choice.name) for choice in choices]
    return Grid(measure(Table(columns, _beside(cells, across), TEXT), ROOM, TEXT))


def _beside(cells: Sequence[tuple[str, ...]], across: int) -> tuple[Row, ...]:
    """Rows of `across` entries each, the list running down one column after the other; the rest stays blank."""
    deep = -(-len(cells) // across)
    blank = (BLANK,) * max((len(entry) for entry in cells), default=1)
    rows = []
    for place in range(deep):
        entries = [
            cells[i] if (i := place + deep * column) < len(cells) else blank for column in range(across)
        ]
        rows.append(Row(tuple(cell for entry in entries for cell in entry)))
    return tuple(rows)


def _outcomes() -> tuple[Choice, ...]:
    return tuple(Choice(*wording.FORM_OUTCOMES[outcome]) for outcome in Outcome)


def _gatherings() -> Grid:
    columns = tuple(Column(head, flex=part) for head, part in wording.FORM_GATHERINGS)
    rows = (Row((BLANK,) * len(columns)),) * GATHERINGS
    return Grid(measure(Table(columns, rows, TEXT), ROOM, TEXT, LEAST_ROW))


def _figures(figures: Sequence[tuple[str, str]]) -> Grid:
    """The figures of the declared grid, each with room for its number."""
    name, unit, number = wording.FORM_FIGURES
    columns = (Column(name, align=Align.LEFT, flex=1), Column(unit), Column(number, least=17 * decree.MM)) * 2
    rows = _beside([(name, unit, BLANK) for name, unit in figures], 2)
    return Grid(measure(Table(columns, rows, TEXT), ROOM, TEXT, LEAST_ROW))
