"""A canvas that writes many short texts and rules at once.

A table is a thousand cells. ReportLab's text object formats each number and encodes each letter by itself, which took
half the time of a report; here a text is encoded by a table and all cells become one string of PDF operators.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tdteam.reports.fonts import PaperFont

Placed = tuple[float, float, str, float]  # x, y of the base line, text, extra room at each space
Rule = tuple[float, float, float, float]  # x and y of both ends


class Sheet(Canvas):
    """ReportLab's canvas with `write` and `rule`."""

    _doc: Any  # ReportLab's document, which fonts keep their subsets by

    def write(self, font: str, size: float, texts: Iterable[Placed]) -> None:
        """Texts in one font, black, each at its own place."""
        face = pdfmetrics.getFont(font)
        assert isinstance(face, PaperFont)
        operators = ["BT"]
        current, spread = -1, 0.0
        for x, y, text, room in texts:
            if not text:
                continue
            if room != spread:
                operators.append(f"{room:.4f} Tw")
                spread = room
            operators.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            for subset, code in self._encoded(face, text):
                if subset != current:
                    operators.append(f"{face.getSubsetInternalName(subset, self._doc)} {size:g} Tf")
                    current = subset
                operators.append(code)
        if spread:
            operators.append("0 Tw")
        if len(operators) > 1:
            self.addLiteral(" ".join([*operators, "ET"]))

    def rule(self, thick: float, lines: Iterable[Rule]) -> None:
        """Straight black lines of one thickness."""
        drawn = [f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l" for x1, y1, x2, y2 in lines]
        if drawn:
            self.addLiteral(f"{thick:g} w {' '.join(drawn)} S")

    def _encoded(self, face: PaperFont, text: str) -> list[tuple[int, str]]:
        """The text in the codes of this document's subsets of the font."""
        codes = face.codes(text, self._doc)
        runs = [(0, codes)] if codes is not None else face.splitString(text, self._doc)
        return [(subset, f"({escapePDF(codes)}) Tj") for subset, codes in runs]
