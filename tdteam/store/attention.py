"""Reads what the attention list judges: figures through `store/indicators`, teams' states, targets, reports, filings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import col, select

from tdteam.domain import attention as rules
from tdteam.domain import quality as quality_rules
from tdteam.domain.attention import Aim, Course, Item, Owed, Waiting
from tdteam.domain.coverage import LEAD, TeamActivity
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.rule_limits import Standing
from tdteam.domain.shares import Share
from tdteam.domain.targets import shown, targeted
from tdteam.domain.vocabulary import FilingState, Nature
from tdteam.store import activity, area_month, deadlines, indicators, quality, rule_limits, targets
from tdteam.store.attention_asides import list_asides
from tdteam.store.coverage_ground import Asked, Ground, read_ground
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.sums import By
from tdteam.store.tables import Filing, Place

HOUSEHOLDS = "HOUSEHOLDS"
FLAGGED_MOST = 400
"""Villages of a place up to which its data are looked at here; a province's stand behind its communes."""
OPEN_STATES = (FilingState.SUBMITTED, FilingState.SUPPLEMENT)


@dataclass(frozen=True)
class Found:
    """What the rules found in a place and period. `is_whole`: the data were looked at too."""

    items: tuple[Item, ...]
    communes: Mapping[int, str]
    standing: Mapping[str, Standing]
    is_whole: bool


def read_items(session: GatedSession, place: Place, period: Period, today: date) -> Found:
    """Every line of a place and period, unranked."""
    standing = rule_limits.read_rules(session, rules.RULES)
    reader = _Reader(session, place, period, today)
    asked = {code: one for code, one in standing.items() if one.is_active}
    is_whole = len(reader.ground.villages) <= FLAGGED_MOST
    if not is_whole:
        asked.pop(rules.FLAGS.code, None)
    names = {key: commune.name for key, commune in reader.ground.communes.items()}
    return Found(tuple(reader.items(asked)), names, standing, is_whole)


class _Reader:
    """Everything one list needs, read once."""

    def __init__(self, session: GatedSession, place: Place, period: Period, today: date) -> None:
        self.session, self.place, self.period, self.today = session, place, period, today
        self.on = min(today, period.last_day)
        self.ground: Ground = read_ground(session, Asked(place, period, self.on))
        self.by = By(
            {v: [g for g in groups if g in self.ground.villages] for v, groups in _groups(self.ground.by)}
        )
        known = {one.code: one for one in indicators.list_indicators(session)}
        self.aimed = targeted(known.values())
        self.read = [known[code] for code in (LEAD, HOUSEHOLDS) if code in known]
        self.read += [one for one in self.aimed if one.code != LEAD]
        self.teams: list[TeamActivity] = activity.list_activity(
            session, place.id or 0, period, self.on, self.ground.commune_of
        )
        self.now = self._figures([period])[period.code]
        self.villages = {key: self._village(key, one) for key, one in self.ground.villages.items()}

    def _figures(self, periods: list[Period], one: Indicator | None = None) -> dict[str, indicators.Groups]:
        read = [one] if one else self.read
        return indicators.read_groups(self.session, self.place.id or 0, periods, self.on, read, self.by)

    def _village(self, place_id: int, place: Place) -> rules.Ground:
        households = self.now.get(place_id, {}).get(HOUSEHOLDS)
        commune = self.ground.commune_of.get(place_id, 0)
        return rules.Ground(
            place_id, place.label, commune, households if isinstance(households, int) else None
        )

    def items(self, asked: Mapping[str, Standing]) -> Iterator[Item]:
        period, on = self.period, self.on
        if rule := asked.get(rules.SILENT.code):
            yield from rules.find_silent(self.teams, self.villages, period, on, rule)
        if rules.NO_TEAM.code in asked:
            served = {village for team in self.teams for village, _ in team.villages}
            yield from rules.find_teamless(self.villages.values(), served, period)
        if rule := asked.get(rules.BEHIND.code):
            yield from rules.find_behind(self._aims(), period, rule)
        if rule := asked.get(rules.REPORT.code):
            yield from rules.find_unreported(self._owed(), self.today, rule)
        if rule := asked.get(rules.FILING.code):
            yield from rules.find_waiting(self._waiting(rule["days"]), period, self.today, rule)
        if rule := asked.get(rules.DROP.code):
            yield from rules.find_drops(self._courses(rule["periods"]), period, on, rule)
        if rule := asked.get(rules.FLAGS.code):
            yield from rules.find_flagged(self._flags(), self.villages, period, rule)

    def _aims(self) -> Iterator[Aim]:
        """Each village's shares beside the target that holds for them: of the period, else of the year."""
        chains, _ = targets.read_above(self.session, [*self.villages], self.on)
        of_year = indicators.read_year(
            self.session, self.place.id or 0, self.period, self.on, self.aimed, self.by
        )
        asked = sorted({*self.villages, *(one for line in chains.values() for one in line)})
        spans = {
            code: targets.read_targets(self.session, asked, code)
            for code in (self.period.code, self.period.year_code)
        }
        gone = {
            self.period.code: rules.gone_of(self.period.since, self.period.until, self.on),
            self.period.year_code: rules.year_gone(self.period, self.on),
        }
        for village in self.villages.values():
            chain = [village.place_id, *chains.get(village.place_id, ())]
            for one in self.aimed:
                for span, known in spans.items():
                    target = next((known[key, one.code] for key in chain if (key, one.code) in known), None)
                    if target is None:
                        continue
                    found = self.now if span == self.period.code else of_year
                    value = found.get(village.place_id, {}).get(one.code)
                    if isinstance(value, Share):
                        paced = one.nature is Nature.DISTINCT
                        name = one.name or one.short_name
                        yield Aim(
                            village, one.code, name, value, Decimal(shown(target)), span, gone[span], paced
                        )
                    break

    def _owed(self) -> Iterator[Owed]:
        """Reports of this period, or while it is not due of the one before, that no commune at work has issued."""
        calendar = deadlines.read_calendar(self.session)
        period = self.period if calendar.due_day(self.period) < self.today else self.period.plus(-1)
        due = calendar.due_day(period)
        if due >= self.today or self.place.level == Level.VILLAGE:
            return
        at_work = {team.commune_id for team in self.teams}
        communes = [key for key in self.ground.communes if key in at_work]
        issued = area_month.list_issued(self.session, communes, [period.code])
        for key in communes:
            if (key, period.code) not in issued:
                known = [one.households for one in self.villages.values() if one.commune_id == key]
                told = [count for count in known if count is not None]
                home = key if self.session.permits(key) else self.place.id or 0
                yield Owed(
                    key, self.ground.communes[key].name, home, period, due, sum(told) if told else None
                )

    def _waiting(self, days: int) -> Iterator[Waiting]:
        query = (
            select(Filing.village_id, func.count(), func.min(Filing.submitted_on))
            .where(
                col(Filing.village_id).in_(ids_inside(self.place.id, self.on)),
                col(Filing.state).in_(OPEN_STATES),
                col(Filing.voided_at).is_(None),
                col(Filing.submitted_on) < self.today - timedelta(days=days),
            )
            .group_by(col(Filing.village_id))
        )
        found: dict[int, tuple[int, date]] = {}
        for village, count, oldest in self.session.exec(query):
            for group in self.by.of(village):
                before = found.get(group, (0, oldest))
                found[group] = (before[0] + int(count), min(before[1], oldest))
        for key, (count, oldest) in found.items():
            yield Waiting(self.villages[key], count, oldest)

    def _courses(self, periods: int) -> Iterator[Course]:
        lead = next((one for one in self.read if one.code == LEAD), None)
        if lead is None:
            return
        before = self.period.plus(-1).back(periods)
        past = self._figures(before, lead)
        for key, village in self.villages.items():
            past_values = [_part(past[one.code].get(key, {}).get(LEAD)) for one in before]
            yield Course(village, _part(self.now.get(key, {}).get(LEAD)), past_values)

    def _flags(self) -> Mapping[int, int]:
        """Findings about each village's data that nobody dismissed."""
        standing = rule_limits.read_rules(self.session, quality_rules.RULES)
        found = quality.find_all(self.session, self.place.id or 0, self.period, standing)
        gone = list_asides(self.session, quality_rules.BOARD, self.place.id or 0, [""])
        count: Counter[int] = Counter()
        for one in found:
            if (one.rule, one.target, "") not in gone:
                count.update(self.by.of(one.village_id))
        return count


def _groups(by: By) -> Iterator[tuple[int, list[int]]]:
    for village, groups in (by.groups or {}).items():
        yield village, list(groups)


def _part(value: object) -> int | None:
    return value.part if isinstance(value, Share) else None
