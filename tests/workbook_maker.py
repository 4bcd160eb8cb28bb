"""Makes small workbooks, good and hostile, byte by byte where no library would make them."""

from __future__ import annotations

import io
import zipfile
import zlib

import xlsxwriter
import xlwt

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xlsx(
    rows: list[list], *, font: str = "", fonts: dict[tuple[int, int], str] | None = None, hide: bool = False
) -> bytes:
    """An `.xlsx`; `font` draws all cells, `fonts` those at (row, column) counted from 0."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = {name: book.add_format({"font_name": name}) for name in {font, *(fonts or {}).values()} - {""}}
    sheet = book.add_worksheet("Ho dan")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell not in ("", None):
                sheet.write(row, column, cell, styles.get((fonts or {}).get((row, column), font)))
    if hide:
        book.add_worksheet("Hien").activate()
        sheet.hide()
    book.close()
    return out.getvalue()


def xls(rows: list[list], *, font: str = "") -> bytes:
    """An `.xls` in BIFF8."""
    out = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Ho dan")
    style = xlwt.easyxf(f"font: name {font}") if font else xlwt.easyxf()
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell not in ("", None):
                sheet.write(row, column, cell, style)
    book.save(out)
    return out.getvalue()


def ods(*rows: str) -> bytes:
    """An `.ods` of these `<table:table-row>` elements."""
    return packed(
        {
            "mimetype": ODS_TYPE,
            "content.xml": f'{_ODS_HEAD}<table:table table:name="Ho dan">{"".join(rows)}</table:table>{_ODS_TAIL}',
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def ods_row(*cells: object, repeated: int = 1, across: int = 1) -> str:
    """One row; each cell repeated `across` times, the row `repeated` times."""
    wide = f' table:number-columns-repeated="{across}"' if across > 1 else ""
    made = ""
    for cell in cells:
        if cell in ("", None):
            made += f"<table:table-cell{wide}/>"
        elif isinstance(cell, (int, float)):
            made += f'<table:table-cell office:value-type="float" office:value="{cell}"{wide}><text:p>{cell}</text:p></table:table-cell>'
        else:
            made += f'<table:table-cell office:value-type="string"{wide}><text:p>{cell}</text:p></table:table-cell>'
    high = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{high}>{made}</table:table-row>"


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def with_parts(data: bytes, parts: dict[str, str | bytes]) -> bytes:
    """A workbook with parts put in or exchanged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return packed({**whole, **parts})


def sheet_part(body: str, head: str = "") -> str:
    """The XML of a worksheet with this sheetData."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>'


def lying_about_size(data: bytes, part: str, size: int) -> bytes:
    """The same zip, saying in its directory and header that `part` unpacks to `size` bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo(part).file_size
        offset = archive.getinfo(part).header_offset
    raw = bytearray(data)
    raw[offset + 22 : offset + 26] = size.to_bytes(4, "little")
    at = raw.rfind(b"PK\x01\x02", 0, raw.rfind(part.encode()))
    assert int.from_bytes(raw[at + 24 : at + 28], "little") == true
    raw[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(raw)


def deflated_zeros(count: int) -> bytes:
    """Zeros, packed about a thousandfold."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(count)) + packer.flush()
