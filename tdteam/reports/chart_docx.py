"""A series as a native Word chart with its figures in an embedded workbook, so that an office can edit it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

import xlsxwriter

from tdteam.domain.report_facts import ChartKind, ChartSeries
from tdteam.reports import wording
from tdteam.reports.figures import show
from tdteam.reports.lists import EPOCH, WORKBOOK
from tdteam.reports.ooxml import DECLARED, FONT, SPACES

INDIGO, GREY, BLACK = "1F4280", "747988", "000000"
_AXES = ("100", "200")
# Thousands with a point whatever the language of the office's computer; decimals as that computer writes them.
COUNTED = "[&gt;=1000000]#\\.###\\.##0;[&gt;=1000]#\\.##0;General"


def chart_part(series: ChartSeries) -> str:
    """chartN.xml of a series; its target, if any, is a dashed second line."""
    bar = series.kind is ChartKind.BAR
    months = [f"{point.month:02d}/{point.year}" for point in series.points]
    values = [point.value for point in series.points]
    drawn = _series(0, show(series.title), months, values, bar=bar)
    target = ""
    if series.target is not None:
        target = _series(1, wording.TARGET, months, [series.target] * len(months), bar=False, dashed=True)
    axes = "".join(f'<c:axId val="{axis}"/>' for axis in _AXES)
    lines = target if bar else drawn + target
    plot = ""
    if bar:
        kind = '<c:barDir val="col"/><c:grouping val="clustered"/>'
        plot = f'<c:barChart>{kind}{drawn}<c:gapWidth val="80"/>{axes}</c:barChart>'
    if lines:
        plot += f'<c:lineChart><c:grouping val="standard"/>{lines}<c:marker val="1"/>{axes}</c:lineChart>'
    bare = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    return (
        f'{DECLARED}<c:chartSpace {SPACES}><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea><c:layout/>{plot}{_category_axis()}{_value_axis()}</c:plotArea>"
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{bare}{_text(10)}'
        '<c:externalData r:id="rBook"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def chart_book(series: ChartSeries) -> bytes:
    """The workbook behind the chart: month, value, target."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK)
    book.set_properties({"created": EPOCH})
    sheet = book.add_worksheet("Sheet1")
    sheet.write_string(0, 1, show(series.title))
    if series.target is not None:
        sheet.write_string(0, 2, wording.TARGET)
    for place, point in enumerate(series.points, 1):
        sheet.write_string(place, 0, f"{point.month:02d}/{point.year}")
        if point.value is not None:
            sheet.write_number(place, 1, float(point.value))
        if series.target is not None:
            sheet.write_number(place, 2, float(series.target))
    book.close()
    return out.getvalue()


def _series(
    order: int,
    name: str,
    months: list[str],
    values: list[int | Decimal | None],
    *,
    bar: bool,
    dashed: bool = False,
) -> str:
    column = "BC"[order]
    last = len(months) + 1
    cats = "".join(f'<c:pt idx="{i}"><c:v>{month}</c:v></c:pt>' for i, month in enumerate(months))
    points = "".join(f'<c:pt idx="{i}"><c:v>{v}</c:v></c:pt>' for i, v in enumerate(values) if v is not None)
    colour = BLACK if dashed else INDIGO
    line = f'<a:ln w="{12700 if dashed else 22225}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    line += '<a:prstDash val="dash"/></a:ln>' if dashed else "</a:ln>"
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    marker = '<c:invertIfNegative val="0"/>' if bar else _marker(dashed, fill)
    smooth = "" if bar else '<c:smooth val="0"/>'
    labels = _name_label() if dashed else _labels(bar)
    return (
        f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f>'
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f"<c:spPr>{fill if bar else line}</c:spPr>{marker}{labels}"
        f'<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{len(months)}"/>{cats}'
        "</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(months)}"/>{points}</c:numCache></c:numRef></c:val>'
        f"{smooth}</c:ser>"
    )


def _marker(dashed: bool, fill: str) -> str:
    if dashed:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    return f'<c:marker><c:symbol val="circle"/><c:size val="5"/><c:spPr>{fill}</c:spPr></c:marker>'


def _labels(bar: bool) -> str:
    place = "outEnd" if bar else "t"
    return (
        f'<c:dLbls><c:numFmt formatCode="{COUNTED}" sourceLinked="0"/>{_text(9)}<c:dLblPos val="{place}"/>'
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )


def _name_label() -> str:
    """The target line's name at its first point, in place of a legend."""
    shown = (
        '<c:showLegendKey val="0"/><c:showVal val="{}"/><c:showCatName val="0"/><c:showSerName val="{}"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    first = f'<c:dLbl><c:idx val="0"/>{_text(9)}<c:dLblPos val="t"/>{shown.format(1, 1)}<c:separator> </c:separator></c:dLbl>'
    return f"<c:dLbls>{first}{shown.format(0, 0)}</c:dLbls>"


def _category_axis() -> str:
    return (
        f'<c:catAx><c:axId val="{_AXES[0]}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_text(9)}<c:crossAx val="{_AXES[1]}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/></c:catAx>'
    )


def _value_axis() -> str:
    line = f'<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{GREY}"/></a:solidFill></a:ln></c:spPr>'
    return (
        f'<c:valAx><c:axId val="{_AXES[1]}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="l"/><c:majorGridlines>{line}</c:majorGridlines>'
        f'<c:numFmt formatCode="{COUNTED}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{_text(9)}<c:crossAx val="{_AXES[0]}"/><c:crosses val="autoZero"/></c:valAx>'
    )


def _text(size: int) -> str:
    black = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size * 100}">{black}'
        f'<a:latin typeface="{FONT}"/><a:cs typeface="{FONT}"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )
