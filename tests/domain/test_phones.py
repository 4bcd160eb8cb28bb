"""Phone numbers as lists hold them come out as people dial them today."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.errors import Flaw
from tdteam.domain.phones import parse_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912345678", "0912345678"),
        (912345678.0, "0912345678"),
        (912345678, "0912345678"),
        ("0860.008.984", "0860008984"),
        ("0912 345-678", "0912345678"),
        ("+84 357382551", "0357382551"),
        ("84912345678", "0912345678"),
        (84912345678.0, "0912345678"),
        ("0084 912 345 678", "0912345678"),
        ("+84 0912345678", "0912345678"),
        ("ĐT: 0912345678", "0912345678"),
        ("(0214) 3840 034", "02143840034"),
        (2143840034.0, "02143840034"),
        ("020 3840034", "02143840034"),
        ("029.3852.123", "02163852123"),
        ("0164 123 4567", "0341234567"),
        (1641234567.0, "0341234567"),
        ("01201234567", "0701234567"),
        ("01291234567", "0821234567"),
        ("01991234567", "0591234567"),
        ("'0912345678", "0912345678"),
    ],
)
def test_a_number_becomes_what_one_dials(typed, number):
    assert parse_phone(typed) == number


@pytest.mark.parametrize("nothing", [None, "", "  ", "không có", "Ko", "-", "chưa có"])
def test_no_phone_is_no_phone(nothing):
    assert parse_phone(nothing) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("091234567", "phone_form"),
        ("09123456789", "phone_form"),
        (12345.0, "phone_form"),
        (912345678.5, "phone_form"),
        (float("nan"), "phone_form"),
        ("0112345678", "phone_form"),
        ("0912345678 (vợ)", "phone_form"),
        ("số của con trai", "phone_form"),
        (True, "phone_form"),
        ("0912345678 / 0987654321", "phone_two"),
        ("0912345678; 987654321", "phone_two"),
        ("0912345678 và 0987654321", "phone_two"),
        ("٠٩١٢٣٤٥٦٧٨", "phone_form"),
    ],
)
def test_what_fits_no_rule_is_a_flaw_and_never_a_guess(typed, code):
    assert parse_phone(typed, "contact") == Flaw("contact", code)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_every_way_of_writing_a_mobile_number_means_the_same(number):
    ways = [
        number,
        number[1:],
        float(number),
        f"+84{number[1:]}",
        show_phone(number),
        f"{number[:4]}.{number[4:]}",
    ]
    assert {parse_phone(way) for way in ways} == {number}


def test_numbers_are_grouped_for_reading():
    assert show_phone("0912345678") == "0912 345 678"
    assert show_phone("02143840034") == "0214 3840 034"
    assert show_phone(None) == ""
