"""Likely duplicates: households of a village, residents, visits. Each pair is told once, by its records in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tdteam.domain.quality import (
    DOUBLE_VISITS,
    TWIN_HOUSEHOLDS,
    TWIN_RESIDENTS,
    Finding,
    HouseholdRow,
    Ref,
    ResidentRow,
    VisitRow,
    target_of,
)

MANY = 60
"""Households that share a birth year and a size in one village, beyond which nothing is told by that alone."""


def find_twin_households(rows: Iterable[HouseholdRow]) -> Iterator[Finding]:
    """Households of one village that look like one entered twice.

    The same name (without marks) and the same birth year or phone; or names one letter apart with the same phone, or
    with the same birth year and as many people. Families share names, so a name alone says nothing.
    """
    by_name: dict[tuple[int, str], list[HouseholdRow]] = defaultdict(list)
    by_phone: dict[tuple[int, str], list[HouseholdRow]] = defaultdict(list)
    by_year: dict[tuple[int, int, int], list[HouseholdRow]] = defaultdict(list)
    for row in rows:
        by_name[row.village_id, row.head_fold].append(row)
        if row.phone:
            by_phone[row.village_id, row.phone].append(row)
        if row.birth_year and row.people:
            by_year[row.village_id, row.birth_year, row.people].append(row)
    told: set[tuple[str, str]] = set()
    for group in by_name.values():
        yield from _pairs(
            group, told, lambda a, b: _same(a.birth_year, b.birth_year) or _same(a.phone, b.phone)
        )
    for group in by_phone.values():
        yield from _pairs(group, told, lambda a, b: is_near(a.head_fold, b.head_fold))
    for group in by_year.values():
        if len(group) <= MANY:
            yield from _pairs(
                group,
                told,
                lambda a, b: is_near(a.head_fold, b.head_fold) and not _differ(a.phone, b.phone),
            )


def _pairs(
    group: Sequence[HouseholdRow],
    told: set[tuple[str, str]],
    is_twin: Callable[[HouseholdRow, HouseholdRow], bool],
) -> Iterator[Finding]:
    if len(group) < 2:
        return
    for a, b in combinations(sorted(group, key=lambda row: row.id), 2):
        if (a.id, b.id) not in told and is_twin(a, b):
            told.add((a.id, b.id))
            yield Finding(
                TWIN_HOUSEHOLDS.code,
                target_of("household", a.id, (f"{one.id}.{one.version}" for one in (a, b))),
                a.village_id,
                (Ref("household", a.id), Ref("household", b.id)),
                numbers={
                    "same_name": int(a.head_fold == b.head_fold),
                    "same_year": int(_same(a.birth_year, b.birth_year)),
                    "same_phone": int(_same(a.phone, b.phone)),
                },
            )


def find_twin_residents(rows: Iterable[ResidentRow]) -> Iterator[Finding]:
    """People entered twice: the same name in one household (real twins have names of their own), where neither birth
    years nor sexes differ; or the same name and birth year (and no other sex) in two households of a village."""
    by_name: dict[tuple[int, str], list[ResidentRow]] = defaultdict(list)
    for row in rows:
        by_name[row.village_id, row.name_fold].append(row)
    for group in by_name.values():
        if len(group) < 2:
            continue
        for a, b in combinations(sorted(group, key=lambda row: row.id), 2):
            is_home = a.household_id == b.household_id
            if is_home:
                is_twin = not _differ(a.birth_year, b.birth_year) and not _differ(a.sex, b.sex)
            else:
                is_twin = _same(a.birth_year, b.birth_year) and not _differ(a.sex, b.sex)
            if is_twin:
                yield Finding(
                    TWIN_RESIDENTS.code,
                    target_of("resident", a.id, (f"{one.id}.{one.version}" for one in (a, b))),
                    a.village_id,
                    (Ref("resident", a.id), Ref("resident", b.id)),
                    numbers={"same_household": int(is_home)},
                )


@dataclass(frozen=True)
class Helped:
    """What one visit was about: (kind of help, resident or "") of each assist, and the members who helped."""

    assists: frozenset[tuple[str, str]] = frozenset()
    members: frozenset[int] = frozenset()


def find_double_visits(rows: Iterable[VisitRow], helped: Mapping[str, Helped]) -> Iterator[Finding]:
    """Visits to one household on one day with the same kinds of help, so that one day's work may be counted twice. Two
    visits that each name other residents are two."""
    days: dict[tuple[str, object, frozenset[str]], list[VisitRow]] = defaultdict(list)
    for row in rows:
        kinds = frozenset(kind for kind, _ in helped.get(row.id, Helped()).assists)
        if row.household_id and kinds:
            days[row.household_id, row.visited_on, kinds].append(row)
    for group in days.values():
        same = sorted(_alike(group, helped), key=lambda row: row.id)
        if len(same) < 2:
            continue
        accounts = {row.recorded_by for row in same}
        members = {helped[row.id].members for row in same}
        yield Finding(
            DOUBLE_VISITS.code,
            target_of("visit", same[0].id, (row.id for row in same)),
            same[0].village_id,
            tuple(Ref("visit", row.id) for row in same),
            team_id=same[0].team_id,
            since=same[0].visited_on,
            until=same[0].visited_on,
            numbers={"count": len(same), "accounts": len(accounts), "groups": len(members)},
        )


def _alike(group: Sequence[VisitRow], helped: Mapping[str, Helped]) -> list[VisitRow]:
    """Those of one household and day of which another could be the same visit."""
    out: set[VisitRow] = set()
    for a, b in combinations(group, 2):
        named = [{who for _, who in helped[row.id].assists if who} for row in (a, b)]
        if not (named[0] and named[1]) or named[0] & named[1]:
            out |= {a, b}
    return list(out)


def is_near(a: str, b: str) -> bool:
    """Whether two names are the same, or one letter written otherwise, left out, added or changed places with the next."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 4:
        return False
    if len(a) == len(b):
        apart = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        swapped = len(apart) == 2 and apart[1] == apart[0] + 1
        return len(apart) == 1 or (swapped and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]])
    short, long = sorted((a, b), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _same(a: object, b: object) -> bool:
    return bool(a) and a == b


def _differ(a: object, b: object) -> bool:
    return bool(a) and bool(b) and a != b
