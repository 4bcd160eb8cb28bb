"""What a plain count over raw rows and edges says of every place and period, for the boards of random worlds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import select

from tdteam.domain.indicators import Indicator, Row, evaluate, evaluate_over
from tdteam.domain.periods import Period, period_of
from tdteam.domain.places import Level
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.tallies import DISTINCT, FLOWS, REACHED, REACHED_FIRST
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.recount import recount
from tdteam.store.tables import Confirmation, Household, Place, PlaceParent, Resident, TeamVillage


@dataclass
class Registry:
    """What each village's registry said at the end of each day anything was written, kept apart from the tool's own."""

    told: dict[int, list[tuple[date, list[tuple[bool, int | None, int | None, list[int]]]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Village -> (day, its households as (is household, adults, level 2, birth years of those listed))."""

    def note(self, session: GatedSession, village: int, day: date) -> None:
        homes = []
        for home in session.exec(
            select(Household).where(Household.village_id == village, Household.ended_on.is_(None))  # type: ignore[union-attr]
        ):
            listed = session.exec(
                select(Resident.birth_year).where(
                    Resident.household_id == home.id,
                    Resident.ended_on.is_(None),  # type: ignore[union-attr]
                )
            )
            homes.append((home.kind == "household", home.adults, home.eid2, [b for b in listed if b]))
        self.told[village].append((day, homes))

    def rows(self, village: int, period: Period) -> list[Row] | None:
        """The registry as of a period's end. Before it began nothing is known, but the one period right before may use
        the first registry there is, until the next period has ended too."""
        if not self.told[village]:
            return None
        began = period_of(self.told[village][0][0])
        if period < began.plus(-1):
            return None
        until = max(period, began).until
        stood = [homes for day, homes in self.told[village] if day < until][-1]
        if not stood:
            return None
        adults = eid2 = of = 0
        for _, grown, level2, born in stood:
            if born:
                own = sum(year <= period.last_day.year - 14 for year in born)
                adults, of = adults + own, of + own
            elif grown is not None:
                adults += grown
                if level2 is not None:
                    of, eid2 = of + grown, eid2 + level2
        homes = sum(is_home for is_home, *_ in stood)
        rows = [Row("households", "household", "", homes)] if homes else []
        rows += [Row("adults", "", "", adults)]
        return [*rows, Row("eid2", "", "", eid2), Row("eid2_of", "", "", of)] if of else rows


class Oracle:
    """Every figure by a plain count over raw rows and edges, place by place and period by period."""

    def __init__(self, session: GatedSession, registry: Registry) -> None:
        self.registry = registry
        self.indicators = [one for one in list_indicators(session) if one.source is Source.COUNTED]
        self.sent: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for (span, village, key), value in recount(session).items():
            if value and key.measure in (*FLOWS, *DISTINCT):
                self.sent[village, span].append(Row(*key, value))
        self.places = {row.id: row for row in session.exec(select(Place))}
        self.edges = session.exec(select(PlaceParent)).all()
        teams = session.exec(select(TeamVillage)).all()
        said = session.exec(select(Confirmation)).all()
        self.zero = {
            (serves.village_id, word.period)
            for serves in teams
            for word in said
            if word.team_id == serves.team_id
        }

    def lies_in(self, village: int, place: int, on: date) -> bool:
        """Climbing edge by edge, from an ended place to the one that took it over."""
        if village == place:
            return True
        above = [
            edge.parent_id
            for edge in self.edges
            if edge.place_id == village and edge.since <= on and (edge.until is None or edge.until > on)
        ]
        row = self.places[village]
        if row.until is not None and row.until <= on and row.successor_id:
            above.append(row.successor_id)
        return any(self.lies_in(one, place, on) for one in above)

    def inside(self, place: int, on: date, among: int | None = None) -> list[int]:
        return [
            one
            for one, row in self.places.items()
            if one is not None
            and row.level == Level.VILLAGE
            and self.lies_in(one, place, on)
            and (among is None or self.lies_in(one, among, on))
        ]

    def value(self, villages: list[int], one: Indicator, period: Period, *, year: bool) -> Value:
        months = period.of_year_so_far() if year else [period]
        spans = [(village, month.code) for village in villages for month in months]
        known = any(self.sent.get(span) or span in self.zero for span in spans)
        sent = [row for span in spans for row in self.sent.get(span, ())] if known else None
        stocks_of = [rows for village in villages if (rows := self.registry.rows(village, period))]
        registry = [row for rows in stocks_of for row in rows] if stocks_of else None
        if one.nature is Nature.STOCK:
            return plain(evaluate(one, registry))
        if one.nature is Nature.FLOW:
            return plain(evaluate(one, sent))
        if year and sent is not None:
            sent = [Row(REACHED, "", "", row.value) for row in sent if row.measure == REACHED_FIRST]
        whole = evaluate_over(one, sent if sent is not None else [], registry)
        if sent is None and isinstance(whole, Share):
            whole = Share(None, whole.whole)
        return plain(whole)


def plain(value: Value) -> Value:
    """A ratio of which neither number is known is not known."""
    if isinstance(value, Share) and value.part is None and value.whole is None:
        return None
    if isinstance(value, Average) and value.total is None and value.count is None:
        return None
    return value
