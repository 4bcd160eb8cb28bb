"""Tinos (the widths of Times New Roman), registered once for the process, and the speed ReportLab needs.

`rl_accel` is a wheel of its own that ReportLab neither installs nor misses aloud; without it a report takes three
times as long, so its absence stops the start.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import _rl_accel
from reportlab.lib import rl_accel
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

if getattr(rl_accel, "escapePDF", None) is not _rl_accel.escapePDF:
    raise ImportError("rl_accel is installed but ReportLab does not use it")

REGULAR: Final = "Tinos"
BOLD: Final = "Tinos-Bold"
ITALIC: Final = "Tinos-Italic"
BOLD_ITALIC: Final = "Tinos-BoldItalic"
FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts" / "tinos"
FILES = {
    REGULAR: "Tinos-Regular.ttf",
    BOLD: "Tinos-Bold.ttf",
    ITALIC: "Tinos-Italic.ttf",
    BOLD_ITALIC: "Tinos-BoldItalic.ttf",
}


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Reads the four files, once; everything that measures or draws calls this first."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / file)))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, ITALIC, BOLD_ITALIC)


@lru_cache(maxsize=16384)
def width(text: str, font: str, size: float) -> float:
    """Width of a line in points. Kept: the words of papers repeat, and so do whole cells."""
    return float(pdfmetrics.stringWidth(text, font, size))
