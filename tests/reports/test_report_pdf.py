"""The printed report, measured with the clerk's ruler."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date
from functools import lru_cache

import pytest
from pypdf import PdfReader

from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_facts import Narrative, ReportFacts
from tdteam.domain.report_settings import PaperDate, PaperReference, SignerForm
from tdteam.domain.report_spans import SpanKind, month_span, range_span, span_of
from tdteam.reports import decree30, pages, report_pdf
from tdteam.reports.report_pdf import draw_report_pdf
from tests.reports import samples
from tests.reports.decree_checker import annex_label, complaints
from tests.reports.reading import read_pdf

MARCH = PaperDate.of(date(2026, 3, 5))
LONG_NAMES = tuple(
    f"Thôn Làng Chưng Ngầm Thượng số {n} (xã Phong Niên cũ, sáp nhập năm 2025)" for n in range(41)
)
SHORT = compose_report(samples.settings(), month_span(samples.NOVEMBER), replace(samples.facts(3), figures=samples.figures()[:2], charts=()))  # fmt: skip
EMPTY = compose_report(samples.settings(), month_span(samples.NOVEMBER), ReportFacts())
LONG = compose_report(
    samples.settings(), month_span(samples.NOVEMBER), samples.facts(80),
    Narrative(*(f"{samples.NARRATIVE.proposals}\n{samples.NARRATIVE.next_steps}\n" * 6 for _ in range(5))),
)  # fmt: skip
SEVERAL = ("Sở Khoa học và Công nghệ tỉnh Lào Cai", "Văn phòng Ủy ban nhân dân tỉnh", "Trung tâm Điều hành thông minh (IOC) tỉnh Lào Cai thuộc Sở Khoa học và Công nghệ tỉnh Lào Cai")  # fmt: skip

CASES: dict[str, Report] = {
    "41 villages": samples.report(),
    "30 villages, numbered and dated": samples.report(30, number="5", dated=MARCH),
    "80 villages": samples.report(80),
    "few lines": SHORT,
    "an empty period": EMPTY,
    "many pages": LONG,
    "long village names": replace(samples.report(), annexes=compose_report(samples.settings(), month_span(samples.NOVEMBER), replace(samples.facts(), villages=samples.villages(41, LONG_NAMES))).annexes),
    "several addressees": samples.report(3, addressees=SEVERAL),
    "no addressee": samples.report(3, addressees=()),
    "a superior body": samples.report(3, superior_line="UBND xã Xuân Quang", issuing_lines=("Phòng Văn hóa - Xã hội",), symbol="BC-VHXH"),
    "a long body name": samples.report(3, issuing_lines=("Ủy ban nhân dân", "thị trấn Nông trường Phong Hải huyện Bảo Thắng cũ")),
    "the demonstration": samples.report(30, demo=True),
    "a quarter": compose_report(samples.settings(), span_of(SpanKind.QUARTER, 2026, 4), samples.facts(3)),
    "any days": compose_report(samples.settings(), range_span(date(2026, 11, 1), date(2026, 11, 9)), samples.facts(3)),
    "a replacing report": compose_report(samples.settings(), month_span(samples.NOVEMBER), samples.facts(3), number="112", dated=MARCH, replaces=PaperReference("98", "BC-UBND", MARCH), replaces_why="Bổ sung số liệu của 4 Tổ gửi muộn"),
    **{f"signed as {form}": samples.report(3, signer_form=form, signer_lines=("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG") if form is SignerForm.OTHER else ()) for form in SignerForm},
}  # fmt: skip


@lru_cache(maxsize=64)
def drawn(name: str) -> bytes:
    return draw_report_pdf(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_the_paper_is_as_decree_30_wants_it(name: str) -> None:
    assert complaints(drawn(name)) == []


@pytest.mark.parametrize(
    ("constant", "wrong", "complaint"),
    [
        ("COUNTRY", 11.0, "country: size"),
        ("MOTTO", 12.0, "motto: size"),
        ("BODY_RULE", 0.8, "issuing body's rule"),
        ("ABSTRACT_RULE", 0.1, "abstract's rule"),
        ("NUMBER", 12.0, "number: size"),
        ("PLACE_DATE", 12.0, "place and date: size"),
        ("SIGNATURE_ROOM", 5.0, "no room to sign"),
        ("COPIES_HEAD", 11.0, "Nơi nhận: size"),
        ("PAGE_NUMBER", 11.0, "page number: size"),
    ],
)
def test_the_ruler_notices_a_paper_drawn_otherwise(
    monkeypatch: pytest.MonkeyPatch, constant: str, wrong: float, complaint: str
) -> None:
    monkeypatch.setattr(decree30, constant, wrong)
    assert any(complaint in told for told in complaints(draw_report_pdf(samples.report(30))))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"before": 3.0}, "gap before"),
        ({"leading": 26.0}, "line spacing"),
        ({"leading": 14.5}, "line spacing"),
        ({"indent": 20.0}, "indent"),
        ({"align": "left"}, "not justified"),
        ({"size": 12.0}, "headings"),
    ],
)
def test_the_ruler_notices_a_body_set_otherwise(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], complaint: str
) -> None:
    monkeypatch.setattr(report_pdf, "BODY", replace(report_pdf.BODY, **changed))
    monkeypatch.setattr(report_pdf, "HEADING", replace(report_pdf.HEADING, **changed))
    assert any(complaint in told for told in complaints(draw_report_pdf(samples.report(30))))


@pytest.mark.parametrize(("side", "wrong"), [("left", 25), ("right", 10), ("top", 12), ("bottom", 8)])
def test_the_ruler_notices_wrong_margins(monkeypatch: pytest.MonkeyPatch, side: str, wrong: float) -> None:
    monkeypatch.setattr(pages.Paper.__init__, "__kwdefaults__", {"margins": replace(pages.DECREE, **{side: wrong * decree30.MM}), "numbered": True, "foot": None, "wide": False})  # fmt: skip
    assert any(f"{side} margin" in told for told in complaints(draw_report_pdf(LONG)))


def test_number_and_date_take_their_zeros_by_the_rule() -> None:
    first = read_pdf(drawn("30 villages, numbered and dated"))[0]
    assert first.get("Số:").text == "Số: 05/BC-UBND"
    assert first.get("Xuân Quang,").text == "Xuân Quang, ngày 05 tháng 3 năm 2026"
    annex = next(
        page
        for page in read_pdf(drawn("30 villages, numbered and dated"))
        if (annex_label(page) or page.lines[0]).text == "Phụ lục I"
    )
    told = annex.get("(Kèm theo").text
    assert (
        told == "(Kèm theo Báo cáo số 05/BC-UBND ngày 05 tháng 3 năm 2026 của Ủy ban nhân dân xã Xuân Quang)"
    )


def test_without_number_and_day_there_is_room_to_write_them() -> None:
    first = read_pdf(drawn("41 villages"))[0]
    assert first.get("Số:").wide - 13 > 14  # "Số:" and "/BC-UBND" alone are about that much narrower
    assert first.get("Xuân Quang,").text.replace("\u00a0", " ").split() == [
        "Xuân",
        "Quang,",
        "ngày",
        "tháng",
        "11",
        "năm",
        "2026",
    ]


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        (SignerForm.CHAIR, ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        (SignerForm.VICE_CHAIR, ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (SignerForm.VICE_CHAIR_FULL, ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (SignerForm.OFFICE_HEAD, ["TRƯỞNG PHÒNG"]),
        (SignerForm.OFFICE_DEPUTY, ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]),
        (SignerForm.TEAM_LEADER, ["TỔ TRƯỞNG"]),
        (SignerForm.OTHER, ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
    ],
)
def test_each_signer_form_has_its_lines(form: SignerForm, lines: list[str]) -> None:
    page = next(page for page in read_pdf(drawn(f"signed as {form}")) if page.find("Nơi nhận:"))
    head = page.get("Nơi nhận:")
    bold = [line for line in page.lines if line.bold and line.size == 14]
    right = [line.text for line in bold if line.x0 > 100 and line.base > head.base - 1]
    assert right == [*lines, "Trần Văn Bình"]


def test_several_addressees_stand_with_their_dashes_under_the_colon() -> None:
    page = read_pdf(drawn("several addressees"))[0]
    label = page.get("Kính gửi:")
    dashes = [
        line
        for line in page.lines
        if line.text.startswith("- ") and line.base > label.base and line.base < label.base + 25
    ]
    assert [line.text[-1] for line in dashes[:2]] == [";", ";"]
    assert all(abs(line.x0 - label.x1) < 2 for line in dashes[:3])
    assert page.find("thuộc Sở") or "lệ tỉnh Lào Cai." in page.text or "Lào Cai." in page.text


def test_the_opening_names_the_statutory_days() -> None:
    text = " ".join(read_pdf(drawn("41 villages"))[0].text.split())
    assert "tháng 11 năm 2026 (từ ngày 15 tháng 10 năm 2026 đến ngày 14 tháng 11 năm 2026) như sau:" in text


def test_a_replacing_report_says_which_one_it_replaces() -> None:
    text = " ".join(read_pdf(drawn("a replacing report"))[0].text.split())
    assert (
        "Báo cáo này thay thế Báo cáo số 98/BC-UBND ngày 05 tháng 3 năm 2026 của Ủy ban nhân dân xã Xuân Quang"
        in text
    )


def test_every_page_of_the_village_table_repeats_its_head() -> None:
    sheets = [page for page in read_pdf(drawn("80 villages")) if page.landscape]
    assert len(sheets) >= 3
    for page in sheets:
        assert page.find("Thành viên Tổ") and page.find("TT"), page.text


def test_rows_are_whole_and_all_there() -> None:
    sheets = [page for page in read_pdf(drawn("80 villages")) if page.landscape]
    orders = [
        int(line.text)
        for page in sheets
        for line in page.lines
        if line.x0 < 36 and line.text.isdecimal() and line.base > 20
    ]
    assert orders == list(range(1, 81))
    last = sheets[-1]
    assert last.get("Tổng cộng").bold
    before = [line for line in last.lines if line.x0 < 36 and line.text.isdecimal() and line.base > 20]
    assert before, "the total stands alone on a page"


def test_long_village_names_wrap_inside_their_column() -> None:
    for page in read_pdf(drawn("long village names")):
        if page.landscape:
            edges = sorted({round(rule.x0, 1) for rule in page.rules if not rule.flat})
            names = [line for line in page.lines if line.text.startswith("Thôn Làng")]
            assert names and all(line.x1 < edges[2] and line.x0 > edges[1] for line in names)


def test_missing_is_a_dash_and_never_a_nought() -> None:
    empty = read_pdf(drawn("an empty period"))
    text = "\n".join(page.text for page in empty)
    assert "Kỳ này chưa có số liệu." in text
    assert "Chưa có số liệu về: số Tổ; " in text.replace("\n", " ")
    assert "Không có số liệu" in text
    page = next(page for page in read_pdf(drawn("41 villages")) if page.landscape)
    row = page.get("Cốc Sâm 1")
    cells = [line.text for line in page.lines if abs(line.base - row.base) < 0.2]
    assert cells[:20] == ["6", "Cốc Sâm 1", "224", "125", "101", "234", *["-"] * 14]


def test_a_known_nought_is_a_nought() -> None:
    page = next(page for page in read_pdf(drawn("41 villages")) if page.landscape)
    zero = [value for row in samples.villages().rows for value in row.values if value == 0]
    assert sum(
        line.text == "0" for page in read_pdf(drawn("41 villages")) if page.landscape for line in page.lines
    ) == len(zero)
    assert page.landscape


def test_only_tinos_is_in_the_file_and_all_of_it_embedded() -> None:
    reader = PdfReader(io.BytesIO(drawn("the demonstration")))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            told = font.get_object()
            names.add(told["/BaseFont"])
            assert "/FontFile2" in told["/FontDescriptor"].get_object(), told["/BaseFont"]
    assert {name.split("+")[-1] for name in names} == {
        "Tinos-Regular",
        "Tinos-Bold",
        "Tinos-Italic",
        "Tinos-BoldItalic",
    }
    assert b"Helvetica" not in drawn("the demonstration") and b"/Times" not in drawn("the demonstration")


def test_the_file_tells_its_title_language_and_chapters() -> None:
    reader = PdfReader(io.BytesIO(drawn("41 villages")))
    assert reader.metadata
    assert reader.metadata.title == (
        "BÁO CÁO Kết quả hoạt động của Tổ công nghệ số cộng đồng tháng 11 năm 2026 - Ủy ban nhân dân xã Xuân Quang"
    )
    assert reader.metadata.author == "Ủy ban nhân dân xã Xuân Quang"
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    assert float(reader.pdf_header.removeprefix("%PDF-")) >= 1.4
    outline = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert outline[0] == "I. TÌNH HÌNH TỔ CHỨC" and outline[-1].startswith("Phụ lục III. ")
    assert len(outline) == 8


def test_the_demonstration_is_marked_on_every_page_and_a_real_paper_on_none() -> None:
    assert all(page.find("DỮ LIỆU MẪU") for page in read_pdf(drawn("the demonstration")))
    assert not any(page.find("DỮ LIỆU MẪU") for page in read_pdf(drawn("30 villages, numbered and dated")))


def test_the_same_report_is_the_same_bytes() -> None:
    again = draw_report_pdf(samples.report())
    assert hashlib.sha256(again).digest() == hashlib.sha256(draw_report_pdf(samples.report())).digest()
    assert again != draw_report_pdf(samples.report(number="6"))


def test_declared_stands_beside_counted_with_who_and_when() -> None:
    text = " ".join(" ".join(page.text for page in read_pdf(drawn("41 villages"))).split())
    counted, declared = text.index("318 274"), text.index("1.240 1.199")
    assert counted < declared
    assert "Công an xã, đến" in text
    assert "1.558" not in text  # 318 + 1.240: nobody may add them
