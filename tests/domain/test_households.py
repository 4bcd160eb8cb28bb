"""Drafts of households: counts that fit together, consent that is said, nothing that may not be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tdteam.domain.errors import Flaw
from tdteam.domain.households import ConsentDraft, HouseholdDraft, judge, judge_consent, judge_end, short_id
from tdteam.domain.ids import new_id

TODAY = date(2026, 11, 23)
HOME = HouseholdDraft(1, "Lý Láo Tả", birth_year=1971, people=5, adults=4, eid2=2, poverty="poor")


def codes(flaws: list[Flaw]) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in flaws]


def test_a_plain_household_is_sound_and_so_is_one_of_which_little_is_known() -> None:
    assert judge(HOME, TODAY) == []
    assert judge(HouseholdDraft(1, "Lý Láo Tả"), TODAY) == []


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"village_id": None}, ("village_id", "required")),
        ({"head": " "}, ("head", "required")),
        ({"head": "Lý Láo Tả 010071009999"}, ("head", "id_number")),
        ({"head": "Lý Láo Tả 2"}, ("head", "name_letters")),
        ({"kind": "castle"}, ("kind", "choice_unknown")),
        ({"birth_year": 1899}, ("birth_year", "birth_year")),
        ({"people": 0, "adults": None, "eid2": None}, ("people", "number_range")),
        ({"adults": 6}, ("adults", "adults_over_people")),
        ({"eid2": 5}, ("eid2", "eid2_over_adults")),
        ({"adults": None, "eid2": 6}, ("eid2", "adults_over_people")),
        ({"poverty": "rich"}, ("poverty", "choice_unknown")),
        ({"phone": "0123"}, ("phone", "phone_form")),
        ({"note": "mã OTP là 483920"}, ("note", "secret_code")),
        ({"note": "số thẻ 9704123456789012"}, ("note", "card_number")),
    ],
)
def test_what_is_wrong_stands_beside_its_field(change: dict[str, object], flaw: object) -> None:
    assert codes(judge(replace(HOME, **change), TODAY)) == [flaw]  # type: ignore[arg-type]


def test_a_business_may_have_digits_in_its_name_and_many_people() -> None:
    shop = HouseholdDraft(1, "HTX Chè 19-5", kind="cooperative", people=340)
    assert judge(shop, TODAY) == []
    assert codes(judge(replace(shop, head=""), TODAY)) == [("head", "required")]


def test_a_business_has_no_poverty_and_keeps_its_capitals() -> None:
    assert HouseholdDraft(1, "HTX  CHÈ", kind="cooperative", poverty="poor").tidy() == HouseholdDraft(
        1, "HTX CHÈ", kind="cooperative"
    )


def test_a_head_typed_in_capitals_gets_the_usual_spelling() -> None:
    assert HouseholdDraft(1, "LÝ LÁO  TẢ", phone="912345678").tidy().head == "Lý Láo Tả"
    assert HouseholdDraft(1, "Lý", phone="912345678").tidy().phone == "0912345678"


def test_consent_is_never_presumed_from_a_half_filled_form() -> None:
    assert judge_consent(ConsentDraft(True, "spoken", TODAY), TODAY) == []
    assert codes(judge_consent(ConsentDraft(None), TODAY)) == [
        ("consent", "required"),
        ("method", "required"),
        ("consent_on", "required"),
    ]
    assert codes(judge_consent(ConsentDraft(False, "shouted", date(2027, 1, 1)), TODAY)) == [
        ("method", "choice_unknown"),
        ("consent_on", "date_future"),
    ]


def test_a_household_ends_for_a_reason_on_a_day_that_has_come() -> None:
    assert judge_end("moved", TODAY, TODAY) == []
    assert codes(judge_end(None, None, TODAY)) == [("why", "required"), ("ended_on", "required")]
    assert codes(judge_end("gone", date(2027, 1, 1), TODAY)) == [
        ("why", "choice_unknown"),
        ("ended_on", "date_future"),
    ]


def test_labels_without_names_differ_for_households_of_one_moment() -> None:
    labels = {short_id(new_id()) for _ in range(50)}
    assert len(labels) == 50
    assert all(len(label) == 6 for label in labels)
