"""What a report over other days than a month says of how its figures were put together; causes as section III takes
them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tdteam.domain.report import Report
from tdteam.domain.report_facts import CauseLine, SpanParts
from tdteam.reports.figures import number, show


def _note(parts: SpanParts) -> str:
    on = f"ngày {show(parts.stock_day)}" if parts.stock_day else "ngày cuối kỳ"
    return (
        "Cách tính: số lượt, số người, số hồ sơ cộng cả kỳ báo cáo; số hộ được tiếp cận đếm lại cho cả kỳ, mỗi hộ tính "
        f"một lần; số hộ, số nhân khẩu và số thành viên là số đến {on}."
    )


def _parts(parts: SpanParts) -> str:
    """Which months entered as sealed, which are still open, which days were counted from the records."""
    told = []
    if parts.sealed:
        told.append(f"{_months(parts.sealed)} lấy đúng số liệu đã chốt, lượt đến muộn tính vào tháng sau")
    if parts.moved:
        told.append(f"{_months(parts.moved)} đã chốt theo địa bàn trước đây, cộng lại theo địa bàn hiện nay")
    if parts.open:
        told.append(f"{_months(parts.open)} chưa chốt số liệu, còn có thể thay đổi")
    told += [
        f"từ {show(since)} đến {show(last_day)} đếm theo ngày ghi trên từng lượt"
        for since, last_day in parts.days
    ]
    return f"Nguồn số liệu: {'; '.join(told) or 'chưa có'}."


def _months(codes: Sequence[str]) -> str:
    """`tháng 9, 10, 11 năm 2026`."""
    years: dict[str, list[str]] = {}
    for code in codes:
        years.setdefault(code[:4], []).append(str(int(code[5:])))
    return ", ".join(f"tháng {', '.join(months)} năm {year}" for year, months in years.items())


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Report], str]] = {
    "span_note": lambda params, report: _note(params["parts"]),
    "span_parts": lambda params, report: _parts(params["parts"]),
}


def cause_line(cause: CauseLine) -> str:
    """A cause as section III offers it to the official: `Thiếu SIM chính chủ: 12 lượt chưa làm được, ở 4 thôn`."""
    where = f", ở {number(cause.villages)} thôn/tổ dân phố" if cause.villages else ""
    return f"{show(cause.name)}: {number(cause.now or 0)} lượt chưa làm được{where}"
