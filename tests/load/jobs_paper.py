"""Papers and workbooks beside the bare library that writes them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from tests.load.harness import Pair, job

BARE_PDF = "the same words on bare canvas pages"
BARE_BOOK = "the same cells by bare XlsxWriter"


def paper(villages: int) -> Pair:
    """A monthly report; its floor writes the same lines of text on as many pages, in the same font."""
    from pypdf import PdfReader
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    from tdteam.reports.report_pdf import draw_report_pdf
    from tests.reports.samples import report

    composed = report(villages)
    pages = [
        page.extract_text().splitlines() for page in PdfReader(io.BytesIO(draw_report_pdf(composed))).pages
    ]
    from reportlab.pdfbase import pdfmetrics

    font = next(name for name in pdfmetrics.getRegisteredFontNames() if name.startswith("Tinos"))

    def bare() -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4)
        for lines in pages:
            canvas.setFont(font, 13)
            for number, words in enumerate(lines):
                canvas.drawString(85, 780 - number * 14, words)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return Pair(work=lambda: draw_report_pdf(composed), floor=bare)


@job("monthly report as PDF", "30 villages", "≤ 25 ms", BARE_PDF)
def _month(_folder: Path) -> Pair:
    return paper(30)


@job("monthly report as PDF", "80 villages", "≤ 60 ms", BARE_PDF)
def _large_month(_folder: Path) -> Pair:
    return paper(80)


@job("monthly report as DOCX", "30 villages")
def _docx(_folder: Path) -> Pair:
    from tdteam.reports.report_docx import draw_report_docx
    from tests.reports.samples import report

    composed = report(30)
    return Pair(work=lambda: draw_report_docx(composed))


@job("monthly report as XLSX", "30 villages")
def _xlsx(_folder: Path) -> Pair:
    from tdteam.reports.report_xlsx import draw_report_xlsx
    from tests.reports.samples import report

    composed = report(30)
    return Pair(work=lambda: draw_report_xlsx(composed))


@job("list as XLSX", "50,000 rows of 10", "≤ 4 s, ≤ 80 MiB", BARE_BOOK)
def _list(_folder: Path) -> Pair:
    import xlsxwriter

    from tdteam.reports.lists import Kind, ListColumn, draw_list_xlsx

    kinds = [Kind.TEXT] * 5 + [Kind.INT] * 4 + [Kind.DATE]
    columns = [ListColumn(f"Cột {number}", kind) for number, kind in enumerate(kinds)]

    def rows() -> object:
        for n in range(50_000):
            yield (
                f"Lý Láo Tả {n}",
                "Thôn Hốc Đá",
                "Xã Xuân Quang",
                "0912 345 678",
                "",
                n,
                3,
                None,
                1,
                date(2026, 11, 3),
            )

    def bare() -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"constant_memory": True})
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, values in enumerate(rows()):  # type: ignore[arg-type, var-annotated]
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write_number(row, column, value)
        book.close()
        return out.getvalue()

    def ours() -> bytes:
        return draw_list_xlsx("Danh sách hộ", "Xã Xuân Quang", columns, rows())  # type: ignore[arg-type]

    return Pair(work=ours, floor=bare, rounds=3)
