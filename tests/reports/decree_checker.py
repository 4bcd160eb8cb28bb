"""Measures a drawn report against Annex I of Decree 30/2020/ND-CP (`field-reference.md` 2). Its numbers are the decree's own,
written here a second time on purpose: nothing is taken from `tdteam.reports`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tests.reports import head_checker
from tests.reports.foot_checker import feet, foot
from tests.reports.reading import MM, NEAR, Line, Page, about, read_pdf, text_middle

HEADINGS = re.compile(r"(I|II|III|IV|V)\. ")


def complaints(drawn: bytes, *, numbered: bool = True, sealed: bool = False) -> list[str]:
    """What a clerk with a ruler would send a report back for; an empty list is a good paper."""
    pages = read_pdf(drawn)
    return [
        *_pages(pages),
        *(told for page in pages for told in foot(page, sealed)),
        *head_checker.first(pages[0], numbered),
        *head_checker.title(pages[0]),
        *_numbers(pages),
        *_body(pages, ["I", "II", "III", "IV", "V"]),
        *_signature(pages),
        *_annexes(pages),
    ]


def letter_complaints(drawn: bytes) -> list[str]:
    """The same of a letter (cong van): no kind of paper, its subject under the number, no code and no annex."""
    pages = read_pdf(drawn)
    below = [line.text for page in pages for line in feet(page) if line.text != "DỮ LIỆU MẪU"]
    return [
        *_pages(pages),
        *about(not below, f"the bottom margin holds {below}"),
        *head_checker.first(pages[0], True),
        *head_checker.subject(pages[0]),
        *_numbers(pages),
        *_body(pages, []),
        *_signature(pages),
        *about(not any(annex_label(page) for page in pages), "a letter with an annex"),
    ]


def _content(page: Page) -> list[Line]:
    return [
        line for line in page.lines if line.base < page.high - 20 + NEAR and not _is_page_number(page, line)
    ]


def _is_page_number(page: Page, line: Line) -> bool:
    return line.base < 20 and line.text.isdecimal()


def annex_label(page: Page) -> Line | None:
    return next((line for line in page.lines if line.text.startswith("Phụ lục") and line.bold), None)


def _pages(pages: list[Page]) -> Iterator[str]:
    """2.1: A4, margins, font, colour, letters."""
    for number, page in enumerate(pages, 1):
        where = f"page {number}"
        size = sorted((round(page.wide, 1), round(page.high, 1)))
        yield from about(size == [210, 297], f"{where}: not A4 but {size}")
        lines = _content(page)
        left = min(part.x0 for part in (*lines, *page.rules))
        right = max(line.x1 for line in lines)
        most = 43 if annex_label(page) else 35  # an annex may hold one indented line
        yield from about(30 - NEAR <= left <= most, f"{where}: left margin {left:.1f}")
        yield from about(page.wide - right >= 15 - NEAR, f"{where}: right margin {page.wide - right:.1f}")
        yield from about(min(line.top for line in lines) >= 20 - NEAR, f"{where}: top margin")
        low = max(line.bottom for line in lines)
        yield from about(low <= page.high - 20 + NEAR, f"{where}: the text runs into the bottom margin")
        for rule in page.rules:
            inside = rule.x0 >= 30 - NEAR and rule.x1 <= page.wide - 15 + NEAR
            yield from about(inside, f"{where}: a rule leaves the margins at {rule.x0:.1f} to {rule.x1:.1f}")
        fonts = {line.font for line in page.lines}
        yield from about(all(font.startswith("Tinos") for font in fonts), f"{where}: fonts {fonts}")
        black = {(0,), (0.0,), 0, None, (0, 0, 0), (0.0, 0.0, 0.0)}
        yield from about(page.colours <= black, f"{where}: text colours {page.colours}")
        yield from about(unicodedata.is_normalized("NFC", page.text), f"{where}: not NFC")
        yield from about(
            not re.search("[–—‑−]|__|──|\\.{4}", page.text), f"{where}: a dash or a line made of letters"
        )


def _numbers(pages: list[Page]) -> Iterator[str]:
    """Page numbers: none on the first page of text and annexes, then 2, 3 ... centred in the top margin."""
    expected = 0
    for page in pages:
        expected = 1 if page is pages[0] or annex_label(page) else expected + 1
        found = [line for line in page.lines if _is_page_number(page, line)]
        if expected == 1:
            yield from about(not found, "a number on a first page")
            continue
        yield from about([line.text for line in found] == [str(expected)], f"page number {expected} missing")
        for line in found:
            yield from about(
                13 <= line.size <= 14 and not line.bold and not line.italic, "page number: size or style"
            )
            yield from about(abs(line.middle - text_middle(page)) < NEAR, "the page number is not centred")


def _text_pages(pages: list[Page]) -> list[Page]:
    annex = next((place for place, page in enumerate(pages) if annex_label(page)), len(pages))
    return pages[:annex]


def _body(pages: list[Page], wanted: list[str]) -> Iterator[str]:
    """Box 6: sizes, indent, justification, gap between paragraphs, line spacing, headings."""
    headings: list[str] = []
    for page in _text_pages(pages):
        edge = page.wide - 15
        start = page.find("Kính gửi") or page.find("BÁO CÁO")
        end = page.find("Nơi nhận:")
        lines = [
            line
            for line in _content(page)
            if line.size == 14
            and (not start or line.base > start.base)
            and (not end or line.base < end.base - 1)
        ]
        if start:
            lines = lines[_first_paragraph(lines) :]
        steps = [(following.base - line.base) * MM for line, following in zip(lines, lines[1:], strict=False)]
        inside = min(steps, default=0.0)
        for line, following, step in zip(lines, lines[1:], steps, strict=False):
            begins = following.x0 > 35
            if begins and step < 40:
                yield from about(
                    step >= inside + 6 - 0.1, f"gap before {following.text[:30]!r}: {step:.1f} pt"
                )
            elif step < 30:
                yield from about(
                    14 * 1.1 <= step <= 14 * 1.15 * 1.5, f"line spacing {step:.1f} at {line.text[:30]!r}"
                )
                yield from about(
                    abs(line.x1 - edge) < NEAR or line.bold, f"not justified: {line.text[:40]!r}"
                )
        for line in lines:
            if line.x0 > 31 and abs(line.middle - text_middle(page)) > 1:
                indent = line.x0 - 30
                yield from about(abs(indent - 10) < NEAR or abs(indent - 12.7) < NEAR, f"indent {indent:.1f}")
        headings += [
            line.text
            for line in lines
            if line.bold and HEADINGS.match(line.text) and line.text == line.text.upper()
        ]
    yield from about([text.split(".")[0] for text in headings] == wanted, f"headings {headings}")


def _first_paragraph(lines: list[Line]) -> int:
    return next(
        (place for place, line in enumerate(lines) if abs(line.x0 - 42.7) < NEAR or abs(line.x0 - 40) < NEAR),
        0,
    )


def _signature(pages: list[Page]) -> Iterator[str]:
    """Boxes 7 and 9b, on one page with the closing words and never alone."""
    page = next((page for page in _text_pages(pages) if page.find("Nơi nhận:")), None)
    if page is None:
        yield "no Nơi nhận"
        return
    head = page.get("Nơi nhận:")
    yield from about(
        head.size == 12 and head.bold and head.italic and abs(head.x0 - 30) < NEAR, "Nơi nhận: size or style"
    )
    right = [line for line in _content(page) if line.base > head.base - 1 and line.x0 > 100 and line.bold]
    authority, name = right[:-1], right[-1]
    yield from about(
        authority and abs(authority[0].base - head.base) < 0.1,
        "Nơi nhận is not level with the authority line",
    )
    for line in right:
        yield from about(13 <= line.size <= 14 and not line.italic, f"{line.text!r}: size or style")
        yield from about(
            abs(line.middle - right[0].middle) < NEAR, f"{line.text!r} is not centred with the others"
        )
    yield from about(all(line.text == line.text.upper() for line in authority), "authority lines in capitals")
    yield from about(name.base - authority[-1].base > 25, "no room to sign")
    copies = [line for line in page.lines if line.base > head.base and line.x0 < 100 and line.size == 11]
    yield from about(copies and all(not line.bold and not line.italic for line in copies), "copies: style")
    if copies:
        begins = [line.text for line in copies if line.text.startswith("-")]
        addressed = any(other.find("Kính gửi") for other in pages)
        yield from about((begins[0] == "- Như trên;") == addressed, "first copy")
        yield from about(begins[-1].startswith("- Lưu: ") and copies[-1].text.endswith("."), "archive line")
        yield from about(abs(copies[0].x0 - 30) < NEAR, "copies are not flush left")
    above = [line for line in _content(page) if line.base < head.base - 1 and line.size == 14]
    yield from about(len(above) >= 2, "the signature stands alone")
    yield from about(above and above[-1].text.endswith("./."), "the text does not end with ./.")


def _annexes(pages: list[Page]) -> Iterator[str]:
    labels = []
    for page in pages:
        label = annex_label(page)
        if not label:
            continue
        labels.append(label.text)
        middle = text_middle(page)
        yield from about(
            label.size == 14 and label.bold and abs(label.middle - middle) < NEAR, f"{label.text}: style"
        )
        following = [line for line in page.lines if line.base > label.base]
        title, told = following[0], next((line for line in following if line.italic), None)
        yield from about(
            title.bold and title.text == title.text.upper() and 13 <= title.size <= 14, f"{label.text}: title"
        )
        yield from about(
            told and told.text.startswith("(Kèm theo Báo cáo số") and 13 <= told.size <= 14,
            f"{label.text}: reference",
        )
        yield from about(
            told and abs(told.middle - middle) < NEAR, f"{label.text}: the reference is not centred"
        )
    wanted = ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    if any(line.text.startswith("Báo cáo này thay thế") for line in pages[0].lines):
        wanted.append("Phụ lục IV")  # what changed
    yield from about(labels == wanted, f"annexes {labels}")
