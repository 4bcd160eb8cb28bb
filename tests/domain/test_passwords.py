"""A good password is long, not one that is tried first, and not the account's own name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.passwords import LEAST, MOST, common_words, draw_password, judge_password, stored_password


def codes(password: str, *own: str) -> list[str]:
    return [flaw.code for flaw in judge_password(password, own=own)]


@pytest.mark.parametrize(
    "password",
    [
        "con trâu đi ăn cỏ sớm",
        "chè shan tuyết ba lần",
        "tháng chạp gói bánh tét",
        "k7mp-x3qt-9hfw-b2nd",
        "739184620571",  # no composition rules: figures alone will do, when they are not a row or a year
        "ruộng bậc thang Y Tý",
        "correct horse battery staple",
        "🐃🌾🏔️🌧️🍵🔥🥢🛖🌿🎋🪕🧵",
    ],
)
def test_a_long_password_of_any_kind_is_good(password: str) -> None:
    assert codes(password, "huong.tt", "Trần Thị Hương") == []


@pytest.mark.parametrize("password", ["", "ngắn quá", "11 chữ thôi"])
def test_fewer_than_twelve_letters_are_too_few(password: str) -> None:
    assert codes(password) == ["password_short"]


def test_letters_are_counted_as_people_write_them() -> None:
    eleven = "mười một chữ"[:11]
    assert len(unicodedata.normalize("NFD", eleven)) > LEAST
    assert codes(unicodedata.normalize("NFD", eleven)) == ["password_short"]


def test_a_password_may_be_long_but_not_endless() -> None:
    long = "giã gạo đêm trăng " * 20
    assert codes(long[:MOST]) == []
    assert codes(long[: MOST + 1]) == ["password_long"]


@pytest.mark.parametrize(
    "password",
    [
        "matkhau12345",
        "Mật khẩu 12345",
        "matkhaumatkhau",
        "M@tkh4u123456",
        "vietnam20262026",
        "Việt Nam vô địch",
        "anhyeuemnhieulam",
        "conyeume123456",
        "123456789012",
        "098765432109",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "passwordpassword",
        "P@ssw0rd2026",
        "iloveyou-vietnam",
        "laocai-sapa-2026",
        "1qaz2wsx3edc",
        "------------",
        "tdteam-demo-2026",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert codes(password) == ["password_common"]


@pytest.mark.parametrize(
    "password", ["huong.tt là tôi đây", "em tên Thị Hương nhé", "TRẦN-THỊ-HƯƠNG-xã", "xxhuongttxxyyzz"]
)
def test_the_own_name_is_refused(password: str) -> None:
    assert codes(password, "huong.tt", "Trần Thị Hương") == ["password_yours"]


def test_a_short_name_inside_a_longer_word_is_no_reason() -> None:
    assert codes("ánh nắng ban mai rực rỡ", "an", "Bàn An") == []


def test_both_ways_to_type_an_accent_are_one_password() -> None:
    typed = "ruộng bậc thang Y Tý"
    assert stored_password(unicodedata.normalize("NFD", typed)) == stored_password(typed)
    assert stored_password("  hai dấu cách  ") == "  hai dấu cách  "


def test_drawn_passwords_are_good_and_differ() -> None:
    drawn = {draw_password() for _ in range(50)}
    assert len(drawn) == 50
    assert [codes(word, "chi", "Trần Thị Chi") for word in drawn] == [[]] * 50


def test_the_list_holds_a_few_thousand_in_the_form_they_are_compared() -> None:
    assert len(common_words()) > 4000
    assert {"matkhau", "vietnam", "password", "123456"} <= common_words()
    assert [
        word for word in common_words() if not (word.isascii() and word.isalnum() and word == word.lower())
    ] == []


@given(st.text(max_size=400))
def test_no_text_breaks_the_judge(text: str) -> None:
    known = {"password_short", "password_long", "password_yours", "password_common"}
    assert len(codes(text, text[:5], text[3:20])) <= 1 and set(codes(text)) <= known
