"""What a report over other days than a month reads beside the tallies: the seals that stand, flows by their rows' own days,
households counted once for the whole span."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from tdteam.domain.indicators import Row
from tdteam.domain.report_spans import Stretch
from tdteam.domain.snapshots import Counted, canonical, sha256_of
from tdteam.domain.tallies import FLOWS
from tdteam.domain.vocabulary import Contact, PeriodStatus, RecordState
from tdteam.store.gate import GatedSession
from tdteam.store.recount import recount_days
from tdteam.store.sums import Rows
from tdteam.store.tables import Filing, Gathering, PeriodState, Report, Sealing, Tally, Visit

Days = tuple[tuple[date, date], ...]


def standing_seals(session: GatedSession, commune_id: int, periods: Iterable[str]) -> dict[str, Sealing]:
    """The newest seal in force of each of a commune's sealed periods."""
    query = (
        select(Sealing)
        .join(
            PeriodState,
            (col(PeriodState.commune_id) == Sealing.commune_id) & (col(PeriodState.period) == Sealing.period),
        )
        .where(
            Sealing.commune_id == commune_id,
            col(Sealing.period).in_(sorted(set(periods))),
            col(Sealing.ended).is_(None),
            PeriodState.status == PeriodStatus.SEALED,
        )
        .order_by(col(Sealing.version))
    )
    return {row.period: row for row in session.exec(query)}


def has_flows(session: GatedSession, village_ids: Iterable[int], period: str) -> bool:
    """Whether anything counts in some villages in a period."""
    query = select(Tally.village_id).where(
        col(Tally.village_id).in_(sorted(village_ids)),
        Tally.span == period,
        col(Tally.measure).in_(FLOWS),
        Tally.value != 0,
    )
    return session.exec(query.limit(1)).first() is not None


@dataclass(frozen=True)
class DayRows:
    """Flows of some days, by village and all together; `None` in `rows` is the whole place, as in `sums`."""

    rows: Rows

    @property
    def whole(self) -> list[Row]:
        sums: Counter[tuple[str, str, str]] = Counter()
        for rows in self.rows.values():
            for row in rows:
                sums[row.measure, row.kind, row.outcome] += row.value
        return [Row(*key, value) for key, value in sorted(sums.items())]


def sum_days(session: GatedSession, village_ids: Sequence[int], days: Days) -> DayRows:
    """The flows of some days (both ends included) by village, from visits, gatherings and filings that stand, each on
    its own day; a filing's result on the day it came in."""
    out: Rows = defaultdict(list)
    for village, key, value in recount_days(session, village_ids, days):
        out[village].append(Row(*key, value))
    return DayRows(dict(out))


def _within(period: Any, day: Any, stretch: Stretch) -> Any:
    return or_(period.in_(stretch.codes), *(day.between(*pair) for pair in stretch.days))


def count_reached(session: GatedSession, village_ids: Sequence[int], stretch: Stretch) -> int:
    """Households met at least once in a stretch: whoever was visited in three months is one."""
    met = (
        select(Visit.household_id, Visit.village_id)
        .where(
            col(Visit.village_id).in_(village_ids),
            _within(col(Visit.period), col(Visit.visited_on), stretch),
            Visit.state == RecordState.CURRENT,
            Visit.contact == Contact.MET,
            col(Visit.household_id).is_not(None),
        )
        .distinct()
        .subquery()
    )
    return int(session.execute(select(func.count()).select_from(met)).scalar_one())


def counted_in_stretch(
    session: GatedSession, village_ids: Sequence[int], stretch: Stretch
) -> tuple[Counted, bytes]:
    """The versions of facts that count in a stretch, as `sealings.counted_in` tells those of periods."""
    listed: dict[str, list[list[Any]]] = {}
    for name, cls, ways in (
        ("visits", Visit, [(col(Visit.period), col(Visit.visited_on))]),
        ("gatherings", Gathering, [(col(Gathering.period), col(Gathering.held_on))]),
        (
            "filings",
            Filing,
            [
                (col(Filing.period), col(Filing.submitted_on)),
                (col(Filing.result_period), col(Filing.result_on)),
            ],
        ),
    ):
        stands = col(Filing.voided_at).is_(None) if cls is Filing else cls.state == RecordState.CURRENT
        query = (
            select(cls.id, cls.version)
            .where(
                col(cls.village_id).in_(village_ids),
                stands,
                or_(*(_within(period, day, stretch) for period, day in ways)),
            )
            .order_by(cls.id)
        )
        listed[name] = [list(row) for row in session.execute(query)]
    text = canonical(listed)
    told = Counted(len(listed["visits"]), len(listed["gatherings"]), len(listed["filings"]), sha256_of(text))
    return told, zlib.compress(text.encode(), 6)


def list_span_reports(session: GatedSession, commune_id: int, limit: int) -> Sequence[Report]:
    """The reports over other spans than a month that somebody began, the newest touched first."""
    is_month = (
        col(Report.period).like("____-__")
        & ~col(Report.period).like("____-Q%")
        & ~col(Report.period).like("____-H%")
    )
    query = select(Report).where(Report.commune_id == commune_id, ~is_month)
    return session.exec(query.order_by(col(Report.changed_at).desc(), col(Report.id)).limit(limit)).all()
