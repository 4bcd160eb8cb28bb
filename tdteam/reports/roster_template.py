"""The workbook an office fills in: heads our reader knows, a note and a prompt on each column, drop-downs, an example row.

The example row is marked where the number stands, and the reader passes it over. Villages to choose from stand in a
hidden sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tdteam.reports.lists import EPOCH, FONT, WORKBOOK
from tdteam.reports.text import printable

ROWS = 5_000  # rows that offer choices
_CHOICES = "Choices"
_LONGEST_PROMPT, _LONGEST_LIST = 255, 255  # Excel's limits


@dataclass(frozen=True)
class TemplateColumn:
    """A column: its head, what a note says about it, the example's value, words to choose from, the least number."""

    head: str
    hint: str
    example: str | int
    wide: float
    choices: Sequence[str] = ()
    is_text: bool = False
    low: int | None = None


@dataclass(frozen=True)
class Template:
    """A template: title lines stand above the head, `guide` says in one line how to fill it in."""

    sheet: str
    lines: Sequence[str]
    guide: str
    columns: Sequence[TemplateColumn]


def draw_template(template: Template) -> bytes:
    """The workbook; the same template gives the same bytes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK)
    book.set_properties({"title": printable(template.sheet), "created": EPOCH})
    base = {"font_name": FONT, "font_size": 12}
    title = book.add_format({**base, "bold": True})
    guide = book.add_format({**base, "italic": True, "font_color": "#404040"})
    page = book.add_worksheet(template.sheet)
    for row, line in enumerate(template.lines):
        page.write_string(row, 0, printable(line), title)
    page.write_string(len(template.lines), 0, printable(template.guide), guide)
    head = len(template.lines) + 2
    _draw_columns(book, page, template, head, base)
    page.freeze_panes(head + 1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    book.close()
    return out.getvalue()


def _draw_columns(
    book: xlsxwriter.Workbook, page: Worksheet, template: Template, head: int, base: dict[str, Any]
) -> None:
    ruled = {**base, "border": 1}
    heading = book.add_format(
        {
            **ruled,
            "bold": True,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "bg_color": "#EDF2FA",
        }
    )
    example = {**ruled, "italic": True, "font_color": "#595959", "bg_color": "#F2F2F2"}
    listed: list[tuple[int, Sequence[str]]] = []
    for place, column in enumerate(template.columns):
        kept = {"num_format": "@"} if column.is_text else {}
        page.set_column(place, place, column.wide, book.add_format({**base, **kept}))
        page.write_string(head, place, printable(column.head), heading)
        page.write_comment(head, place, printable(column.hint), {"author": "tdteam", "x_scale": 1.6})
        sample = book.add_format({**example, **kept})
        if isinstance(column.example, int):
            page.write_number(head + 1, place, column.example, sample)
        else:
            page.write_string(head + 1, place, printable(column.example), sample)
        if column.choices:
            listed.append((place, column.choices))
        page.data_validation(head + 1, place, head + ROWS, place, _rule(column, len(listed)))
    page.set_row(head, 48)
    if listed:
        _draw_choices(book, listed)


def _rule(column: TemplateColumn, number: int) -> dict[str, Any]:
    """A prompt that shows when a cell is chosen; what is typed otherwise is asked about, never refused."""
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        letter = chr(64 + number)
        rule = {"validate": "list", "source": f"={_CHOICES}!${letter}$1:${letter}${len(column.choices)}"}
    elif column.low is not None:
        rule = {"validate": "integer", "criteria": ">=", "value": column.low}
    title = printable(column.head.rstrip(" *"))[:32]
    return {
        **rule,
        "error_type": "warning",
        "error_title": title,
        "error_message": printable(column.hint)[:_LONGEST_PROMPT],
        "input_title": title,
        "input_message": printable(column.hint)[:_LONGEST_PROMPT],
    }


def _draw_choices(book: xlsxwriter.Workbook, listed: Sequence[tuple[int, Sequence[str]]]) -> None:
    page = book.add_worksheet(_CHOICES)
    for place, (_, choices) in enumerate(listed):
        for row, choice in enumerate(choices):
            page.write_string(row, place, printable(choice))
    page.hide()
