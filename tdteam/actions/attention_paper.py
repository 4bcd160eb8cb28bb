"""Draws the digest of the attention list and notes that it left."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.actions.draft_report import Paper
from tdteam.actions.draw_papers import dressed
from tdteam.domain.attention_list import Digest, PaperLine
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.reports.attention import draw_digest
from tdteam.reports.lists import ascii_filename
from tdteam.store import places
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place

MOST = 200
"""Lines of a digest: a province's whole list is no paper."""


def draw_attention(
    session: GatedSession, place: Place, period: Period, lines: Sequence[PaperLine], *, demo: bool = False
) -> Paper:
    """The digest of a place and period as PDF, from its lines in words."""
    is_village = place.level == Level.VILLAGE
    issuer = places.find_above(session, place.id or 0, Level.COMMUNE) if is_village else place
    digest = Digest(
        settings=dressed(session, issuer, demo=demo),
        place=place.name,
        period=period,
        on=today(),
        lines=tuple(lines[:MOST]),
        more=max(0, len(lines) - MOST),
    )
    return Paper(draw_digest(digest), ascii_filename(f"can-quan-tam-{period.code}-{place.name}", "pdf"))
