"""An area's quarter, half or year: the sealed annex I rows of its months, village by village.

A village counts where every month of the span has the issued report of the commune it lay in then; where one is missing
the village is left out whole, and its commune is named: a sum of some months would look like one of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tdteam.domain.area_month import PEOPLE_COLUMNS, CommuneMonth
from tdteam.domain.area_sum import SealedPart, consolidate
from tdteam.domain.places import Level
from tdteam.domain.report_facts import ReportFacts, VillageLine, VillageTable
from tdteam.domain.report_spans import ReportSpan, stretch_of
from tdteam.domain.snapshots import snapshot_from
from tdteam.domain.span_sum import add_values
from tdteam.store import area_month, indicators, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place


@dataclass(frozen=True)
class Sum:
    """An area's span added up: its communes, the facts, the hashes of the seals in them."""

    communes: tuple[CommuneMonth, ...]
    facts: ReportFacts
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Months:
    """The months of a span, oldest first: each commune's line of each, the villages that lack a month, and of the
    last day its communes (`received` only where no month is missing) and living villages."""

    lines: tuple[tuple[CommuneMonth, ...], ...]
    inside: tuple[frozenset[int], ...]
    lacking: frozenset[int]
    communes: tuple[CommuneMonth, ...]
    living: frozenset[int]


def sealed_facts(session: GatedSession, line: CommuneMonth) -> ReportFacts | None:
    """The figures of a commune's issued report."""
    if line.received is None:
        return None
    return snapshot_from(sealings.get_sealing(session, line.received.sealing_id).snapshot).facts


def area_name(place: Place) -> str:
    """An area inside a sentence."""
    return place.name[:1].lower() + place.name[1:] if place.level == Level.PROVINCE else place.name


def read_months(session: GatedSession, place: Place, span: ReportSpan) -> Months:
    """Which communes' months are there, each by the tree of its own last day."""
    lines, inside, lacking, held = [], [], set(), {}
    for period in stretch_of(span, span.year_since.day).periods:
        ground = area_month.read_area_ground(session, place, period)
        found = area_month.list_communes(session, place, period)
        lines.append(tuple(found))
        inside.append(area_month.village_ids(session, place.id or 0, period))
        held = {line.place_id: frozenset(one.id or 0 for one in ground.of(line.place_id)) for line in found}
        lacking |= {village for line in found if line.received is None for village in held[line.place_id]}
        living = frozenset(ground.villages)
    hashes = {line.place_id: _hash(line.place_id, lines) for line in lines[-1]}
    communes = tuple(
        replace(
            line,
            received=replace(line.received, version=len(lines), sha256=hashes[line.place_id])
            if line.received and not held[line.place_id] & lacking
            else None,
        )
        for line in lines[-1]
    )
    return Months(tuple(lines), tuple(inside), frozenset(lacking), communes, living)


def _hash(place_id: int, lines: Iterable[Iterable[CommuneMonth]]) -> str:
    """One hash of all the seals of a commune's months."""
    seals = [
        line.received.sha256
        for month in lines
        for line in month
        if line.place_id == place_id and line.received
    ]
    return hashlib.sha256("\n".join(seals).encode()).hexdigest()


def add_months(session: GatedSession, place: Place, span: ReportSpan, before: ReportFacts | None) -> Sum:
    """The span's facts: flows added over its months, households and members as the last month has them. What annex I
    does not carry stays unknown."""
    months = read_months(session, place, span)
    newest: dict[int, tuple[int, VillageLine]] = {}
    columns: dict[int, list[VillageLine]] = {}
    used: set[str] = set()
    for at, (lines, inside) in enumerate(zip(months.lines, months.inside, strict=True)):
        seen: set[int] = set()
        for line in lines:
            facts = sealed_facts(session, line)
            for row in facts.villages.rows if facts else ():
                if row.village_id in inside - months.lacking and row.village_id not in seen:
                    seen.add(row.village_id)
                    columns.setdefault(row.village_id, []).append(row)
                    newest[row.village_id] = at, replace(row, group=line.name)
                    used.add(line.received.sha256 if line.received else "")
    last = len(months.lines) - 1
    rows = tuple(_row(row, columns[village], at == last) for village, (at, row) in newest.items())
    order = {line.name: place for place, line in enumerate(months.communes)}
    rows = tuple(sorted(rows, key=lambda row: order.get(row.group, len(order))))
    parts = [SealedPart(line, ReportFacts() if line.received else None) for line in months.communes]
    known = indicators.list_indicators(session)
    facts = consolidate(area_name(place), parts, rows, len(months.living), known, None, before)
    return Sum(months.communes, facts, tuple(sorted(used)))


def _row(newest: VillageLine, rows: list[VillageLine], is_last: bool) -> VillageLine:
    """A village's months as one row; of one that ended meanwhile nobody lives there on the last day."""
    codes = [column.code for column in VillageTable().columns]
    values = tuple(
        (newest.values[at] if is_last else None)
        if code in PEOPLE_COLUMNS
        else add_values(row.values[at] for row in rows)
        for at, code in enumerate(codes)
    )
    return replace(newest, values=values, declared=any(row.declared for row in rows))
