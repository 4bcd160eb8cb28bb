"""What a plain count over raw rows and edges says of every place and period, for the boards of random worlds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

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
from tdteam.store.tables import Attainment, Confirmation, Household, Place, PlaceParent, Resident, TeamVillage


class Person(NamedTuple):
    """Somebody listed by name: year of birth, codes of what was attained."""

    born: int | None
    attained: frozenset[str]


class Home(NamedTuple):
    """A household, shop or cooperative as its village had it written down."""

    row: Household
    people: list[Person]


@dataclass
class Registry:
    """What each village's registry said at the end of each day anything was written, kept apart from the tool's own."""

    told: dict[int, list[tuple[date, list[Home]]]] = field(default_factory=lambda: defaultdict(list))
    """Village -> (day, its households in force, with those listed in them)."""

    def note(self, session: GatedSession, village: int, day: date) -> None:
        homes = []
        for home in session.exec(
            select(Household).where(Household.village_id == village, Household.ended_on.is_(None))  # type: ignore[union-attr]
        ):
            listed = session.exec(
                select(Resident).where(
                    Resident.household_id == home.id,
                    Resident.ended_on.is_(None),  # type: ignore[union-attr]
                )
            )
            people = [Person(one.birth_year, self._attained(session, one.id)) for one in listed]
            homes.append(Home(Household(**home.model_dump()), people))
        self.told[village].append((day, homes))

    @staticmethod
    def _attained(session: GatedSession, resident: str) -> frozenset[str]:
        return frozenset(session.exec(select(Attainment.indicator).where(Attainment.resident_id == resident)))

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
        return [*_kinds(stood), *_level_two(stood, period.last_day.year), *_shares(stood)]


def _kinds(homes: list[Home]) -> Iterator[Row]:
    """Households by kind, by poverty and by what they said about keeping their data: only what there is."""
    for measure, name in (("households", "kind"), ("poverty", "poverty")):
        for kind, count in Counter(getattr(home.row, name) for home in homes).items():
            if kind:
                yield Row(measure, str(kind), "", count)
    for word, kind in ((True, "yes"), (False, "no")):
        if count := sum(home.row.consent is word for home in homes):
            yield Row("consent", kind, "", count)


def _level_two(homes: list[Home], year: int) -> Iterator[Row]:
    """People of 14 and over, and of those whom one knows more of, who has level 2: by the list where years stand in it."""
    adults = eid2 = of = 0
    for home in homes:
        grown, level2 = home.row.adults, home.row.eid2
        if any(person.born for person in home.people):
            own = [person for person in home.people if person.born and person.born <= year - 14]
            grown, level2 = len(own), sum("EID2" in person.attained for person in own)
        adults += grown or 0
        if grown is not None and level2 is not None:
            of, eid2 = of + grown, eid2 + level2
    yield Row("adults", "", "", adults)
    if of:
        yield Row("eid2", "", "", eid2)
        yield Row("eid2_of", "", "", of)


def _shares(homes: list[Home]) -> Iterator[Row]:
    """Smartphones among those who said, and what people on lists attained."""
    said = [home.row.smartphone for home in homes if home.row.smartphone is not None]
    if said:
        yield Row("smartphone", "", "", sum(said))
        yield Row("smartphone_of", "", "", len(said))
    listed = [person for home in homes for person in home.people]
    if listed:
        yield Row("listed", "", "", len(listed))
        yield Row("attained", "", "", 0)
        for code, count in Counter(code for person in listed for code in person.attained).items():
            yield Row("attained", code, "", count)


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
