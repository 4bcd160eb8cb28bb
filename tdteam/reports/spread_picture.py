"""How unevenly a share is spread: one line a commune with a dot a village, and how many villages lie in each tenth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tdteam.reports.figures import tenths
from tdteam.reports.fonts import REGULAR, register_fonts, width
from tdteam.reports.picture import Bar, Dot, Label, Line, Mark, Picture

ROW = 24.0
HEAD = 20.0
RIGHT = 40.0
NAME_MOST = 150.0
DOT = 3.6
BANDS_HIGH = 150.0


@dataclass(frozen=True)
class Strip:
    """A commune: its own percent and that of each of its villages."""

    name: str
    percent: Decimal | None
    villages: tuple[Decimal, ...]


def lay_out_strips(strips: Sequence[Strip], target: Decimal | None, wide: float, size: float) -> Picture:
    """From 0 to 100 percent: villages as dots, the commune as an upright line with its figure at the end of the row."""
    register_fonts()
    left = min(NAME_MOST, max((width(strip.name, REGULAR, size) for strip in strips), default=0) * 1.1) + 10
    right = wide - RIGHT
    high = HEAD + ROW * len(strips) + 6

    def x(percent: Decimal) -> float:
        return round(left + (right - left) * float(min(percent, Decimal(100))) / 100, 1)

    marks: list[Mark] = []
    for percent in range(0, 101, 20):
        at = x(Decimal(percent))
        marks.append(Line("grid", ((at, HEAD), (at, high - 6)), 0.6))
        marks.append(Label(at, HEAD - 7, f"{percent}%", "middle"))
    if target is not None:
        marks.append(Line("ref", ((x(target), HEAD), (x(target), high - 6)), 1.4, dashed=True))
    for place, strip in enumerate(strips):
        middle = HEAD + ROW * (place + 0.5)
        marks.append(Line("grid", ((left, middle), (right, middle)), 0.4))
        marks.append(Label(left - 8, middle + size * 0.35, strip.name, "end"))
        marks += _dots(strip, x, middle)
        if strip.percent is not None:
            at = x(strip.percent)
            marks.append(Line("ink2", ((at, middle - 9), (at, middle + 9)), 2.6))
            marks.append(Label(right + 6, middle + size * 0.35, tenths(strip.percent), "start", bold=True))
    return Picture(wide, high, tuple(marks), size)


def _dots(strip: Strip, x: Callable[[Decimal], float], middle: float) -> list[Mark]:
    """Equal figures stand above each other instead of hiding each other."""
    marks: list[Mark] = []
    heap: dict[float, int] = {}
    for percent in sorted(strip.villages):
        at = round(x(percent) / (DOT * 1.6)) * (DOT * 1.6)
        many = heap[at] = heap.get(at, -1) + 1
        rise = (many + 1) // 2 * (1 if many % 2 else -1) * min(DOT * 1.5, 9 / max(many, 1) + 1)
        marks.append(Dot("main", x(percent), middle + max(-9.0, min(9.0, rise)), DOT))
    return marks


def lay_out_tenths(tenths: Sequence[int], wide: float, size: float, high: float = BANDS_HIGH) -> Picture:
    """How many places lie in each tenth of 0 to 100 percent."""
    register_fonts()
    left, right, top, bottom = 8.0, wide - 14, 22.0, high - 24
    most = max(tenths, default=0) or 1
    slot = (right - left) / max(len(tenths), 1)
    marks: list[Mark] = [Line("grid", ((left, bottom), (right, bottom)), 1.0)]
    for place, count in enumerate(tenths):
        tall = (bottom - top) * count / most
        middle = left + slot * (place + 0.5)
        if count:
            marks.append(Bar("main", left + slot * place + 2, bottom - tall, slot - 4, tall))
            marks.append(
                Label(round(middle, 1), round(bottom - tall - 5, 1), str(count), "middle", bold=True)
            )
        marks.append(Label(round(left + slot * place, 1), bottom + size * 1.3, f"{place * 10}", "middle"))
    marks.append(Label(wide, bottom + size * 1.3, "100", "end"))
    return Picture(wide, high, tuple(marks), size)
