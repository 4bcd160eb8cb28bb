"""The attention list: what a reviewer should ask about first, each line with its reason in numbers.

A line's severity comes from its rule; lines stand by severity, then by how many households are concerned, then by
name. Rules are data with thresholds an administrator may set (`domain/rule_limits.py`). Unknown figures raise nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

from tdteam.domain.coverage import TeamActivity
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.rule_limits import Limit, Rule, Standing
from tdteam.domain.shares import Share

BOARD = "attention"

SILENT = Rule("silent_team", BOARD, (Limit("days", 14, 3, 90),))
NO_TEAM = Rule("no_team", BOARD)
BEHIND = Rule(
    "behind_target", BOARD, (Limit("part", 50, 10, 100), Limit("gone", 25, 0, 95), Limit("whole", 20, 1, 500))
)
REPORT = Rule("report_missing", BOARD, (Limit("days", 0, 0, 60),))
FILING = Rule("filing_waiting", BOARD, (Limit("days", 20, 1, 180),))
DROP = Rule(
    "sudden_drop",
    BOARD,
    (Limit("percent", 50, 10, 95), Limit("periods", 3, 2, 12), Limit("least", 8, 1, 500)),
)
FLAGS = Rule("quality_flags", BOARD, (Limit("least", 3, 1, 100),))
RULES = (SILENT, NO_TEAM, BEHIND, REPORT, FILING, DROP, FLAGS)
_HALF = 50
_WHOLE = Decimal(100)


class Severity(IntEnum):
    """How soon somebody should act."""

    URGENT = 1
    SERIOUS = 2
    NOTE = 3


@dataclass(frozen=True)
class Item:
    """A line of the list: what it is about (`target`: "team:12"), where, how grave, how many households are concerned
    (None: unknown), and the figures of its sentence. `span`: the period it is about."""

    rule: str
    target: str
    span: str
    place_id: int
    commune_id: int
    name: str
    severity: Severity
    households: int | None = None
    numbers: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.rule, self.target, self.span


@dataclass(frozen=True)
class Ground:
    """A village as the rules see it."""

    place_id: int
    name: str
    commune_id: int
    households: int | None


def gone_of(since: date, until: date, on: date) -> int:
    """How much of [since, until) is over at the end of a day, in percent, 0 to 100."""
    whole, over = (until - since).days, (on - since).days + 1
    return max(0, min(100, round(100 * over / whole))) if whole > 0 else 100


def year_gone(period: Period, on: date) -> int:
    """How much of a period's statutory year is over on a day."""
    first = Period(period.year, 1, period.start_day)
    return gone_of(first.since, Period(period.year, 12, period.start_day).until, on)


def _level(value: Decimal | int, serious: Decimal | int, urgent: Decimal | int) -> Severity:
    """The severity of a figure that is worse the higher it is."""
    return Severity.URGENT if value >= urgent else Severity.SERIOUS if value >= serious else Severity.NOTE


def find_silent(
    teams: Iterable[TeamActivity], villages: Mapping[int, Ground], period: Period, on: date, rule: Standing
) -> Iterator[Item]:
    """Teams of which nothing came in the period and that were silent for `days` on a day; never heard of is urgent."""
    for team in teams:
        days = team.silent_days(on)
        if team.status is not TeamStatus.SILENT or (days is not None and days < rule["days"]):
            continue
        if days is None and gone_of(period.since, period.until, on) < _HALF and on < period.until:
            continue  # nothing ever came, and the period is young: it may have been founded yesterday
        first = villages.get(team.villages[0][0]) if team.villages else None
        yield Item(
            SILENT.code,
            f"team:{team.team_id}",
            period.code,
            first.place_id if first else 0,
            team.commune_id,
            team.name,
            Severity.URGENT if days is None else _level(days, 2 * rule["days"], 3 * rule["days"]),
            _total(villages[village].households for village, _ in team.villages if village in villages),
            {"days": days, "last": team.last_on, "villages": ", ".join(name for _, name in team.villages)},
        )


def find_teamless(villages: Iterable[Ground], served: set[int], period: Period) -> Iterator[Item]:
    """Villages with households that no team serves."""
    for village in villages:
        if village.place_id not in served and village.households:
            yield _of_village(NO_TEAM, village, period.code, Severity.SERIOUS, village.households)


@dataclass(frozen=True)
class Aim:
    """A village's figure beside what it should reach. `gone`: percent of the span that is over; `is_paced`: the figure
    grows with the span, so it is judged by what was due by now."""

    village: Ground
    indicator: str
    label: str
    value: Share
    target: Decimal
    span: str
    gone: int
    is_paced: bool

    @property
    def due(self) -> Decimal:
        """What the share should be by now, in percent."""
        due = self.target * self.gone / 100 if self.is_paced else self.target
        return due.quantize(Decimal("0.1"), ROUND_HALF_UP)


def find_behind(aims: Iterable[Aim], period: Period, rule: Standing) -> Iterator[Item]:
    """Villages under `part` percent of what was due by now, once `gone` percent of the span is over. Of what does not
    grow with the span, shares of fewer than `whole` say too little."""
    for aim in aims:
        now = aim.value.percent
        if not aim.is_paced and (aim.value.whole or 0) < rule["whole"]:
            continue
        if now is None or not aim.due or aim.gone < rule["gone"] or now * 100 >= aim.due * rule["part"]:
            continue
        missing = None
        if aim.value.whole is not None and aim.value.part is not None:
            wanted = Decimal(aim.value.whole) * aim.due / 100
            missing = max(0, int(wanted.to_integral_value(ROUND_HALF_UP)) - aim.value.part)
        grave = Severity.URGENT if now * 200 < aim.due * rule["part"] else Severity.SERIOUS
        numbers = {
            "label": aim.label,
            "share": aim.value,
            "target": aim.target,
            "due": aim.due,
            "gone": aim.gone,
            "is_year": aim.span != period.code,
            "is_paced": aim.is_paced,
        }
        item = _of_village(BEHIND, aim.village, period.code, grave, missing)
        yield replace(
            item, target=f"village:{aim.village.place_id}:{aim.indicator}:{aim.span}", numbers=numbers
        )


@dataclass(frozen=True)
class Owed:
    """A commune's report that is not there: since which day it was due."""

    commune_id: int
    name: str
    place_id: int
    period: Period
    due: date
    households: int | None


def find_unreported(owed: Iterable[Owed], on: date, rule: Standing) -> Iterator[Item]:
    """Communes whose issued report has not come `days` after the day it was due."""
    for one in owed:
        late = (on - one.due).days
        if late > rule["days"]:
            yield Item(
                REPORT.code,
                f"commune:{one.commune_id}",
                one.period.code,
                one.place_id,
                one.commune_id,
                one.name,
                _level(late, 4, 10),
                one.households,
                {"days": late, "due": one.due, "month": one.period},
            )


@dataclass(frozen=True)
class Waiting:
    """Filings of a village without a result for long: how many, and since when the oldest."""

    village: Ground
    count: int
    oldest: date


def find_waiting(waiting: Iterable[Waiting], period: Period, on: date, rule: Standing) -> Iterator[Item]:
    """Villages with filings that wait for a result longer than `days`."""
    for one in waiting:
        days = (on - one.oldest).days
        item = _of_village(
            FILING, one.village, period.code, _level(days, 2 * rule["days"], 4 * rule["days"]), one.count
        )
        told = {"count": one.count, "oldest": one.oldest, "days": days, "limit": rule["days"]}
        yield replace(item, numbers=told)


@dataclass(frozen=True)
class Course:
    """Households reached in a village: now, and in the periods before (None: nothing is known)."""

    village: Ground
    now: int | None
    before: Sequence[int | None]


def find_drops(courses: Iterable[Course], period: Period, on: date, rule: Standing) -> Iterator[Item]:
    """Villages that fell by `percent` or more under the mean of the last `periods`, as far as the period has gone; where
    that mean is under `least`, chance alone moves it."""
    gone = gone_of(period.since, period.until, on)
    if gone < _HALF:
        return
    for course in courses:
        known = [value for value in course.before[-rule["periods"] :] if value is not None]
        if course.now is None or len(known) < 2:
            continue
        mean = Decimal(sum(known)) / len(known)
        due = mean * gone / 100
        if mean < rule["least"] or course.now > due * (100 - rule["percent"]) / 100:
            continue
        fell = int(((due - course.now) * 100 / due).to_integral_value(ROUND_HALF_UP))
        missing = int((due - course.now).to_integral_value(ROUND_HALF_UP))
        grave = Severity.URGENT if not course.now else _level(fell, (100 + rule["percent"]) // 2, 101)
        told = {
            "now": course.now,
            "mean": mean.quantize(Decimal("0.1"), ROUND_HALF_UP),
            "periods": len(known),
            "percent": fell,
            "gone": gone,
        }
        yield replace(_of_village(DROP, course.village, period.code, grave, missing), numbers=told)


def find_flagged(
    counts: Mapping[int, int], villages: Mapping[int, Ground], period: Period, rule: Standing
) -> Iterator[Item]:
    """Villages with `least` findings about their data or more that nobody dismissed."""
    for place_id, count in counts.items():
        if count >= rule["least"] and place_id in villages:
            grave = _level(count, 3 * rule["least"], 8 * rule["least"])
            item = _of_village(FLAGS, villages[place_id], period.code, grave, None)
            yield replace(item, numbers={"count": count})


def _of_village(rule: Rule, village: Ground, span: str, severity: Severity, households: int | None) -> Item:
    target = f"village:{village.place_id}"
    return Item(
        rule.code, target, span, village.place_id, village.commune_id, village.name, severity, households
    )


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
