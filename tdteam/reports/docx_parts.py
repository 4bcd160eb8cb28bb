"""What surrounds the text of a DOCX: heads and feet, relations, content types, properties."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tdteam.domain.report_facts import ChartSeries
from tdteam.reports import decree30 as decree
from tdteam.reports import ooxml
from tdteam.reports.chart_docx import chart_book, chart_part
from tdteam.reports.manuscript import Foot, Manuscript
from tdteam.reports.ooxml import paragraph, part, run
from tdteam.reports.qr import code_picture


def parts_of(paper: Manuscript, document: str, charts: Sequence[ChartSeries]) -> dict[str, str | bytes]:
    """Every part of the package by its name; `document` is the text, `charts` those it shows."""
    number = (
        '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>2</w:t></w:r></w:fldSimple>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(len(charts)),
        "_rels/.rels": _package_links(),
        "docProps/core.xml": _properties(paper),
        "word/document.xml": document,
        "word/styles.xml": ooxml.styles(),
        "word/settings.xml": part("settings", ooxml.WORD_2013),
        "word/header1.xml": part("hdr", paragraph(number, align="center")),
        "word/header2.xml": part("hdr", paragraph("")),
        "word/footer1.xml": part("ftr", _footer(paper, decree.TEXT_WIDTH)),
        "word/footer2.xml": part("ftr", _footer(paper, decree.LANDSCAPE_WIDTH)),
        "word/_rels/document.xml.rels": _links(len(charts)),
    }
    if paper.foot and paper.foot.address:
        picture = f'<Relationship Id="rCode" Type="{ooxml.KINDS}/image" Target="media/code.png"/>'
        parts |= {f"word/_rels/footer{n}.xml.rels": _relations(picture) for n in (1, 2)}
        parts["word/media/code.png"] = code_picture(paper.foot.address)
    for order, series in enumerate(charts, 1):
        parts[f"word/charts/chart{order}.xml"] = chart_part(series)
        book = f'<Relationship Id="rBook" Type="{ooxml.KINDS}/package" Target="../embeddings/chart{order}.xlsx"/>'
        parts[f"word/charts/_rels/chart{order}.xml.rels"] = _relations(book)
        parts[f"word/embeddings/chart{order}.xlsx"] = chart_book(series)
    return parts


def _footer(paper: Manuscript, room: float) -> str:
    """The demonstration's stamp at the left; the foot's lines at the right, beside the code of a sealed paper."""
    stamp = run(f" {paper.demo} ", 9, bold=True, framed=True) if paper.demo else ""
    foot = paper.foot or Foot(())
    code, end = "", room
    if foot.address:
        told = foot.lines[0]
        code = ooxml.corner_picture(
            "rCode", decree.CODE_SIDE, decree.BOTTOM - decree.CODE_BOTTOM - decree.CODE_SIDE, told
        )
        end -= decree.CODE_SIDE + decree.CODE_GAP
    lines = [ooxml.TAB + run(line, decree.FOOT, bold=not foot.address) for line in foot.lines] or [""]
    *upper, last = lines
    told_lines = [*upper, stamp + last]
    told_lines[0] = code + told_lines[0]
    return "".join(paragraph(line, tab=end, line=decree.FOOT_LEADING + 2) for line in told_lines)


def _types(charts: int) -> str:
    kinds = {"document": "document.main", "styles": "styles", "settings": "settings"}
    kinds |= {"header1": "header", "header2": "header", "footer1": "footer", "footer2": "footer"}
    named = [(f"/word/{name}.xml", f"{ooxml.MAIN}.{kind}+xml") for name, kind in kinds.items()]
    named.append(("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
    drawing = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    named += [(f"/word/charts/chart{order}.xml", drawing) for order in range(1, charts + 1)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in named)
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    told = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{ooxml.DECLARED}<Types xmlns="{space}">{told}{overrides}</Types>'


def _relations(links: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{ooxml.DECLARED}<Relationships xmlns="{space}">{links}</Relationships>'


def _package_links() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations(
        f'<Relationship Id="r1" Type="{ooxml.KINDS}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{core}" Target="docProps/core.xml"/>'
    )


def _links(charts: int) -> str:
    links = [("rStyles", "styles", "styles.xml"), ("rSettings", "settings", "settings.xml")]
    links += [
        ("rHead", "header", "header1.xml"),
        ("rBare", "header", "header2.xml"),
        ("rFoot", "footer", "footer1.xml"),
        ("rFootWide", "footer", "footer2.xml"),
    ]
    links += [(f"rChart{order}", "chart", f"charts/chart{order}.xml") for order in range(1, charts + 1)]
    told = (
        f'<Relationship Id="{key}" Type="{ooxml.KINDS}/{kind}" Target="{to}"/>' for key, kind, to in links
    )
    return _relations("".join(told))


def _properties(paper: Manuscript) -> str:
    """Title, author, language; no dates, which would change the bytes."""
    return (
        f"{ooxml.DECLARED}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(paper.title)}</dc:title><dc:creator>{escape(paper.author)}</dc:creator>"
        "<dc:language>vi-VN</dc:language></cp:coreProperties>"
    )
