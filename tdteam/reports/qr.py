"""QR codes: black runs of modules on a page, or a picture for Word. A code is reckoned once and kept."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import segno

from tdteam.reports.sheet import Sheet

QUIET = 4  # blank modules around a code, ISO/IEC 18004
_DOTS = 8  # of the picture, a module


@lru_cache(maxsize=64)
def _code(address: str) -> segno.QRCode:
    # Any mask can be read; weighing all eight takes ten times as long. Level M mends a fold or a stain.
    return segno.make(address, error="m", micro=False, mask=3)


@lru_cache(maxsize=64)
def _runs(address: str) -> tuple[int, str]:
    """Modules across, and the runs of dark ones as PDF rectangles a module high, from the lower left corner."""
    matrix = _code(address).matrix
    drawn = []
    for row, modules in enumerate(reversed(matrix)):
        start = None
        for column, dark in enumerate([*modules, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                drawn.append(f"{start} {row} {column - start} 1 re")
                start = None
    return len(matrix), " ".join(drawn)


def draw_code(sheet: Sheet, address: str, x: float, y: float, side: float, quiet: int = 0) -> None:
    """The code of an address in a square, its lower left corner at (x, y); `quiet` blank modules around it are part of
    the square. Where it is 0 the place must be white around it."""
    across, runs = _runs(address)
    module = side / (across + 2 * quiet)
    left, low = x + quiet * module, y + quiet * module
    sheet.addLiteral(f"q 0 g {module:.5f} 0 0 {module:.5f} {left:.3f} {low:.3f} cm {runs} f Q")


@lru_cache(maxsize=16)
def code_picture(address: str) -> bytes:
    """The code as a black and white PNG, without a quiet zone."""
    out = BytesIO()
    _code(address).save(out, kind="png", scale=_DOTS, border=0)
    return out.getvalue()
