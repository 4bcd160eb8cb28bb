"""The sentences of a report, as an official reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tdteam.domain import report as composed
from tdteam.domain.report import compose_report
from tdteam.domain.report_blocks import Sentence
from tdteam.domain.report_facts import Difficulties, Organisation, Reporting
from tdteam.domain.report_settings import PaperDate, judge_settings
from tdteam.domain.report_spans import SpanKind, month_span, range_span, span_of
from tdteam.domain.shares import Average, Share
from tdteam.domain.vocabulary import Nature
from tdteam.reports import wording
from tdteam.reports.manuscript import write_manuscript
from tests.reports import samples

REPORT = samples.report()


def figure(now: Any, **rest: Any) -> str:
    unit = rest.pop("unit", "lượt")
    return wording.say(
        Sentence("figure", {"line": samples.line("x", "Số liệu", unit, "society", now, **rest)}), REPORT
    )


def organisation(**own: Any) -> list[str]:
    facts = replace(samples.facts(3), organisation=Organisation(**own), reporting=own.get("reporting"))
    report = compose_report(samples.settings(), month_span(samples.NOVEMBER), facts)
    return [wording.say(block, report) for block in report.chapters[0].blocks if isinstance(block, Sentence)]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (figure(46), "- Số liệu: 46 lượt."),
        (figure(46, previous=39), "- Số liệu: 46 lượt (kỳ trước 39, tăng 7)."),
        (figure(39, previous=46, cumulative=412), "- Số liệu: 39 lượt (kỳ trước 46, giảm 7; lũy kế từ ngày 15/12/2025: 412)."),
        (figure(5, previous=5), "- Số liệu: 5 lượt (kỳ trước 5, không thay đổi)."),
        (figure(0), "- Số liệu: 0 lượt."),
        (figure(None), "- Số liệu: -."),
        (figure(None, previous=5), "- Số liệu: - (kỳ trước 5)."),
        (figure(Share(203, 318), unit="%", previous=Share(164, 274)), "- Số liệu: 203/318, đạt 63,8% (kỳ trước 164/274, đạt 59,9%, tăng 3,9 điểm phần trăm)."),
        (figure(Share(203, None), unit="hồ sơ"), "- Số liệu: 203/- hồ sơ."),
        (figure(Share(None, 5), unit="%"), "- Số liệu: -."),
        (figure(Share(0, 0), unit="%"), "- Số liệu: 0/0."),
        (figure(Average(2353, 318), unit="ngày", previous=Average(2082, 274)), "- Số liệu: 7,4 ngày (2.353/318) (kỳ trước 7,6 (2.082/274), giảm 0,2)."),
        (figure(9, nature=Nature.STOCK, cumulative=9), "- Số liệu: 9 lượt."),
    ],
)  # fmt: skip
def test_an_indicator_is_told_with_what_is_known_of_it(told: str, sentence: str) -> None:
    assert told == sentence


def test_teams_and_members() -> None:
    told = organisation(
        teams=41,
        villages_with_team=Share(41, 41),
        members=284,
        women=118,
        youth=97,
        trained=250,
        joined=3,
        left=1,
    )
    assert told == [
        "Toàn xã có 41 Tổ công nghệ số cộng đồng tại 41/41 thôn, tổ dân phố (100%) với 284 thành viên, trong đó nữ 118/284 "
        "(41,5%), đoàn viên thanh niên 97/284 (34,2%), đã được tập huấn 250/284 (88%).",
        "Trong kỳ có 3 thành viên tham gia, 1 thành viên thôi tham gia (chi tiết tại Phụ lục III).",
    ]
    assert organisation(teams=41, members=284)[:2] == [
        "Toàn xã có 41 Tổ công nghệ số cộng đồng với 284 thành viên.",
        "Chưa có số liệu về: số thôn, tổ dân phố có Tổ; số thành viên nữ; số đoàn viên thanh niên; số thành viên đã được tập huấn.",
    ]
    assert organisation()[0] == ""


def test_many_silent_teams_are_not_all_named() -> None:
    names = tuple(f"Thôn {n}" for n in range(25))
    told = wording.say(Sentence("silent_teams", {"names": names}), REPORT)
    assert told.startswith("Còn 25 Tổ chưa gửi số liệu: Thôn 0, ") and told.endswith("Thôn 19 và 5 Tổ khác.")
    assert (
        wording.say(Sentence("reporting", {"received": 41, "expected": 41, "zero": 0}), REPORT)
        == "Số liệu kỳ này do 41/41 Tổ gửi."
    )
    assert Reporting().silent == ()


def test_difficulties_begin_causes_with_a_small_letter_but_keep_acronyms() -> None:
    (told,) = (b for b in REPORT.chapters[2].blocks if isinstance(b, Sentence))
    assert wording.say(told, REPORT) == (
        "Trong kỳ còn 515/3.412 lượt hỗ trợ chưa hoàn thành (chiếm 15,1%; kỳ trước 618/3.410 lượt, chiếm 18,1%). Nguyên nhân "
        "chủ yếu: không nhận được mã OTP 196/515 lượt (38,1%); mạng yếu, mất sóng 139/515 lượt (27%); SIM không chính chủ, "
        "đổi số 61/515 lượt (11,8%); không có điện thoại thông minh 48/515 lượt (9,3%). Chi tiết tại Phụ lục II."
    )


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (PaperDate(5, 1, 2026), "ngày 05 tháng 01 năm 2026"),
        (PaperDate(9, 2, 2026), "ngày 09 tháng 02 năm 2026"),
        (PaperDate(10, 3, 2026), "ngày 10 tháng 3 năm 2026"),
        (PaperDate(1, 9, 2026), "ngày 01 tháng 9 năm 2026"),
        (PaperDate(31, 12, 2026), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_under_ten_and_months_one_and_two_take_a_zero(day: PaperDate, told: str) -> None:
    assert wording.prose_date(day) == told


@pytest.mark.parametrize(
    ("given", "told"), [("5", "05"), ("05", "05"), ("12", "12"), ("112", "112"), ("5a", "5a"), (" 7 ", "07")]
)
def test_numbers_under_ten_take_a_zero(given: str, told: str) -> None:
    assert wording.number_line(given, "BC-UBND") == f"Số: {told}/BC-UBND"


@pytest.mark.parametrize(
    ("span", "subject", "following"),
    [
        (month_span(samples.NOVEMBER), "tháng 11 năm 2026", "THÁNG 12 NĂM 2026"),
        (span_of(SpanKind.MONTH, 2026, 12), "tháng 12 năm 2026", "THÁNG 1 NĂM 2027"),
        (span_of(SpanKind.QUARTER, 2026, 4), "quý IV năm 2026", "QUÝ I NĂM 2027"),
        (span_of(SpanKind.HALF, 2026, 1), "6 tháng đầu năm 2026", "6 THÁNG CUỐI NĂM 2026"),
        (span_of(SpanKind.YEAR, 2026), "năm 2026", "NĂM 2027"),
        (range_span(date(2026, 11, 1), date(2026, 11, 9)), "từ ngày 01 tháng 11 năm 2026 đến ngày 09 tháng 11 năm 2026", "THỜI GIAN TỚI"),
    ],
)  # fmt: skip
def test_spans_and_what_follows_them(span: Any, subject: str, following: str) -> None:
    assert wording.subject(span) == ("Kết quả hoạt động của Tổ công nghệ số cộng đồng", subject)
    assert wording.chapter_title("next_steps", span) == f"PHƯƠNG HƯỚNG, NHIỆM VỤ {following}"


def test_opening_names_the_paper_that_asked() -> None:
    asked = samples.report(
        3, request="Công văn số 123/SKHCN-CĐS ngày 05/10/2026 của Sở Khoa học và Công nghệ"
    )
    assert wording.say(asked.opening[0], asked).startswith(
        "Thực hiện Công văn số 123/SKHCN-CĐS ngày 05/10/2026 của Sở"
    )
    assert wording.say(REPORT.opening[0], REPORT).startswith(
        "Thực hiện chế độ báo cáo định kỳ, Ủy ban nhân dân xã Xuân Quang báo cáo"
    )


def test_every_sentence_code_has_its_words() -> None:
    import ast
    import inspect

    tree = ast.parse(inspect.getsource(composed))
    codes = {
        told.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sentence"
        for told in ast.walk(node.args[0])
        if isinstance(told, ast.Constant)
    }
    assert codes and codes | {"comings_and_goings", "no_comings_and_goings"} == set(wording._SAID)


def test_copies_begin_as_above_and_end_in_the_archive() -> None:
    told = write_manuscript(
        samples.report(3, copies=("- Thường trực Đảng ủy xã;", "Công an xã."), archive="VHXH.")
    ).copies
    assert told == ("- Như trên;", "- Thường trực Đảng ủy xã;", "- Công an xã;", "- Lưu: VT, VHXH.")
    assert write_manuscript(samples.report(3, addressees=(), archive="")).copies[-1] == "- Lưu: VT."
    assert not write_manuscript(samples.report(3, addressees=())).copies[0].startswith("- Như")


def test_one_addressee_stands_bare_and_several_are_a_list() -> None:
    assert write_manuscript(samples.report(3, addressees=("Sở Khoa học và Công nghệ.",))).addressees == (
        "Sở Khoa học và Công nghệ",
    )
    assert write_manuscript(samples.report(3, addressees=("Sở A", "Sở B;"))).addressees == ("Sở A;", "Sở B.")


def test_usual_settings_are_good_settings() -> None:
    for kind, name in (("xã", "Xuân Quang"), ("phường", "Lào Cai")):
        usual = wording.usual_settings(kind, name)
        assert judge_settings(usual) == [] and usual.body_name == f"Ủy ban nhân dân {kind} {name}"


def test_a_falling_share_is_told_in_points() -> None:
    assert wording.figure_change(Share(151, 1000), Share(181, 1000)) == "giảm 3 điểm phần trăm"


def test_an_empty_table_says_whether_there_was_nothing_or_nobody_knows() -> None:
    def rows(**own: Any) -> list[str]:
        facts = replace(samples.facts(1), changes=(), **own)
        paper = write_manuscript(compose_report(samples.settings(), month_span(samples.NOVEMBER), facts))
        return [
            block.rows[0].cells[0]
            for annex in paper.annexes
            for block in annex.blocks
            if hasattr(block, "rows")
        ]

    assert rows(difficulties=Difficulties(Share(0, 9)))[1::2] == [
        "Không có lượt hỗ trợ chưa hoàn thành",
        "Không có biến động",
    ]
    assert rows(difficulties=Difficulties(), organisation=Organisation())[1::2] == [
        "Không có số liệu",
        "Không có số liệu",
    ]
