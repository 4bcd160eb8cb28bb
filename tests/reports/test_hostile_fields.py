"""300 hostile texts in every printed field: each stands there letter by letter, in PDF, Word and Excel alike."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pypdfium2 import raw

from tdteam.reports.correction_letter import draw_correction_letter, draw_correction_letter_docx
from tdteam.reports.fonts import FILES, FOLDER
from tdteam.reports.report_docx import draw_report_docx
from tdteam.reports.report_pdf import draw_report_pdf
from tdteam.reports.report_xlsx import draw_report_xlsx
from tests.reports.hostile import COUNT, HOSTILE, ON_PAPER_ONLY, hostile_letter, hostile_report
from tests.reports.reading import NEAR, read_pdf

CHUNK = 20
CHUNKS = [HOSTILE[start : start + CHUNK] for start in range(0, COUNT, CHUNK)]


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_there_are_three_hundred_of_them() -> None:
    assert len(set(HOSTILE)) == 300 and max(map(len, HOSTILE)) <= 90


MARGINS = re.compile(r"\d*(Mãkiểmtra:.{16}-Lầnchốtsốliệu:2Sốliệu\(SHA-256\):.{16}-Nhậtký:.{16})?")


def printed(drawn: bytes) -> str:
    """The letters of a PDF in the order they were drawn, without what stands in the margins of its pages, which is drawn
    first. A fast reader: a hyphen that ends a line it gives as 0x02."""
    told = []
    with pypdfium2.PdfDocument(drawn) as pdf:
        for page in pdf:
            text = page.get_textpage()
            count = raw.FPDFText_CountChars(text.raw)
            page_told = "".join(chr(raw.FPDFText_GetUnicode(text.raw, place)) for place in range(count))
            told.append(MARGINS.sub("", letters(page_told).replace("\x02", "-"), count=1))
    return "".join(told)


def readable(text: str) -> bool:
    """Whether a reader gives the text back as it stands: Tinos has its letters and none runs from right to left."""
    return all(ord(letter) in KNOWN and not 0x590 <= ord(letter) < 0x700 for letter in text if letter != " ")


KNOWN = frozenset(TTFont(FOLDER / FILES["Tinos"]).getBestCmap())
CAPITALS = {"issuing", "superior"}


def missing(drawn: bytes, fields: dict[str, str]) -> set[str]:
    """Fields whose text does not stand in a PDF. What the fast reader overlooks is looked up with the careful one."""
    wanted = {name: letters(text.upper() if name in CAPITALS else text) for name, text in fields.items()}
    wanted = {
        name: text.lstrip("-") if name == "copy" else text for name, text in wanted.items()
    }  # its own dash
    if not all(
        map(readable, fields.values())
    ):  # then boxes stand for letters, between letters that can be read
        wanted = {name: text[text.lower().rindex("q", 0, -1) :] for name, text in wanted.items()}
    text = printed(drawn)
    lost = {name for name, words in wanted.items() if words not in text}
    if lost:
        pages = [letters("".join(line.text for line in page.lines)) for page in read_pdf(drawn)]
        lost = {name for name in lost if not any(wanted[name] in page for page in pages)}
    return lost


@pytest.mark.parametrize("chunk", range(len(CHUNKS)))
def test_pdf_prints_every_field_letter_by_letter(chunk: int) -> None:
    for text in CHUNKS[chunk]:
        report, fields = hostile_report(text)
        drawn = draw_report_pdf(report)
        assert missing(drawn, fields) == set(), text
        letter, fields = hostile_letter(text)
        assert missing(draw_correction_letter(letter), fields) == set(), text


def paragraphs(body: bytes) -> list[str]:
    """The text of each paragraph of a DOCX, its chart's words among them; every part is sound XML and nothing links out."""
    told = []
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        for name in box.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root = ElementTree.fromstring(box.read(name))
            assert not any(node.get("TargetMode") == "External" for node in root.iter()), name
            told += ["".join(node.itertext()) for node in root.iter() if node.tag.endswith(("}p", "}v"))]
            fields = [node.get(f"{W}instr", "").strip() for node in root.iter(f"{W}fldSimple")]
            assert set(fields) <= {"PAGE"} and not list(root.iter(f"{W}instrText")), name
    return told


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize("chunk", range(len(CHUNKS)))
def test_word_keeps_every_field_letter_by_letter(chunk: int) -> None:
    for text in CHUNKS[chunk]:
        for body, fields in (
            (draw_report_docx(hostile_report(text)[0]), hostile_report(text)[1]),
            (draw_correction_letter_docx(hostile_letter(text)[0]), hostile_letter(text)[1]),
        ):
            told = "\n".join(paragraphs(body))
            for name, words in fields.items():
                wanted = words.upper() if name in CAPITALS else words
                assert (wanted.lstrip("- ") if name == "copy" else wanted) in told, (name, text)


def cells(body: bytes) -> list[str]:
    """The texts of a workbook's cells; none is a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        for name in box.namelist():
            if name.startswith("xl/worksheets/sheet"):
                sheet = box.read(name)
                assert b"<f>" not in sheet and b"<hyperlink" not in sheet, name
        root = ElementTree.fromstring(box.read("xl/sharedStrings.xml"))
    return [_unescaped("".join(node.itertext())) for node in root]


def _unescaped(text: str) -> str:
    """Excel writes a control letter as `_x000D_`, so a typed `_x000D_` as `_x005F_x000D_`."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found.group(1), 16)), text)


@pytest.mark.parametrize("chunk", range(len(CHUNKS)))
def test_excel_keeps_every_field_letter_by_letter(chunk: int) -> None:
    for text in CHUNKS[chunk]:
        report, fields = hostile_report(text)
        told = "\n".join(cells(draw_report_xlsx(report)))
        for name, words in fields.items():
            assert (words in told) or name in ON_PAPER_ONLY, (name, text)


def test_no_text_leaves_its_page_or_half_of_the_letterhead() -> None:
    for text in HOSTILE[::30]:
        for page in read_pdf(draw_report_pdf(hostile_report(text)[0])):
            assert all(line.x0 >= 30 - NEAR and line.x1 <= page.wide - 15 + NEAR for line in page.lines), text
        head = read_pdf(draw_report_pdf(hostile_report(text)[0]))[0]
        right = head.get("CỘNG HÒA").x0
        assert all(line.x1 < right for line in head.lines if line.x0 < right - 20 and line.base < head.get("Độc lập").base), text  # fmt: skip
