"""A composed report as DOCX: the words and the Decree 30 layout of the PDF, for offices that edit in Word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tdteam.domain.report import Report
from tdteam.domain.report_facts import ChartSeries
from tdteam.reports import decree30 as decree
from tdteam.reports import ooxml, wording
from tdteam.reports.docx_parts import parts_of
from tdteam.reports.fonts import BOLD, register_fonts, width
from tdteam.reports.grid import PAD_X, group_spans, measure
from tdteam.reports.letterhead import Addressees, rule_length
from tdteam.reports.manuscript import (
    AnnexPaper,
    Block,
    Chart,
    Heading,
    Manuscript,
    Note,
    Para,
    write_manuscript,
)
from tdteam.reports.ooxml import cell, package, paragraph, part, row, rule, run, section, table
from tdteam.reports.report_pdf import CHART_HIGH
from tdteam.reports.tables import Align, Column, Row, RowKind, Table, cell_text

_ALIGN = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}


def draw_report_docx(report: Report) -> bytes:
    """DOCX bytes; the same report always gives the same."""
    return draw_manuscript_docx(write_manuscript(report))


def draw_manuscript_docx(paper: Manuscript) -> bytes:
    """DOCX bytes of any paper in words."""
    register_fonts()
    charts: list[ChartSeries] = []
    body = [_letterhead(paper), *(_title(paper) if paper.kind else ()), *_addressees(paper.addressees)]
    body += _blocks(paper.blocks[:-1], decree.TEXT_WIDTH, charts)
    # The last paragraph and the closing sentence keep the signature from standing alone on a page.
    last = paper.blocks[-1]
    if isinstance(last, Para):
        body.append(paragraph(run(last.text, decree.TEXT), style="Body", with_next=True))
    else:
        body += _blocks((last,), decree.TEXT_WIDTH, charts)
    body += [paragraph(run(paper.closing, decree.TEXT), style="Body", with_next=True), _signature(paper)]
    sections = [("".join(body), False)]
    sections += [("".join(_annex(annex, charts)), annex.landscape) for annex in paper.annexes]
    return package(parts_of(paper, _document(sections, bool(paper.demo or paper.foot)), charts))


def _document(sections: Sequence[tuple[str, bool]], footer: bool) -> str:
    """Each section's properties stand in its last paragraph, those of the last one after everything."""
    told = []
    for place, (content, landscape) in enumerate(sections):
        properties = section(landscape=landscape, footer=footer)
        last = place == len(sections) - 1
        told.append(
            content + (properties if last else paragraph("", line=ooxml.EMPTY_LINE, section=properties))
        )
    return part("document", f"<w:body>{''.join(told)}</w:body>")


def _letterhead(paper: Manuscript) -> str:
    room_left, room_right = decree.HEAD_LEFT, decree.HEAD_RIGHT
    size = decree.BODY_NAME

    def centred(
        text: str, points: float, *, bold: bool = False, italic: bool = False, before: float = 0
    ) -> str:
        return paragraph(run(text, points, bold=bold, italic=italic), align="center", before=before)

    left = [centred(paper.superior, size)] if paper.superior else []
    left += [centred(line, size, bold=True) for line in paper.issuing]
    left.append(rule(room_left, rule_length(paper.issuing, size, decree.BODY_RULE), before=2))
    right = [
        centred(wording.COUNTRY, decree.COUNTRY, bold=True),
        centred(wording.MOTTO, decree.MOTTO, bold=True),
    ]
    right.append(rule(room_right, width(wording.MOTTO, BOLD, decree.MOTTO), before=1))
    number = centred(paper.number_line, decree.NUMBER, before=5)
    if paper.subject:
        number += centred(paper.subject, decree.SUBJECT, before=decree.GAP)
    day = centred(paper.place_date, decree.PLACE_DATE, italic=True, before=5)
    rows = [
        row([cell("".join(left), room_left), cell("".join(right), room_right)]),
        row([cell(number, room_left), cell(day, room_right)]),
    ]
    return table(rows, (room_left, room_right), ruled=False)


def _title(paper: Manuscript) -> list[str]:
    lines = [paragraph(run(paper.kind, decree.KIND, bold=True), align="center", before=16)]
    lines += [paragraph(run(line, decree.ABSTRACT, bold=True), align="center") for line in paper.abstract]
    length = rule_length(paper.abstract, decree.ABSTRACT, decree.ABSTRACT_RULE)
    return [*lines, rule(decree.TEXT_WIDTH, length, before=3, after=8)]


def _addressees(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    if len(names) == 1:
        told = run(f"{wording.ADDRESSED} {names[0]}", decree.ADDRESSEE)
        return [paragraph(told, align="center", before=6, after=8)]
    placed = Addressees(names)
    lines = [paragraph(run(wording.ADDRESSED, decree.ADDRESSEE), left=placed.left, before=6)]
    left = placed.left + placed.indent + placed.hang
    lines += [paragraph(run(f"- {name}", decree.ADDRESSEE), left=left, hanging=placed.hang) for name in names]
    return [*lines, paragraph("", line=8)]


def _signature(paper: Manuscript) -> str:
    left = []
    if paper.copies:
        left.append(paragraph(run(wording.COPIES, decree.COPIES_HEAD, bold=True, italic=True)))
        left += [paragraph(run(copy, decree.COPIES)) for copy in paper.copies]

    def centred(text: str, before: float = 0) -> str:
        return paragraph(run(text, decree.SIGNER, bold=True), align="center", before=before)

    right = [centred(line) for line in paper.signer]
    right.append(centred(paper.signer_name, before=decree.SIGNATURE_ROOM))
    cells = [cell("".join(left) or paragraph(""), decree.SIGN_LEFT), cell("".join(right), decree.SIGN_RIGHT)]
    gap = paragraph("", line=8, with_next=True)
    return gap + table([row(cells)], (decree.SIGN_LEFT, decree.SIGN_RIGHT), ruled=False)


def _annex(annex: AnnexPaper, charts: list[ChartSeries]) -> list[str]:
    room = decree.LANDSCAPE_WIDTH if annex.landscape else decree.TEXT_WIDTH
    label = run(annex.label, decree.ANNEX, bold=True)
    return [
        paragraph(label, align="center"),
        paragraph(run(annex.title, decree.ANNEX, bold=True), align="center"),
        paragraph(run(annex.reference, decree.REFERENCE, italic=True), align="center"),
        paragraph(run(annex.span, 12, italic=True), align="center", after=6),
        *_blocks(annex.blocks, room, charts),
    ]


def _blocks(blocks: Iterable[Block], room: float, charts: list[ChartSeries]) -> list[str]:
    told = []
    for block in blocks:
        match block:
            case Heading():
                told.append(paragraph(run(block.text, decree.TEXT, bold=True), style=f"Heading{block.level}"))
            case Para():
                told.append(paragraph(run(block.text, decree.TEXT), style="Body"))
            case Note():
                told.append(paragraph(run(block.text, 11, italic=True), style="Note"))
            case Table():
                told += [paragraph("", line=decree.GAP, with_next=True), _table(block, room)]
            case Chart():
                charts.append(block.series)
                drawn = ooxml.inline_chart(len(charts), room, CHART_HIGH, wording.chart_story(block.series))
                told.append(paragraph(drawn, align="center", before=10, with_next=True))
                told.append(paragraph(run(block.caption, 12, italic=True), align="center", after=8))
    return told


def _table(told: Table, room: float) -> str:
    edges = measure(told, room, told.size).edges
    widths = [right - left for left, right in zip(edges, edges[1:], strict=False)]
    rows = [*_head_rows(told.columns, widths, told.size)]
    rows += [_row(line, told.columns, widths, told.size) for line in told.rows]
    # Word measures a hair differently: a narrower cell margin keeps what fitted in one line in one line.
    return table(rows, widths, ruled=True, pad=PAD_X - 1)


def _head_rows(columns: Sequence[Column], widths: Sequence[float], size: float) -> list[str]:
    def head(text: str) -> str:
        return paragraph(run(text, size, bold=True), align="center", before=1, after=1, with_next=True)

    spans = dict(group_spans(columns))
    if not spans:
        cells = [cell(head(c.head), w, middle=True) for c, w in zip(columns, widths, strict=True)]
        return [row(cells, head=True)]
    upper, lower, place = [], [], 0
    while place < len(columns):
        stop = spans.get(place, place + 1)
        if place in spans:
            wide = sum(widths[place:stop])
            upper.append(cell(head(columns[place].group), wide, span=stop - place, middle=True))
            lower += [cell(head(columns[i].head), widths[i], middle=True) for i in range(place, stop)]
        else:
            upper.append(cell(head(columns[place].head), widths[place], merge="restart", middle=True))
            lower.append(cell(paragraph(""), widths[place], merge="continue"))
        place = stop
    return [row(upper, head=True), row(lower, head=True)]


def _row(line: Row, columns: Sequence[Column], widths: Sequence[float], size: float) -> str:
    bold = line.kind in (RowKind.GROUP, RowKind.TOTAL)
    if line.kind in (RowKind.GROUP, RowKind.EMPTY):
        group = line.kind is RowKind.GROUP
        text = paragraph(
            run(cell_text(line.cells[0]), size, bold=bold),
            align="left" if group else "center",
            before=2,
            after=2,
            with_next=group,
        )
        return row([cell(text, sum(widths), span=len(widths))])
    cells = []
    for value, column, wide in zip(line.cells, columns, widths, strict=True):
        text = run(cell_text(value), size, bold=bold)
        told = paragraph(text, align=_ALIGN[column.align], before=2, after=2, size=size)
        cells.append(cell(told, wide, middle=True))
    return row(cells)
