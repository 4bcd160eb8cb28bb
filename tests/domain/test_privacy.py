"""What free text may never hold, and what it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.privacy import find_forbidden, judge_text, mask

IDENTITY = [
    "CCCD 010203004567",
    "cmnd: 060123456.",
    "số 010 203 004 567 của bà Mẩy",
    "010.203.004.567",
    "0102-0300-4567",
    "0102 0300 4567",
    "01 02 03 00 45 67",
    "0 1 0 2 0 3 0 0 4 5 6 7",
    "060 123 456",
    "060.123.456",
    "nhà 12 060 123 456",
    "căn cước０１０２０３００４５６７",
    "010\u00a0203\u00a0004\u00a0567",
    "0102\u200b03004567",
    "010203  004567",
    "số căn cước\n010203004567",
    "gọi 0912345678, CCCD 010203004567",
    "912345678",
    "٠١٠٢٠٣٠٠٤٥٦٧",
]
CARDS = ["thẻ 9704 1234 5678 9012", "9704123456789012", "9704-1234-5678-9012-345", "BHYT GD4010123456789"]
SECRETS = [
    "OTP 123456",
    "mã OTP là 123 456",
    "Mã OTP: 1234",
    "otp của bà là 482913",
    "mật khẩu Abc 12345678",
    "mật khẩu: 1234",
    "mat khau 123456",
    "MK 123456",
    "passcode 135790",
    "pass 2468",
    "mã xác nhận 778899",
    "mã 123456",
    "mã PIN 1234",
    "PIN: 1234",
    "482913 là mã OTP",
    "123456 (mật khẩu)",
]
ALLOWED = [
    "",
    "Máy cũ, hẹn tuần sau đến lại",
    "gọi con trai 0912345678",
    "gọi 0912 345 678 sau 17 giờ",
    "gọi 0912.345.678",
    "+84 912 345 678",
    "+84912345678",
    "0214 3842 123",
    "0912345678 - 0987654321",
    "hẹn 12.11.2026 hoặc 15/12/2026",
    "từ 2026-10-15 đến 2026-11-14",
    "mã hồ sơ H38.12.05-261008-0975",
    "G22.99.08-260921-896048",
    "hồ sơ 000.00.12.H62-201105-0004 đã nộp",
    "bán được 150.000.000 đồng",
    "bán được 1.250.000đ, 12 đơn",
    "các năm 2024 2025 2026",
    "mã OTP không về 15 lần",
    "quên mật khẩu từ năm 2024",
    "pin 5000mAh yếu",
    "20 người quên mật khẩu",
    "mã hồ sơ 261008",
    "thôn có 120 hộ, 480 người, 35 hộ nghèo",
    "Quyết định 2644/QĐ-UBND ngày 07/11/2022",
    "mà năm 2025 vẫn chưa có",
    "hộ 12 13 14 15 chưa có điện thoại",
]


@pytest.mark.parametrize("text", IDENTITY)
def test_an_identity_number_is_seen(text: str) -> None:
    assert find_forbidden(text) == "id_number"


@pytest.mark.parametrize("text", CARDS)
def test_a_card_number_is_seen(text: str) -> None:
    assert find_forbidden(text) == "card_number"


@pytest.mark.parametrize("text", SECRETS)
def test_a_one_time_code_or_password_beside_its_word_is_seen(text: str) -> None:
    assert find_forbidden(text) == "secret_code"


@pytest.mark.parametrize("text", ALLOWED)
def test_what_teams_really_write_is_left_alone(text: str) -> None:
    assert find_forbidden(text) is None
    assert mask(text) == text


@pytest.mark.parametrize("text", IDENTITY + CARDS + SECRETS)
def test_a_masked_text_holds_nothing_forbidden(text: str) -> None:
    masked = mask(text)
    assert find_forbidden(masked) is None
    assert "*" in masked


def test_masking_keeps_the_words_and_the_phone() -> None:
    assert mask("Gọi 0912345678, CCCD 010203004567, hẹn 12/11") == (
        "Gọi 0912345678, CCCD ************, hẹn 12/11"
    )


def test_the_flaw_stands_beside_the_field() -> None:
    assert [(f.field, f.code) for f in judge_text("note", "OTP 123456")] == [("note", "secret_code")]
    assert [(f.code, f.params) for f in judge_text("note", "a" * 2001)] == [("text_long", {"most": 2000})]
    assert judge_text("note", None) == []


@given(st.text(alphabet="0123456789 .-aođmãOTP:\n", max_size=60))
def test_masking_once_is_enough(text: str) -> None:
    assert find_forbidden(mask(text)) is None


@given(st.from_regex(r"\A[0-9]{12}\Z"), st.sampled_from(["", " ", ".", "-"]), st.text("abc đê,", max_size=9))
def test_no_grouping_of_twelve_digits_escapes(digits: str, joiner: str, around: str) -> None:
    if digits.startswith(("84", "19", "20")):
        return
    for size in (3, 4, 6, 12):
        grouped = joiner.join(digits[at : at + size] for at in range(0, 12, size))
        assert find_forbidden(f"{around} {grouped}, {around}")
