"""One cell, one meaning, or a reason why not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.cells import is_nothing, parse_count, parse_date, parse_mark, parse_year
from tdteam.domain.errors import Flaw

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("10/4/2022", date(2022, 4, 10)),
        ("05-3-26", date(2026, 3, 5)),
        ("5.3.2026", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("1/2/31", date(1931, 2, 1)),
        (44661.0, date(2022, 4, 10)),
        (datetime(2022, 4, 10, 7, 30), date(2022, 4, 10)),
        (date(2022, 4, 10), date(2022, 4, 10)),
        ("Ngày 05 tháng 3 năm 2026", date(2026, 3, 5)),
    ],
)
def test_a_day_in_every_hand(cell, day):
    assert parse_date(cell, "on", TODAY) == day


@pytest.mark.parametrize(
    "cell", ["31/2/2026", "2026", "3/2026", "hôm qua", 12.0, 44661.5, True, "1/13/2026", "99999999"]
)
def test_what_is_no_day_is_a_flaw(cell):
    assert parse_date(cell, "on", TODAY) == Flaw("on", "date_form")


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (1971.0, 1971),
        ("1971", 1971),
        (" 1971 ", 1971),
        ("15/4/1966", 1966),
        ("15-4-66", 1966),
        ("15.4.05", 2005),
        ("4/1966", 1966),
        ("00/00/1950", 1950),
        (date(1980, 5, 1), 1980),
        (24212.0, 1966),
        (2026.0, 2026),
    ],
)
def test_a_year_also_out_of_a_date(cell, year):
    assert parse_year(cell, "birth_year", TODAY) == year


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (2091.0, "year_future"),
        ("1/1/2027", "year_future"),
        (1889.0, "year_early"),
        (71.0, "year_form"),
        ("71", "year_form"),
        ("31/2/1966", "year_form"),
        ("khoảng 1960", "year_form"),
        (1971.5, "year_form"),
        (963173958.0, "year_form"),
        (-1971.0, "year_form"),
    ],
)
def test_a_year_that_cannot_be_is_a_flaw(cell, code):
    flaw = parse_year(cell, "birth_year", TODAY)
    assert isinstance(flaw, Flaw) and (flaw.field, flaw.code) == ("birth_year", code)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "…", "không rõ", "?"])
def test_nothing_said_is_nothing(cell):
    assert is_nothing(cell)
    assert parse_year(cell, "x", TODAY) is parse_count(cell, "x") is parse_date(cell, "x", TODAY) is None


@pytest.mark.parametrize(
    ("cell", "count"),
    [(4.0, 4), ("4", 4), ("04", 4), (0.0, 0), (0, 0), ("1.234", 1234), ("12.345.678", 12345678)],
)
def test_counts(cell, count):
    assert parse_count(cell, "people", most=10**9) == count


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("bốn", "count_text"),
        ("4 người", "count_text"),
        (4.5, "count_fraction"),
        ("4,5", "count_fraction"),
        ("1.23", "count_dot"),
        ("1.2345", "count_dot"),
        (-1.0, "count_negative"),
        ("-1", "count_negative"),
        ("\u22122", "count_negative"),
        (963173958.0, "count_large"),
        ("1.234", "count_large"),
        (True, "count_text"),
        (float("inf"), "count_fraction"),
        (date(2020, 1, 1), "count_text"),
    ],
)
def test_what_is_no_count_is_a_flaw(cell, code):
    flaw = parse_count(cell, "people")
    assert isinstance(flaw, Flaw) and flaw.code == code


@pytest.mark.parametrize("cell", ["x", "X", " x ", "có", "Có", "1", 1.0, True, "✓", "đã có"])
def test_ticks(cell):
    assert parse_mark(cell, "m") is True


@pytest.mark.parametrize("cell", ["", None, "không", "Ko", "0", 0.0, False, "-", "chưa"])
def test_no_tick(cell):
    assert parse_mark(cell, "m") is False


@pytest.mark.parametrize("cell", ["?", "một", 2.0, "hộ nghèo"])
def test_other_words_are_no_tick_and_no_guess(cell):
    assert parse_mark(cell, "m") == Flaw("m", "mark_unknown")


@given(st.dates(date(1927, 1, 1), TODAY))
def test_a_day_reads_alike_in_every_form(day):
    forms = [
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d-%m-%Y}",
        f"{day:%d.%m.%y}",
        day.isoformat(),
        float((day - date(1899, 12, 30)).days),
    ]
    assert {parse_date(form, "d", TODAY) for form in forms} == {day}
    assert {parse_year(form, "y", TODAY) for form in forms} == {day.year}


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.datetimes()))
def test_no_cell_breaks_the_reader(cell):
    for parsed in (
        parse_year(cell, "f", TODAY),
        parse_count(cell, "f"),
        parse_mark(cell, "f"),
        parse_date(cell, "f", TODAY),
    ):
        assert parsed is None or isinstance(parsed, (int, date, Flaw))
