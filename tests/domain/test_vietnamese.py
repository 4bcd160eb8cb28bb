"""What a Vietnamese reader expects of names: how they are kept, matched and ordered."""

from __future__ import annotations

import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.vietnamese import fold, name_key, nfc, text_key, title_name

VIETNAMESE = "".join(
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưyđ"
    for tone in ["", *"\u0300\u0309\u0303\u0301\u0323"]
)
words = st.text(VIETNAMESE + VIETNAMESE.upper() + string.ascii_letters + " 0123456789-.", max_size=40)


def test_people_stand_in_the_order_icu_gives():
    ordered = ["An", "Ánh", "Ăn", "Ân", "Dế", "Dũng", "Đô", "Đức", "Mẩy", "Y"]
    for seed in range(5):
        shuffled = ordered[:]
        random.Random(seed).shuffle(shuffled)
        assert sorted(shuffled, key=name_key) == ordered


def test_given_name_counts_before_family_name_before_the_middle():
    assert sorted(["Trần Văn An", "Lê Văn Bình", "Lê Thị An", "Lê An", "Lê Văn An"], key=name_key) == [
        "Lê An",
        "Lê Thị An",
        "Lê Văn An",
        "Trần Văn An",
        "Lê Văn Bình",
    ]


def test_tones_decide_only_when_all_letters_are_equal():
    assert sorted(["má", "mạ", "mã", "ma", "mả", "mà", "mac"], key=text_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "mac",
    ]
    assert text_key("bàc") > text_key("bac") and text_key("bád") > text_key("bàc") < text_key("bad")


def test_every_letter_stands_in_its_place():
    alphabet = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    assert sorted(set(alphabet), key=text_key) == alphabet


def test_villages_with_numbers_stand_in_the_order_of_the_numbers():
    ordered = ["Tả Hà", "Tả Hà 1", "Tả Hà 2", "Tả Hà 02A", "Tả Hà 10", "Tả Hàm", "Thôn 3", "Thôn 21"]
    assert sorted(set(ordered), key=text_key) == ordered


@given(words, words)
def test_keys_are_plain_and_see_neither_case_nor_composition(one, other):
    for key in (text_key, name_key):
        assert set(key(one)) <= set(string.digits + string.ascii_lowercase)
        assert key(one) == key(unicodedata.normalize("NFD", one)) == key(one.upper()) == key(f"  {one} ")
        if nfc(one).casefold() == nfc(other).casefold():
            assert key(one) == key(other)


@given(st.text())
def test_folding_twice_changes_nothing_and_composition_does_not_matter(text):
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(words)
def test_folded_vietnamese_is_plain_lower_case(text):
    folded = fold(text)
    assert folded.isascii() and folded == folded.lower() and "  " not in folded
    assert fold(nfc(text)) == folded == fold(text.upper())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Giàng\u00a0 A\tPáo ", "Giàng A Páo"),
        (unicodedata.normalize("NFD", "Hốc Đá"), "Hốc Đá"),
        ("\ufeffLàng \u200bMới", "Làng Mới"),
        ("\u00d0ức", "Đức"),
        ("hoà", "hoà"),
    ],
)
def test_one_spelling_is_kept(typed, kept):
    assert nfc(typed) == kept


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("NGUYỄN VĂN ĐỨC", "Nguyễn Văn Đức"),
        ("GIÀNG  A PÁO", "Giàng A Páo"),
        ("Y", "Y"),
        ("K'BRÔ", "K'Brô"),
        ("Lý thị Mẩy", "Lý thị Mẩy"),
        (unicodedata.normalize("NFD", "LÒ VĂN ỔN"), "Lò Văn Ổn"),
    ],
)
def test_only_names_all_in_capitals_are_respelled(typed, usual):
    assert title_name(typed) == usual


def test_search_finds_the_name_without_marks():
    assert fold("ĐẶNG Thị Hoà") == fold("dang  thi hòa") == "dang thi hoa"


def test_a_nul_is_nothing_anybody_typed() -> None:
    assert nfc("a\0b") == "ab"
    assert nfc("\0ế\0") == "ế"
