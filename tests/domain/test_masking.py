"""What the inbox keeps of a body, and that the quick look at its text never lets through what the long one blots out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tdteam.domain.masking import is_surely_clean, masked
from tdteam.domain.sync import canonical

DIGITS = st.text(st.sampled_from('0123456789 .-"\\\nOTPotpmãđ²٣５'), max_size=20)
WORDS = st.sampled_from(
    ["", "note", "CCCD 010203004567", "2026-11-20", "0192f0e1-0000-7000-8000-000000000001", "a" * 64]
)
TEXTS = WORDS | DIGITS | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
BODIES = st.recursive(
    TEXTS | st.integers(-(2**40), 2**40) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(BODIES)
@example({"note": 'mã OTP "12"34'})
@example({"note": "căn cước０１０２０３００４５６７"})
@example({"note": "OTP 1²3²4"})
@example(["1", "2", "3", {"a": "mã 123456"}])
def test_a_body_that_looks_clean_has_nothing_to_mask(body: Any) -> None:
    if is_surely_clean(canonical(body)):
        assert masked(body) is body


@pytest.mark.parametrize(
    "body",
    [
        {"note": "", "village_id": 12345, "visited_on": "2026-11-20", "photos": ["1234567890" * 6 + "abcd"]},
        {"id": "0192f0e1-0000-7000-8000-000000000001", "note": "bà Mẩy hỏi sổ sức khỏe, 3 lần"},
    ],
)
def test_what_phones_mostly_send_is_seen_to_be_clean_at_once(body: Any) -> None:
    assert is_surely_clean(canonical(body))
