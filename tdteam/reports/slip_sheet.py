"""Slips to cut out, six on an A4 page: who, the code to scan, three steps, until when, whom to call.

Not a paper of Decree 30. Large letters: readers are often past sixty, and the slip is read at arm's length.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from tdteam.domain.slips import Slip, SlipSheet
from tdteam.reports.decree30 import A4, MM
from tdteam.reports.figures import show
from tdteam.reports.flow import fill
from tdteam.reports.fonts import BOLD, ITALIC, REGULAR, register_fonts, width
from tdteam.reports.qr import QUIET, draw_code
from tdteam.reports.sheet import Placed, Sheet

ACROSS, DOWN = 2, 3
SLIP_WIDE, SLIP_HIGH = A4[0] / ACROSS, A4[1] / DOWN
EDGE = 7.5 * MM
ROOM = SLIP_WIDE - 2 * EDGE
CODE = 34 * MM
BESIDE = CODE + 3 * MM
TEXT, LEADING = 11.0, 13.2
NUMBER = 4.2 * MM  # room for the number of a step


def draw_slips_pdf(sheet: SlipSheet) -> bytes:
    """The slips in their order, six a page with lines to cut along; the same slips always give the same bytes."""
    register_fonts()
    out = BytesIO()
    canvas = Sheet(out, pagesize=A4, pageCompression=1, invariant=1, lang="vi-VN", initialFontName=REGULAR)  # type: ignore[arg-type]
    canvas.setTitle(show(sheet.words.title))
    canvas.setAuthor(show(sheet.commune))
    canvas.setCreator("tdteam")
    for start in range(0, len(sheet.slips), ACROSS * DOWN):
        page = sheet.slips[start : start + ACROSS * DOWN]
        for place, slip in enumerate(page):
            row, column = divmod(place, ACROSS)
            _draw(canvas, sheet, slip, column * SLIP_WIDE, A4[1] - row * SLIP_HIGH)
        _cut_lines(canvas, len(page))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _cut_lines(canvas: Sheet, slips: int) -> None:
    """Dashes between slips: the one down the middle, and one below each row that is not the page's last."""
    rows = -(-slips // ACROSS)
    canvas.setDash(3, 3)
    canvas.rule(0.6, [(SLIP_WIDE, A4[1] - rows * SLIP_HIGH, SLIP_WIDE, A4[1])])
    canvas.rule(
        0.6,
        [
            (0, A4[1] - row * SLIP_HIGH, A4[0], A4[1] - row * SLIP_HIGH)
            for row in range(1, min(rows, DOWN - 1) + 1)
        ],
    )
    canvas.setDash()


def _draw(canvas: Sheet, sheet: SlipSheet, slip: Slip, left: float, top: float) -> None:
    """One slip, its upper left corner at (left, top)."""
    words, x, y = sheet.words, left + EDGE, top - EDGE
    title = show(words.title).upper() + (f" - {show(sheet.demo)}" if sheet.demo else "")
    y = _line(canvas, title, BOLD, 10, x, y)
    y = _line(canvas, show(slip.name), BOLD, 17, x, y - 1)
    team = f"{show(slip.role)}, {show(slip.team)}" if slip.role else show(slip.team)
    y = _line(canvas, team, REGULAR, 12, x, y)
    where = (
        f"{show(words.villages)}: {show(slip.villages)}"
        if slip.villages and slip.villages not in slip.team
        else ""
    )
    where = ", ".join(part for part in (where, show(sheet.commune)) if part)
    for line in fill(where, REGULAR, 10.5, ROOM)[:2]:
        y = _line(canvas, line, REGULAR, 10.5, x, y)
    y -= 5
    draw_code(canvas, slip.address, x, y - CODE, CODE, QUIET)
    steps = _steps(canvas, [show(step) for step in words.steps], x + BESIDE, y)
    y = min(y - CODE, steps) - 4
    y = _line(canvas, f"{show(words.until)} {show(slip.until)}", BOLD, 12, x, y)
    for line in fill(f"{show(words.call)}: {show(sheet.call)}", REGULAR, 11.5, ROOM)[:2]:
        y = _line(canvas, line, REGULAR, 11.5, x, y)
    _line(canvas, show(words.secret), ITALIC, 10, x, y)


def _line(canvas: Sheet, text: str, font: str, size: float, x: float, y: float) -> float:
    """One line below y, smaller where it is too long and cut where it is far too long; where the next one begins."""
    wide = width(text, font, size)
    fits = max(size * 0.65, size * min(1.0, ROOM / wide)) if wide else size
    first, *rest = fill(text, font, fits, ROOM + 0.5) or [""]
    if rest:
        first = fill(first, font, fits, ROOM - width("...", font, fits))[0] + "..."
    canvas.write(font, fits, [(x, y - size, first, 0.0)])
    return y - size * 1.25


def _steps(canvas: Sheet, steps: Sequence[str], x: float, y: float) -> float:
    """Numbered steps beside the code."""
    room = ROOM - BESIDE - NUMBER
    numbers: list[Placed] = []
    lines: list[Placed] = []
    for number, step in enumerate(steps, 1):
        numbers.append((x, y - TEXT, f"{number}.", 0.0))
        for line in fill(step, REGULAR, TEXT, room):
            lines.append((x + NUMBER, y - TEXT, line, 0.0))
            y -= LEADING
        y -= 2
    canvas.write(BOLD, TEXT, numbers)
    canvas.write(REGULAR, TEXT, lines)
    return y
