"""What was set aside and what was drawn for a spot check, at a position of the litany."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tdteam.domain.attention import BOARD
from tdteam.domain.quality import BOARD as QUALITY
from tdteam.domain.samples import SampleDraft
from tdteam.store import attention_asides, samples

if TYPE_CHECKING:
    from tests.web.things import Things


def line(things: Things) -> int:
    """A line of the attention list of the village that was dealt with."""
    return _aside(things, BOARD)


def finding(things: Things) -> int:
    """A finding about the village's data that was dismissed."""
    return _aside(things, QUALITY)


def _aside(things: Things, board: str) -> int:
    from tests.web.things import writing

    key = ("silent_team", f"team:{things.hamlet.team.id}", "2026-11")
    with writing(things.stage) as opened:
        village = things.hamlet.id
        known = attention_asides.list_asides(opened, board, village, [key[2]])
        if key in known:
            return known[key].id
        return attention_asides.set_aside(opened, board, village, key, "Đã gọi").id or 0


def sample(things: Things) -> int:
    """A sample of the village's visits."""
    from tests.web.things import DAY, writing

    assert things["visit_id"]
    with writing(things.stage) as opened:
        frame = samples.read_frame(opened, things.hamlet.id, DAY, DAY.replace(day=DAY.day + 1))
        draft = SampleDraft(DAY, DAY, 5)
        return samples.add_sample(opened, things.hamlet.id, draft, "litany-1", frame).id or 0


MAKERS = {
    "aside_id": line,
    "quality.undo:aside_id": finding,
    "sample_id": sample,
    "samples.sheet:ending": lambda _: "pdf",
}
