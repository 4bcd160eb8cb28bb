"""Slips to cut out: six a page, each with its own code, nothing outside its field."""

from __future__ import annotations

import io
from datetime import date

import pdfplumber
import pytest
import segno

from tdteam.domain.slips import Slip, SlipSheet, SlipWords
from tdteam.reports.qr import QUIET
from tdteam.reports.slip_sheet import CODE, draw_slips_pdf
from tests.reports.reading import read_pdf

WORDS = SlipWords(
    title="Phiếu vào ứng dụng",
    team="Tổ",
    villages="Phụ trách",
    steps=("Mở máy ảnh, quét mã bên trái.", "Tự chọn mã PIN 6 số.", "Thêm ứng dụng vào màn hình chính."),
    until="Dùng cho một điện thoại, đến hết ngày",
    call="Cần giúp, gọi",
    secret="Không chụp ảnh.",
)


def slip(number: int, **own: str) -> Slip:
    given = {"name": f"Lý Láo Sì {number}", "role": "", "team": "Tổ Hốc Đá", "villages": "Thôn Nậm Dù", **own}
    return Slip(address=f"https://tdteam.example.vn/join/{number:022d}", until=date(2026, 12, 7), **given)


def sheet(*slips: Slip, demo: str = "") -> SlipSheet:
    return SlipSheet("Xã Xuân Quang", slips, "Trần Thị Chi, 0912 345 678", WORDS, demo)


def codes_of(drawn: bytes, page: int = 0) -> list[list[list[bool]]]:
    """The modules of each QR code on a page, read from the black rectangles, without the quiet zone."""
    with pdfplumber.open(io.BytesIO(drawn)) as pdf:
        rects = [(r["x0"], r["top"], r["width"], r["height"]) for r in pdf.pages[page].rects]
        wide, high = pdf.pages[page].width / 2, pdf.pages[page].height / 3
    fields: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}
    for one in rects:
        fields.setdefault((int(one[1] // high), int(one[0] // wide)), []).append(one)
    out = []
    for _, own in sorted(fields.items()):
        left, top = min(r[0] for r in own), min(r[1] for r in own)
        module = min(r[3] for r in own)
        across = round((max(r[0] + r[2] for r in own) - left) / module)
        code = [[False] * across for _ in range(across)]
        for x, y, long, _high in own:
            for step in range(round(long / module)):
                code[round((y - top) / module)][round((x - left) / module) + step] = True
        assert abs(module * (across + 2 * QUIET) - CODE) < 0.1
        out.append(code)
    return out


def test_each_slip_carries_its_own_code() -> None:
    slips = [slip(number) for number in range(7)]
    drawn = draw_slips_pdf(sheet(*slips))
    found = codes_of(drawn, 0) + codes_of(drawn, 1)
    wanted = [segno.make(one.address, error="m", micro=False, mask=3).matrix for one in slips]
    assert found == [[[bool(cell) for cell in row] for row in matrix] for matrix in wanted]


def test_a_code_is_large_enough_for_an_old_camera() -> None:
    long = "https://to-cong-nghe-so.xuanquang.baothang.laocai.gov.vn/join/" + "x" * 22
    modules = len(segno.make(long, error="m", micro=False).matrix) + 2 * QUIET
    assert CODE / 72 * 25.4 / modules > 0.6  # millimetres a module


def test_a_slip_says_who_how_until_when_and_whom_to_call() -> None:
    (page,) = read_pdf(draw_slips_pdf(sheet(slip(1, role="Tổ trưởng"))))
    assert (round(page.wide), round(page.high)) == (210, 297)
    assert page.get("Lý Láo Sì 1").bold and page.get("Lý Láo Sì 1").size >= 16
    for text in (
        "PHIẾU VÀO ỨNG DỤNG",
        "Tổ trưởng, Tổ Hốc Đá",
        "Phụ trách: Thôn Nậm Dù, Xã Xuân Quang",
        "1.",
        "Tự chọn mã PIN 6 số.",
        "Dùng cho một điện thoại, đến hết ngày 07/12/2026",
        "Cần giúp, gọi: Trần Thị Chi, 0912 345 678",
    ):
        assert page.find(text), text
    assert min(line.size for line in page.lines) >= 10
    assert "join" not in page.text  # the code is for a camera, not to be read aloud


def test_six_a_page_with_lines_to_cut_along() -> None:
    pages = read_pdf(draw_slips_pdf(sheet(*(slip(number) for number in range(7)))))
    assert [sum(line.text.startswith("Lý Láo Sì") for line in page.lines) for page in pages] == [6, 1]
    cuts = [rule for rule in pages[0].rules if rule.wide > 100 or rule.y1 - rule.y0 > 100]
    assert [round(rule.x0) for rule in cuts if not rule.flat] == [105]
    assert sorted(round(rule.y0) for rule in cuts if rule.flat) == [99, 198]


@pytest.mark.parametrize(
    "text", ["<b>x", "Ộ" * 5000, "", "&amp; " * 300, "Nguyễn Thị Phương Thảo Nguyên Anh Thư Bảo"]
)
def test_any_name_stays_inside_its_slip(text: str) -> None:
    odd = slip(1, name=text, team=text, villages=text, role=text)
    drawn = draw_slips_pdf(SlipSheet(text, (odd, slip(2)), text or "-", WORDS))
    (page,) = read_pdf(drawn)
    left = [line for line in page.lines if line.x0 < 105]
    assert all(line.x1 < 105 for line in left) and all(line.bottom < 99 for line in page.lines)


def test_the_same_slips_are_the_same_bytes_and_the_demonstration_is_marked() -> None:
    assert draw_slips_pdf(sheet(slip(1))) == draw_slips_pdf(sheet(slip(1)))
    assert read_pdf(draw_slips_pdf(sheet(slip(1), demo="DỮ LIỆU MẪU")))[0].find(
        "PHIẾU VÀO ỨNG DỤNG - DỮ LIỆU MẪU"
    )
