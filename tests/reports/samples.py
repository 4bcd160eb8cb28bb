"""Reports to draw: Xuân Quang with its villages and made-up figures. No real person stands here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from tdteam.domain.correction_letters import Correction, CorrectionLetter
from tdteam.domain.report import Mark, Report, compose_report
from tdteam.domain.report_facts import (
    STANDARD_VILLAGE_COLUMNS,
    ChangeKind,
    FigureChange,
    Narrative,
    Organisation,
    ReportFacts,
    Reporting,
    TeamChange,
    TeamLine,
    VillageLine,
    VillageTable,
)
from tdteam.domain.report_settings import PaperDate, PaperReference, PaperSettings
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import Share
from tdteam.reports.wording import usual_settings
from tests.reports.sample_figures import NOVEMBER, charts, difficulties, figures, line

__all__ = ["NOVEMBER", "charts", "difficulties", "figures", "line"]

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


MARK = Mark(
    "q7m2xk4w9hbtn3ce",
    "https://tdteam.xuanquang.example.vn",
    2,
    "3f786850e387550fdab836ed7e6dc881de23001bd1c7d1c5c0a4a94d2c1a7e60",
    "89e6c98d92887913cadf06b2adb97f26cde4849b3a4a46e7ac0f4d3ba7dd0a33",
)
REPLACED = PaperReference("98", "BC-UBND", PaperDate.of(date(2026, 11, 18)))
DIFFERENCES = (
    FigureChange("", "Lượt hỗ trợ", "3410", "3412"),
    FigureChange("Hốc Đá", "", "12", "14", "visits"),
    FigureChange("Hốc Đá", "", "-", "3/4", "eid"),
)


def sealed(villages_count: int = 41, **own: Any) -> Report:
    """The November report with its figures sealed, number and day left to the clerk."""
    return replace(report(villages_count, dated=PaperDate(), **own), mark=MARK)


def replacing(villages_count: int = 3, **own: Any) -> Report:
    """A sealed report that replaces an issued one, with the list of what changed."""
    return compose_report(
        settings(**own), month_span(NOVEMBER), facts(villages_count), NARRATIVE, replaces=REPLACED,
        replaces_why="Bổ sung số liệu của 4 Tổ gửi muộn", changes=DIFFERENCES, mark=MARK,
    )  # fmt: skip


def letter(count: int = 3, **own: Any) -> CorrectionLetter:
    """A letter that corrects so many things of an issued report; `own` replaces its fields."""
    pairs = (
        Correction("Kính gửi: Sở Khoa học và Công nghiệp", "Kính gửi: Sở Khoa học và Công nghệ", "trang 1"),
        Correction("KT. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "phần ký"),
        Correction("ngày 14 tháng 11 năm 2062", "ngày 14 tháng 11 năm 2026"),
    )
    told = CorrectionLetter(
        settings(), "UBND-VHXH", PaperReference("5", "BC-UBND", PaperDate.of(date(2026, 11, 20))), month_span(NOVEMBER),
        tuple(pairs[place % 3] for place in range(count)), "Sơ suất khi soạn thảo văn bản.",
    )  # fmt: skip
    return replace(told, **own)
