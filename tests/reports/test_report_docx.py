"""The report as Word opens it, read back by python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tdteam.domain.report import compose_report
from tdteam.domain.report_facts import ReportFacts
from tdteam.domain.report_spans import month_span
from tdteam.reports.manuscript import write_manuscript
from tdteam.reports.report_docx import draw_report_docx
from tdteam.reports.report_pdf import draw_report_pdf
from tests.reports import samples
from tests.reports.reading import read_pdf

REPORT = samples.report(demo=True, number="5")
DRAWN = draw_report_docx(REPORT)


@pytest.fixture(scope="module")
def told():
    return Document(io.BytesIO(DRAWN))


def near(value: int | None, wanted: int) -> bool:
    return value is not None and abs(value - wanted) < Pt(0.1)


def test_pages_are_a4_with_the_margins_of_the_decree(told) -> None:
    assert len(told.sections) == 4
    for section in told.sections:
        wide = section.orientation == WD_ORIENT.LANDSCAPE
        assert near(section.page_width, Mm(297 if wide else 210)) and near(
            section.page_height, Mm(210 if wide else 297)
        )
        assert near(section.left_margin, Mm(30)) and near(section.right_margin, Mm(15))
        assert near(section.top_margin, Mm(20)) and near(section.bottom_margin, Mm(20))
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in told.sections] == [
        False,
        True,
        False,
        False,
    ]


def test_each_part_numbers_its_pages_from_one_in_the_head_but_not_on_its_first(told) -> None:
    for section in told.sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        number = section.header.paragraphs[0]
        assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
        assert number._p.findall(".//" + qn("w:sz"))[0].get(qn("w:val")) == "28"
        assert not section.first_page_header.paragraphs[0]._p.findall(".//" + qn("w:fldSimple"))
        assert "DỮ LIỆU MẪU" in section.footer.paragraphs[0].text


def test_everything_is_black_times_new_roman(told) -> None:
    xml = zipfile.ZipFile(io.BytesIO(DRAWN)).read("word/styles.xml").decode()
    assert xml.count('w:ascii="Times New Roman"') == 1 and 'w:color w:val="000000"' in xml
    body = zipfile.ZipFile(io.BytesIO(DRAWN)).read("word/document.xml").decode()
    assert "<w:color" not in body and "w:rFonts" not in body
    sizes = {int(size) / 2 for size in re.findall(r'<w:sz w:val="(\d+)"', body)}
    assert min(sizes) == 11 and max(sizes) == 14


def test_the_letterhead_is_a_table_without_lines_and_rules_are_drawn(told) -> None:
    head = told.tables[0]
    assert [cell.text.strip() for cell in head.rows[0].cells] == [
        "ỦY BAN NHÂN DÂN\nXÃ XUÂN QUANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    ]
    assert head.rows[1].cells[0].text == "Số: 05/BC-UBND"
    borders = head._tbl.tblPr.find(qn("w:tblBorders"))
    assert {border.get(qn("w:val")) for border in borders} == {"nil"}
    ruled = [p for cell in head.rows[0].cells for p in cell.paragraphs if p._p.findall(".//" + qn("w:pBdr"))]
    assert len(ruled) == 2 and all(not p.text for p in ruled)
    motto = ruled[1]
    long = head.columns[1].width - motto.paragraph_format.left_indent - motto.paragraph_format.right_indent
    assert abs(long / Mm(1) - 56.1) < 0.5  # the motto at 13 pt bold


def test_body_paragraphs_are_justified_and_indented(told) -> None:
    body = told.styles["Body Text"]
    assert body.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert near(body.paragraph_format.first_line_indent, Mm(12.7))
    assert body.paragraph_format.space_before >= Pt(6)
    assert 1 <= body.paragraph_format.line_spacing <= 1.5
    headings = [p.text for p in told.paragraphs if p.style.name == "heading 1" or p.style.name == "Heading 1"]
    assert [text.split(".")[0] for text in headings] == ["I", "II", "III", "IV", "V"]


def test_tables_repeat_their_heads_and_never_split_a_row(told) -> None:
    tables = told.tables[1:2] + told.tables[3:]
    assert len(tables) == 5
    for table in tables:
        rows = table._tbl.tr_lst
        assert rows[0].find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for row in rows)
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert sum(widths) <= 20 * (297 - 45) / 25.4 * 72 + len(widths)


def test_word_and_paper_say_the_same_words(told) -> None:
    """Every paragraph and cell of the DOCX stands in the PDF, and the other way round, letter by letter."""

    def letters(texts: list[str]) -> str:
        return re.sub(r"\s", "", "".join(texts))

    paper = write_manuscript(REPORT)
    word = letters([node.text or "" for node in told.element.body.iter(qn("w:t"))])
    for text in (
        *paper.issuing,
        paper.place_date,
        *paper.abstract,
        paper.closing,
        *paper.signer,
        paper.signer_name,
        *paper.copies,
    ):
        assert letters([text]) in word
    texts = [
        block.text for annex in (paper, *paper.annexes) for block in annex.blocks if hasattr(block, "text")
    ]
    assert len(texts) > 30 and all(letters([text]) in word for text in texts)
    sheets = read_pdf(draw_report_pdf(REPORT))
    printed = letters([line.text for page in sheets for line in page.lines])
    cells = [node for table in told.tables for row in table.rows for node in row.cells]
    assert all(letters(cell.text.split()[:1]) in printed for cell in cells)


def test_the_signature_keeps_company(told) -> None:
    paragraphs = told.paragraphs
    place = next(place for place, paragraph in enumerate(paragraphs) if paragraph.text.endswith("./."))
    assert all(paragraphs[near].paragraph_format.keep_with_next for near in (place - 1, place, place + 1))
    left, right = told.tables[2].rows[0].cells
    assert left.paragraphs[0].text == "Nơi nhận:" and right.paragraphs[0].text == "KT. CHỦ TỊCH"
    assert left.text.splitlines()[1] == "- Như trên;" and left.text.splitlines()[-1] == "- Lưu: VT, VHXH."
    assert right.paragraphs[-1].paragraph_format.space_before > Mm(25)


def test_charts_are_native_with_their_figures_behind() -> None:
    box = zipfile.ZipFile(io.BytesIO(DRAWN))
    chart = ElementTree.fromstring(box.read("word/charts/chart1.xml"))
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    values = [node.text for node in chart.findall(".//c:val//c:v", space)]
    assert values == [
        "1510",
        "1820",
        "1105",
        "1690",
        "2105",
        "2480",
        "2610",
        "2590",
        "2904",
        "3120",
        "3410",
        "3412",
    ]
    book = openpyxl.load_workbook(io.BytesIO(box.read("word/embeddings/chart1.xlsx")))
    assert [cell.value for cell in book["Sheet1"]["B"]][1:7] == [1510, 1820, 1105, 1690, 2105, None]


def test_every_part_is_well_formed_and_known_to_the_package() -> None:
    box = zipfile.ZipFile(io.BytesIO(DRAWN))
    assert box.testzip() is None
    types = box.read("[Content_Types].xml").decode()
    for name in box.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(box.read(name))
        assert f'PartName="/{name}"' in types or name.endswith((".rels", ".xlsx", "[Content_Types].xml"))


def test_the_same_report_is_the_same_bytes() -> None:
    assert draw_report_docx(samples.report(demo=True, number="5")) == DRAWN
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(DRAWN)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_an_empty_period_is_a_paper_too() -> None:
    empty = Document(
        io.BytesIO(
            draw_report_docx(compose_report(samples.settings(), month_span(samples.NOVEMBER), ReportFacts()))
        )
    )
    assert (
        sum(
            "Không có số liệu" in cell.text
            for table in empty.tables
            for row in table.rows
            for cell in row.cells[:1]
        )
        == 4
    )
