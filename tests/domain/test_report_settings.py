"""How a commune dresses its papers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tdteam.domain.report_settings import (
    LINES_LIMIT,
    TEXT_LIMIT,
    PaperDate,
    PaperSettings,
    SignerForm,
    judge_settings,
    settings_body,
    settings_from,
)

GOOD = PaperSettings(
    body_name="Ủy ban nhân dân xã Xuân Quang",
    issuing_lines=("Ủy ban nhân dân", "xã Xuân Quang"),
    place_name="Xuân Quang",
    addressees=("Sở Khoa học và Công nghệ",),
    signer_name="Trần Văn Bình",
)


def codes(**changed: object) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in judge_settings(replace(GOOD, **changed))]  # type: ignore[arg-type]


def test_good_settings_have_no_flaw() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    "name", ["Trần Văn Bình", "Giàng A Páo", "Thào Thị Sử", "Bùi Sĩ Tiến", "Tiến Thị Mai", "Tsần A Tú", ""]
)
def test_names_are_names(name: str) -> None:
    assert codes(signer_name=name) == []


@pytest.mark.parametrize(
    "name",
    [
        "ThS. Trần Văn Bình",
        "TS Trần Bình",
        "PGS.TS. Lê An",
        "ths Lê An",
        "Bs. Lý A",
        "Thạc sĩ Trần Bình",
        "Tiến sĩ Lê An",
    ],
)
def test_ranks_and_titles_do_not_stand_before_a_signer(name: str) -> None:
    assert codes(signer_name=name) == [("signer_name", "signer_rank")]


@pytest.mark.parametrize("symbol", ["BC-UBND", "BC-VHXH", "BC-TCNSCĐ", "BC-UBND-VHXH"])
def test_usual_symbols_pass(symbol: str) -> None:
    assert codes(symbol=symbol) == []


@pytest.mark.parametrize("symbol", ["", "BC UBND", "BC - UBND", "05/BC-UBND", "BC-"])
def test_a_symbol_has_groups_and_hyphens_without_spaces(symbol: str) -> None:
    assert codes(symbol=symbol) == [("symbol", "symbol_form")]
    assert codes(symbol=symbol, numbered=False) == []


def test_what_a_paper_cannot_do_without() -> None:
    assert codes(body_name=" ") == [("body_name", "required")]
    assert codes(issuing_lines=("", " ")) == [("issuing_lines", "required")]
    assert codes(place_name="") == [("place_name", "required")]
    assert codes(signer_form=SignerForm.OTHER) == [("signer_lines", "signer_lines_required")]


def test_lengths_are_bounded() -> None:
    assert codes(request="a" * (TEXT_LIMIT + 1)) == [("request", "too_long")]
    assert codes(copies=("a",) * (LINES_LIMIT + 1)) == [("copies", "too_many")]
    assert codes(copies=("a" * (TEXT_LIMIT + 1),)) == [("copies", "too_long")]
    assert codes(issuing_lines=("a",) * 5) == [("issuing_lines", "too_many")]


def test_settings_come_back_from_json_as_they_went() -> None:
    stored = json.loads(json.dumps(settings_body(replace(GOOD, signer_form=SignerForm.OFFICE_HEAD))))
    assert settings_from(stored) == replace(GOOD, signer_form=SignerForm.OFFICE_HEAD)
    assert settings_from({**stored, "from_a_later_version": 1}) == settings_from(stored)


def test_a_date_with_a_blank_is_not_whole() -> None:
    assert PaperDate(5, 3, 2026).whole
    assert not PaperDate(None, 3, 2026).whole and PaperDate.of(None) == PaperDate()
