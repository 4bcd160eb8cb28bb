"""What a photo's first bytes say, and ranges that join: read before anything is decoded."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.evidence import LARGEST, ImageKind, Piece, is_hash, look, read_range
from tests.web.photos import photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(640, 480), (33, 1201), (1, 1)])
def test_kind_and_size_are_read_from_the_header(kind: str, size: tuple[int, int]) -> None:
    found = look(photo(kind, size))
    assert found
    assert (found.kind, found.width, found.height, found.fits) == (ImageKind(kind.lower()), *size, True)


def test_every_form_of_jpeg_and_webp_is_known() -> None:
    assert look(photo("JPEG", (50, 40), progressive=True, comment=b"x" * 900))
    lossless = look(photo("WEBP", (50, 40), lossless=True))
    assert lossless
    assert (lossless.width, lossless.height) == (50, 40)
    see_through = look(photo("WEBP", (50, 40), exif=b"Exif\0\0" + bytes(40)))  # the extended form
    assert see_through
    assert (see_through.width, see_through.height) == (50, 40)


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(30)


def webp_header(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + sides + bytes(30)


@pytest.mark.parametrize("made", [png_header, webp_header])
def test_a_few_bytes_that_claim_a_huge_picture_do_not_fit(made: object) -> None:
    for width, height in ((16_000, 16_000), (24_001, 1000)):
        found = look(made(width, height))  # type: ignore[operator]
        assert found
        assert not found.fits
    fits = look(made(6000, 4000))  # type: ignore[operator]
    assert fits
    assert fits.fits


def test_a_jpeg_of_a_thousand_scans_is_none() -> None:
    whole = photo("JPEG")
    assert look(whole)
    assert look(whole + b"\xff\xda\x00\x08" * 200) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x01" + bytes(20),
        b"\xff\xd8\xff\xda\x00\x08" + bytes(20),
        b"\x89PNG\r\n\x1a\n" + bytes(4),
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"RIFF\x00\x00\x00\x00AVI " + bytes(30),
        png_header(0, 100),
    ],
)
def test_what_is_no_photo_is_none(body: bytes) -> None:
    assert look(body) is None


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]),
)
def test_no_bytes_break_the_reading_of_headers(body: bytes, start: bytes) -> None:
    found = look(start + body)
    assert found is None or (found.width > 0 and found.height > 0)


def test_ranges_are_read_only_where_they_fit_the_body() -> None:
    assert read_range("bytes 0-99/1000", 100) == Piece(0, 99, 1000)
    assert read_range("bytes 900-999/1000", 100) == Piece(900, 999, 1000)
    final = read_range("bytes 900-999/1000", 100)
    assert final
    assert final.is_final
    for header, length in (
        (None, 10),
        ("", 10),
        ("bytes 0-99/1000", 99),
        ("bytes 0-99/*", 100),
        ("bytes */1000", 0),
        ("bytes 99-0/1000", 100),
        ("bytes 950-1049/1000", 100),
        ("bytes 0--1/0", 0),
        ("bytes=0-99/1000", 100),
        ("bytes 0-99/1000\n", 100),
        (f"bytes 0-{10**30}/{10**31}", 100),
    ):
        assert read_range(header, length) is None, header
    assert LARGEST == 8 << 20


@pytest.mark.parametrize("text", ["", "a" * 63, "A" * 64, "g" * 64, "../" * 21 + "a", "a" * 64 + "\n", None])
def test_nothing_but_a_hash_is_a_hash(text: object) -> None:
    assert not is_hash(text)
    assert is_hash("0123456789abcdef" * 4)
