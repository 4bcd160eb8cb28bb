"""Looks at any packed document (workbook, text, bundle) before it is unpacked: how many parts, how large, whether locked or
alive. Sizes are found by unpacking in pieces, never taken from the directory."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from tdteam.domain.errors import Flaw, Refused

MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 100
MAX_PARTS = 2_000
PIECE = 1 << 18
_SMALL = 1 << 16  # a part this small may pack better than MAX_RATIO: blank styles do

_MACROS = re.compile(
    r"vbaproject|vbadata|/macrosheets/|/dialogsheets/|^basic/|^scripts/|activex", re.IGNORECASE
)


def refusal(code: str, **params: object) -> Refused:
    """The Refused of a whole file: one flaw on the field `file`."""
    return Refused([Flaw("file", code, params)])


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The open archive, its parts neither too many, too large nor named twice; raises Refused with a `file_…` code."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as broken:
        raise refusal("file_damaged") from broken
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise refusal("file_bomb", megabytes=MAX_UNPACKED >> 20)
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise refusal("file_damaged")
    return archive


def check_parts(archive: zipfile.ZipFile) -> None:
    """Nothing locked, packed in a way of its own, or alive; raises Refused."""
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise refusal("file_encrypted")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise refusal("file_damaged")
    if any(_MACROS.search(part.filename) for part in parts):
        raise refusal("file_macros")


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int = MAX_UNPACKED) -> Iterator[bytes]:
    """A part unpacked piece by piece, at most `most` bytes of it; a part larger than it says is a bomb."""
    size = 0
    most = min(most, max(_SMALL, MAX_RATIO * part.compress_size))
    try:
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                if max(size, part.file_size) > most:
                    raise refusal("file_bomb", megabytes=MAX_UNPACKED >> 20)
                yield piece
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as broken:
        raise refusal("file_damaged") from broken
