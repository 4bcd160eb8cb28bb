"""What a person meant by one cell: a year, a date, a count, a mark. A value, None for "nothing said", or a Flaw.

Never a guess: "1.234" is 1234 because exactly three digits follow the dot; "1.23" is a flaw. Cells come from a
workbook (numbers, dates, text) or from a form (text). `field` names the flaw's field, `today` bounds the years.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from tdteam.domain.errors import Flaw
from tdteam.domain.vietnamese import fold, nfc

Cell = str | float | int | bool | date | datetime | timedelta | None

EARLIEST_YEAR = 1900
_LONGEST = 100  # no year, date, count or tick is written longer; endless text is not looked at to its end
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3654, 73051)  # 1910-01-02 to 2100-01-01: no count or year of ours is that large
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?")
_PROSE_DAY = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])[/.\-](\d{4})")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "\u2014",
        "\u2013",
        "...",
        "\u2026",
        "?",
        "khong ro",
        "khong nho",
        "chua ro",
        "khong biet",
    }
)
_YES = frozenset({"x", "co", "v", "\u2713", "\u2714", "\u221a", "da co", "yes", "1", "true"})
_NO = frozenset(
    {"", "khong", "ko", "k", "0", "-", "--", "\u2014", "chua", "chua co", "khong co", "no", "false"}
)


def is_nothing(cell: Cell) -> bool:
    """Whether a cell is empty, or says in words that there is nothing to say."""
    return cell is None or (isinstance(cell, str) and (not cell or fold(cell[:_LONGEST]) in _NOTHING))


def _whole(cell: Cell) -> int | None:
    """A cell's number if it is a whole one, typed as number or as digits."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return int(cell) if cell == cell // 1 and abs(cell) < 1e15 else None
    return (
        int(cell) if isinstance(cell, str) and cell.strip().isascii() and cell.strip().isdecimal() else None
    )


def _year_of_two(digits: str, today: date) -> int:
    """yy is of this century unless that lies in the future."""
    year = 2000 + int(digits)
    return year if year <= today.year else year - 100


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_date(cell: Cell, field: str, today: date) -> date | None | Flaw:
    """A day: a date cell, an Excel serial, d/m/yyyy, d-m-yy, d.m.yyyy, yyyy-mm-dd, or "ngay 05 thang 3 nam 2026".

    Code `date_form`. The day may lie in the future: whether that is wrong is for the caller to say.
    """
    if is_nothing(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    number = _whole(cell)
    if number is not None and number in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=number)
    found = _typed_day(fold(cell[:_LONGEST]), today) if isinstance(cell, str) else None
    return found or Flaw(field, "date_form")


def _typed_day(text: str, today: date) -> date | None:
    if iso := _ISO_DAY.fullmatch(text):
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    if typed := _DAY.fullmatch(text) or _PROSE_DAY.fullmatch(text):
        year = int(typed[3]) if len(typed[3]) == 4 else _year_of_two(typed[3], today)
        return _made(year, int(typed[2]), int(typed[1]))
    return None


def parse_year(cell: Cell, field: str, today: date) -> int | None | Flaw:
    """A year of birth, also out of a full date, of month/year, or of 00/00/1950 (day unknown).

    Codes: `year_form`, `year_future`, `year_early` (before 1900). A bare two-digit number is a flaw: it may be an age.
    """
    if type(cell) is float and EARLIEST_YEAR <= cell <= today.year and cell == int(cell):
        return int(cell)
    if is_nothing(cell):
        return None
    year = _year(cell, today)
    if year is None:
        return Flaw(field, "year_form")
    if year > today.year:
        return Flaw(field, "year_future", {"year": year})
    return year if year >= EARLIEST_YEAR else Flaw(field, "year_early", {"year": year})


def _year(cell: Cell, today: date) -> int | None:
    if isinstance(cell, date):
        return cell.year
    number = _whole(cell)
    if number is not None:
        if number in _SERIALS:
            return (_EXCEL_EPOCH + timedelta(days=number)).year
        return number if 1000 <= number <= 9999 else None
    if not isinstance(cell, str):
        return None
    text = fold(cell[:_LONGEST])
    if day := _typed_day(text, today):
        return day.year
    if re.fullmatch(r"0?0[/.\-]0?0[/.\-]\d{4}", text):
        return int(text[-4:])
    month = _MONTH.fullmatch(text)
    return int(month[1]) if month else None


def parse_count(cell: Cell, field: str, most: int = 999) -> int | None | Flaw:
    """A number of people or things, 0 to `most`.

    Codes: `count_text`, `count_fraction`, `count_dot` ("1.23"), `count_negative`, `count_large`.
    """
    if type(cell) is float and 0 <= cell <= most and cell == int(cell):
        return int(cell)
    if is_nothing(cell):
        return None
    number = _whole(cell)
    if number is None:
        number_or_code = _typed_count(cell)
        if isinstance(number_or_code, str):
            return Flaw(field, number_or_code)
        number = number_or_code
    if number < 0:
        return Flaw(field, "count_negative", {"count": number})
    return number if number <= most else Flaw(field, "count_large", {"count": number, "most": most})


def _typed_count(cell: Cell) -> int | str:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return "count_fraction"
    text = nfc(cell[:_LONGEST]) if isinstance(cell, str) else ""
    if re.fullmatch(r"[-\u2212]\s*\d{1,9}", text):
        return -int(re.sub(r"\D", "", text))
    if _THOUSANDS.fullmatch(text):
        return int(text.replace(".", ""))
    if re.fullmatch(r"\d+,\d+", text):
        return "count_fraction"
    return "count_dot" if re.fullmatch(r"[\d.]+", text) else "count_text"


def parse_mark(cell: Cell, field: str) -> bool | Flaw:
    """A tick: "x", "X", "co", 1 … is True; empty, "khong", 0 … is False; other words are the flaw `mark_unknown`."""
    if isinstance(cell, str):
        if not cell:
            return False
        text = fold(cell[:_LONGEST])
        if text in _YES or text in _NO:
            return text in _YES
    elif cell is None or isinstance(cell, bool) or cell in (0, 1):
        return bool(cell)
    return Flaw(field, "mark_unknown")
