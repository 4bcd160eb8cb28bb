"""What every part of a span's report stands on: its villages, the seals of its periods, its flows from any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tdteam.actions.seal_report import villages_of
from tdteam.domain.indicators import Indicator, Row, evaluate, measures_of
from tdteam.domain.periods import Period, period_of, today
from tdteam.domain.places import Level
from tdteam.domain.report_facts import ReportFacts
from tdteam.domain.report_spans import ReportSpan, Stretch, span_before, span_so_far, stretch_of
from tdteam.domain.shares import Value
from tdteam.domain.snapshots import snapshot_from
from tdteam.domain.span_sum import add_values
from tdteam.domain.tallies import ACTIVITY, CAUSES, REACHED, STOCKS
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import indicators, places, settings, span_sums, sums
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Sealing


@dataclass(frozen=True)
class Ground:
    """What every part of a span's report is read with: the commune, its villages on the span's last day, the seals of
    the periods around, by code."""

    session: GatedSession
    commune_id: int
    span: ReportSpan
    start_day: int
    on: date
    villages: tuple[int, ...]
    known: tuple[Indicator, ...]
    seals: Mapping[str, Sealing]
    sealed: Mapping[str, ReportFacts]
    moved: frozenset[str] = frozenset()  # sealed periods whose seal speaks of other villages
    read_days: dict[span_sums.Days, span_sums.DayRows] = field(default_factory=dict)

    def days(self, days: span_sums.Days) -> span_sums.DayRows:
        """The flows of some days, each set of them read once."""
        if days not in self.read_days:
            self.read_days[days] = span_sums.sum_days(self.session, self.villages, days)
        return self.read_days[days]

    @cached_property
    def now(self) -> Stretch:
        return stretch_of(self.span, self.start_day)

    @cached_property
    def before(self) -> Stretch:
        return stretch_of(span_before(self.span, self.start_day), self.start_day)

    @cached_property
    def so_far(self) -> Stretch:
        return stretch_of(span_so_far(self.span, self.start_day), self.start_day)

    @cached_property
    def last(self) -> Period:
        """The period the span's last day falls in."""
        return period_of(self.span.last_day, self.start_day)

    @cached_property
    def sealed_last(self) -> ReportFacts | None:
        """The sealed facts of that period, where the span ends with it: its registry figures are the span's."""
        return self.sealed.get(self.last.code) if self.last.last_day == self.span.last_day else None


def ground_of(session: GatedSession, commune_id: int, span: ReportSpan) -> Ground:
    """The ground of a span's report, its seals read."""
    start_day = settings.period_start_day(session)
    on = min(span.last_day, today())
    villages = tuple(
        place.id or 0 for place in places.list_inside(session, commune_id, Level.VILLAGE, on, ended=True)
    )
    stretches = [
        stretch_of(one, start_day)
        for one in (span, span_before(span, start_day), span_so_far(span, start_day))
    ]
    periods = {period.code: period for stretch in stretches for period in stretch.periods}
    standing = span_sums.standing_seals(session, commune_id, periods)
    seals = {
        code: row
        for code, row in standing.items()
        if _same_ground(session, commune_id, periods[code], villages)
    }
    return Ground(
        session=session,
        commune_id=commune_id,
        span=span,
        start_day=start_day,
        on=on,
        villages=villages,
        known=tuple(indicators.list_indicators(session)),
        seals=seals,
        sealed={code: snapshot_from(row.snapshot).facts for code, row in seals.items()},
        moved=frozenset(standing) - frozenset(seals),
    )


def _same_ground(session: GatedSession, commune_id: int, period: Period, villages: Sequence[int]) -> bool:
    """Whether a seal speaks of the villages the span speaks of. Where villages moved since, the tallies stand in for it:
    those of a sealed period never move, and can be summed under any tree."""
    then, now = set(villages_of(session, commune_id, period)), set(villages)
    if then - now:
        return False
    return not (now - then and span_sums.has_flows(session, now - then, period.code))


class Flows:
    """The flows of any stretch of the ground, each period read once."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.flows = [
            one for one in ground.known if one.source is Source.COUNTED and one.nature is not Nature.STOCK
        ]
        asked = measures_of(self.flows) - set(STOCKS) | {*ACTIVITY, CAUSES}
        inside = places.ids_inside(ground.commune_id, ground.on)
        codes = sorted({*ground.now.codes, *ground.before.codes, *ground.so_far.codes})
        self.rows = {
            code: groups.get(None, [])
            for code, groups in sums.sum_spans(ground.session, inside, codes, asked).items()
        }
        for code in sums.confirmed_spans(ground.session, inside, codes):
            self.rows.setdefault(code, [])
        self._days: dict[tuple[tuple[date, date], ...], list[Row] | None] = {}

    def of_days(self, stretch: Stretch) -> list[Row] | None:
        """The rows of the days a stretch has beside its periods; None where nothing was done on them."""
        if stretch.days not in self._days:
            rows = self.ground.days(stretch.days).whole
            worked = any(row.measure in ACTIVITY for row in rows)
            self._days[stretch.days] = rows if worked else None
        return self._days[stretch.days]

    def of(self, one: Indicator, stretch: Stretch) -> Value:
        """A flow in a stretch."""
        values = [self._of_period(one, code) for code in stretch.codes]
        return add_values([*values, evaluate(one, self.of_days(stretch))])

    def _of_period(self, one: Indicator, code: str) -> Value:
        if code in self.ground.sealed:
            for line in self.ground.sealed[code].figures:
                if line.code == one.code and line.source is Source.COUNTED:
                    return line.now
        return evaluate(one, self.rows.get(code))

    def is_known(self, stretch: Stretch) -> bool:
        """Whether anybody sent anything in a stretch."""
        return any(code in self.rows for code in stretch.codes) or self.of_days(stretch) is not None

    def reached(self, stretch: Stretch) -> list[Row] | None:
        """Households reached in a stretch, counted anew: each once."""
        if not self.is_known(stretch):
            return None
        count = span_sums.count_reached(self.ground.session, self.ground.villages, stretch)
        return [Row(REACHED, "", "", count)]

    def causes(self, stretch: Stretch) -> dict[str, int] | None:
        """Cause -> people not helped for it; None where nobody sent anything."""
        if not self.is_known(stretch):
            return None
        out: dict[str, int] = {}
        for code in stretch.codes:
            for cause, count in self._causes_of(code):
                out[cause] = out.get(cause, 0) + count
        for row in self.of_days(stretch) or ():
            if row.measure == CAUSES:
                out[row.outcome] = out.get(row.outcome, 0) + row.value
        return out

    def _causes_of(self, code: str) -> Iterable[tuple[str, int]]:
        if code in self.ground.sealed:
            return [(line.code, line.now or 0) for line in self.ground.sealed[code].difficulties.causes]
        return [(row.outcome, row.value) for row in self.rows.get(code, []) if row.measure == CAUSES]
