"""Filled templates (of declared figures, of targets) that addresses name (`things.py`)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.things import Things


def sent(things: Things, folder: str, query: str) -> int:
    """A template of the position's commune, sent back as it came by the commune's own official."""
    cast = things.stage.cast
    official = cast.dung if things.hamlet.id == cast.next_village.id else cast.chi
    client = things.stage.client(official)
    body = client.get(f"{folder}template.xlsx?{query}").data
    answer = client.post(folder, data={"file": (io.BytesIO(body), "so-lieu.xlsx")})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return int(answer.location.rstrip("/").rsplit("/", 1)[1])


def declared(things: Things) -> int:
    """Figures of paper teams."""
    return sent(things, "/declared/books/", "period=2026-11")


def targets(things: Things) -> int:
    """Targets of the position's village: who looks over no more finds it too."""
    return sent(things, "/targets/books/", f"span=2026&place={things.hamlet.id}")


MAKERS = {
    f"{noun}.{name}:upload_id": make
    for noun, make in (("declared_books", declared), ("targets_books", targets))
    for name in ("show", "confirm", "undo")
}
