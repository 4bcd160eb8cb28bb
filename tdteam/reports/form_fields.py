"""Blanks on a paper that a clerk's tool can fill: AcroForm text fields without border or ground.

An empty field prints as nothing, so the same sheet can be filled with a pen. ReportLab's own fields write a resource
dictionary that names its fonts twice, and cannot centre; these are the few entries ISO 32000-1 12.7 asks for. What is
filled in stands in a standard font (Times, whose widths Tinos has), which every viewer brings along.
"""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

from tdteam.reports.sheet import Sheet

_FONTS = {"TiRo": "Times-Roman", "TiIt": "Times-Italic"}
_PRINTED = 4  # annotation flag: shows on paper, too
_CENTRED = 1


def add_blank(
    sheet: Sheet,
    name: str,
    told: str,
    x: float,
    y: float,
    wide: float,
    size: float,
    *,
    italic: bool = False,
    most: int = 20,
) -> None:
    """An empty text field named `name` on a base line of the current frame; `told` is what a screen reader says, `most`
    the letters it takes."""
    made: Any = sheet
    left, base = made.absolutePosition(x, y)
    low, high = base - size * 0.28, base + size * 0.97
    font = "TiIt" if italic else "TiRo"
    field = PDFDictionary(
        {
            "Type": PDFName("Annot"),
            "Subtype": PDFName("Widget"),
            "FT": PDFName("Tx"),
            "T": PDFString(name),
            "TU": PDFString(told),
            "V": PDFString(""),
            "DA": PDFString(f"/{font} {size:g} Tf 0 g"),
            "Q": _CENTRED,
            "F": _PRINTED,
            "MaxLen": most,
            "P": made._doc.thisPageRef(),
            "Rect": PDFArray([round(side, 2) for side in (left, low, left + wide, high)]),
        }
    )
    made._addAnnotation(field)
    _form(made).sequence.append(made._doc.Reference(field))


def _form(canvas: Any) -> Any:
    """The array of the document's fields, made with its form when the first one comes."""
    catalog = canvas._doc._catalog
    if getattr(catalog, "AcroForm", None) is None:
        fonts = PDFDictionary({key: _font(name) for key, name in _FONTS.items()})
        catalog.AcroForm = PDFDictionary(
            {
                "Fields": PDFArray([]),
                "DA": PDFString("/TiRo 13 Tf 0 g"),
                "DR": PDFDictionary({"Font": fonts}),
            }
        )
    return catalog.AcroForm.dict["Fields"]


def _font(name: str) -> Any:
    told = {"Type": "Font", "Subtype": "Type1", "BaseFont": name, "Encoding": "WinAnsiEncoding"}
    return PDFDictionary({key: PDFName(value) for key, value in told.items()})
