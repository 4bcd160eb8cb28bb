"""The indicators, charts and causes of the sample report: made-up figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tdteam.domain.periods import Period
from tdteam.domain.report_facts import CauseLine, ChartKind, ChartPoint, ChartSeries, Difficulties, FigureLine
from tdteam.domain.shares import Average, Share
from tdteam.domain.vocabulary import Nature, Source

NOVEMBER = Period(2026, 11)
CAUSES = (  # noqa: SIM905
    "Không nhận được mã OTP;Mạng yếu, mất sóng;SIM không chính chủ, đổi số;Không có điện thoại thông minh;"
    "Căn cước hết hạn hoặc chưa có thẻ gắn chip;Chưa được Công an duyệt;Thiếu giấy tờ;"
    "Người già yếu, khuyết tật;Đi làm xa, vắng nhà;Cổng dịch vụ công lỗi, quá tải"
).split(";")


def line(code: str, name: str, unit: str, section: str, now: Any, **rest: Any) -> FigureLine:
    usual = {"nature": Nature.FLOW, "source": Source.COUNTED}
    return FigureLine(code, name, unit, section, now=now, **{**usual, **rest})


def figures() -> tuple[FigureLine, ...]:
    flow, distinct, stock = ({"nature": nature} for nature in (Nature.FLOW, Nature.DISTINCT, Nature.STOCK))
    told = {"headline": True}
    police = {"source": Source.DECLARED, "origin": "Công an xã", "as_of": date(2026, 11, 10)}
    portal = {"source": Source.DECLARED, "origin": "Cổng Dịch vụ công quốc gia", "as_of": date(2026, 11, 14)}
    return (
        line(
            "gatherings",
            "Buổi tuyên truyền, hướng dẫn",
            "buổi",
            "outreach",
            46,
            previous=39,
            cumulative=412,
            **flow,
            **told,
        ),
        line(
            "attendance", "Lượt người dự", "lượt", "outreach", 1874, previous=1530, cumulative=15206, **flow
        ),
        line(
            "reached",
            "Hộ được đến thăm",
            "%",
            "outreach",
            Share(2887, 6104),
            previous=Share(2551, 6104),
            cumulative=Share(5335, 6104),
            **distinct,
            **told,
        ),
        line(
            "assists",
            "Lượt hỗ trợ",
            "lượt",
            "outreach",
            3412,
            previous=3410,
            cumulative=36018,
            **flow,
            **told,
        ),
        line(
            "filings",
            "Hồ sơ nộp trực tuyến do Tổ hướng dẫn",
            "hồ sơ",
            "government",
            318,
            previous=274,
            cumulative=2905,
            **flow,
            **told,
        ),
        line(
            "filings",
            "Hồ sơ nộp trực tuyến toàn xã",
            "hồ sơ",
            "government",
            1240,
            previous=1199,
            **flow,
            **portal,
        ),
        line(
            "paid",
            "Hồ sơ nộp phí trực tuyến",
            "%",
            "government",
            Share(203, 318),
            previous=Share(164, 274),
            cumulative=Share(1778, 2905),
            **flow,
            **told,
        ),
        line(
            "on_time",
            "Hồ sơ trả kết quả đúng hạn",
            "%",
            "government",
            Share(290, 301),
            previous=Share(251, 262),
            cumulative=Share(2701, 2788),
            **flow,
        ),
        line(
            "turnaround",
            "Thời gian giải quyết bình quân",
            "ngày",
            "government",
            Average(2353, 318),
            previous=Average(2082, 274),
            cumulative=None,
            **flow,
        ),
        line(
            "eid2_activate",
            "Lượt hướng dẫn kích hoạt tài khoản định danh điện tử mức độ 02",
            "lượt",
            "government",
            512,
            previous=468,
            cumulative=4417,
            **flow,
            **told,
        ),
        line(
            "eid2",
            "Người từ 14 tuổi có tài khoản định danh điện tử mức độ 02",
            "%",
            "government",
            Share(15510, 18420),
            previous=Share(15268, 18412),
            **stock,
        ),
        line(
            "eid2",
            "Tài khoản định danh điện tử mức độ 02 đã kích hoạt",
            "%",
            "government",
            Share(15622, 18420),
            previous=None,
            **stock,
            **police,
        ),
        line(
            "pay",
            "Lượt hướng dẫn mở tài khoản, ví điện tử",
            "lượt",
            "economy",
            388,
            previous=402,
            cumulative=4120,
            **flow,
            **told,
        ),
        line(
            "qr",
            "Hộ kinh doanh thanh toán bằng mã QR",
            "%",
            "economy",
            Share(142, 317),
            previous=Share(138, 317),
            **stock,
            **told,
        ),
        line(
            "ecom",
            "Lượt hướng dẫn bán hàng trên sàn thương mại điện tử",
            "lượt",
            "economy",
            24,
            previous=24,
            cumulative=301,
            **flow,
        ),
        line(
            "health",
            "Người có sổ sức khỏe điện tử",
            "%",
            "society",
            Share(13190, 22780),
            previous=Share(12540, 22771),
            **stock,
            **told,
        ),
        line(
            "safety",
            "Lượt hướng dẫn phòng tránh lừa đảo",
            "lượt",
            "society",
            702,
            previous=655,
            cumulative=6893,
            **flow,
            **told,
        ),
        line(
            "learn",
            "Người học Bình dân học vụ số",
            "người",
            "society",
            None,
            previous=None,
            cumulative=None,
            **flow,
        ),
    )


def charts() -> tuple[ChartSeries, ...]:
    months = NOVEMBER.back(13)
    people = (1510, 1820, 1105, 1690, 2105, None, 2480, 2610, 2590, 2904, 3120, 3410, 3412)
    reached = (32, 35, 38, 40, 41, 43, 45, 46, 48, 49, 51, "41.8", "47.3")
    return (
        ChartSeries("people", "Lượt hỗ trợ", "lượt", tuple(ChartPoint(m.year, m.month, v) for m, v in zip(months, people, strict=True)), ChartKind.BAR),
        ChartSeries("reached", "Tỷ lệ hộ được hỗ trợ", "%", tuple(ChartPoint(m.year, m.month, Decimal(v)) for m, v in zip(months, reached, strict=True)), percent=True, target=Decimal(50)),
    )  # fmt: skip


def difficulties() -> Difficulties:
    counts = (196, 139, 61, 48, 30, 17, 11, 8, 5, None)
    lines = tuple(
        CauseLine(
            f"c{i}",
            name,
            n,
            None if n is None else n + 7 - i,
            None if n is None else n * 9,
            None if n is None else min(n, 41),
        )
        for i, (name, n) in enumerate(zip(CAUSES, counts, strict=True))
    )
    return Difficulties(
        Share(515, 3412), Share(618, 3410), lines, CauseLine("", "Tổng cộng", 515, 618, 5711, 38)
    )
