"""Measures the bottom margin of a drawn page: the code and lines of a sealed paper, the line of a draft. Not the decree's,
which leaves the margin empty, but the house's: small, black, apart, printable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.reports.reading import NEAR, Line, Page, about

DRAFT = ["BẢN NHÁP - số liệu chưa chốt"]
SEALED = [
    re.compile(r"Mã kiểm tra: [2-9a-z]{4}( [2-9a-z]{4}){3} - Lần chốt số liệu: [1-9]\d*"),
    re.compile(r"Số liệu \(SHA-256\): [0-9a-f]{16} - Nhật ký: [0-9a-f]{16}"),
]
PRINTER = 5  # mm that office printers leave white along an edge


def feet(page: Page) -> list[Line]:
    return [line for line in page.lines if line.base >= page.high - 20 + NEAR]


def foot(page: Page, sealed: bool) -> Iterator[str]:
    """The bottom margin: a sealed paper's code and its two lines, or one line that says draft; the stamp of the
    demonstration at the left. Small, black, apart from each other, within what office printers print."""
    lines = [line for line in feet(page) if line.text != "DỮ LIỆU MẪU"]
    told = [line.text for line in lines]
    if sealed:
        good = len(told) == 2 and all(form.fullmatch(text) for form, text in zip(SEALED, told, strict=True))
        yield from about(good, f"bottom margin: {told} instead of the seal's lines")
    else:
        yield from about(told == DRAFT, f"bottom margin: {told} instead of the draft's line")
    for line in lines:
        yield from about(line.size <= 8 and not line.italic, f"{line.text!r}: larger than 8 points")
    boxes = [(line.x0, line.top, line.x1, line.bottom) for line in feet(page)]
    yield from about(bool(page.code) == sealed, "a code where none belongs, or none")
    if page.code:
        code, rim = page.code, 4 * page.code.module
        wide, high = code.x1 - code.x0, code.bottom - code.top
        yield from about(12 <= wide <= 16 and abs(wide - high) < 0.1, f"the code is {wide:.1f} by {high:.1f}")
        yield from about(abs(code.x1 - (page.wide - 15)) < NEAR, "the code is not flush with the text")
        white = all(
            box[2] <= code.x0 - rim or box[0] >= code.x1 + rim or box[3] <= code.top - rim
            for box in [(line.x0, line.top, line.x1, line.bottom) for line in page.lines]
        )
        yield from about(white, "the code's white rim is written on")
        ruled = [rule for rule in page.rules if rule.x1 > code.x0 - rim and rule.y1 > code.top - rim]
        yield from about(not ruled, "the code's white rim is ruled")
        boxes.append((code.x0, code.top, code.x1, code.bottom))
    for place, box in enumerate(boxes):
        yield from about(
            box[0] >= 30 - NEAR and box[2] <= page.wide - 15 + NEAR,
            "the bottom margin is wider than the text",
        )
        yield from about(box[3] <= page.high - PRINTER + 0.1, "too near the edge for a printer")
        for other in boxes[place + 1 :]:
            apart = box[2] < other[0] or other[2] < box[0] or box[3] <= other[1] or other[3] <= box[1]
            yield from about(apart, "two things overlap in the bottom margin")
