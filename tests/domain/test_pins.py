"""Six digits: what is refused because it is tried first, and how many tries there are."""

from __future__ import annotations

import random

import pytest

from tdteam.domain.pins import RULE, is_pin, judge_pin, tries_left


def codes(pin: object, **own: object) -> list[str]:
    return [flaw.code for flaw in judge_pin(pin, **own)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567", "12 345", "abcdef", "４７１９０３", None, 471903, "47190\n", ["4"]]
)
def test_six_plain_digits_and_nothing_else(pin: object) -> None:
    assert codes(pin) == ["pin_form"]
    assert not is_pin(pin)


@pytest.mark.parametrize(
    "pin",
    [
        *("111111", "686868", "112112", "001001", "900009"),  # one or two figures
        *("123456", "654321", "890123", "210987", "135791", "024680"),  # steps
        *("123123", "471471", "112233", "332211", "557799"),  # repeats
        *("101112", "202122", "159753", "147258", "159357"),  # the keypad
        *("190590", "300475", "020945"),  # days everybody knows
    ],
)
def test_what_is_tried_first_is_refused(pin: str) -> None:
    assert codes(pin) == ["pin_common"]


@pytest.mark.parametrize("pin", ["197104", "041971", "150371", "031571", "710315"])
def test_the_own_year_and_birthday_are_refused_to_their_holder_alone(pin: str) -> None:
    assert codes(pin, birth_year=1971) == ["pin_common"]
    assert codes(pin) == [] and codes(pin, birth_year=1988) == []


def test_figures_that_only_look_like_a_birthday_are_left() -> None:
    assert codes("453371", birth_year=1971) == codes("713345", birth_year=1971) == []


def test_the_own_telephone_is_refused() -> None:
    assert codes("345679", phone="0912 345 679") == ["pin_common"]
    assert codes("345679", phone="0912345678") == codes("345679", phone=None) == []


def test_nearly_all_pins_are_left() -> None:
    dice = random.Random(7)  # noqa: S311 - a sample
    drawn = [f"{dice.randrange(1_000_000):06d}" for _ in range(20_000)]
    refused = sum(bool(codes(pin, birth_year=1971)) for pin in drawn)
    assert refused / len(drawn) < 0.02


def test_a_flaw_stands_beside_the_field_that_was_asked() -> None:
    assert [flaw.field for flaw in judge_pin("1", field="new")] == ["new"]


def test_five_tries_then_a_wait_that_ends() -> None:
    assert [tries_left(failures) for failures in range(1, 7)] == [4, 3, 2, 1, 0, 0]
    assert not RULE.wait_after(4) and RULE.wait_after(5).total_seconds() == 60
    assert RULE.wait_after(1000).total_seconds() == 3600
