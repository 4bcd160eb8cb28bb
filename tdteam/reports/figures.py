"""Figures as they stand on paper: 1.234,5 · 47,3% · 05/03/2026; a missing one is "-" (U+002D), never 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tdteam.domain.shares import Average, Share
from tdteam.reports.text import printable

MISSING = "-"
_SWAP = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Stacked:
    """A figure with a sign before it and lines of small facts under it, in one cell of a paper."""

    value: str | int | Decimal | date | Share | Average | None
    sign: str = ""
    under: tuple[str, ...] = ()


Cell = str | int | Decimal | date | Share | Average | Stacked | None


def show(value: Cell) -> str:
    """Any figure as text; a ratio with numerator, denominator and, in brackets, its value; a stacked one in lines."""
    if isinstance(value, Stacked):
        first = f"{value.sign} {show(value.value)}".strip()
        return "\n".join([first, *(printable(line) for line in value.under)])
    if value is None or value == "":
        return MISSING
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Share):
        return _show_share(value)
    if isinstance(value, Average):
        return _show_average(value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return number(value)


def number(value: int | Decimal) -> str:
    """Digits in threes with a point, decimals after a comma; a whole decimal without its zeros."""
    whole = int(value)
    return f"{whole if whole == value else value:,}".translate(_SWAP)


def fraction(share: Share) -> str:
    """`2.887/6.104`; a missing whole shows as a dash, a missing part makes the whole ratio one."""
    if share.part is None:
        return MISSING
    return f"{number(share.part)}/{MISSING if share.whole is None else number(share.whole)}"


def percent(value: Decimal | None) -> str:
    """`47,3%`, `100%`."""
    return MISSING if value is None else f"{number(value)}%"


def tenths(value: Decimal) -> str:
    """`47,0`: always with one decimal, where values stand under each other."""
    return f"{value:.1f}".replace(".", ",")


def signed(value: int | Decimal | None) -> str:
    """A change with its sign, `+7`, `-0,6`, `0`."""
    if value is None:
        return MISSING
    return f"+{number(value)}" if value > 0 else number(value)


def _show_share(share: Share) -> str:
    if share.percent is None:
        return fraction(share)
    return f"{fraction(share)} ({percent(share.percent)})"


def _show_average(average: Average) -> str:
    if average.value is None:
        return MISSING
    assert average.total is not None and average.count is not None  # else there were no value
    return f"{number(average.value)} ({number(average.total)}/{number(average.count)})"
