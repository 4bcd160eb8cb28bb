"""User text on its way to paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.reports.text import break_word, paragraphs, printable, wrap


@given(st.text(max_size=300))
def test_printable_text_is_composed_visible_and_stays_as_it_is(text: str) -> None:
    import unicodedata

    told = printable(text)
    assert unicodedata.is_normalized("NFC", told)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in told)
    assert printable(told) == told
    assert "  " not in told and told == told.strip()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Ho\u0302\u0300 A Pa\u0301o", "Hồ A Páo"),
        ("a\u2013b\u2014c\u2212d", "a-b-c-d"),
        ("  hai\t dòng\nmột ", "hai dòng một"),
        ("số\u00a005", "số 05"),
        ("“ngoặc”", "“ngoặc”"),
        ("", ""),
    ],
)
def test_what_phones_and_word_processors_type_unasked(typed: str, printed: str) -> None:
    assert printable(typed) == printed


def test_line_ends_part_paragraphs_and_empty_ones_fall_away() -> None:
    assert paragraphs("một\r\n\r\n hai \n\u2028ba\n\x00\n") == ["một", "hai", "ba"]


@given(st.lists(st.text("aộm", min_size=1, max_size=40), max_size=30), st.integers(3, 25), st.integers(0, 2))
def test_wrapped_lines_fit_and_lose_nothing(words: list[str], room: int, indent: int) -> None:
    lines = wrap(" ".join(words), room, len, indent)
    assert all(len(line) <= room for line in lines)
    assert len(lines[0]) <= max(room - indent, 1)
    assert "".join(lines).replace(" ", "") == "".join(words)


@given(st.lists(st.text("abc", min_size=1, max_size=8), min_size=1, max_size=30))
def test_no_line_could_take_the_next_word(words: list[str]) -> None:
    lines = wrap(" ".join(words), 10, len)
    for line, following in zip(lines, lines[1:], strict=False):
        assert len(line) + 1 + len(following.split(" ")[0]) > 10


def test_a_letter_wider_than_its_room_still_gets_a_line() -> None:
    assert break_word("mmm", 0.5, len) == ["m", "m", "m"]
