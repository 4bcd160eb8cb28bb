"""The few words of WordprocessingML a Decree 30 paper needs, and the package they travel in.

Written here rather than through a library because the same report must give the same bytes, and because sections,
headers and native charts are what libraries leave to raw XML anyway. Lengths come in points.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from tdteam.reports import decree30 as decree

FONT = "Times New Roman"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{KINDS}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Without it Word opens the paper as one of 2007 and shifts tables by their cell margins.
WORD_2013 = (
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat><w:themeFontLang w:val="vi-VN"/>'
)
EMPTY_LINE = 2.0  # points, the least Word gives a line


def twips(points: float) -> int:
    return round(points * 20)


def emu(points: float) -> int:
    return round(points * 12700)


def run(text: str, size: float, *, bold: bool = False, italic: bool = False, framed: bool = False) -> str:
    """A run of black Times New Roman."""
    marks = ("<w:b/><w:bCs/>" if bold else "") + ("<w:i/><w:iCs/>" if italic else "")
    sizes = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    frame = '<w:bdr w:val="single" w:sz="4" w:space="0" w:color="000000"/>' if framed else ""
    return f'<w:r><w:rPr>{marks}{sizes}{frame}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(
    runs: str,
    *,
    style: str = "",
    align: str = "",
    before: float = 0,
    after: float = 0,
    left: float = 0,
    right: float = 0,
    hanging: float = 0,
    line: float = 0,
    size: float = 0,
    with_next: bool = False,
    rule: bool = False,
    tab: float = 0,
    section: str = "",
) -> str:
    """A paragraph; `line` an exact height, `size` that of an empty line, `rule` a drawn line of RULE points along its top,
    `tab` where a tab's text ends."""
    parts = [f'<w:pStyle w:val="{style}"/>' if style else ""]
    parts.append("<w:keepNext/>" if with_next else "")
    if rule:
        thick = round(decree.RULE * 8)
        parts.append(f'<w:pBdr><w:top w:val="single" w:sz="{thick}" w:space="0" w:color="000000"/></w:pBdr>')
    parts.append(f'<w:tabs><w:tab w:val="right" w:pos="{twips(tab)}"/></w:tabs>' if tab else "")
    if before or after or line or not style:
        exact = f' w:line="{twips(line)}" w:lineRule="exact"' if line else ""
        parts.append(f'<w:spacing w:before="{twips(before)}" w:after="{twips(after)}"{exact}/>')
    if left or right or hanging:
        hang = f' w:hanging="{twips(hanging)}"' if hanging else ""
        parts.append(f'<w:ind w:left="{twips(left)}" w:right="{twips(right)}"{hang}/>')
    parts.append(f'<w:jc w:val="{align}"/>' if align else "")
    parts.append(f'<w:rPr><w:sz w:val="{round(size * 2)}"/></w:rPr>' if size else "")
    return f"<w:p><w:pPr>{''.join(parts)}{section}</w:pPr>{runs}</w:p>"


def rule(room: float, length: float, before: float, after: float = 0) -> str:
    """A centred drawn line: the border of an empty paragraph indented to leave just its length."""
    side = max((room - length) / 2, 0)
    return paragraph("", left=side, right=side, before=before, after=after, line=EMPTY_LINE, rule=True)


def cell(
    content: str, wide: float, *, span: int = 1, merge: str = "", middle: bool = False, top: str = ""
) -> str:
    """A table cell; merge is `restart` or `continue` down the rows."""
    parts = [f'<w:tcW w:w="{twips(wide)}" w:type="dxa"/>']
    parts.append(f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
    if merge:
        parts.append('<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>")
    parts.append('<w:vAlign w:val="center"/>' if middle else "")
    return f"<w:tc><w:tcPr>{''.join(parts)}</w:tcPr>{content}</w:tc>"


def row(cells: Sequence[str], *, head: bool = False) -> str:
    """A row that never splits over pages; a head row comes again on each."""
    head_mark = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head_mark}</w:trPr>{''.join(cells)}</w:tr>"


def table(rows: Sequence[str], widths: Sequence[float], *, ruled: bool, pad: float = 0) -> str:
    """A table of fixed column widths, ruled all around or not at all."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"' if ruled else 'w:val="nil"'
    borders = "".join(f"<w:{side} {line}/>" for side in sides)
    grid = "".join(f'<w:gridCol w:w="{twips(wide)}"/>' for wide in widths)
    room = f'<w:left w:w="{twips(pad)}" w:type="dxa"/><w:right w:w="{twips(pad)}" w:type="dxa"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{room}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def section(*, landscape: bool, footer: bool) -> str:
    """Properties of a section: A4, margins, its own page numbers from 1, none shown on its first page. A lying page has a
    footer of its own, whose tab stands elsewhere."""
    wide, high = (decree.A4[1], decree.A4[0]) if landscape else decree.A4
    orient = ' w:orient="landscape"' if landscape else ""
    foot = "rFootWide" if landscape else "rFoot"
    feet = f'<w:footerReference w:type="default" r:id="{foot}"/><w:footerReference w:type="first" r:id="{foot}"/>'
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rHead"/><w:headerReference w:type="first" r:id="rBare"/>'
        f"{feet if footer else ''}"
        f'<w:pgSz w:w="{twips(wide)}" w:h="{twips(high)}"{orient}/>'
        f'<w:pgMar w:top="{twips(decree.TOP)}" w:right="{twips(decree.RIGHT)}" w:bottom="{twips(decree.BOTTOM)}" '
        f'w:left="{twips(decree.LEFT)}" w:header="{twips(9 * decree.MM)}" w:footer="{twips(decree.CODE_BOTTOM)}" '
        'w:gutter="0"/><w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>'
    )


def inline_chart(order: int, wide: float, high: float, told: str) -> str:
    """A run that shows chart number `order`."""
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{emu(wide)}" '
        f'cy="{emu(high)}"/><wp:docPr id="{order}" name="Chart {order}" descr={quoteattr(told)}/>'
        "<wp:cNvGraphicFramePr/><a:graphic><a:graphicData "
        'uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="rChart{order}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


TAB = "<w:r><w:tab/></w:r>"


def corner_picture(link: str, side: float, drop: float, told: str) -> str:
    """A run with a square picture that floats at the right end of the bottom margin, `drop` under the text; it moves
    nothing."""
    size = f'cx="{emu(side)}" cy="{emu(side)}"'
    pictures = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
        'behindDoc="0" locked="1" layoutInCell="0" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
        f'<wp:positionV relativeFrom="bottomMargin"><wp:posOffset>{emu(drop)}</wp:posOffset></wp:positionV>'
        f'<wp:extent {size}/><wp:wrapNone/><wp:docPr id="1000" name="Code" descr={quoteattr(told)}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{pictures}"><pic:pic xmlns:pic="{pictures}">'
        '<pic:nvPicPr><pic:cNvPr id="1000" name="Code"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></w:r>"
    )


def part(root: str, content: str) -> str:
    return f"{DECLARED}<w:{root} {SPACES}>{content}</w:{root}>"


def styles() -> str:
    """Normal, the body, its headings and notes, as the decree sets them."""
    size = round(decree.TEXT * 2)
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
    line = f'w:line="{round(240 * decree.LEADING / (decree.TEXT * 1.15))}" w:lineRule="auto"'
    gap = f'<w:spacing w:before="{twips(decree.GAP)}" w:after="0" {line}/>'
    indent = f'<w:ind w:firstLine="{twips(decree.INDENT)}"/>'

    def style(key: str, name: str, paragraph_: str, run_: str = "", of: str = "Normal") -> str:
        return (
            f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{of}"/>'
            f"<w:qFormat/><w:pPr>{paragraph_}</w:pPr><w:rPr>{run_}</w:rPr></w:style>"
        )

    def heading(level: int) -> str:
        outline = f'<w:keepNext/>{gap}{indent}<w:outlineLvl w:val="{level - 1}"/>'
        return style(f"Heading{level}", f"heading {level}", outline, "<w:b/><w:bCs/>")

    return part(
        "styles",
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="000000"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        + style("Body", "Body Text", f'<w:widowControl/>{gap}{indent}<w:jc w:val="both"/>')
        + heading(1)
        + heading(2)
        + style("Note", "Note", '<w:spacing w:before="60" w:after="0"/>', '<w:i/><w:iCs/><w:sz w:val="22"/>'),
    )


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip whose bytes depend on its parts only."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # else the zip tells which system made it
            box.writestr(info, content)
    return out.getvalue()
