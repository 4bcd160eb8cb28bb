"""Measures the head of a paper, boxes 1 to 5 of the decree's annex I: letterhead, number and day, title or subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.reports.reading import MM, NEAR, Line, Page, Rule, about, text_middle

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
DATE = re.compile(r".+, ngày (\d{2})?\s*tháng (0[12]|[3-9]|1[0-2])?\s*năm\s*(\d{4})?$")
NUMBER = re.compile(r"Số: +(0[1-9]|[1-9]\d+)?[\s\u00a0]*/[A-ZĐ]+(-[A-ZĐ]+)*$")


def _rule_under(page: Page, line: Line) -> Rule | None:
    near = [r for r in page.rules if r.flat and 0 < r.y0 - line.base < 4 and abs(r.middle - line.middle) < 1]
    return min(near, key=lambda rule: rule.y0, default=None)


def first(page: Page, numbered: bool) -> Iterator[str]:
    """2.2, boxes 1 to 5a."""
    country, motto = page.get(COUNTRY), page.get(MOTTO)
    yield from about(
        12 <= country.size <= 13 and country.bold and not country.italic, "country: size or style"
    )
    yield from about(13 <= motto.size <= 14 and motto.bold and not motto.italic, "motto: size or style")
    yield from about(abs(country.middle - motto.middle) < NEAR, "motto is not centred under the country")
    yield from about(
        motto.base - country.base < 1.5 * motto.size / MM, "country and motto are not single spaced"
    )
    rule = _rule_under(page, motto)
    yield from about(rule and abs(rule.wide - motto.wide) < 1, "the motto's rule is not as long as the motto")
    day = next((line for line in page.lines if line.italic and ", ngày" in line.text), None)
    yield from about(day and DATE.match(day.text), f"place and date: {day and day.text!r}")
    if day and not day.text.endswith("năm"):  # a blank year is not measured: blanks leave no ink
        yield from about(abs(day.middle - country.middle) < 1, "the date is not centred under the country")
    if day:
        yield from about(13 <= day.size <= 14 and not day.bold, "place and date: size or style")
    body = [line for line in page.lines if line.x1 < country.x0 and day and line.base < day.base - 1]
    bold = [line for line in body if line.bold]
    yield from about(
        bold and all(12 <= line.size <= 13 and line.text == line.text.upper() for line in bold),
        "issuing body",
    )
    yield from about(
        all(abs(line.middle - bold[0].middle) < NEAR for line in body), "issuing body is not centred"
    )
    if bold:
        under = _rule_under(page, bold[-1])
        longest = max(line.wide for line in bold)
        yield from about(
            under and longest / 3 <= under.wide <= longest / 2, "the issuing body's rule is not 1/3 to 1/2"
        )
    number = page.find("Số:")
    yield from about(bool(number) == numbered, "number")
    if number and day:
        yield from about(number.size == 13 and not number.bold and not number.italic, "number: size or style")
        yield from about(NUMBER.match(number.text), f"number: {number.text!r}")
        yield from about(abs(number.base - day.base) < 0.1, "number and date are not on one line")
        yield from about(abs(number.middle - bold[0].middle) < 1, "the number is not centred under the body")


def title(page: Page) -> Iterator[str]:
    """Box 5a."""
    title, middle = page.get("BÁO CÁO"), text_middle(page)
    abstract = []
    for line in page.lines:
        if line.base > title.base and abs(line.middle - middle) < NEAR and line.bold and line.size >= 13:
            if abstract and line.base - abstract[-1].base > 8:
                break
            abstract.append(line)
    yield from about(
        title.bold and 13 <= title.size <= 14 and abs(title.middle - middle) < NEAR, "kind of paper"
    )
    yield from about(abstract, "no abstract")
    if abstract:
        under = _rule_under(page, abstract[-1])
        longest = max(line.wide for line in abstract)
        yield from about(
            under and longest / 3 <= under.wide <= longest / 2, "the abstract's rule is not 1/3 to 1/2"
        )


def subject(page: Page) -> Iterator[str]:
    """Box 5b: `V/v ...` under the number, centred with it, 12 to 13 points, 6 points lower."""
    number, first = page.get("Số:"), page.get("V/v ")
    below = [line for line in page.lines if number.base < line.base and line.x1 < 100 and line.size < 14]
    lines = [line for line in below if line.base < page.get("Kính gửi").base]
    yield from about(lines and lines[0] is first, "the subject is not under the number")
    body = next(line for line in page.lines if line.bold and line.x1 < 100)
    for line in lines:
        yield from about(
            12 <= line.size <= 13 and not line.bold and not line.italic, "subject: size or style"
        )
        yield from about(abs(line.middle - body.middle) < NEAR, "the subject is not centred under the body")
    gap = (first.base - number.base) * MM - 1.15 * first.size
    yield from about(6 - 1 <= gap <= 12, f"the subject stands {gap:.1f} points under the number")
    yield from about(not page.find("BÁO CÁO"), "a letter with a kind of paper")
