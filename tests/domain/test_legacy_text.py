"""Files typed in the fonts of the nineties are read as what their typists saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.legacy_text import (
    TCVN3,
    VNI,
    Encoding,
    decode,
    encoding_of_font,
    guess,
    is_syllable,
    is_unicode,
    with_capitals,
)

BACK_TO_TCVN3 = {letter: chr(code) for code, letter in TCVN3.items()}
BACK_TO_VNI = {letter: signs for signs, letter in reversed(VNI.items()) if not signs[0].isupper()}
plain = "abcdeghiklmnopqrstuvxy 0123456789,.-/()"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("NguyÔn V¨n §øc", "Nguyễn Văn Đức"),
        ("B¶o Th¾ng, Lµo Cai", "Bảo Thắng, Lào Cai"),
        ("Tæ c«ng nghÖ sè céng ®ång", "Tổ công nghệ số cộng đồng"),
        ("M\u00adêng Kh\u00ad¬ng", "Mường Khương"),
        ("Sè ng\u00adêi tõ ®ñ 14 tuæi trë lªn", "Số người từ đủ 14 tuổi trở lên"),
        ("Lý A P¸o 1.234", "Lý A Páo 1.234"),
    ],
)
def test_tcvn3_reads_as_it_looked(typed, seen):
    assert decode(typed, Encoding.TCVN3) == seen


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Nguyeãn Vaên Ñöùc", "Nguyễn Văn Đức"),
        ("Tieáng Vieät", "Tiếng Việt"),
        ("XAÕ BAÛN CAÀM", "XÃ BẢN CẦM"),
        ("Toå coâng ngheä soá coäng ñoàng", "Tổ công nghệ số cộng đồng"),
        ("Möôøng Khöông, Baéc Haø", "Mường Khương, Bắc Hà"),
        ("Aùnh", "Ánh"),
    ],
)
def test_vni_reads_as_it_looked(typed, seen):
    assert decode(typed, Encoding.VNI) == seen


def test_capital_fonts_draw_small_letters_as_capitals():
    assert decode("lý v¨n ®øc", Encoding.TCVN3_CAPITALS) == "LÝ VĂN ĐỨC"


@given(st.text(plain + "".join(BACK_TO_TCVN3)))
def test_tcvn3_round_trip_by_the_table(text):
    typed = "".join(BACK_TO_TCVN3.get(char, char) for char in text)
    assert decode(typed, Encoding.TCVN3) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "nguyễn",
                "đức",
                "thắng",
                "mường",
                "khương",
                "bảo",
                "hòa",
                "lý",
                "ngô",
                "thị",
                "ướm",
                "ỏm",
                "pết",
                "súa",
                "nghệ",
                "yến",
                "quỳ",
                "ỷ",
            ]
        ),
        min_size=1,
    )
)
def test_vni_round_trip_by_the_table(words):
    text = " ".join(words)
    typed = "".join(BACK_TO_VNI.get(char, char) for char in text)
    assert decode(typed, Encoding.VNI) == text


def test_unicode_in_a_legacy_font_is_left_alone():
    assert is_unicode("Hốc Đá") and not is_unicode("Tæ c«ng nghÖ… – 2022")
    assert decode("Hốc Đá", Encoding.TCVN3) == "Hốc Đá"


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", Encoding.TCVN3),
        (".VnTimeH", Encoding.TCVN3_CAPITALS),
        (".VnArial NarrowH", Encoding.TCVN3_CAPITALS),
        (".vntime", Encoding.TCVN3),
        ("VNI-Times", Encoding.VNI),
        ("Times New Roman", Encoding.UNICODE),
        ("Vni", Encoding.UNICODE),
        ("", Encoding.UNICODE),
    ],
)
def test_the_font_says_the_encoding(font, encoding):
    assert encoding_of_font(font) is encoding


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (["NguyÔn V¨n §øc", "Hä vµ tªn chñ hé", "Ng« ThÞ Lý"], Encoding.TCVN3),
        (["Nguyeãn Vaên Ñöùc", "Hoï vaø teân", "Ngoâ Thò Lyù"], Encoding.VNI),
        (["Nguyễn Văn Đức", "Ngô Hà Lê"], Encoding.UNICODE),
        (["Ngô", "Hà", "Lê", "Lý", "Hùng"], Encoding.UNICODE),
        (["Nam", "STT", "1971"], Encoding.UNICODE),
        (["Müller Straße", "Ærøskøbing", "São Paulo"], Encoding.UNICODE),
        ([], Encoding.UNICODE),
    ],
)
def test_without_a_font_the_letters_decide(texts, encoding):
    assert guess(texts) is encoding


@pytest.mark.parametrize(
    "word",
    ["Giàng", "Páo", "Nguyễn", "Khuya", "Ướm", "Ỏm", "Đức", "Quỳ", "Nghiêng", "Uyển", "Dền", "Lử", "Xoong"],
)
def test_names_of_the_highlands_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["NguyÔn", "V¨n", "ThÞ", "Nguyeãn", "Straße", "àá"])
def test_misread_words_are_not_syllables(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lê Đức ánh", "Lê Đức Ánh"),
        ("Vi Thị ỏm", "Vi Thị Ỏm"),
        ("Thôn ải Nam 1", "Thôn Ải Nam 1"),
        ("ải Nam 1", "Ải Nam 1"),
        ("Lý thị Mẩy", "Lý thị Mẩy"),
        ("lê đức ánh", "lê đức ánh"),
        ("Ly A", "Ly A"),
    ],
)
def test_words_of_a_name_get_the_capitals_tcvn3_lacks(typed, meant):
    assert with_capitals(typed) == meant
