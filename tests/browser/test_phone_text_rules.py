"""What the phone makes of text, names, phone numbers and dossier codes is what the server makes of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain import filings
from tdteam.domain.errors import Flaw
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import find_forbidden
from tdteam.domain.vietnamese import fold, nfc, title_name
from tests.browser.modules import BATCHES, Modules, phone_page
from tests.domain.test_privacy import ALLOWED, CARDS, IDENTITY, SECRETS

phone = phone_page

PIECES = [
    *(piece for text in IDENTITY + CARDS + SECRETS + ALLOWED for piece in text.split(" ")),
    *"0123456789 .-_/:(,\n",
    *(
        "otp ",
        "OTP",
        "mã ",
        "PIN ",
        "năm 2024",
        " là ",
        "mk",
        "pass",
        "đ",
        "vnđ",
        "+84",
        "09",
        "mAh",
        "\u200b",
        "\xa0",
    ),
]
NOTES = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
DIGITS = st.text("0123456789 .-/_", max_size=22)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊÐð \u200b\u0301\u0323\u00a0\u00adấậỖỡ1,-'’ŽßİÉſﬁ²\t"
NAMES = st.text(LETTERS, max_size=16)


@BATCHES
@given(st.lists(NOTES | DIGITS, min_size=60, max_size=90))
def test_phone_and_server_see_the_same_in_a_note(phone: Modules, notes: list[str]) -> None:
    every = [*notes, *IDENTITY, *CARDS, *SECRETS, *ALLOWED]
    theirs = phone.call("privacy.js", "findForbidden", [[note] for note in every])
    assert list(zip(every, theirs, strict=True)) == [(note, find_forbidden(note)) for note in every]


@BATCHES
@given(st.lists(NAMES, min_size=60, max_size=90))
def test_phone_and_server_fold_and_store_alike(phone: Modules, names: list[str]) -> None:
    for here, there in ((fold, "fold"), (nfc, "nfc"), (title_name, "titleName")):
        theirs = phone.call("fold.js", there, [[name] for name in names])
        assert list(zip(names, theirs, strict=True)) == [(name, here(name)) for name in names]


PHONES = st.one_of(
    st.text("0123456789 .-+()/;,xk", max_size=24),
    st.from_regex(r"(\+84|0|84|0084)?[1-9][0-9]{8,9}( ?[/;-] ?0[35789][0-9]{8})?", fullmatch=True),
    st.sampled_from(
        ["0912345678", "0162 123 4567", "020 3840034", "ĐT: 0912.345.678", "không có", "chưa", "—"]
    ),
)


@BATCHES
@given(st.lists(PHONES, min_size=60, max_size=90))
def test_phone_and_server_read_phone_numbers_alike(phone: Modules, typed: list[str]) -> None:
    theirs = phone.call("people.js", "parsePhone", [[one] for one in typed])
    said = [one["code"] if isinstance(one, dict) else one for one in theirs]
    ours = [parse_phone(one) for one in typed]
    assert said == [one.code if isinstance(one, Flaw) else one for one in ours]


CODES = st.one_of(
    st.from_regex(
        r"([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[GHK][0-9]{2}(\.[0-9]{1,3}){0,4}-[0-9]{6}-[0-9]{3,8}",
        fullmatch=True,
    ),
    st.sampled_from(
        ["H38.12.05-261008-0975", "G22.99.08-261332-896048", "h38-260229-0001", "x", " H38-261008-0975 "]
    ),
)


@BATCHES
@given(st.lists(CODES, min_size=40, max_size=60))
def test_phone_and_server_doubt_the_same_dossier_codes(phone: Modules, codes: list[str]) -> None:
    theirs = phone.call("judge.js", "codeLooksRight", [[code] for code in codes])
    assert theirs == [filings.code_looks_right(filings.clean_code(code) or "") for code in codes]
