"""Agencies that sponsor communes: of one commune, and of all the scope reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.places import list_reached
from tdteam.store.tables import Place, Sponsor


@dataclass(frozen=True)
class SponsorLine:
    """An agency with the model village it helps."""

    row: Sponsor
    village: str | None


@dataclass(frozen=True)
class CommuneSponsors:
    """A commune with its agencies, those of today first."""

    id: int
    name: str
    now: tuple[SponsorLine, ...]
    gone: tuple[SponsorLine, ...]


def list_sponsors(
    session: GatedSession, on: date, commune_id: int | None = None
) -> dict[int, list[SponsorLine]]:
    """Agencies by commune, in the order they began."""
    query = (
        select(Sponsor, Place.label)
        .outerjoin(Place, col(Place.id) == Sponsor.village_id)
        .order_by(col(Sponsor.since), col(Sponsor.id))
    )
    if commune_id:
        query = query.where(Sponsor.commune_id == commune_id)
    found: dict[int, list[SponsorLine]] = {}
    for row, village in session.execute(query):
        found.setdefault(row.commune_id, []).append(SponsorLine(row, village))
    return found


def list_communes(
    session: GatedSession, on: date, inside: frozenset[int] | None = None
) -> list[CommuneSponsors]:
    """Every commune the scope reaches (or those named) with its agencies, in Vietnamese order."""
    found = list_sponsors(session, on)
    return [
        _of(commune, found.get(commune.id or 0, []), on)
        for commune in list_reached(session, Level.COMMUNE, on)
        if inside is None or commune.id in inside
    ]


def read_commune(session: GatedSession, commune: Place, on: date) -> CommuneSponsors:
    """A commune's agencies."""
    return _of(commune, list_sponsors(session, on, commune.id).get(commune.id or 0, []), on)


def of_village(session: GatedSession, village_id: int, on: date) -> list[Sponsor]:
    """The agencies that help a village today."""
    query = select(Sponsor).where(
        Sponsor.village_id == village_id, or_(col(Sponsor.until).is_(None), col(Sponsor.until) >= on)
    )
    return list(session.exec(query.order_by(col(Sponsor.since), col(Sponsor.id))))


def get_sponsor(session: GatedSession, commune_id: int, sponsor_id: int) -> Sponsor:
    """An agency of a commune inside the scope, held until the transaction ends where one writes; NotFound."""
    session.demand(commune_id)
    query = select(Sponsor).where(Sponsor.id == sponsor_id, Sponsor.commune_id == commune_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def _of(commune: Place, lines: list[SponsorLine], on: date) -> CommuneSponsors:
    now = tuple(line for line in lines if line.row.until is None or line.row.until >= on)
    return CommuneSponsors(
        commune.id or 0, commune.name, now, tuple(line for line in lines if line not in now)
    )
