"""The blank form, two sides of one sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tdteam.domain.report_spans import month_span
from tdteam.domain.visit_form import VisitForm, lettered, numbered
from tdteam.reports.visit_form import draw_visit_form_pdf
from tests.reports import samples
from tests.reports.reading import read_pdf

DATA = Path(__file__).parents[2] / "tdteam" / "data"


def read(name: str) -> list[dict]:
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


KINDS = numbered(kind["short_name"] for kind in read("assist_kinds"))
CAUSES = lettered(cause["name"] for cause in read("causes"))
FIGURES = tuple((one["name"], one["unit"]) for one in read("indicators") if one.get("is_teams"))


def form(**own) -> VisitForm:
    usual = {"kinds": KINDS, "causes": CAUSES, "figures": FIGURES}
    return VisitForm(
        "Ủy ban nhân dân xã Xuân Quang",
        "Tổ Hốc Đá",
        "Hốc Đá",
        month_span(samples.NOVEMBER),
        **{**usual, **own},
    )


def test_the_whole_catalogue_fits_two_sides() -> None:
    front, back = read_pdf(draw_visit_form_pdf(form()))
    assert (round(front.wide), round(front.high)) == (210, 297)
    assert front.find("PHIẾU GHI HỖ TRỢ") and "Tháng 11 năm 2026 (15/10/2026 - 14/11/2026)" in front.text
    rows = [line.text for line in front.lines if line.text.isdecimal() and line.x0 < 28]
    assert rows == [str(n) for n in range(1, 17)]
    heights = sorted({round(rule.y0, 1) for rule in front.rules if rule.flat and rule.wide > 170})
    assert max(b - a for a, b in zip(heights, heights[1:], strict=False)) > 9  # room for a pen
    for choice in (*KINDS, *CAUSES):
        mark = [line for line in back.lines if line.text == choice.mark]
        assert mark and choice.name in back.text
    assert all(unit in back.text for _, unit in FIGURES)


def test_no_mark_means_two_things() -> None:
    marks = [choice.mark for choice in (*KINDS, *CAUSES)] + ["X", "D", "H", "K"]
    assert len(set(marks)) == len(marks) and not {"O", "I"} & set(marks)
    assert [choice.mark for choice in lettered("x" * 20)][-2:] == ["Z", "AA"]


def test_it_warns_of_what_may_never_be_written() -> None:
    assert "Không ghi số căn cước, mật khẩu, mã OTP" in read_pdf(draw_visit_form_pdf(form()))[0].text


@pytest.mark.parametrize("text", ["<b>x", "Ộ" * 10_000, "", "&amp;" * 30])
def test_any_name_can_be_printed(text: str) -> None:
    drawn = draw_visit_form_pdf(
        VisitForm(text, text, text, month_span(samples.NOVEMBER), KINDS, CAUSES, FIGURES)
    )
    for page in read_pdf(drawn):
        assert all(line.x1 <= page.wide for line in page.lines if len(line.text) < 500)


def test_the_same_form_is_the_same_bytes_and_the_demonstration_is_marked() -> None:
    assert draw_visit_form_pdf(form()) == draw_visit_form_pdf(form())
    assert all(page.find("DỮ LIỆU MẪU") for page in read_pdf(draw_visit_form_pdf(form(demo=True))))
