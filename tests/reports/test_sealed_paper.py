"""A sealed report on paper: its code on every page, its lines beside it, blanks for the clerk; a draft says what it is."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import lru_cache
from xml.etree import ElementTree

import openpyxl
import pytest
import zxingcpp
from docx import Document
from docx.shared import Mm
from PIL import Image
from pypdf import PdfReader, PdfWriter

from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_facts import Narrative, ReportFacts
from tdteam.domain.report_settings import PaperDate, SignerForm
from tdteam.domain.report_spans import month_span
from tdteam.reports import decree30
from tdteam.reports.report_docx import draw_report_docx
from tdteam.reports.report_pdf import draw_report_pdf
from tdteam.reports.report_xlsx import draw_report_xlsx
from tests.reports import samples
from tests.reports.decree_checker import annex_label, complaints
from tests.reports.reading import Page, read_codes, read_pdf

MARK = samples.MARK
ADDRESS = f"https://tdteam.xuanquang.example.vn/verify/{MARK.code}"
LINES = [
    "Mã kiểm tra: q7m2 xk4w 9hbt n3ce - Lần chốt số liệu: 2",
    "Số liệu (SHA-256): 3f786850e387550f - Nhật ký: 89e6c98d92887913",
]
DRAFT = "BẢN NHÁP - số liệu chưa chốt"
BRIEF = compose_report(samples.settings(copies=()), month_span(samples.NOVEMBER), replace(ReportFacts(), organisation=samples.facts(1).organisation), mark=MARK)  # fmt: skip
LONG = Narrative(*(f"{samples.NARRATIVE.proposals}\n{samples.NARRATIVE.next_steps}\n" * 6 for _ in range(5)))

CASES: dict[str, Report] = {
    "one page": BRIEF,
    "41 villages": samples.sealed(),
    "80 villages, the demonstration": samples.sealed(80, demo=True),
    "many pages": compose_report(samples.settings(), month_span(samples.NOVEMBER), samples.facts(3), LONG, mark=MARK),
    "long village names": compose_report(
        samples.settings(),
        month_span(samples.NOVEMBER),
        samples.facts(3, villages=samples.villages(41, tuple(f"Thôn Làng Chưng Ngầm Thượng số {n} (xã Phong Niên cũ, sáp nhập)" for n in range(41)))),
        mark=MARK,
    ),
    "an empty period": compose_report(samples.settings(), month_span(samples.NOVEMBER), ReportFacts(), mark=MARK),
    "a replacing report": samples.replacing(demo=True),
    "numbered and dated": replace(samples.report(3, number="5", dated=PaperDate(20, 11, 2026)), mark=MARK),
    **{f"signed as {form}": samples.sealed(1, signer_form=form, signer_lines=("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")) for form in SignerForm},
}  # fmt: skip


@lru_cache(maxsize=32)
def drawn(name: str) -> bytes:
    return draw_report_pdf(CASES[name])


@lru_cache(maxsize=32)
def pages_of(name: str) -> list[Page]:
    return read_pdf(drawn(name))


@pytest.mark.parametrize("name", CASES)
def test_a_sealed_paper_is_as_decree_30_wants_it_and_marked_on_each_page(name: str) -> None:
    assert complaints(drawn(name), sealed=True) == []


def test_the_cases_are_what_they_are_called() -> None:
    text = [page for page in pages_of("one page") if not annex_label(page) and not page.landscape]
    assert text[0].find("Nơi nhận:"), "the text does not end on its first page"
    first_annex = next(place for place, page in enumerate(pages_of("many pages")) if annex_label(page))
    assert first_annex > 6
    assert sum(page.landscape for page in pages_of("80 villages, the demonstration")) >= 3
    assert [annex_label(page).text for page in pages_of("a replacing report") if annex_label(page)][-1] == "Phụ lục IV"  # fmt: skip


@pytest.mark.parametrize("name", ["80 villages, the demonstration", "a replacing report"])
def test_a_camera_reads_the_code_of_every_page_upright_and_lying(name: str) -> None:
    for dots in (150, 300):  # a poor scan, an office printer
        codes = read_codes(drawn(name), dots)
        assert len(codes) == len(pages_of(name)) and codes == [[ADDRESS]] * len(codes)


def test_a_long_address_is_read_too() -> None:
    long = "https://" + "to-cong-nghe-so-cong-dong." * 4 + "xuanquang.laocai.gov.vn"
    report = replace(BRIEF, mark=replace(MARK, address=long))
    assert read_codes(draw_report_pdf(report), 200)[0] == [f"{long}/verify/{MARK.code}"]
    assert complaints(draw_report_pdf(report), sealed=True) == []


def test_the_lines_name_code_version_figures_and_audit_head_on_each_page() -> None:
    for page in pages_of("80 villages, the demonstration"):
        foot = [line for line in page.lines if line.base > page.high - 19]
        assert [line.text for line in foot if line.text != "DỮ LIỆU MẪU"] == LINES
        stamp = page.get("DỮ LIỆU MẪU")
        assert all(line.x0 > stamp.x1 + 10 for line in foot if line is not stamp)


def test_a_draft_says_so_on_each_page_and_has_no_code_and_no_blanks() -> None:
    draft = draw_report_pdf(samples.report(3, demo=True))
    assert complaints(draft) == []
    pages = read_pdf(draft)
    assert all(page.find(DRAFT) and not page.code and not page.find("Mã kiểm tra") for page in pages)
    assert not any(read_codes(draft, 100)) and PdfReader(io.BytesIO(draft)).get_fields() is None
    assert not any(page.find(DRAFT) for page in pages_of("41 villages"))


@pytest.mark.parametrize(
    ("constant", "wrong", "complaint"),
    [
        ("FOOT", 9.0, "larger than 8 points"),
        ("CODE_SIDE", 20 * decree30.MM, "the code is 20.0"),
        ("CODE_SIDE", 8 * decree30.MM, "the code is 8.0"),
        ("CODE_BOTTOM", 3 * decree30.MM, "too near the edge"),
        ("CODE_BOTTOM", 9 * decree30.MM, "white rim"),
        ("CODE_GAP", 0.5 * decree30.MM, "white rim"),
        ("CODE_GAP", -8 * decree30.MM, "overlap"),
        ("FOOT_LEADING", 4.0, "overlap"),
    ],
)
def test_the_ruler_notices_a_bottom_margin_drawn_otherwise(
    monkeypatch: pytest.MonkeyPatch, constant: str, wrong: float, complaint: str
) -> None:
    monkeypatch.setattr(decree30, constant, wrong)
    told = complaints(draw_report_pdf(samples.sealed(3, demo=True)), sealed=True)
    assert any(complaint in one for one in told), told


def test_a_draft_is_no_sealed_paper_and_the_other_way_round() -> None:
    assert any("instead of the seal's lines" in told for told in complaints(draw_report_pdf(samples.report(1)), sealed=True))  # fmt: skip
    assert any("instead of the draft's line" in told for told in complaints(drawn("41 villages")))


def test_what_is_left_blank_is_a_field_the_clerks_tool_fills() -> None:
    reader = PdfReader(io.BytesIO(drawn("41 villages")))
    fields = reader.get_fields() or {}
    assert list(fields) == ["so_van_ban", "ngay", "thang", "nam"]
    assert [field["/TU"] for field in fields.values()] == ["Số văn bản", "Ngày ban hành", "Tháng ban hành", "Năm ban hành"]  # fmt: skip
    page = pages_of("41 villages")[0]
    number, day = page.get("Số:"), page.get("Xuân Quang,")
    for annotation in reader.pages[0]["/Annots"]:
        told = annotation.get_object()
        left, low, right, high = (float(side) * 25.4 / 72 for side in told["/Rect"])
        line = number if told["/T"] == "so_van_ban" else day
        assert page.high - high < line.base < page.high - low
        assert line.x0 < left < right <= line.x1 + 14  # the year is the line's end
        assert "/MK" not in told and "/BS" not in told and told["/F"] == 4 and "/AP" not in told
    assert not any("/Annots" in page for page in reader.pages[1:])


def test_filled_fields_show_what_was_filled_in() -> None:
    values = {"so_van_ban": "1125", "ngay": "20", "thang": "11", "nam": "2026"}
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn("41 villages"))))
    writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False, flatten=True)
    out = io.BytesIO()
    writer.write(out)
    page = read_pdf(out.getvalue())[0]
    filled = {line.text: line for line in page.lines if line.font.startswith("Times")}
    assert set(filled) == set(values.values())
    assert abs(filled["1125"].base - page.get("Số:").base) < 0.8
    assert all(abs(filled[text].base - page.get("Xuân Quang,").base) < 0.8 for text in ("20", "11", "2026"))
    number = page.get("Số:")
    assert number.x0 + 7 < filled["1125"].x0 < filled["1125"].x1 < number.x1 - 18, (
        "it runs into other letters"
    )


@pytest.mark.parametrize(
    ("number", "dated", "names"),
    [
        ("112", PaperDate(20, 11, 2026), []),
        ("", PaperDate(20, 11, 2026), ["so_van_ban"]),
        ("112", PaperDate(None, 11, 2026), ["ngay"]),
        ("112", PaperDate(None, None, 2026), ["ngay", "thang"]),
        (" \u200b", PaperDate(), ["so_van_ban", "ngay", "thang", "nam"]),
    ],
)
def test_only_what_is_empty_is_a_field(number: str, dated: PaperDate, names: list[str]) -> None:
    report = replace(samples.report(1, number=number, dated=dated), mark=MARK)
    assert list(PdfReader(io.BytesIO(draw_report_pdf(report))).get_fields() or {}) == names


def test_a_team_paper_without_number_has_no_field_for_one() -> None:
    report = samples.sealed(1, numbered=False)
    assert list(PdfReader(io.BytesIO(draw_report_pdf(report))).get_fields() or {}) == ["ngay", "thang", "nam"]


def test_the_same_seal_is_the_same_bytes_and_another_seal_other_ones() -> None:
    for draw in (draw_report_pdf, draw_report_docx, draw_report_xlsx):
        assert draw(samples.sealed(3)) == draw(samples.sealed(3))
        other = replace(samples.sealed(3), mark=replace(MARK, version=3))
        assert draw(other) != draw(samples.sealed(3)) != draw(samples.report(3, dated=PaperDate()))


def test_word_carries_code_and_lines_in_the_foot_of_each_section() -> None:
    body = draw_report_docx(samples.sealed(3, demo=True))
    told = Document(io.BytesIO(body))
    assert len(told.sections) == 4
    for section in told.sections:
        for footer in (section.footer, section.first_page_footer):
            assert [one.text.split("\t")[-1] for one in footer.paragraphs] == LINES
            assert "DỮ LIỆU MẪU" in footer.paragraphs[-1].text
            (picture,) = footer._element.findall(".//{*}anchor")
            assert int(picture.find("{*}extent").get("cx")) == pytest.approx(Mm(13), abs=10)
            link = picture.find(".//{*}blip").get(next(iter(picture.find(".//{*}blip").attrib)))
            read = zxingcpp.read_barcodes(_framed(footer.part.related_parts[link].blob))
            assert [code.text for code in read] == [ADDRESS]
        end = section.footer.paragraphs[0].paragraph_format.tab_stops[0].position
        room = section.page_width - section.left_margin - section.right_margin
        assert abs(room - end - Mm(16)) < Mm(0.2), "the lines do not end beside the code"
    box = zipfile.ZipFile(io.BytesIO(body))
    for name in box.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(box.read(name))
    drafted = Document(io.BytesIO(draw_report_docx(samples.report(1))))
    assert all(DRAFT in section.footer.paragraphs[0].text for section in drafted.sections)
    assert not drafted.sections[0].footer._element.findall(".//{*}anchor")


def _framed(picture: bytes) -> Image.Image:
    """A picture on white paper."""
    inner = Image.open(io.BytesIO(picture)).convert("L")
    paper = Image.new("L", (inner.width + 80, inner.height + 80), 255)
    paper.paste(inner, (40, 40))
    return paper


def test_excel_carries_the_lines_in_the_foot_of_each_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(draw_report_xlsx(samples.replacing(demo=True))))
    assert "Thay đổi" in book.sheetnames
    for sheet in book:
        assert sheet.oddFooter.left.text.splitlines() == LINES and sheet.oddFooter.left.size == 7
        assert sheet.oddFooter.center.text == "&P/&N" or sheet.oddFooter.center.text == "&[Page]/&N"
    drafted = openpyxl.load_workbook(io.BytesIO(draw_report_xlsx(samples.report(1))))
    assert all(sheet.oddFooter.left.text == DRAFT for sheet in drafted)
    odd = replace(samples.sealed(1), mark=replace(MARK, code="a&b&P&8cd"))
    sheet = next(iter(openpyxl.load_workbook(io.BytesIO(draw_report_xlsx(odd)))))
    raw = zipfile.ZipFile(io.BytesIO(draw_report_xlsx(odd))).read("xl/worksheets/sheet1.xml").decode()
    assert "Mã kiểm tra: a&amp;&amp;b&amp;&amp; P&amp;&amp;8c d" in raw and sheet.oddFooter
