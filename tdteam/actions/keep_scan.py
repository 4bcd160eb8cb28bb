"""Keeps scans of paper byte for byte, each under the hash of its bytes, and gives them back."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tdteam.domain.errors import Flaw, NotFound, Refused

LARGEST = 10 * 1024 * 1024
FOLDER = "scans"
_KINDS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
_HEX = set("0123456789abcdef")


@dataclass(frozen=True)
class Scan:
    """A kept scan: the name it came with and the hash it is kept under."""

    name: str
    sha256: str


def kind_of(body: bytes) -> str | None:
    """pdf, jpg or png, told by the bytes; None for anything else."""
    return next((kind for magic, kind in _KINDS if body.startswith(magic)), None)


def keep_scan(instance: Path, body: bytes, name: str, largest: int = LARGEST) -> Scan:
    """Write a scan to `instance/scans`, whole or not at all. Raises Refused: scan_empty, scan_large, scan_type."""
    if not body:
        raise Refused([Flaw("scan", "scan_empty")])
    if len(body) > largest:
        raise Refused([Flaw("scan", "scan_large", {"megabytes": largest >> 20})])
    kind = kind_of(body)
    if kind is None:
        raise Refused([Flaw("scan", "scan_type")])
    found = keep_bytes(instance, body)
    stem = Path(name.replace("\\", "/")).stem.strip()[:80] or "scan"
    return Scan(f"{stem}.{kind}", found)


def keep_bytes(instance: Path, body: bytes) -> str:
    """Write bytes to `instance/scans` under their hash, which is the answer."""
    found = hashlib.sha256(body).hexdigest()
    folder = instance / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / found).exists():
        _write(folder, found, body)
    return found


def _write(folder: Path, name: str, body: bytes) -> None:
    """A rename is whole or not there, and both bytes and name are on the disk before anybody is told."""
    handle, half = tempfile.mkstemp(dir=folder, prefix=".half-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(half).replace(folder / name)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened, and its entries are written through
    where = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(where)
    finally:
        os.close(where)


def read_scan(instance: Path, sha256: str) -> bytes:
    """The bytes as they came; NotFound where there are none, or no longer those that were kept."""
    if len(sha256) != 64 or not set(sha256) <= _HEX:
        raise NotFound
    try:
        body = (instance / FOLDER / sha256).read_bytes()
    except OSError as away:
        raise NotFound from away
    if hashlib.sha256(body).hexdigest() != sha256:
        raise NotFound("scan_damaged")
    return body
