"""Drafts of teams and members: what is refused, and beside which field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tdteam.domain.errors import Flaw
from tdteam.domain.teams import (
    AmendDraft,
    MemberDraft,
    Served,
    ServiceDraft,
    TeamDraft,
    judge_amendment,
    judge_leaving,
    judge_member,
    judge_service,
    judge_team,
    judge_training,
)

TODAY = date(2026, 11, 23)
TEAM = TeamDraft("Tổ Hốc Đá", (1,), decision_number="153/QĐ-UBND", decision_date=date(2022, 4, 10))
MEMBER = MemberDraft("Bàn Thị An", 1984, "female", "0912 345 678")


def codes(flaws: list[Flaw]) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in flaws]


def test_a_plain_team_is_sound() -> None:
    assert judge_team(TEAM, TODAY) == []


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"name": "  "}, ("name", "required")),
        ({"name": "x" * 121}, ("name", "text_long")),
        ({"village_ids": ()}, ("village_ids", "required")),
        ({"channel": "pigeon"}, ("channel", "choice_unknown")),
        ({"decision_date": date(2026, 11, 24)}, ("decision_date", "date_future")),
        ({"since": date(2027, 1, 1)}, ("since", "date_future")),
        ({"note": "CCCD 010 084 001 234"}, ("note", "id_number")),
        ({"decision_by": "thẻ 9704 1234 5678 9012"}, ("decision_by", "card_number")),
    ],
)
def test_what_is_wrong_with_a_team_stands_beside_its_field(change: dict[str, object], flaw: object) -> None:
    assert codes(judge_team(replace(TEAM, **change), TODAY)) == [flaw]  # type: ignore[arg-type]


def test_a_team_is_tidied_to_the_stored_spelling() -> None:
    typed = TeamDraft("  Tổ   Hốc Đá ", (3, 1, 3), decision_number=" 153/QĐ-UBND ")
    assert typed.tidy() == TeamDraft("Tổ Hốc Đá", (3, 1), decision_number="153/QĐ-UBND")


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"name": ""}, ("name", "required")),
        ({"name": "Bàn Thị An 0912345678"}, ("name", "name_letters")),
        ({"name": "010084001234"}, ("name", "id_number")),
        ({"name": "---"}, ("name", "name_letters")),
        ({"birth_year": 1925}, ("birth_year", "birth_year")),
        ({"birth_year": 2015}, ("birth_year", "birth_year")),
        ({"sex": "x"}, ("sex", "choice_unknown")),
        ({"phone": "12345"}, ("phone", "phone_form")),
        ({"phone": "0912345678/0987654321"}, ("phone", "phone_two")),
        ({"note": "OTP 123456"}, ("note", "secret_code")),
    ],
)
def test_what_is_wrong_with_a_member_stands_beside_its_field(change: dict[str, object], flaw: object) -> None:
    assert codes(judge_member(replace(MEMBER, **change), TODAY)) == [flaw]  # type: ignore[arg-type]


def test_a_member_typed_in_capitals_with_an_old_number_is_tidied() -> None:
    tidy = MemberDraft("BÀN  THỊ AN", None, "", "0168 234 5678", " x ").tidy()
    assert tidy == MemberDraft("Bàn Thị An", None, None, "0382345678", "x")


def test_a_phone_that_cannot_be_read_stays_for_the_judge() -> None:
    assert MemberDraft("An", phone="12 34").tidy().phone == "12 34"


def test_a_team_has_one_leader() -> None:
    others = [Served(7, "leader")]
    assert codes(judge_service(ServiceDraft("leader"), TODAY, others=others)) == [("role", "leader_twice")]
    assert judge_service(ServiceDraft("deputy"), TODAY, others=others) == []


def test_nobody_joins_before_the_team_or_after_its_end() -> None:
    span = {"since": date(2022, 4, 10), "until": date(2026, 3, 1)}
    early, late = (
        ServiceDraft(joined=date(2022, 4, 9)),
        ServiceDraft(joined=date(2026, 3, 1)),
    )
    assert codes(judge_service(early, TODAY, **span)) == [("joined", "before_team")]
    assert codes(judge_service(late, TODAY, **span)) == [("joined", "team_ended")]
    assert judge_service(ServiceDraft(joined=date(2022, 4, 10)), TODAY, **span) == []


@pytest.mark.parametrize(
    ("left", "flaw"),
    [
        (None, "required"),
        (date(2024, 1, 1), "left_before_joined"),
        (date(2026, 11, 24), "date_future"),
    ],
)
def test_somebody_leaves_after_joining_and_not_in_the_future(left: date | None, flaw: str) -> None:
    assert codes(judge_leaving("left", left, date(2024, 1, 1), TODAY)) == [("left", flaw)]


def test_a_day_after_joining_is_a_day_to_leave() -> None:
    assert judge_leaving("left", date(2024, 1, 2), date(2024, 1, 1), TODAY) == []


def test_a_training_has_a_name_and_no_future_day() -> None:
    assert codes(judge_training(" ", None, TODAY)) == [("course", "required")]
    assert codes(judge_training("Kỹ năng số", date(2026, 12, 1), TODAY)) == [("trained_on", "date_future")]
    assert judge_training("Kỹ năng số", None, TODAY) == []


NOW = [Served(1, "leader", date(2022, 5, 1)), Served(2, "deputy"), Served(3, "member", date(2026, 1, 1))]
AMEND = AmendDraft("45/QĐ-UBND", date(2026, 3, 12))


def test_a_new_leader_takes_over_when_the_old_one_leaves_in_the_same_decision() -> None:
    handed_over = replace(AMEND, leaving=frozenset({1}), roles=((2, "leader"),))
    assert judge_amendment(handed_over, NOW, TODAY) == []
    assert codes(judge_amendment(replace(AMEND, roles=((2, "leader"),)), NOW, TODAY)) == [
        ("", "leader_twice")
    ]


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"decision": " "}, ("decision", "required")),
        ({"on": None}, ("on", "required")),
        ({"on": date(2026, 12, 1)}, ("on", "date_future")),
        ({"leaving": frozenset({9})}, ("", "not_found")),
        ({"on": date(2026, 1, 1), "leaving": frozenset({3})}, ("on", "left_before_joined")),
        ({"roles": ((3, "chief"),)}, ("", "choice_unknown")),
    ],
)
def test_what_is_wrong_with_an_amending_decision(change: dict[str, object], flaw: object) -> None:
    assert codes(judge_amendment(replace(AMEND, **change), NOW, TODAY)) == [flaw]  # type: ignore[arg-type]
