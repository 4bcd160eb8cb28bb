"""A composed report as PDF in the form of Decree 30/2020/ND-CP. The same report always gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportlab.platypus import Flowable, KeepTogether

from tdteam.domain.report import Report
from tdteam.reports import decree30 as decree
from tdteam.reports.charts import lay_out_chart
from tdteam.reports.flow import BODY, CAPTION, HEADING, NOTE, Drawn, Piece, Prose, keep_with_next
from tdteam.reports.fonts import register_fonts
from tdteam.reports.grid import Grid, measure
from tdteam.reports.letterhead import Addressees, AnnexHead, Letterhead, Signature, Title
from tdteam.reports.manuscript import Block, Chart, Heading, Manuscript, Note, Para, write_manuscript
from tdteam.reports.pages import UPRIGHT, WIDE, Paper, new_part
from tdteam.reports.tables import Table

CHART_HIGH = 44 * decree.MM
SHORT = 500  # letters, about six lines


def draw_report_pdf(report: Report) -> bytes:
    """PDF bytes: the text, then each annex on its own pages."""
    return draw_manuscript_pdf(write_manuscript(report))


def draw_manuscript_pdf(paper: Manuscript) -> bytes:
    """PDF bytes of any paper in words."""
    register_fonts()
    story: list[Flowable] = [Letterhead(paper), *([Title(paper)] if paper.kind else [])]
    if paper.addressees:
        story.append(Addressees(paper.addressees))
    story += _set(paper.blocks, decree.TEXT_WIDTH)
    last = _take_last(story)
    story.append(KeepTogether([*last, Prose(paper.closing, BODY), Signature(paper)]))
    for annex in paper.annexes:
        room = decree.LANDSCAPE_WIDTH if annex.landscape else decree.TEXT_WIDTH
        story += new_part(WIDE if annex.landscape else UPRIGHT)
        story.append(AnnexHead(annex.label, annex.title, annex.reference, annex.span, room))
        story += _set(annex.blocks, room)
    return Paper(paper.title, paper.author, paper.demo, foot=paper.foot).print(story)


def _take_last(story: list[Flowable]) -> list[Flowable]:
    """The last paragraph and the headings above it, so that no signature stands on a page without text."""
    taken: list[Flowable] = []
    if isinstance(story[-1], Prose) and len(story[-1].text) < SHORT:
        taken.insert(0, story.pop())
        while story and _leads(story[-1]):
            taken.insert(0, story.pop())
    return taken


def _set(blocks: Iterable[Block], room: float) -> list[Flowable]:
    return keep_with_next(list(_pieces(blocks, room)), room, _leads)


def _leads(piece: object) -> bool:
    """Whether a piece may not stand last on a page."""
    return isinstance(piece, Drawn) or (isinstance(piece, Prose) and piece.look is HEADING)


def _pieces(blocks: Iterable[Block], room: float) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Heading():
                yield Prose(block.text, HEADING, outline=block.level - 1)
            case Para():
                yield Prose(block.text, BODY)
            case Note():
                yield Prose(block.text, NOTE)
            case Table():
                yield Grid(measure(block, room, block.size))
            case Chart():
                yield Drawn(lay_out_chart(block.series, room, CHART_HIGH, 10, every=True))
                yield Prose(block.caption, CAPTION)
