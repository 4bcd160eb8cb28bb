"""Stocks: the registry's figures, kept as tally rows of the span "now" and frozen at the end of each period.

`touch` follows every write to households, residents or attainments. It first copies the rows as they stood to the
periods that ended since the last write (exact: nothing changed in between), then counts the touched villages anew. A
period that ended before the registry began has no figures, but the one right before it: its report may use the first
registry there is.

Level 2 is counted from 14 years on (Decree 69/2024). Where a household has a list of residents with birth years, the
list counts, else the household's own numbers; who has neither adds nothing to either side of a share. The rows of "now"
reckon ages by the year of the first period they stand for; who comes of age after it is kept beside them, and whoever
reads a later period adds those.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from tdteam.domain.periods import Period, parse_period, today
from tdteam.domain.tallies import ADULTS, COMING_OF_AGE, EID2, EID2_CODE, EID2_OF, NOW, STOCKS, TallyKey
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.recount import permit
from tdteam.store.settings import period_on
from tdteam.store.sheet_marks import mark
from tdteam.store.stock_count import count_stocks
from tdteam.store.tables import StockState, Tally

_tally: Any = Tally.__table__  # type: ignore[attr-defined]
_state: Any = StockState.__table__  # type: ignore[attr-defined]
Figures = Mapping[TallyKey, int]


@dataclass(frozen=True)
class _State:
    since: str
    frozen_to: str
    age_year: int


def touch(session: GatedSession, village_ids: Iterable[int], *, on: date | None = None) -> None:
    """Freeze what ended and count these villages' registries anew, after a write to them. `on`: today."""
    villages = sorted(set(village_ids))
    if not villages:
        return
    session.flush()
    current = period_on(session, on or today())
    held = _hold(session, villages, current)
    _freeze(session, held, current)
    mark(session, villages, after=min(state.frozen_to for state in held.values()))
    by_year: dict[int, list[int]] = defaultdict(list)
    for village in villages:
        frozen_to = _frozen_to(held[village], current)
        year = parse_period(frozen_to).plus(1).last_day.year
        by_year[year].append(village)
        change = _state.update().where(_state.c.village_id == village)
        bulk.run(session, change.values(frozen_to=frozen_to, age_year=year), places=(village,))
    counted: dict[int, Figures] = {}
    for year, born in by_year.items():  # two only where a first registry is borrowed by last December
        counted |= count_stocks(session, born, year)
    _write_now(session, villages, counted)


def backfill(
    session: GatedSession, village_ids: Iterable[int], since: Period, *, on: date | None = None
) -> None:
    """Say that the registry stood as it does now since a period (demonstration, or a registry brought along)."""
    villages = sorted(set(village_ids))
    current = period_on(session, on or today())
    mark(session, villages, after="")
    before = since.plus(-1).code
    for village in villages:
        change = _state.update().where(_state.c.village_id == village)
        bulk.run(session, change.values(since=since.code, frozen_to=before), places=(village,))
    held = _hold(session, villages, current)
    _freeze(session, held, current)
    for village in villages:
        change = _state.update().where(_state.c.village_id == village)
        bulk.run(session, change.values(frozen_to=current.plus(-1).code), places=(village,))


def _hold(session: GatedSession, villages: list[int], current: Period) -> dict[int, _State]:
    """The state of each village, its row locked (made where the registry begins)."""
    fresh = {"since": current.plus(-1).code, "frozen_to": current.plus(-2).code}
    rows = [{"village_id": village, "age_year": current.last_day.year, **fresh} for village in villages]
    statement = bulk.insert(session, _state)
    statement = statement.on_conflict_do_update(
        index_elements=["village_id"], set_={"age_year": _state.c.age_year}
    ).returning(_state.c.village_id, _state.c.since, _state.c.frozen_to, _state.c.age_year)
    found = bulk.run(session, statement, rows, places=villages)
    return {village: _State(*said) for village, *said in found}


def _frozen_to(state: _State, current: Period) -> str:
    """The last period frozen once `_freeze` has run: what ended, unless only the borrowed first period did."""
    ended = current.plus(-1).code
    return ended if ended > state.since else state.frozen_to


def _freeze(session: GatedSession, held: Mapping[int, _State], current: Period) -> None:
    """Copy the rows as they stand to the periods that ended since they were last frozen."""
    due = {village: codes for village, state in held.items() if (codes := _due(state, current))}
    if not due:
        return
    now = _read_now(session, due)
    rows = []
    for village, codes in due.items():
        for period in codes:
            aged = grown(now.get(village, {}), period.last_day.year)
            rows += _rows(period.code, village, aged)
    statement = bulk.insert(session, _tally).on_conflict_do_nothing()
    for start in range(0, len(rows), 5_000):
        bulk.run(session, statement, rows[start : start + 5_000], places=due)


def _due(state: _State, current: Period) -> list[Period]:
    out = []
    ended = current.plus(-1)
    if ended.code <= state.since:
        return []
    while ended.code > state.frozen_to and ended.code >= state.since:
        out.append(ended)
        ended = ended.plus(-1)
    return out


def grown(figures: Figures, year: int) -> dict[TallyKey, int]:
    """The figures with those who turned 14 by that year among the adults, and nobody left who is to come of age."""
    out: Counter[TallyKey] = Counter()
    for key, value in figures.items():
        if key.measure != COMING_OF_AGE:
            out[key] += value
        elif int(key.kind) <= year:
            for measure in (EID2,) if key.outcome == EID2_CODE else (ADULTS, EID2_OF):
                out[TallyKey(measure)] += value
            out[TallyKey(EID2)] += 0  # of a known list the part is known, too
    return dict(out)


def _read_now(session: GatedSession, villages: Collection[int]) -> dict[int, dict[TallyKey, int]]:
    query = select(_tally).where(
        _tally.c.span == NOW, _tally.c.village_id.in_(sorted(villages)), _tally.c.measure.in_(STOCKS)
    )
    out: dict[int, dict[TallyKey, int]] = defaultdict(dict)
    for row in bulk.run(session, query, places=villages):
        out[row.village_id][TallyKey(row.measure, row.kind, row.outcome)] = row.value
    return out


def _rows(span: str, village: int, figures: Figures) -> list[dict[str, Any]]:
    return [
        {"span": span, "village_id": village, "value": value, **key._asdict()}
        for key, value in sorted(figures.items())
    ]


def _write_now(session: GatedSession, villages: list[int], counted: Mapping[int, Figures]) -> None:
    gone = delete(_tally).where(_tally.c.span == NOW, _tally.c.village_id.in_(villages))
    bulk.run(session, gone, places=villages)
    rows = [row for village, figures in sorted(counted.items()) for row in _rows(NOW, village, figures)]
    bulk.insert_rows(session, _tally, rows, places=villages)


def compare_stocks(
    session: GatedSession, village_ids: Collection[int] | None = None
) -> list[tuple[int, TallyKey, int, int]]:
    """Where "now" is not what the registry says: village, key, kept, counted. Empty when all is well."""
    session.flush()
    query = select(_state.c.village_id, _state.c.age_year)
    if village_ids is not None:
        query = query.where(_state.c.village_id.in_(sorted(set(village_ids))))
    by_year: dict[int, list[int]] = defaultdict(list)
    for village, year in bulk.run(session, query, places=permit(session, village_ids)):
        by_year[year].append(village)
    out = []
    for year, villages in by_year.items():
        kept, counted = _read_now(session, villages), count_stocks(session, villages, year)
        for village in villages:
            have, should = kept.get(village, {}), counted.get(village, {})
            for key in sorted({*have, *should}):
                if have.get(key, 0) != should.get(key, 0):
                    out.append((village, key, have.get(key, 0), should.get(key, 0)))
    return out
