"""Whatever somebody typed stands on paper as letters: no markup, no formula, no hang, no crash."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_facts import (
    CauseLine,
    ChangeKind,
    ChartPoint,
    ChartSeries,
    Difficulties,
    Narrative,
    Organisation,
    ReportFacts,
    Reporting,
    TeamChange,
    TeamLine,
    VillageLine,
    VillageTable,
)
from tdteam.domain.report_settings import SignerForm
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import Share
from tdteam.reports.report_docx import draw_report_docx
from tdteam.reports.report_pdf import draw_report_pdf
from tdteam.reports.report_xlsx import draw_report_xlsx
from tests.reports import samples
from tests.reports.reading import read_pdf

HOSTILE = [
    "<b>đậm</b>",
    "<b>chưa đóng",
    "&amp; &lt; &#60;",
    '<img src="/etc/passwd"/>',
    '<a href="http://example.invalid">bấm</a>',
    "<para>a</para><br/>b",
    "]]><!--x--><?php 1?>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "%(name)s {0} {name} %d",
    "(ngoặc) \\ \\n )Tj ET",
    "endstream endobj",
    "שלום עולם",
    "Ελλάδα Россия",
    "'; DROP TABLE visit; --",
    "${7*7} {{7*7}} #{7}",
    "a]b[c}d{e",
    "|đường ống|",
]


def filled(text: str) -> Report:
    """A report with the text in every field a person can fill."""
    values: tuple[Any, ...] = (1,) * 18
    facts = ReportFacts(
        organisation=Organisation(1, Share(1, 1), 5, 2, 1, 3, 1, 0),
        reporting=Reporting(2, 1, 0, (text,)),
        figures=(samples.line("X", text, text, "government", 3, headline=True, origin=text), samples.line("Y", "Khác", "lượt", text, 1, section_name=text)),
        charts=(ChartSeries("x", text, text, (ChartPoint(2026, 11, 4),)),),
        villages=VillageTable(rows=(VillageLine(text, values, text),), total=VillageLine(text, values)),
        difficulties=Difficulties(Share(1, 3), Share(None, None), (CauseLine("c", text, 1),)),
        teams=(TeamLine(text, text, text, date(2026, 1, 1), text, 5, 2, 3, text),),
        changes=(TeamChange(date(2026, 11, 1), text, ChangeKind.JOINED, text, text),),
    )  # fmt: skip
    settings = samples.settings(
        body_name=text, issuing_lines=(text,), place_name=text, superior_line=text, symbol=text, addressees=(text, text),
        request=text, signer_form=SignerForm.OTHER, signer_lines=(text,), signer_name=text, copies=(text,), archive=text,
        village_word=text, commune_kind=text,
    )  # fmt: skip
    return compose_report(
        settings, month_span(samples.NOVEMBER), facts, Narrative(text, text, text, text, text), number=text
    )


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_pdf_prints_it_letter_by_letter(text: str) -> None:
    drawn = draw_report_pdf(filled(text))
    reader = PdfReader(io.BytesIO(drawn))
    assert not any("/Annots" in page or "/XObject" in page["/Resources"] for page in reader.pages)
    pages = read_pdf(drawn)
    body = squeezed(
        "".join(line.text for page in pages for line in page.lines if line.size == 14 and not line.bold)
    )
    if not re.search(
        "[\u0590-\u05ff]", text
    ):  # the reader turns right-to-left letters around, the paper does not
        assert body.count(squeezed(text)) >= 8
        assert squeezed(text) in squeezed("".join(line.text for line in pages[-1].lines))
    assert (
        squeezed(text.upper()) in squeezed(pages[0].text)
        or len(text) > 12
        or re.search("[\u0590-\u05ff]", text)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_word_keeps_it_letter_by_letter(text: str) -> None:
    told = Document(io.BytesIO(draw_report_docx(filled(text))))
    cells = {cell.text for table in told.tables for row in table.rows for cell in row.cells}
    assert text in cells
    assert any(paragraph.text == text for paragraph in told.paragraphs)
    assert told.part.rels and all(not link.is_external for link in told.part.rels.values())


@pytest.mark.parametrize("text", HOSTILE)
def test_excel_keeps_it_as_text(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(draw_report_xlsx(filled(text))))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(cell.value == text for cell in found)
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in found)


@pytest.mark.parametrize(
    "invisible",
    ["\x00", "\x07", "\u202e", "\u200b", "\ufeff", "\u00ad", "\ud800", "\ue000", "\u2066", "\x1b"],
)
def test_what_cannot_be_seen_is_not_printed(invisible: str) -> None:
    text = f"Làng{invisible} Chưng"
    report = filled(text)
    page = read_pdf(draw_report_pdf(report))[-1]
    assert page.find("Làng Chưng"), page.text
    assert Document(io.BytesIO(draw_report_docx(report))).paragraphs
    openpyxl.load_workbook(io.BytesIO(draw_report_xlsx(report)))


@pytest.mark.parametrize("length", [10_000, 200_000])
def test_a_word_without_end_breaks_over_lines_and_hangs_nobody(length: int) -> None:
    report = compose_report(
        samples.settings(), month_span(samples.NOVEMBER), ReportFacts(), Narrative(difficulties="Ộ" * length)
    )
    printed = "".join(page.text for page in read_pdf(draw_report_pdf(report)))
    assert printed.count("Ộ") >= min(length, 20_000)
    for page in read_pdf(draw_report_pdf(report)):
        assert all(line.x1 <= page.wide - 15 + 0.4 for line in page.lines)
    draw_report_docx(report)


def test_an_endless_name_never_makes_a_row_higher_than_a_page() -> None:
    report = filled("Ộ" * 10_000)
    pages = read_pdf(draw_report_pdf(report))
    assert len(pages) < 120
    for page in pages:
        assert all(line.bottom <= page.high - 10 for line in page.lines if line.size > 8)  # but the foot's


def test_decomposed_letters_are_composed() -> None:
    decomposed = "Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031bng"
    page = read_pdf(draw_report_pdf(filled(decomposed)))[-1]
    assert page.find("Nguyễn Thị Hương")


def test_long_dashes_become_the_dash_of_papers() -> None:
    page = read_pdf(draw_report_pdf(filled("Phòng Văn hóa \u2013 Xã hội")))[-1]
    assert page.find("Phòng Văn hóa - Xã hội")


def test_no_resident_can_be_named_by_a_report() -> None:
    """The value a paper is drawn from has no place for a resident or a household."""
    from dataclasses import fields

    from tdteam.domain import report_facts

    named = {field.name for kind in vars(report_facts).values() if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__") for field in fields(kind)}  # fmt: skip
    assert not named & {"resident", "residents", "household", "head", "phone", "birth_year", "person"}
