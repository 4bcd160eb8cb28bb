"""Reports to draw: Xuân Quang with its villages and made-up figures. No real person stands here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tdteam.domain.periods import Period
from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_facts import (
    STANDARD_VILLAGE_COLUMNS,
    CauseLine,
    ChangeKind,
    ChartKind,
    ChartPoint,
    ChartSeries,
    Difficulties,
    FigureLine,
    Narrative,
    Organisation,
    ReportFacts,
    Reporting,
    TeamChange,
    TeamLine,
    VillageLine,
    VillageTable,
)
from tdteam.domain.report_settings import PaperDate, PaperSettings
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import Average, Share
from tdteam.domain.vocabulary import Nature, Source
from tdteam.reports.wording import usual_settings

NOVEMBER = Period(2026, 11)
NAMES = (  # noqa: SIM905
    "Hốc Đá;Làng Bạc;Làng Lân;Gốc Mít;Nậm Cút;Cốc Sâm 1;Cốc Sâm 2;Tân Hồ;Làng Có 1;Làng Có 2;Xuân Quang 1;Xuân Quang 2;"
    "Làng My;Thái Vô;Cửa Cải;Tân Quang;Na Ó;Bắc Ngầm;Nậm Dù;Làng Thi;Trì Thượng;Trì Thượng 2;Làng Đào;Ải Nam 1;Ải Nam 2;"
    "Ải Dõng;Phìn Giàng;Cốc Tủm;Sín Thèn;Làng Cung;Làng Chưng (Phong Niên cũ);Phú Xuân;Phong Niên;Cán Hồ;"
    "Cốc Né;Tân Phong;Mường Lai;An Tiến;Làng Chưng (Xuân Quang cũ);Nhuần 1;Tổ dân phố Trung tâm"
).split(";")
FAMILIES, MIDDLES = (
    ("Nguyễn", "Lý", "Giàng", "Vàng", "Hoàng", "Phàn", "Tẩn", "Đặng"),
    ("Văn", "Thị", "A", "Láo", "Seo", "Mùi"),
)
GIVEN = ("Đức", "Mẩy", "Páo", "Ỏm", "Thủy", "Dũng", "Chúng", "Quyên", "Lử", "Hương")

CAUSES = (  # noqa: SIM905
    "Không nhận được mã OTP;Mạng yếu, mất sóng;SIM không chính chủ, đổi số;Không có điện thoại thông minh;"
    "Căn cước hết hạn hoặc chưa có thẻ gắn chip;Chưa được Công an duyệt;Thiếu giấy tờ;"
    "Người già yếu, khuyết tật;Đi làm xa, vắng nhà;Cổng dịch vụ công lỗi, quá tải"
).split(";")


def settings(**own: Any) -> PaperSettings:
    usual = {
        "signer_name": "Trần Văn Bình",
        "village_word": "thôn, tổ dân phố",
        "copies": (
            "Thường trực Đảng ủy xã",
            "Thường trực HĐND xã",
            "Chủ tịch, các Phó Chủ tịch UBND xã",
            "Ủy ban MTTQ Việt Nam xã",
            "Công an xã",
            "Trung tâm Phục vụ hành chính công xã",
            "Các Tổ công nghệ số cộng đồng",
        ),
    }
    return usual_settings("xã", "Xuân Quang", **{**usual, **own})


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


def villages(count: int = 41, names: tuple[str, ...] = (), seed: int = 2026) -> VillageTable:
    draw = Random(seed)
    rows = []
    for place in range(count):
        name = (
            names[place]
            if place < len(names)
            else NAMES[place % len(NAMES)] + ("" if place < 41 else f" {place}")
        )
        values = tuple(draw.randrange(0, 240) for _ in STANDARD_VILLAGE_COLUMNS)
        if place % 11 == 5:
            values = values[:4] + (None,) * (len(values) - 4)
        rows.append(
            VillageLine(name, values, "Chưa gửi số liệu" if place % 11 == 5 else "", declared=place % 9 == 4)
        )
    known = [
        [row.values[i] for row in rows if isinstance(row.values[i], int)]
        for i in range(len(STANDARD_VILLAGE_COLUMNS))
    ]
    total = VillageLine("Tổng cộng", tuple(sum(column) if column else None for column in known))
    return VillageTable(rows=tuple(rows), total=total if rows else None)


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


def person(draw: Random) -> str:
    return f"{draw.choice(FAMILIES)} {draw.choice(MIDDLES)} {draw.choice(GIVEN)}"


def teams(count: int = 41) -> tuple[TeamLine, ...]:
    draw = Random(7)
    return tuple(
        TeamLine(f"Tổ {NAMES[i % 41]}", NAMES[i % 41], "127/QĐ-UBND", date(2022, 3, 21), person(draw), 5 + i % 4, 2 + i % 3, None if i % 13 == 4 else 4 + i % 4)
        for i in range(count)
    )  # fmt: skip


def changes() -> tuple[TeamChange, ...]:
    draw = Random(9)
    return (
        TeamChange(date(2026, 10, 20), "Tổ Hốc Đá", ChangeKind.JOINED, person(draw), "Quyết định số 212/QĐ-UBND ngày 19/10/2026"),
        TeamChange(date(2026, 10, 20), "Tổ Hốc Đá", ChangeKind.LEFT, person(draw), "Chuyển nơi ở"),
        TeamChange(date(2026, 11, 5), "Tổ Nhuần 1", ChangeKind.ROLE, person(draw), "Tổ phó làm Tổ trưởng"),
        TeamChange(date(2026, 11, 9), "Tổ Làng Cung", ChangeKind.AMENDED, "", "Quyết định số 230/QĐ-UBND ngày 09/11/2026"),
    )  # fmt: skip


def facts(villages_count: int = 41, **own: Any) -> ReportFacts:
    usual = ReportFacts(
        organisation=Organisation(41, Share(41, 41), 284, 118, 97, 250, 3, 1),
        reporting=Reporting(41, 37, 2, ("Phìn Giàng", "Cốc Tủm", "Sín Thèn", "Làng Cung")),
        figures=figures(),
        charts=charts(),
        villages=villages(villages_count),
        difficulties=difficulties(),
        teams=teams(villages_count),
        changes=changes(),
    )
    return replace(usual, **own)


NARRATIVE = Narrative(
    difficulties="Một số thôn vùng cao sóng điện thoại yếu, người dân phải ra nhà văn hóa thôn mới nhận được mã OTP.\n"
    "Thành viên Tổ kiêm nhiệm nhiều việc, chưa có kinh phí hỗ trợ hoạt động; một số thành viên lớn tuổi còn hạn chế về kỹ năng số.",
    next_steps="1. Phối hợp Công an xã tổ chức 6 đợt thu nhận tài khoản định danh điện tử mức độ 02 lưu động tại nhà văn hóa các thôn xa trung tâm.\n"
    "2. Duy trì lịch trực của các Tổ tại nhà văn hóa thôn vào tối thứ Bảy hằng tuần, ưu tiên hộ chưa được đến thăm.\n"
    "3. Mở 02 lớp Bình dân học vụ số cho người cao tuổi, phụ nữ và hộ nghèo.",
    proposals="Đề nghị Sở Khoa học và Công nghệ phối hợp với các doanh nghiệp viễn thông khảo sát, bổ sung trạm phát sóng tại các thôn Phìn Giàng, Sín Thèn và Ải Dõng.\n"
    "Đề nghị có cơ chế hỗ trợ kinh phí xăng xe, điện thoại cho thành viên Tổ công nghệ số cộng đồng.",
)


def report(
    villages_count: int = 41, *, number: str = "", dated: PaperDate | None = None, **own: Any
) -> Report:
    """The whole November report; `own` replaces settings."""
    return compose_report(
        settings(**own), month_span(NOVEMBER), facts(villages_count), NARRATIVE,
        number=number, dated=dated or PaperDate(None, 11, 2026),
    )  # fmt: skip
