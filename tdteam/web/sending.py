"""Files to the browser: name without diacritics, type by ending, never kept by a shared cache."""

from __future__ import annotations

from flask import Response

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}


def send_file(body: bytes, file_name: str, *, inline: bool = False) -> Response:
    """A download, or (`inline`) a page of its own in the browser."""
    ending = file_name.rpartition(".")[2]
    how = "inline" if inline else "attachment"
    return Response(
        body,
        content_type=TYPES.get(ending, "application/octet-stream"),
        headers={"Content-Disposition": f'{how}; filename="{file_name}"', "Cache-Control": "no-store"},
    )
