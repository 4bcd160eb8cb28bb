"""Filings: codes, fees, days and results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tdteam.domain.filings import (
    FilingDraft,
    clean_code,
    code_looks_right,
    judge,
    settled,
    turnaround_days,
    warn,
)
from tests.domain.known import CATALOGUE, DAY, FACTS, FILING, TODAY

DRAFT = FilingDraft(village_id=1, team_id=7, submitted_on=DAY, procedure="BIRTH", mode="full")


def flaws(draft: FilingDraft) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in judge(draft, CATALOGUE, FACTS, TODAY)]


@pytest.mark.parametrize(
    "code",
    [
        "H15.50.05.13-261008-0975",
        "G22.99.08-260921-896048",
        "G22.99.09-240114-0001",
        "G22.99-251225-020175",
        "000.00.12.H62-201105-0004",
    ],
)
def test_the_codes_of_the_portals_look_right(code: str) -> None:
    assert code_looks_right(code)
    assert flaws(replace(DRAFT, code=code)) == []


@pytest.mark.parametrize(
    "code", ["H15.50-261332-0975", "H15-0975", "K15.50-261008-0975", "H15.50-261008-097"]
)
def test_other_codes_are_doubted_and_kept(code: str) -> None:
    assert not code_looks_right(code)
    assert [flaw.code for flaw in warn(replace(DRAFT, code=code))] == ["filing_code_odd"]
    assert flaws(replace(DRAFT, code=code)) == []


def test_a_code_is_kept_upper_case_without_blanks() -> None:
    assert clean_code(" h15.50-261008- 0975 ") == "H15.50-261008-0975"
    assert clean_code("  ") is None
    assert clean_code(None) is None


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": "H38.12.05-261008-0975"}, "code", "filing_code_taken"),
        ({"code": "010203004567"}, "code", "id_number"),
        ({"code": "CCCD010203004567"}, "code", "id_number"),
        ({"code": "H" * 61}, "code", "text_long"),
        ({"procedure": "FLYING"}, "procedure", "choice_unknown"),
        ({"mode": "level4"}, "mode", "choice_unknown"),
        ({"fee_due": False, "paid_online": True}, "paid_online", "paid_without_fee"),
        ({"due_on": date(2026, 11, 19)}, "due_on", "due_before_submission"),
        ({"due_on": date(2036, 11, 19)}, "due_on", "date_too_far"),
        ({"state": "lost"}, "state", "choice_unknown"),
        ({"state": "returned"}, "result_on", "result_day_missing"),
        ({"state": "returned", "result_on": date(2026, 11, 19)}, "result_on", "result_before_submission"),
        ({"state": "returned", "result_on": date(2026, 11, 24)}, "result_on", "date_future"),
        ({"state": "withdrawn", "result_on": DAY}, "state", "result_without_state"),
        ({"electronic_result": True}, "electronic_result", "result_without_state"),
        ({"submitted_on": None}, "submitted_on", "required"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str, code: str) -> None:
    assert flaws(replace(DRAFT, **change)) == [(field, code)]


def test_a_filing_does_not_clash_with_itself() -> None:
    mine = replace(DRAFT, code="H38.12.05-261008-0975")
    assert judge(mine, CATALOGUE, FACTS, TODAY, own={FILING}) == []


def test_what_follows_is_filled_in() -> None:
    paid = settled(replace(DRAFT, paid_online=True))
    assert paid.fee_due is True
    assert settled(replace(DRAFT, result_on=DAY)).state == "returned"
    assert settled(replace(DRAFT, state="refused", result_on=DAY)).state == "refused"


def test_turnaround_is_in_days_and_unknown_until_there_is_a_result() -> None:
    assert turnaround_days(date(2026, 11, 1), date(2026, 11, 5)) == 4
    assert turnaround_days(date(2026, 11, 1), date(2026, 11, 1)) == 0
    assert turnaround_days(date(2026, 11, 1), None) is None
