"""The indicators of the catalogue as values."""

from __future__ import annotations

from sqlmodel import col, select

from tdteam.domain.indicators import Indicator, selectors
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import tables
from tdteam.store.gate import GatedSession


def list_indicators(session: GatedSession, *, active: bool = True) -> list[Indicator]:
    """The indicators in the order of the catalogue."""
    query = select(tables.Indicator).order_by(col(tables.Indicator.sort), tables.Indicator.code)
    if active:
        query = query.where(col(tables.Indicator.is_active).is_(True))
    return [_indicator(row) for row in session.exec(query)]


def _indicator(row: tables.Indicator) -> Indicator:
    return Indicator(
        code=row.code,
        name=row.name,
        unit=row.unit,
        nature=Nature(row.nature),
        source=Source(row.source),
        section=row.section,
        short_name=row.short_name or row.name,
        part=selectors(row.part),
        whole=selectors(row.whole) if row.whole is not None else None,
        part_name=row.part_name,
        whole_name=row.whole_name,
        beside=row.beside,
        annex=row.annex,
        is_teams=row.is_teams,
        is_places=row.is_places,
        in_report=row.in_report,
        is_headline=row.is_headline,
        on_board=row.on_board,
        is_falling_good=row.is_falling_good,
        sort=row.sort,
        is_active=row.is_active,
    )
