"""Drafts of residents: a person and what he or she has attained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tdteam.domain.errors import Flaw
from tdteam.domain.residents import AttainedDraft, ResidentDraft, judge, judge_end

TODAY = date(2026, 11, 23)
KNOWN = {"EID2", "HEALTH_BOOK"}
PERSON = ResidentDraft("Lý Thị Mẩy", 1990, "female", (AttainedDraft("EID2", date(2025, 3, 5), "Công an xã"),))


def codes(flaws: list[Flaw]) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in flaws]


def test_a_person_with_level_2_is_sound() -> None:
    assert judge(PERSON, TODAY, KNOWN) == []


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"name": ""}, ("name", "required")),
        ({"birth_year": 2027, "attained": ()}, ("birth_year", "birth_year")),
        ({"birth_year": 1900}, ("birth_year", "birth_year")),
        ({"sex": "other"}, ("sex", "choice_unknown")),
        ({"attained": (AttainedDraft("FLYING"),)}, ("attained.0.indicator", "choice_unknown")),
        ({"attained": (AttainedDraft("EID2", date(2027, 1, 1)),)}, ("attained.0.on", "date_future")),
        ({"attained": (AttainedDraft("EID2", date(1989, 1, 1)),)}, ("attained.0.on", "before_birth")),
        (
            {"attained": (AttainedDraft("EID2"), AttainedDraft("HEALTH_BOOK", None, "thẻ 010090001234"))},
            ("attained.1.source", "id_number"),
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(change: dict[str, object], flaw: object) -> None:
    assert codes(judge(replace(PERSON, **change), TODAY, KNOWN)) == [flaw]  # type: ignore[arg-type]


def test_a_person_is_tidied_to_the_stored_spelling() -> None:
    typed = ResidentDraft("LÝ THỊ MẨY", 1990, "", (AttainedDraft("EID2", None, "  Công   an xã "),))
    assert typed.tidy() == ResidentDraft(
        "Lý Thị Mẩy", 1990, None, (AttainedDraft("EID2", None, "Công an xã"),)
    )


def test_a_person_leaves_for_a_reason() -> None:
    assert judge_end("died", TODAY, TODAY) == []
    assert codes(judge_end("vanished", None, TODAY)) == [("why", "choice_unknown"), ("ended_on", "required")]
