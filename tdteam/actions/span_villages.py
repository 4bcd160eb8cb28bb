"""Annex I of a report over a span: each village's flows added, its households and team members of the last day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tdteam.actions.draft_report import on_paper_of
from tdteam.actions.span_ground import Ground
from tdteam.domain.indicators import Indicator, evaluate
from tdteam.domain.month import TeamMonth
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_facts import STANDARD_VILLAGE_COLUMNS, VillageLine, VillageTable, foot
from tdteam.domain.shares import Value
from tdteam.domain.span_sum import add_values
from tdteam.domain.tallies import ACTIVITY
from tdteam.domain.vocabulary import Nature
from tdteam.store import declared, indicators, organisation, places

Cells = dict[tuple[int, str], list[Value]]
"""(village, column) -> what each part of the span has there."""


def read_villages(ground: Ground, months: Mapping[str, Sequence[TeamMonth]]) -> VillageTable:
    """The table of a span: the cells of sealed periods as they were sealed, those of open ones and of single days
    counted. A cell that a team's paper filled in one of its periods marks the row."""
    columns = {one.annex: one for one in ground.known if one.annex}
    flows = {code: one for code, one in columns.items() if one.nature is Nature.FLOW}
    cells: Cells = defaultdict(list)
    marked: set[int] = set()
    _add_sealed(ground, flows, cells, marked)
    _add_open(ground, flows, months, cells, marked)
    _add_days(ground, flows, cells)
    held = _of_last_day(ground, [one for one in columns.values() if one.nature is not Nature.FLOW])
    rows = []
    for place in places.list_inside(ground.session, ground.commune_id, Level.VILLAGE, ground.on, ended=True):
        village = place.id or 0
        values: tuple[Value, ...] = tuple(
            add_values(cells.get((village, column.code), ()))
            if column.code in flows
            else held.get((village, column.code))
            for column in STANDARD_VILLAGE_COLUMNS
        )
        if place.until and place.until <= ground.on and not any(values):
            continue  # ended before, and nothing counts there any more
        rows.append(VillageLine(place.label, values, declared=village in marked, village_id=village))
    return VillageTable(rows=tuple(rows), total=foot(rows))


def _add_sealed(ground: Ground, flows: Mapping[str, Indicator], cells: Cells, marked: set[int]) -> None:
    for code in ground.now.codes:
        table = ground.sealed[code].villages if code in ground.sealed else VillageTable()
        for row in table.rows:
            for column, value in zip(table.columns, row.values, strict=True):
                if column.code in flows:
                    cells[row.village_id, column.code].append(value)
            if row.declared:
                marked.add(row.village_id)


def _add_open(
    ground: Ground,
    flows: Mapping[str, Indicator],
    months: Mapping[str, Sequence[TeamMonth]],
    cells: Cells,
    marked: set[int],
) -> None:
    still: list[Period] = [period for period in ground.now.periods if period.code not in ground.sealed]
    if not still:
        return
    found = indicators.read_groups(
        ground.session, ground.commune_id, still, ground.on, list(flows.values()), indicators.by_village()
    )
    for period in still:
        sent = declared.list_of_teams(ground.session, ground.commune_id, period.code, ground.on)
        on_paper = on_paper_of(months.get(period.code, ()), sent)
        for village in ground.villages:
            for code, one in flows.items():
                value = found[period.code].get(village, {}).get(one.code)
                told = on_paper.get((village, one.code))
                if told is not None and not value:
                    value = told
                    marked.add(village)
                cells[village, code].append(value)


def _add_days(ground: Ground, flows: Mapping[str, Indicator], cells: Cells) -> None:
    found = ground.days(ground.now.days).rows
    for village, rows in found.items():
        if any(row.measure in ACTIVITY for row in rows):
            for code, one in flows.items():
                cells[village, code].append(evaluate(one, rows))


def _of_last_day(ground: Ground, stocks: Sequence[Indicator]) -> dict[tuple[int, str], Value]:
    """Households and members of each village on the span's last day; as sealed where the span ends with a seal."""
    out: dict[tuple[int, str], Value] = {}
    if ground.sealed_last:
        table = ground.sealed_last.villages
        for row in table.rows:
            for column, value in zip(table.columns, row.values, strict=True):
                out[row.village_id, column.code] = value
        return out
    people = organisation.count_by_village(ground.session, ground.commune_id, ground.on)
    for village, told in people.items():
        out.update({(village, code): count for code, count in told.items()})
    found = indicators.read_by(
        ground.session, ground.commune_id, ground.last, ground.on, stocks, indicators.by_village()
    )
    for village, values in found.items():
        out.update({(village, one.annex): values.get(one.code) for one in stocks})
    return out
