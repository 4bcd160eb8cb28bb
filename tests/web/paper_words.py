"""What files say, as one line of words."""

from __future__ import annotations

import io

import openpyxl

from tests.reports.reading import read_pdf


def words_of_pdf(drawn: bytes) -> str:
    return " ".join(" ".join(page.text for page in read_pdf(drawn)).split())


def words_of_book(drawn: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(drawn))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return " ".join(str(cell) for cell in cells if cell is not None)
