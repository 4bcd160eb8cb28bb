"""Archives streamed as they are made: never whole in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Response

from tdteam.domain.periods import VIETNAM


class _Sink(io.RawIOBase):
    """Where the archive is written: it cannot be sought in, so nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        out = b"".join(self.parts)
        self.parts.clear()
        return out


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive of files (name, bytes), piece by piece as they come."""
    sink = _Sink()
    stamp = datetime.now(VIETNAM).timetuple()[:6]
    with zipfile.ZipFile(sink, "w") as made:
        for name, body in files:
            made.writestr(zipfile.ZipInfo(name, stamp), body)
            yield sink.taken()
    yield sink.taken()


def send_archive(files: Iterable[tuple[str, bytes]], name: str) -> Response:
    """The archive as a download."""
    return Response(
        zipped(files),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
