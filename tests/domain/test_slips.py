"""Slips and phones: names for accounts nobody types, roles, tokens, labels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tdteam.domain.accounts import judge_username
from tdteam.domain.devices import (
    clean_client,
    clean_label,
    draw_token,
    hash_token,
    is_contact_due,
    is_device_id,
    is_token,
)
from tdteam.domain.slips import draw_code, role_of, username_of


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Lý Láo Sì", "si.ll31"),
        ("Đặng Thị Ánh", "anh.dt31"),
        ("Páo", "pao.31"),
        ("  ", "to.31"),
        ("Nguyễn Thị Phương Thảo Nguyên Anh Thư Bảo", "bao.ntptna31"),
        ("ກາ", "to.31"),
        ("X" * 60, "x" * 29 + ".31"),
    ],
)
def test_a_name_to_sign_in_with_is_made_of_the_member_s(name: str, username: str) -> None:
    assert username_of(name, 31) == username
    assert judge_username(username) == []


def test_who_leads_or_stands_in_is_a_leader() -> None:
    assert role_of({"member", "deputy"}) == role_of({"leader"}) == "leader"
    assert role_of({"member"}) == "member"


def test_tokens_are_drawn_long_and_kept_as_hashes() -> None:
    tokens = {draw_token() for _ in range(100)}
    assert len(tokens) == 100 and all(is_token(token) and len(token) >= 43 for token in tokens)
    assert is_token(draw_code()) and len(draw_code()) == 22
    assert len(hash_token("a")) == 64 and hash_token("a") != hash_token("b")
    assert not is_token("a" * 200) and not is_token(None) and not is_token("x' OR '1'='1' --      ")


@pytest.mark.parametrize("given", ["", "a b", "a/b", "x" * 65, None, 7, "a\0b", "á"])
def test_a_phone_s_word_for_itself_is_plain(given: object) -> None:
    assert not is_device_id(given)
    assert is_device_id("0192f0c1-0000-7000-8000-000000000000")


def test_a_label_is_one_line_without_what_may_not_be_kept() -> None:
    assert clean_label("  Samsung\n A05 ‮ của Sì ") == "Samsung A05 của Sì"
    assert clean_label("cccd 001090012345") == "cccd ************"
    assert len(clean_label("x" * 5000)) == 80
    assert clean_label(None) == clean_label({"a": 1}) == ""
    assert clean_client("1.2") == "1.2" and clean_client("<b>") == clean_client(None) == ""


def test_a_contact_is_written_down_every_ten_minutes() -> None:
    now = datetime.now(UTC)
    assert is_contact_due(None, now) and is_contact_due(now - timedelta(minutes=10), now)
    assert not is_contact_due(now - timedelta(minutes=9), now)
