"""Reads an area's month: its communes with their villages, their issued reports in force, and what was said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from tdteam.domain.area_month import CommuneMonth, Received, is_zero
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report_life import Stage
from tdteam.domain.shares import Share
from tdteam.store import places, reviews
from tdteam.store.coverage_ground import Asked, Ground, read_ground
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Paper, Place, Report, Sealing

LEVELS = (Level.AREA, Level.PROVINCE)


@dataclass(frozen=True)
class Issued:
    """An issued report in force, without its figures."""

    sealing_id: int
    commune_id: int
    period: str
    version: int
    sha256: str
    code: str
    issued_at: datetime
    first_at: datetime


def tree_day(period: Period) -> date:
    """The day whose tree a period is read by: its last, as its facts are counted."""
    return min(period.last_day, today())


def list_issued(
    session: GatedSession, commune_ids: Iterable[int], periods: Sequence[str]
) -> dict[tuple[int, str], Issued]:
    """The issued reports in force, by commune and period. One being replaced stands until the other is issued."""
    query = (
        select(
            Sealing.id,
            Sealing.commune_id,
            Sealing.period,
            Sealing.version,
            Sealing.sha256,
            Sealing.code,
            Sealing.ended,
            Paper.issued_at,
        )
        .join(Paper, (col(Paper.sealing_id) == Sealing.id) & (col(Paper.form) == "pdf"))
        .where(col(Sealing.commune_id).in_(list(commune_ids)), col(Sealing.period).in_(list(periods)))
        .order_by(col(Sealing.version))
    )
    first: dict[tuple[int, str], datetime] = {}
    out: dict[tuple[int, str], Issued] = {}
    for sealing_id, commune, period, version, sha256, code, ended, at in session.exec(query):
        key = (commune, period)
        first.setdefault(key, at)
        if ended is None:
            out[key] = Issued(sealing_id or 0, commune, period, version, sha256, code, at, first[key])
    return out


def find_issued(session: GatedSession, commune_id: int, period: str) -> Issued | None:
    return list_issued(session, [commune_id], [period]).get((commune_id, period))


def hold_stage(session: GatedSession, commune_id: int, period: str) -> None:
    """Keep a report at its stage until the transaction ends (PostgreSQL; on SQLite one writes at a time anyway): a
    paper that replaces it is issued before this or after."""
    query = select(Report.id).where(Report.commune_id == commune_id, Report.period == period)
    session.exec(query.with_for_update(read=True)).first()


def communes_of(ground: Ground) -> list[Place]:
    """The communes of an area that have a village in it, in Vietnamese order."""
    return [place for key, place in ground.communes.items() if ground.of(key)]


def read_area_ground(session: GatedSession, place: Place, period: Period) -> Ground:
    return read_ground(session, Asked(place, period, tree_day(period)))


def list_communes(session: GatedSession, place: Place, period: Period) -> list[CommuneMonth]:
    """Every commune with villages in an area or province, with its report of a period, by name."""
    ground = read_area_ground(session, place, period)
    communes = communes_of(ground)
    ids = [commune.id or 0 for commune in communes]
    issued = list_issued(session, ids, [period.code])
    seals = [one.sealing_id for one in issued.values()]
    words = reviews.list_newest(session, place.id or 0, seals)
    zero = _zeros(session, seals)
    stages = _stages(session, ids, period.code)
    lines = []
    for commune in communes:
        key = commune.id or 0
        one = issued.get((key, period.code))
        inside = len(ground.of(key))
        known = max(ground.known.get(key, inside), inside)
        is_beyond = known > inside or key in ground.beyond
        lines.append(
            CommuneMonth(
                place_id=key,
                name=commune.name,
                sort=commune.name_sort,
                code=commune.code or "",
                # where it reaches beyond and no village out there is known here, nobody can say of how many
                villages=Share(inside, None if is_beyond and known == inside else known),
                is_beyond=is_beyond,
                stage=stages.get(key, Stage.DRAFT),
                received=Received(
                    one.sealing_id,
                    one.version,
                    one.sha256,
                    one.code,
                    one.issued_at,
                    one.first_at,
                    zero[one.sealing_id],
                    words.get(one.sealing_id),
                )
                if one
                else None,
            )
        )
    return lines


def _zeros(session: GatedSession, seals: Sequence[int]) -> dict[int, bool]:
    query = select(Sealing.id, Sealing.snapshot).where(col(Sealing.id).in_(seals))
    return {key or 0: is_zero(json.loads(text).get("facts", {})) for key, text in session.exec(query)}


def _stages(session: GatedSession, communes: Sequence[int], period: str) -> dict[int, Stage]:
    query = select(Report.commune_id, Report.stage).where(
        col(Report.commune_id).in_(communes), Report.period == period
    )
    return {commune: Stage(stage) for commune, stage in session.exec(query)}


@dataclass(frozen=True)
class AreaCount:
    """How far an area's period is: communes expected and received, and its own consolidated report."""

    period: Period
    expected: int
    received: int
    stage: Stage | None


def count_periods(session: GatedSession, place: Place, periods: Sequence[Period]) -> list[AreaCount]:
    """The same for several periods, in their order, by the tree of today."""
    ground = read_area_ground(session, place, periods[0])
    ids = [commune.id or 0 for commune in communes_of(ground)]
    codes = [period.code for period in periods]
    issued = list_issued(session, ids, codes)
    query = select(Report.period, Report.stage).where(
        Report.commune_id == place.id, col(Report.period).in_(codes)
    )
    stages = dict(session.exec(query).all())
    return [
        AreaCount(
            period,
            len(ids),
            sum(code == period.code for _commune, code in issued),
            Stage(stages[period.code]) if period.code in stages else None,
        )
        for period in periods
    ]


def village_ids(session: GatedSession, place_id: int, period: Period) -> frozenset[int]:
    """The villages of an area on a period's last day, those that ended within their successors included: a seal has
    rows for what still counted there."""
    found = places.list_inside(session, place_id, Level.VILLAGE, tree_day(period), ended=True)
    return frozenset(place.id or 0 for place in found)


@dataclass(frozen=True)
class Kept:
    """An issued paper's name and bytes."""

    name: str
    body: bytes


def list_papers(session: GatedSession, sealing_ids: Sequence[int], forms: Sequence[str]) -> Iterator[Kept]:
    """The papers of some seals, one after the other: never all in memory."""
    for sealing_id in sealing_ids:
        for form in forms:
            query = select(Paper.name, Paper.body).where(Paper.sealing_id == sealing_id, Paper.form == form)
            row = session.exec(query).first()
            if row:
                yield Kept(*row)


def list_areas(session: GatedSession) -> list[Place]:
    """The provinces and areas that lie inside the scope today, the wider first."""
    return [
        place
        for level in (Level.PROVINCE, Level.AREA)
        for place in places.list_reached(session, level)
        if session.permits(place.id or 0)
    ]
