"""Visits that cannot have been, or were hardly recorded as they happened: impossible days, bursts, copied notes, daily."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from tdteam.domain.periods import local_day
from tdteam.domain.quality import (
    AFTER_END,
    BEFORE_TEAM,
    BURST,
    COPIED_NOTES,
    DAILY,
    FUTURE,
    LONG_AFTER,
    OUTSIDE_SERVICE,
    Finding,
    Ref,
    VisitRow,
    target_of,
)
from tdteam.domain.rule_limits import Standing


def _of_visit(code: str, row: VisitRow, told: Sequence[object] = (), **numbers: int | date | None) -> Finding:
    """A finding about one visit; `told`: what else it rests on (a changed date brings it up again)."""
    return Finding(
        code,
        target_of("visit", row.id, (row.id, *told)),
        row.village_id,
        (Ref("visit", row.id),),
        team_id=row.team_id,
        since=row.visited_on,
        until=row.visited_on,
        numbers=numbers,
    )


def find_before_team(rows: Iterable[tuple[VisitRow, date]]) -> Iterator[Finding]:
    """Visits of a day before their team was founded: (visit, the team's first day)."""
    for row, founded in rows:
        if row.visited_on < founded:
            yield _of_visit(BEFORE_TEAM.code, row, (founded,), founded=founded)


def find_outside_service(rows: Iterable[tuple[VisitRow, int]]) -> Iterator[Finding]:
    """Visits with members who did not serve on the day: (visit, how many of its members)."""
    for row, count in rows:
        yield _of_visit(OUTSIDE_SERVICE.code, row, (count,), count=count)


def find_after_end(rows: Iterable[tuple[VisitRow, date]]) -> Iterator[Finding]:
    """Visits after the household ended: (visit, the day it ended)."""
    for row, ended in rows:
        if row.visited_on > ended:
            yield _of_visit(AFTER_END.code, row, (ended,), ended=ended)


def find_odd_days(
    rows: Iterable[VisitRow], future: Standing | None, long_after: Standing | None
) -> Iterator[Finding]:
    """Visits dated after the day they were recorded, or recorded long after the day they bear."""
    most = long_after["days"] if long_after else 0
    for row in rows:
        days = (local_day(row.recorded_at) - row.visited_on).days
        if days < 0 and future:
            yield _of_visit(FUTURE.code, row, days=-days)
        elif long_after and days > most:
            yield _of_visit(LONG_AFTER.code, row, days=days)


def find_bursts(rows: Iterable[VisitRow], rule: Standing) -> Iterator[Finding]:
    """Many visits of spread days that one account recorded in one sitting.

    A sitting's visits follow each other so that any `least` of them lie within `minutes`; together they must bear
    `days` days or more. An evening's paper slips, and thirty households helped on one day, are neither.
    """
    by_account: dict[int, list[VisitRow]] = defaultdict(list)
    for row in rows:
        if row.recorded_by is not None:
            by_account[row.recorded_by].append(row)
    least, window = rule["least"], timedelta(minutes=rule["minutes"])
    for own in by_account.values():
        if len(own) < least:
            continue
        own.sort(key=lambda row: (row.recorded_at, row.id))
        for first, end in _runs(own, least, window):
            sitting = own[first:end]
            days = {row.visited_on for row in sitting}
            if len(days) >= rule["days"]:
                yield _of_many(
                    BURST.code,
                    sitting,
                    count=len(sitting),
                    days=len(days),
                    minutes=max(
                        1, round((sitting[-1].recorded_at - sitting[0].recorded_at).total_seconds() / 60)
                    ),
                )


def _runs(own: Sequence[VisitRow], least: int, window: timedelta) -> Iterator[tuple[int, int]]:
    """Stretches [first, end) in which every visit lies among `least` within the window."""
    first = end = -1
    for place in range(len(own) - least + 1):
        if own[place + least - 1].recorded_at - own[place].recorded_at > window:
            continue
        if place >= end:
            if end > 0:
                yield first, end
            first = place
        end = place + least
    if end > 0:
        yield first, end


def find_copied_notes(groups: Iterable[Sequence[VisitRow]], rule: Standing) -> Iterator[Finding]:
    """Visits of one team under the very same long note, over three days or more: each group shares a note."""
    for group in groups:
        days = {row.visited_on for row in group}
        if len(group) >= rule["least"] and len(days) >= 3:
            ordered = sorted(group, key=lambda row: (row.visited_on, row.id))
            yield _of_many(COPIED_NOTES.code, ordered, count=len(group), days=len(days))


def find_daily(rows: Iterable[VisitRow], rule: Standing) -> Iterator[Finding]:
    """Households visited on `days` days or more `within` so many: one finding a household, of all such stretches."""
    by_home: dict[str, list[VisitRow]] = defaultdict(list)
    for row in rows:
        if row.household_id:
            by_home[row.household_id].append(row)
    least, within = rule["days"], rule["within"]
    for own in by_home.values():
        if len(own) < least:
            continue
        days = sorted({row.visited_on for row in own})
        crowded: set[date] = set()
        for place in range(len(days) - least + 1):
            if (days[place + least - 1] - days[place]).days < within:
                crowded.update(days[place : place + least])
        if crowded:
            told = sorted(
                (r for r in own if r.visited_on in crowded), key=lambda row: (row.visited_on, row.id)
            )
            yield _of_many(DAILY.code, told, days=len(crowded), count=len(told))


def _of_many(code: str, rows: Sequence[VisitRow], **numbers: int | date | None) -> Finding:
    days = [row.visited_on for row in rows]
    return Finding(
        code,
        target_of("visit", rows[0].id, (row.id for row in rows)),
        rows[0].village_id,
        tuple(Ref("visit", row.id) for row in rows),
        team_id=rows[0].team_id,
        since=min(days),
        until=max(days),
        numbers=numbers,
    )
