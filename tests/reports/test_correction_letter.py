"""The letter that corrects a paper's form, measured; and what it may not go out with."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from docx import Document
from pypdf import PdfReader

from tdteam.domain.correction_letters import Correction, CorrectionLetter, judge_corrections
from tdteam.domain.report_settings import PaperDate, SignerForm
from tdteam.reports import decree30
from tdteam.reports.correction_letter import draw_correction_letter, draw_correction_letter_docx
from tests.reports import samples
from tests.reports.decree_checker import letter_complaints
from tests.reports.reading import read_pdf

SEVERAL = ("Sở Khoa học và Công nghệ", "Văn phòng Ủy ban nhân dân tỉnh")
LETTERS: dict[str, CorrectionLetter] = {
    "three corrections": samples.letter(),
    "one correction": samples.letter(1),
    "thirty corrections": samples.letter(30),
    "numbered and dated": samples.letter(number="9", dated=PaperDate(5, 12, 2026)),
    "several addressees": samples.letter(settings=samples.settings(addressees=SEVERAL)),
    "the demonstration": samples.letter(settings=samples.settings(demo=True)),
    "an office": samples.letter(
        symbol="VHXH",
        settings=samples.settings(superior_line="UBND xã Xuân Quang", issuing_lines=("Phòng Văn hóa - Xã hội",)),
    ),
    "long words": samples.letter(corrections=(Correction("chữ đã in " * 150, "chữ đúng " * 150, "trang 2, mục II"),)),
    **{f"signed as {form}": samples.letter(settings=samples.settings(signer_form=form, signer_lines=("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"))) for form in SignerForm},
}  # fmt: skip


def words(drawn: bytes) -> str:
    return " ".join(" ".join(page.text for page in read_pdf(drawn)).split())


@pytest.mark.parametrize("name", LETTERS)
def test_the_letter_is_as_decree_30_wants_it(name: str) -> None:
    assert letter_complaints(draw_correction_letter(LETTERS[name])) == []


@pytest.mark.parametrize(
    ("constant", "wrong", "complaint"),
    [
        ("SUBJECT", 14.0, "subject"),
        ("SUBJECT", 10.0, "subject: size"),
        ("GAP", 30.0, "points under the number"),
        ("GAP", 0.0, "points under the number"),
        ("SIGNATURE_ROOM", 5.0, "no room to sign"),
    ],
)
def test_the_ruler_notices_a_letter_drawn_otherwise(
    monkeypatch: pytest.MonkeyPatch, constant: str, wrong: float, complaint: str
) -> None:
    monkeypatch.setattr(decree30, constant, wrong)
    assert any(complaint in told for told in letter_complaints(draw_correction_letter(samples.letter())))


def test_it_names_the_paper_the_reason_and_each_correction_and_changes_no_figure() -> None:
    text = words(draw_correction_letter(samples.letter(number="9", dated=PaperDate(5, 12, 2026))))
    for told in (
        "Số: 09/UBND-VHXH",
        "Xuân Quang, ngày 05 tháng 12 năm 2026",
        "đã ban hành Báo cáo số 05/BC-UBND ngày 20 tháng 11 năm 2026 về kết quả hoạt động",
        "Lý do đính chính: Sơ suất khi soạn thảo văn bản.",
        '1. Tại trang 1: đã in "Kính gửi: Sở Khoa học và Công nghiệp"; nay sửa là "Kính gửi: Sở Khoa học và Công nghệ".',
        '3. Đã in "ngày 14 tháng 11 năm 2062"; nay sửa là "ngày 14 tháng 11 năm 2026".',
        "Số liệu và các nội dung khác của Báo cáo số 05/BC-UBND ngày 20 tháng 11 năm 2026 không thay đổi.",
        "thực hiện./.",
    ):
        assert told in text, told
    subject = [line.text for line in read_pdf(draw_correction_letter(samples.letter()))[0].lines if line.size == 12 and line.x1 < 100 and not line.bold]  # fmt: skip
    assert " ".join(subject).startswith("V/v đính chính Báo cáo số 05/BC-UBND ngày 20 tháng 11 năm 2026")


def test_a_lone_correction_has_no_number() -> None:
    assert 'như sau: Tại trang 1: đã in "' in words(draw_correction_letter(samples.letter(1)))


def test_number_and_day_are_fields_where_they_are_blank() -> None:
    blank = PdfReader(io.BytesIO(draw_correction_letter(samples.letter()))).get_fields() or {}
    assert list(blank) == ["so_van_ban", "ngay", "thang", "nam"]
    given = samples.letter(number="9", dated=PaperDate(5, 12, 2026))
    assert PdfReader(io.BytesIO(draw_correction_letter(given))).get_fields() is None


def test_word_says_the_same_and_both_are_the_same_bytes_again() -> None:
    letter = samples.letter(number="9", dated=PaperDate(5, 12, 2026))
    told = Document(io.BytesIO(draw_correction_letter_docx(letter)))
    cells = [cell.text for table in told.tables for row in table.rows for cell in row.cells]
    text = " ".join([*cells, *(one.text for one in told.paragraphs)])
    assert any("V/v đính chính Báo cáo số 05/BC-UBND" in cell for cell in cells)
    assert 'nay sửa là "TM. ỦY BAN NHÂN DÂN".' in text and "BÁO CÁO" not in text
    printed = re.sub(r"\s", "", words(draw_correction_letter(letter)))
    assert all(re.sub(r"\s", "", one.text) in printed for one in told.paragraphs)
    assert draw_correction_letter(letter) == draw_correction_letter(letter)
    assert draw_correction_letter_docx(letter) == draw_correction_letter_docx(letter)
    assert draw_correction_letter(letter) != draw_correction_letter(replace(letter, why="Khác"))


def test_a_letter_without_reason_or_words_is_refused() -> None:
    good = samples.letter().corrections
    assert judge_corrections("Sơ suất", good) == []
    told = judge_corrections(" ", (Correction("", "x"), Correction("x" * 2001, "y", "z" * 301)))
    assert [(flaw.field, flaw.code) for flaw in told] == [
        ("why", "required"),
        ("corrections.0.printed", "required"),
        ("corrections.1.printed", "too_long"),
        ("corrections.1.where", "too_long"),
    ]
    assert [flaw.code for flaw in judge_corrections("x", ())] == ["required"]
    assert [flaw.code for flaw in judge_corrections("x" * 301, good * 11)] == ["too_long", "too_many"]
