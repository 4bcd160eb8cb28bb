"""Photos as they come: pieces of a file, and what the bytes say of themselves before anybody decodes them.

A decoder is the largest thing strangers can talk to, so kind and size are read here from the header alone: a few bytes
that claim a picture of gigabytes never reach it.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum

LARGEST = 8 * 1024 * 1024
LARGEST_PIECE = 256 * 1024
MOST_PIXELS = 24_000_000
MOST_SCANS = 100
"""Scans of one JPEG: cameras write one, progressive encoders ten; each costs a walk over all pixels."""
LONGEST_SIDE = 1600
SMALL_SIDE = 360
MOST_OF_RECORD = 20
"""Photos one record may name."""
PARTS_KEPT_DAYS = 7
MOST_PARTS = 64
"""Unfinished photos of one account; beyond that the oldest begins anew."""

_RANGE = re.compile(r"bytes ([0-9]{1,9})-([0-9]{1,9})/([0-9]{1,9})")
_HASH = re.compile(r"[0-9a-f]{64}")


class ImageKind(StrEnum):
    """The kinds that are taken."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


class Removal(StrEnum):
    """Why a photo is taken away."""

    IDENTITY = "identity"  # it shows an identity card or another paper with numbers
    ASKED = "asked"  # somebody in it does not want it kept
    MISTAKEN = "mistaken"  # it does not belong to this record
    OTHER = "other"


@dataclass(frozen=True)
class Piece:
    """Bytes `first` to `last` (both included) of a file of `total`."""

    first: int
    last: int
    total: int

    @property
    def is_final(self) -> bool:
        return self.last == self.total - 1


@dataclass(frozen=True)
class Look:
    """What a picture's header says: its kind, and its size in pixels."""

    kind: ImageKind
    width: int
    height: int

    @property
    def fits(self) -> bool:
        return self.width * self.height <= MOST_PIXELS


def is_hash(text: object) -> bool:
    """Whether this is a SHA-256 in lower-case hex; nothing else ever becomes part of a path."""
    return isinstance(text, str) and _HASH.fullmatch(text) is not None


def read_range(header: str | None, length: int) -> Piece | None:
    """A `Content-Range` that fits a body of `length` bytes; None for any other."""
    found = _RANGE.fullmatch(header or "")
    if found is None:
        return None
    first, last, total = map(int, found.groups())
    if not (first <= last < total and last - first + 1 == length):
        return None
    return Piece(first, last, total)


def look(body: bytes) -> Look | None:
    """Kind and size by the first bytes; None for what is no picture of a kind we take."""
    try:
        if body.startswith(b"\xff\xd8\xff"):
            return _jpeg(body)
        if body.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(body)
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            return _webp(body)
    except (struct.error, IndexError):  # the file ends inside its header
        return None
    return None


def _sized(kind: ImageKind, width: int, height: int) -> Look | None:
    return Look(kind, width, height) if width and height else None


def _jpeg(body: bytes) -> Look | None:
    """The first frame header; scans are counted, for a picture of a thousand is a trap."""
    if body.count(b"\xff\xda") > MOST_SCANS:
        return None
    at = 2
    while True:
        if body[at] != 0xFF:
            return None
        while body[at] == 0xFF:  # fill bytes
            at += 1
        marker = body[at]
        at += 1
        if marker in (0xD8, 0xD9, 0xDA):  # scan data, or an end, before any frame
            return None
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # these stand alone
            continue
        (length,) = struct.unpack_from(">H", body, at)
        if length < 2:
            return None
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", body, at + 3)
            return _sized(ImageKind.JPEG, width, height)
        at += length


def _png(body: bytes) -> Look | None:
    length, name, width, height = struct.unpack_from(">I4sII", body, 8)
    return _sized(ImageKind.PNG, width, height) if (length, name) == (13, b"IHDR") else None


def _webp(body: bytes) -> Look | None:
    chunk = body[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(body[24:27], "little") + 1
        height = int.from_bytes(body[27:30], "little") + 1
        return _sized(ImageKind.WEBP, width, height) if len(body) >= 30 else None
    if chunk == b"VP8L" and body[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", body, 21)
        return _sized(ImageKind.WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 26)
        return _sized(ImageKind.WEBP, width & 0x3FFF, height & 0x3FFF)
    return None
