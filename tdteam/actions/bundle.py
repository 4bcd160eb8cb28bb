"""A bundle of evidence: one zip, written piece by piece, with an index page, the list as paper and workbook, the files and
the hash of each."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from tdteam.actions.keep_scan import read_scan
from tdteam.domain.bundle import ProofSheet
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import VIETNAM
from tdteam.reports.lists import ascii_filename

FILES = "tai-lieu"
INDEX, HASHES = "muc-luc.html", "sha256.txt"
_PACKED = {"html", "csv", "txt"}


@dataclass(frozen=True)
class Part:
    """A file of the bundle: its path, and its bytes or the hash they are kept under."""

    path: str
    body: bytes = b""
    sha256: str = ""


def bundle_name(sheet: ProofSheet) -> str:
    """The bundle's file name, without diacritics."""
    span = f"nam-{sheet.period.year}" if sheet.is_year else sheet.period.code
    return ascii_filename(f"tai-lieu-kiem-chung-{span}-{sheet.place}", "zip")


def list_parts(sheet: ProofSheet, drawn: Sequence[Part]) -> list[Part]:
    """What goes into the bundle: what was drawn, the documents' files this account may open, and the hash of each."""
    kept = [
        Part(f"{FILES}/{proof.file_name}", sha256=proof.sha256) for proof in sheet.proofs if proof.file_name
    ]
    parts = [*drawn, *kept]
    lines = [f"{part.sha256 or hashlib.sha256(part.body).hexdigest()}  {part.path}\n" for part in parts]
    return [*parts, Part(HASHES, "".join(lines).encode())]


class _Pipe:
    """What a zip is written to and taken from at once."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        whole, self.held = b"".join(self.held), []
        return whole


def write_zip(parts: Sequence[Part], instance: Path, now: datetime) -> Iterator[bytes]:
    """The bundle's bytes, one file in memory at a time. A file lost since the list was made is left out; its line among
    the hashes then has no file, which is how it shows."""
    pipe = _Pipe()
    stamp = now.astimezone(VIETNAM).timetuple()[:6]
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w") as archive:
        for part in parts:
            try:
                body = read_scan(instance, part.sha256) if part.sha256 else part.body
            except NotFound:
                continue
            entry = zipfile.ZipInfo(part.path, date_time=stamp)
            entry.external_attr = 0o644 << 16
            is_packed = part.path.rpartition(".")[2] in _PACKED
            entry.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
            archive.writestr(entry, body)
            yield pipe.take()
    yield pipe.take()
