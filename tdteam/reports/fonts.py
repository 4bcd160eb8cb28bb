"""Tinos (the widths of Times New Roman), registered once for the process, and the speed ReportLab needs.

`rl_accel` is a wheel of its own that ReportLab neither installs nor misses aloud; without it a report takes three
times as long, so its absence stops the start.

ReportLab embeds of each font the letters a document uses, in the order it meets them: cutting and packing four such
subsets took half the time of a report. Here every document begins with the same letters (`REPERTOIRE`: ASCII and all
of Vietnamese, one subset), so the cut and packed font is made once a process; a paper grows by some 15 KB.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import _rl_accel
from reportlab.lib import rl_accel
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

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


_LATIN = [*range(0xC0, 0xC4), *range(0xC8, 0xCB), 0xCC, 0xCD, *range(0xD2, 0xD6), 0xD9, 0xDA, 0xDD]
_LATIN_A = [0x102, 0x110, 0x128, 0x168, 0x1A0, 0x1AF]
_SIGNS = [0xA7, 0xB0, 0xB1, 0xD7, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x20AB]
_LETTERS = [chr(code) for code in (*_LATIN, *_LATIN_A, *range(0x1EA0, 0x1EFA, 2))]
REPERTOIRE: Final = "".join(map(chr, range(32, 127))) + "".join(
    [*(letter + letter.lower() for letter in _LETTERS), *map(chr, _SIGNS)]
)


class _KeptZip:
    """ReportLab's zip filter, remembering: the same font is packed once."""

    pdfname = "FlateDecode"

    @staticmethod
    @lru_cache(maxsize=16)
    def encode(content: bytes) -> bytes:
        return zlib.compress(content)


class _Face(TTFontFace):
    """A font file whose subsets are cut and packed once each."""

    filename: str

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._cut = lru_cache(maxsize=16)(super().makeSubset)

    def makeSubset(self, subset: Sequence[int]) -> bytes:
        cut: bytes = self._cut(tuple(subset))
        return cut

    def addSubsetObjects(self, doc: Any, fontname: str, subset: Sequence[int]) -> Any:
        told = super().addSubsetObjects(doc, fontname, subset)  # type: ignore[no-untyped-call]
        if doc.compression:
            doc.idToObject[f"fontFile:{self.filename}({fontname})"].filters = [_KeptZip]
        return told


class _Table(dict[int, int]):
    """Letter to code; a letter it lacks becomes one that no byte can hold."""

    def __missing__(self, letter: int) -> int:
        return 32 if letter == 0xA0 else 0xFFFF


class PaperFont(TTFont):
    """A font whose letters have the same codes in every document, as far as REPERTOIRE goes."""

    state: Any

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file)
        self.table = _Table()
        self.face = _Face(file)

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """(subset, codes) of the text's runs; subset 0 holds REPERTOIRE in every document."""
        if doc not in self.state:
            super().splitString(REPERTOIRE, doc)
        runs: list[tuple[int, bytes]] = super().splitString(text, doc)
        return runs

    def codes(self, text: str, doc: Any) -> bytes | None:
        """The codes of a text that keeps to REPERTOIRE, at the speed of a table; else None."""
        if not self.table:
            ((_, codes),) = self.splitString(REPERTOIRE, doc)
            self.table = _Table(zip(map(ord, REPERTOIRE), codes, strict=True))
        elif doc not in self.state:
            super().splitString(REPERTOIRE, doc)
        try:
            return text.translate(self.table).encode("latin-1")
        except UnicodeEncodeError:
            return None


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Reads the four files, once; everything that measures or draws calls this first."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(PaperFont(name, str(FOLDER / file)))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, ITALIC, BOLD_ITALIC)


@lru_cache(maxsize=16384)
def width(text: str, font: str, size: float) -> float:
    """Width of a line in points. Kept: the words of papers repeat, and so do whole cells."""
    return float(pdfmetrics.stringWidth(text, font, size))
