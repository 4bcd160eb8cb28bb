"""Pages of a Decree 30 paper: margins, numbers in the top margin from page 2, each annex numbered on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    ActionFlowable,
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
)

from tdteam.reports import decree30 as decree
from tdteam.reports.fonts import BOLD, REGULAR, register_fonts, width
from tdteam.reports.manuscript import Foot
from tdteam.reports.qr import draw_code
from tdteam.reports.sheet import Sheet

UPRIGHT, WIDE = "upright", "wide"


@dataclass(frozen=True)
class Margins:
    """In points; those of the decree unless told otherwise."""

    top: float = decree.TOP
    bottom: float = decree.BOTTOM
    left: float = decree.LEFT
    right: float = decree.RIGHT


DECREE = Margins()


class Paper(BaseDocTemplate):
    """A4 pages in parts; `part_page` counts within the part (the text, then each annex)."""

    def __init__(
        self,
        title: str,
        author: str,
        demo: str = "",
        *,
        foot: Foot | None = None,
        margins: Margins = DECREE,
        numbered: bool = True,
        wide: bool = False,
    ) -> None:
        register_fonts()
        self.sheet = BytesIO()
        self.part_page = 0
        self.demo, self.foot = demo, foot
        self.margins, self.numbered = margins, numbered
        super().__init__(
            self.sheet,
            pagesize=decree.A4[::-1] if wide else decree.A4,
            title=title,
            author=author,
            subject=title,
            creator="tdteam",
            producer="tdteam",
            lang="vi-VN",
            invariant=1,
            pageCompression=1,
            initialFontName=REGULAR,
            initialFontSize=decree.TEXT,
        )
        size = (decree.A4[1], decree.A4[0])
        shapes = [self._pages(UPRIGHT, decree.A4), self._pages(WIDE, size)]
        self.addPageTemplates(shapes[::-1] if wide else shapes)

    def _pages(self, name: str, size: tuple[float, float]) -> PageTemplate:
        edge = self.margins
        wide, high = size[0] - edge.left - edge.right, size[1] - edge.top - edge.bottom
        frame = Frame(
            edge.left, edge.bottom, wide, high, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
        )
        return PageTemplate(name, [frame], onPage=self._dress, pagesize=size)

    def _dress(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        self.part_page += 1
        wide, high = self.pageTemplate.pagesize
        if self.numbered and self.part_page > 1:
            canvas.setFont(REGULAR, decree.PAGE_NUMBER)
            middle = (self.margins.left + wide - self.margins.right) / 2
            canvas.drawCentredString(middle, high - decree.PAGE_NUMBER_DROP, str(self.part_page))
        if self.demo:
            _stamp(canvas, self.demo, self.margins.left)
        if self.foot:
            assert isinstance(canvas, Sheet)
            _mark(canvas, self.foot, wide - self.margins.right)

    def restart_numbers(self) -> None:
        self.part_page = 0

    def print(self, story: Sequence[Flowable]) -> bytes:
        self.build(list(story), canvasmaker=partial(Sheet, pdfVersion=(1, 4)))
        return self.sheet.getvalue()


def _stamp(canvas: Canvas, words: str, x: float) -> None:
    """A small framed mark in the bottom margin, black like all text."""
    canvas.setFont(BOLD, 9)
    y = decree.FOOT_BASE
    canvas.drawString(x + 4, y, words)
    canvas.setLineWidth(decree.RULE * 0.67)
    canvas.rect(x, y - 4, width(words, BOLD, 9) + 8, 14, stroke=1, fill=0)


def _mark(sheet: Sheet, foot: Foot, edge: float) -> None:
    """A sealed paper's code with its lines left of it, or the lines of a draft, against the text's right edge."""
    font = BOLD
    if foot.address:
        draw_code(sheet, foot.address, edge - decree.CODE_SIDE, decree.CODE_BOTTOM, decree.CODE_SIDE)
        edge -= decree.CODE_SIDE + decree.CODE_GAP
        font = REGULAR
    y = decree.FOOT_BASE + (len(foot.lines) - 1) * decree.FOOT_LEADING
    for line in foot.lines:
        sheet.write(font, decree.FOOT, [(edge - width(line, font, decree.FOOT), y, line, 0.0)])
        y -= decree.FOOT_LEADING


class _Restart(ActionFlowable):
    def apply(self, doc: BaseDocTemplate) -> None:
        assert isinstance(doc, Paper)
        doc.restart_numbers()


def new_part(template: str) -> list[Flowable]:
    """What begins an annex: a new page of its own shape, numbered from 1 (page 1 shows no number)."""
    return [NextPageTemplate(template), _Restart(), PageBreak()]
