"""The vendored Tinos: whole, unchanged, with every Vietnamese letter."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import _rl_accel
import pytest
from fontTools.ttLib import TTFont
from reportlab.lib import rl_accel

from tdteam.reports import fonts

BASES, TONES = "aăâeêioôơuưy", ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
SMALL = [unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES] + ["đ"]
LETTERS = "".join(letter + letter.upper() for letter in SMALL)


@pytest.mark.parametrize("file", fonts.FILES.values())
def test_every_vietnamese_letter_digit_and_sign_has_a_glyph_of_its_own(file: str) -> None:
    with TTFont(fonts.FOLDER / file) as font:
        glyphs = font.getBestCmap()
        needed = LETTERS + "fjwzFJWZ0123456789" + ".,;:-/()%*'\"&+=@#_<>[]{}|₫“”"
        assert [letter for letter in needed if ord(letter) not in glyphs] == []
        drawn = [glyphs[ord(letter)] for letter in LETTERS]
        assert len(set(drawn)) == len(LETTERS)
        assert font["OS/2"].fsType == 0, "may not be embedded"


def test_the_files_are_those_of_the_version_note() -> None:
    note = (fonts.FOLDER / "VERSION.md").read_text("utf-8")
    for file in fonts.FILES.values():
        told = re.search(rf"\| {re.escape(file)} \| ([0-9a-f]{{64}}) \|", note)
        assert told and told[1] == hashlib.sha256((fonts.FOLDER / file).read_bytes()).hexdigest()
    assert "SIL Open Font License, Version 1.1" in (fonts.FOLDER / "LICENSE_FONT.txt").read_text("utf-8")


def test_widths_are_those_of_times_new_roman() -> None:
    """In thousandths of the size, from the published metrics of Times New Roman."""
    fonts.register_fonts()
    assert [round(fonts.width(letter, fonts.REGULAR, 1000)) for letter in "aM0 -"] == [
        444,
        889,
        500,
        250,
        333,
    ]
    assert [round(fonts.width(letter, fonts.BOLD, 1000)) for letter in "aM"] == [500, 944]


def test_reportlab_uses_the_quick_functions() -> None:
    assert rl_accel.instanceStringWidthTTF is _rl_accel.instanceStringWidthTTF
    assert rl_accel.escapePDF is _rl_accel.escapePDF


def test_fonts_are_read_once() -> None:
    fonts.register_fonts()
    before = fonts.register_fonts.cache_info().misses
    fonts.register_fonts()
    assert fonts.register_fonts.cache_info().misses == before == 1
