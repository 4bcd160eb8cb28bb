"""Figures, days and names as Vietnamese readers expect them: 1.234,5 · 47,3% · 05/03/2026 · 11/11 14:05.

Missing is never 0: None gives the dash. Shares and changes are rounded in `domain/shares`, as for paper.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from markupsafe import Markup, escape

from tdteam.domain.periods import VIETNAM, Period, parse_period
from tdteam.domain.shares import Share, Value
from tdteam.domain.shares import change as difference

DASH = "\u2014"
MINUS = "\u2212"
_SPACE = "\u00a0"


def num(value: float | Decimal | None, digits: int | None = None) -> str:
    """1234 -> 1.234; 1234.5 -> 1.234,5 (fractions: one digit, or `digits`); None -> the dash."""
    if value is None:
        return DASH
    if isinstance(value, int) and not digits:
        text = f"{value:,}".replace(",", ".")
    else:
        places = Decimal(1).scaleb(-(1 if digits is None else digits))
        exact = Decimal(str(value)).quantize(places, ROUND_HALF_UP)
        text = f"{exact:,}".translate({44: ".", 46: ","})
    return text.replace("-", MINUS, 1)


def signed(value: float | Decimal | None, digits: int | None = None) -> str:
    """A change: +7, \u22123,0, 0."""
    text = num(value, digits)
    return f"+{text}" if value is not None and value > 0 else text


def pct(share: Share | None) -> str:
    """47,3%."""
    found = share.percent if share else None
    return DASH if found is None else f"{num(found, 1)}%"


def frac(share: Share | None) -> str:
    """2.887/6.104; an unknown part leaves its dash: \u2014/87."""
    if share is None or share.whole is None:
        return DASH
    return f"{num(share.part)}/{num(share.whole)}"


def step(share: Share | None) -> int:
    """The shade of a coverage cell: 0 no data, 1 under 20 %, 2 under 40, 3 under 60, 4 under 80, 5."""
    found = share.percent if share else None
    return 0 if found is None else min(5, 1 + int(found) // 20)


def below(share: Share | None, target: float | Decimal | None) -> bool:
    """Whether a known share lies under its target (in percent)."""
    found = share.percent if share else None
    return found is not None and target is not None and found < target


def change(now: Value, before: Value) -> str:
    """The change between two figures of one kind: +7, +5,5 (points); the dash where either is unknown."""
    return signed(difference(now, before))


def _local(value: datetime) -> datetime:
    return value.astimezone(VIETNAM) if value.tzinfo else value


def day(value: date | None) -> str:
    """05/03/2026, of a day or of an instant (then the Vietnamese day)."""
    if value is None:
        return DASH
    local = _local(value) if isinstance(value, datetime) else value
    return f"{local.day:02d}/{local.month:02d}/{local.year:04d}"


def day_month(value: date | None) -> str:
    """05/03."""
    return day(value)[:5] if value else DASH


def clock(value: datetime | None) -> str:
    """14:05."""
    return f"{_local(value):%H:%M}" if value else DASH


def moment(value: datetime | None) -> str:
    """05/03/2026 14:05."""
    return f"{day(value)} {clock(value)}" if value else DASH


def moment_short(value: datetime | None) -> str:
    """05/03 14:05, for lists of the running period."""
    return f"{day_month(value)} {clock(value)}" if value else DASH


def as_period(value: Period | str, start_day: int = 15) -> Period:
    """A Period as it is, or from `2026-11`."""
    return value if isinstance(value, Period) else parse_period(value, start_day)


def span(value: Period | None) -> str:
    """15/10\u201314/11."""
    return f"{day_month(value.since)}\u2013{day_month(value.last_day)}" if value else DASH


def month_year(value: Period | None) -> str:
    """11/2026."""
    return f"{value.month:02d}/{value.year}" if value else DASH


def phone(value: str | None) -> str:
    """0912 345 678, unbroken."""
    if not value:
        return DASH
    if len(value) == 10 and value.isdecimal():
        return f"{value[:4]}{_SPACE}{value[4:7]}{_SPACE}{value[7:]}"
    return value


def size(value: int | None) -> str:
    """Bytes as a person reads them: 950 B, 12 KB, 1,2 MB."""
    if value is None:
        return DASH
    if value < 1000:
        return f"{value}{_SPACE}B"
    if value < 1_000_000:
        return f"{num((value + 500) // 1000)}{_SPACE}KB"
    return f"{num(Decimal(value) / 1_000_000, 1)}{_SPACE}MB"


def text(value: object) -> str:
    """Anything, the dash for None and for an empty string."""
    return DASH if value is None or value == "" else str(value)


def lines(value: str | None) -> Markup:
    """Typed text with its line breaks, escaped."""
    if not value:
        return escape(DASH)
    return Markup("<br>").join(escape(line) for line in value.splitlines())


FILTERS: dict[str, Callable[..., Any]] = {
    "as_period": as_period,
    "num": num,
    "signed": signed,
    "pct": pct,
    "frac": frac,
    "change": change,
    "day": day,
    "day_month": day_month,
    "clock": clock,
    "moment": moment,
    "moment_short": moment_short,
    "span": span,
    "month_year": month_year,
    "phone": phone,
    "size": size,
    "text": text,
    "lines": lines,
}
