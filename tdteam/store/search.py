"""Finding a filing by the letters of its code, wherever in the scope it was filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from tdteam.store.gate import GatedSession
from tdteam.store.tables import Filing, Place

LEAST = 4


@dataclass(frozen=True)
class FilingHit:
    """A filing found by its code."""

    id: str
    code: str
    village: str
    submitted_on: date
    state: str


def search_filings(session: GatedSession, q: str, limit: int = 10) -> list[FilingHit]:
    """Filings in force whose code begins with `q`, or (six letters and more) holds it; the newest first. None without names,
    for a code leads to the person who filed."""
    if not session.scope.names:
        return []
    code = "".join(q.split()).upper()
    if len(code) < LEAST or not any(letter.isdecimal() for letter in code):
        return []
    named = col(Filing.code)
    like = (
        named.contains(code, autoescape=True) if len(code) >= 6 else named.startswith(code, autoescape=True)
    )
    query = (
        select(Filing.id, Filing.code, Place.label, Filing.submitted_on, Filing.state)
        .join(Place, col(Place.id) == Filing.village_id)
        .where(like, col(Filing.voided_at).is_(None))
        .order_by(col(Filing.submitted_on).desc(), col(Filing.id))
        .limit(limit)
    )
    return [FilingHit(*row) for row in session.exec(query)]
