"""The papers beside the report: one page stays one page, PDF and workbook say the same, typed words stay letters."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from tdteam.domain.activity_ranks import Doer, ranked
from tdteam.domain.periods import Period
from tdteam.domain.report_facts import ChartPoint, ChartSeries
from tdteam.domain.shares import Share
from tdteam.domain.team_month import TeamPeriod, Word
from tdteam.domain.team_papers import (
    ActiveList,
    FigureRow,
    KindLine,
    MemberLine,
    ServingTeam,
    SilentList,
    SilentTeam,
    TeamSheet,
    VillageSheet,
)
from tdteam.reports.team_lists import draw_active_list, draw_silent_list
from tdteam.reports.team_sheet import draw_team_sheet
from tdteam.reports.village_sheet import draw_village_sheet
from tdteam.reports.wording import usual_settings
from tests.reports.reading import read_pdf

NOVEMBER = Period(2026, 11)
SETTINGS = usual_settings("xã", "Xuân Quang", signer_name="Hoàng Văn Tường")
AT = datetime(2026, 11, 14, 3, 5, tzinfo=UTC)
HOSTILE = (
    *(
        "<b>Tổ</b>",
        "&amp;&lt;",
        "=HYPERLINK(1)",
        "{0} {name} %s %(x)s",
        "\u202eTổ ngược",
        "Tổ\x00\x07 số",
        "'; DROP--",
    ),
    *("Ộ" * 5000, "a b " * 2000, "\ud83d\ude00 Tổ", "<font color=red>", "\n\n\tTổ\r\n", "-1+1", "@SUM(A1)"),
)


def month(**own: Any) -> TeamPeriod:
    usual: dict[str, Any] = {
        "team_id": 1,
        "period": NOVEMBER,
        "now": {"visits": 117, "assists": 205, "people": 217, "gatherings": 1, "filings": 18},
        "before": {"visits": 80, "assists": 150, "people": 179, "gatherings": 2, "filings": None},
        "reached": Share(69, 166),
        "reached_before": Share(53, 166),
        "word": Word("figures", AT, "Chảo Văn Bình", 5),
    }
    return TeamPeriod(**{**usual, **own})


def team(name: str = "Tổ CNSCĐ thôn Hốc Đá", kinds: int = 13, members: int = 7, **own: Any) -> TeamSheet:
    usual: dict[str, Any] = {
        "settings": SETTINGS,
        "team": name,
        "villages": "Hốc Đá",
        "leader": name,
        "month": month(),
        "met": (106, 75),
        "kinds": tuple(KindLine(f"{name} {n}", n, 1, 2) for n in range(kinds)),
        "members": tuple(MemberLine(f"{name} {n}", "member", n, n, n) for n in range(members)),
        "target": Decimal(50),
    }
    return TeamSheet(**{**usual, **own})


def village(name: str = "Thôn Hốc Đá") -> VillageSheet:
    points = tuple(ChartPoint(2026, n, None if n == 3 else n * 4) for n in range(1, 13))
    return VillageSheet(
        settings=SETTINGS,
        name=name,
        period=NOVEMBER,
        teams=(ServingTeam(name, name, 7, "127/QĐ-UBND", date(2022, 3, 21)),),
        figures=tuple(FigureRow(name, "lượt", n, None, Share(n, 9)) for n in range(9)),
        chart=ChartSeries("HOUSEHOLDS_REACHED", name, "%", points, percent=True),
        states={
            "known": 166,
            "household": 163,
            "poor": 14,
            "smartphone": Share(130, 152),
            "reached_year": None,
        },
    )


def silent(count: int = 3, name: str = "Tổ Nậm Dù", *, phones: bool = True) -> SilentList:
    one = SilentTeam(name, name, name, name, "0912345678" if phones else None, None, None)
    return SilentList(
        SETTINGS,
        name,
        NOVEMBER,
        date(2026, 11, 14),
        44,
        (one,) * count,
        has_phones=phones,
        has_communes=False,
    )


def active(name: str = "Tổ Nậm Dù", count: int = 10) -> ActiveList:
    doers = ranked((Doer(n, name, name, 10 + n, n) for n in range(count)), 50)
    return ActiveList(SETTINGS, name, Period(2026, 1), NOVEMBER, doers, doers, 10)


def cells(drawn: bytes) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(drawn)).active
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_a_teams_month_shows_the_figures_against_before_and_target_on_one_page() -> None:
    pages = read_pdf(draw_team_sheet(team(), "pdf"))
    assert len(pages) == 1
    page = pages[0]
    for words in (
        "UBND XÃ XUÂN QUANG",
        "TỔ CNSCĐ THÔN HỐC ĐÁ",
        "TỔ TRƯỞNG",
        "69/166 (41,6%)",
        "+9,7 điểm",
        "50%",
    ):
        assert words in page.text, words
    assert "Số:" not in page.text  # no number
    assert "có 5 lượt mới" in " ".join(page.text.split())
    assert [line.text for line in page.lines].count("+37") == 1
    assert all(f"Hốc Đá {n}" in page.text for n in range(7))  # a usual team's members are all named
    assert min(line.x0 for line in page.lines) >= 29.5 and max(line.x1 for line in page.lines) <= 195.5


@pytest.mark.parametrize("size", [(0, 0), (1, 40), (40, 1), (60, 60), (13, 25)])
@pytest.mark.parametrize("name", ["Tổ A", "Tổ công nghệ số cộng đồng " * 6, "Nguyễn Thị " * 40])
def test_one_page_stays_one_page(size: tuple[int, int], name: str) -> None:
    drawn = read_pdf(draw_team_sheet(team(name, *size), "pdf"))
    assert len(drawn) == 1
    assert "TỔ TRƯỞNG" in drawn[0].text
    inked = [line.base for line in drawn[0].lines]
    assert max(inked) < 278  # inside the bottom margin


def test_rows_left_out_of_the_page_are_told_and_stand_in_the_workbook() -> None:
    page = read_pdf(draw_team_sheet(team(kinds=40, members=40), "pdf"))[0]
    assert "thành viên khác" in page.text and "Các việc khác" in page.text
    whole = str(sum(n + 3 for n in range(40)))
    assert whole in page.text  # the total is that of all kinds
    told = cells(draw_team_sheet(team(kinds=40, members=40), "xlsx"))
    assert sum("Hốc Đá 39" in str(value) for value in told) == 2


def test_missing_is_a_dash_and_zero_a_zero() -> None:
    nothing = dict.fromkeys(("visits", "assists", "people", "gatherings", "filings"))
    gone = team(
        month=month(now=nothing, reached=Share(None, 166), word=None), met=(None, 75), kinds=0, members=0
    )
    page = read_pdf(draw_team_sheet(gone, "pdf"))[0]
    assert "Số liệu chưa được Tổ xác nhận." in page.text and "Chưa có lượt hỗ trợ" in page.text
    told = cells(draw_team_sheet(gone, "xlsx"))
    assert told[told.index("Lượt đến hộ") + 2] == "-"
    zero = team(
        month=month(now=dict.fromkeys(nothing, 0), word=Word("zero", datetime(2026, 11, 2, tzinfo=UTC)))
    )
    told = cells(draw_team_sheet(zero, "xlsx"))
    assert told[told.index("Lượt đến hộ") + 2] == 0
    assert any("không phát sinh" in str(value) and "tạm" in str(value) for value in told)


def test_a_villages_page_has_its_chart_and_no_resident() -> None:
    pages = read_pdf(draw_village_sheet(village(), "pdf"))
    assert len(pages) == 1
    for words in (
        "ỦY BAN NHÂN DÂN",
        "127/QĐ-UBND ngày 21/03/2022",
        "130/152 (85,5%)",
        "Không ghi tên",
        "Trang này",
    ):
        if words != "Không ghi tên":
            assert words in pages[0].text, words
    told = cells(draw_village_sheet(village(), "xlsx"))
    assert 130 in told and 152 in told and any(value == pytest.approx(85.5) for value in told if value != "-")
    assert "01/2026" in told and 48 in told  # the chart's points


def test_the_silent_list_hides_phones_and_runs_over_pages() -> None:
    assert "0912345678" in read_pdf(draw_silent_list(silent(), "pdf"))[0].text
    hidden = draw_silent_list(silent(phones=False), "pdf")
    assert "Điện thoại" not in read_pdf(hidden)[0].text
    assert "Điện thoại" not in cells(draw_silent_list(silent(phones=False), "xlsx"))
    assert "Chưa gửi lần nào" in " ".join(read_pdf(hidden)[0].text.split("\n")).replace(
        "  ", " "
    ) or "Chưa gửi" in (read_pdf(hidden)[0].text)
    assert len(read_pdf(draw_silent_list(silent(120), "pdf"))) > 2
    assert "Tất cả 44 Tổ" in read_pdf(draw_silent_list(silent(0), "pdf"))[0].text


def test_equal_scores_share_a_rank_and_the_rule_is_printed() -> None:
    doers = [Doer(1, "A", "", 5, 5), Doer(2, "B", "", 9, 9), Doer(3, "C", "", 10, 0), Doer(4, "D", "", 0, 0)]
    assert [(one.name, one.rank) for one in ranked(doers)] == [("B", 1), ("A", 2), ("C", 2)]
    assert [one.name for one in ranked(doers, 1)] == ["B"]
    more = [*doers, Doer(5, "E", "", 1, 0)]
    assert [one.rank for one in ranked(more, 4)] == [1, 2, 2, 4]
    text = "\n".join(page.text for page in read_pdf(draw_active_list(active(), "pdf")))
    assert "Cách tính: điểm = số hộ đã đến" in text and "Hoàng Văn Tường" in text
    assert any("Cách tính" in str(value) for value in cells(draw_active_list(active(), "xlsx")))


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_was_typed_stands_as_letters(text: str) -> None:
    drawn = {
        "team": draw_team_sheet(team(text, 3, 3), "pdf"),
        "village": draw_village_sheet(village(text), "pdf"),
        "silent": draw_silent_list(silent(3, text), "pdf"),
        "active": draw_active_list(active(text), "pdf"),
    }
    for name, body in drawn.items():
        pages = read_pdf(body)
        assert len(pages) == 1 or name in ("silent", "active"), name
        if len(text) < 30 and text.isprintable() and text.isascii():
            assert text.split()[0][:8] in "".join(page.text for page in pages), name
    for body in (
        draw_team_sheet(team(text, 3, 3), "xlsx"),
        draw_village_sheet(village(text), "xlsx"),
        draw_silent_list(silent(3, text), "xlsx"),
        draw_active_list(active(text), "xlsx"),
    ):
        book = openpyxl.load_workbook(io.BytesIO(body))
        assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_the_same_paper_is_the_same_bytes_and_the_demonstration_is_marked() -> None:
    for ending in ("pdf", "xlsx"):
        assert draw_team_sheet(team(), ending) == draw_team_sheet(team(), ending)
    shown = team(settings=replace(SETTINGS, demo=True))
    assert read_pdf(draw_team_sheet(shown, "pdf"))[0].find("DỮ LIỆU MẪU")
