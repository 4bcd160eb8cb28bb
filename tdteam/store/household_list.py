"""The list of households: village after village in Vietnamese order, or by given name, page by page.

By village is the order that stays fast with a million rows: the index (village, name, id) holds one village's page
ready, so a page asks a village at a time while rows come, and ever larger groups of villages while a filter finds few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, tuple_
from sqlmodel import col, select

from tdteam.domain.ids import is_id
from tdteam.domain.periods import today
from tdteam.domain.vietnamese import fold
from tdteam.store.gate import BY_KEY, GatedSession
from tdteam.store.paging import Page, contains, cut
from tdteam.store.residents import listed, sums_of, without_level2
from tdteam.store.tables import Household, Reached, Visit
from tdteam.store.village_names import VillageName

BY_NAME_MOST = 200
"""Villages up to which the order by name is offered: it sorts all their households for each page."""
COUNT_MOST = 10_000


@dataclass(frozen=True)
class HouseholdLine:
    """A household in a list. `head`, `birth_year` and `phone` are None where the session may not see names.

    `adults` and `eid2` are those of its listed residents, else its own counts; `attained` only of listed residents.
    """

    id: str
    village_id: int
    village: str
    commune: str
    kind: str
    head: str | None
    birth_year: int | None
    people: int | None
    adults: int | None
    eid2: int | None
    health_book: int | None
    poverty: str | None
    smartphone: bool | None
    phone: str | None
    consent: bool | None
    visited_on: date | None
    reached: bool
    ended_on: date | None
    ended_why: str
    changed_at: datetime


@dataclass(frozen=True)
class Filters:
    """What a list of households is narrowed to. Empty text and None ask for nothing.

    `reached`: yes (met by a visit at any time) or no. `level2`: missing (somebody of 14 and over is without).
    `ended`: no, yes, or all. `q` looks in heads' names, and in phones where it is of digits.
    """

    commune_id: int | None = None
    village_id: int | None = None
    q: str = ""
    kind: str = ""
    poverty: str = ""
    smartphone: str = ""
    reached: str = ""
    level2: str = ""
    consent: str = ""
    ended: str = "no"


def _where(session: GatedSession, wanted: Filters) -> list[Any]:
    where: list[Any] = []
    if wanted.kind:
        where.append(Household.kind == wanted.kind)
    if wanted.poverty == "any":
        where.append(col(Household.poverty).in_(["poor", "near_poor"]))
    elif wanted.poverty:
        where.append(Household.poverty == wanted.poverty)
    if wanted.smartphone in ("yes", "no"):
        where.append(col(Household.smartphone).is_(wanted.smartphone == "yes"))
    if wanted.consent:
        where.append(col(Household.consent).is_({"yes": True, "no": False}.get(wanted.consent)))
    met = exists().where(col(Reached.household_id) == Household.id, col(Reached.visits) > 0)
    if wanted.reached in ("yes", "no"):
        where.append(met if wanted.reached == "yes" else ~met)
    if wanted.level2 == "missing":
        where.append(
            or_(without_level2(today()), and_(~listed(), col(Household.eid2) < col(Household.adults)))
        )
    if wanted.ended != "all":
        is_open = col(Household.ended_on).is_(None)
        where.append(is_open if wanted.ended == "no" else ~is_open)
    return [*where, *matching(session, wanted.q)]


def matching(session: GatedSession, q: str) -> list[Any]:
    """The condition of a search; nothing matches where names are hidden, for finding is a way of seeing."""
    folded = fold(q)
    if not folded:
        return []
    if not session.scope.names:
        return [col(Household.id).is_(None)]
    digits = "".join(letter for letter in q if letter.isdecimal())
    if len(digits) >= 3 and not any(letter.isalpha() for letter in q):
        return [col(Household.phone).contains(digits, autoescape=True)]
    return [contains(col(Household.head_fold), folded)]


def list_households(
    session: GatedSession,
    wanted: Filters,
    *,
    villages: Sequence[VillageName],
    order: str = "village",
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> Page[HouseholdLine]:
    """A page of the households of `villages` (from `list_village_names`). `order`: village or name. Cursors are ids."""
    if wanted.village_id is not None:
        villages = [village for village in villages if village.id == wanted.village_id] or villages[:0]
    start = _row(session, before or after)
    is_back = bool(before and start)
    where = _where(session, wanted)
    if order == "name" and len(villages) <= BY_NAME_MOST:
        found = _by_name(session, where, [village.id for village in villages], start, is_back, size + 1)
    else:
        found = _by_village(session, where, [village.id for village in villages], start, is_back, size + 1)
    page = cut(found, size, lambda row: row.id, is_back=is_back, is_first=start is None)
    return Page(lines_of(session, page.rows, villages), page.before, page.after)


def count_households(session: GatedSession, wanted: Filters, villages: Sequence[VillageName]) -> int | None:
    """How many a filter finds, up to COUNT_MOST + 1 ("more than"); None where that would be slow to say."""
    ids = [village.id for village in villages if wanted.village_id in (None, village.id)]
    if len(ids) > BY_NAME_MOST:
        return None
    some = (
        select(Household.id)
        .where(*_where(session, wanted), col(Household.village_id).in_(ids))
        .limit(COUNT_MOST + 1)
    )
    return int(session.exec(select(func.count()).select_from(some.subquery())).one())


def _row(session: GatedSession, household_id: str | None) -> Household | None:
    if not household_id or not is_id(household_id):
        return None
    return session.exec(select(Household).where(Household.id == household_id)).first()


def _beyond(start: Household, is_back: bool) -> Any:
    place = tuple_(col(Household.head_sort), col(Household.id))
    here = tuple_(start.head_sort, start.id)
    return place < here if is_back else place > here


def _order(*columns: Any, is_back: bool) -> list[Any]:
    return [col(column).desc() if is_back else col(column) for column in columns]


def _by_name(
    session: GatedSession, where: list[Any], ids: list[int], start: Household | None, is_back: bool, most: int
) -> list[Household]:
    query = select(Household).where(*where, col(Household.village_id).in_(ids))
    if start:
        query = query.where(_beyond(start, is_back))
    return list(
        session.exec(query.order_by(*_order(Household.head_sort, Household.id, is_back=is_back)).limit(most))
    )


def _by_village(
    session: GatedSession, where: list[Any], ids: list[int], start: Household | None, is_back: bool, most: int
) -> list[Household]:
    if is_back:
        ids = ids[::-1]
    found: list[Household] = []
    at = 0
    if start and start.village_id in ids:
        at = ids.index(start.village_id) + 1
        found = _some(session, [*where, _beyond(start, is_back)], [start.village_id], is_back, most)
    width = 1
    while len(found) < most and at < len(ids):
        group = ids[at : at + width]
        wanted = most - len(found)
        rows = _some(session, where, group, is_back, wanted)
        if len(rows) >= wanted and len(group) > 1:
            width = max(1, width // 4)  # too many to know that the first villages' rows are among them
            continue
        rank = {village_id: place for place, village_id in enumerate(group)}
        found += sorted(rows, key=lambda row: rank[row.village_id])  # within a village the order is kept
        at += len(group)
        width = min(width * 2, 512)
    return found


def _some(
    session: GatedSession, where: list[Any], ids: list[int], is_back: bool, most: int
) -> list[Household]:
    one = col(Household.village_id) == ids[0] if len(ids) == 1 else col(Household.village_id).in_(ids)
    order = _order(Household.village_id, Household.head_sort, Household.id, is_back=is_back)
    return list(session.exec(select(Household).where(*where, one).order_by(*order).limit(most)))


def lines_of(
    session: GatedSession, rows: Sequence[Household], villages: Sequence[VillageName]
) -> list[HouseholdLine]:
    """Lines of some households, with what their residents and visits say: three queries whatever their number."""
    ids = [row.id for row in rows]
    sums = sums_of(session, ids, today())
    last = select(Visit.household_id, func.max(Visit.visited_on)).where(
        col(Visit.household_id).in_(ids), Visit.state == "current"
    )
    visited = dict(session.exec(last.group_by(Visit.household_id), execution_options=BY_KEY).all())
    met = set(
        session.exec(
            select(Reached.household_id).where(col(Reached.household_id).in_(ids), Reached.visits > 0),
            execution_options=BY_KEY,
        )
    )
    by_id = {village.id: village for village in villages}
    names = session.scope.names
    out = []
    for row in rows:
        village, own = by_id.get(row.village_id), sums.get(row.id)
        out.append(
            HouseholdLine(
                id=row.id,
                village_id=row.village_id,
                village=village.label if village else "",
                commune=village.commune if village else "",
                kind=row.kind,
                head=row.head if names else None,
                birth_year=row.birth_year if names else None,
                people=own.people if own else row.people,
                adults=own.adults if own else row.adults,
                eid2=own.eid2 if own else row.eid2,
                health_book=own.health_book if own else None,
                poverty=row.poverty,
                smartphone=row.smartphone,
                phone=row.phone if names else None,
                consent=row.consent,
                visited_on=visited.get(row.id),
                reached=row.id in met,
                ended_on=row.ended_on,
                ended_why=row.ended_why,
                changed_at=row.changed_at,
            )
        )
    return out


def every_line(
    session: GatedSession, wanted: Filters, villages: Sequence[VillageName], step: int = 1000
) -> Iterator[HouseholdLine]:
    """All households of a filter in the order of villages, read a thousand at a time: for exports."""
    after: str | None = None
    while True:
        page = list_households(session, wanted, villages=villages, after=after, size=step)
        yield from page.rows
        session.expunge_all()
        after = page.after
        if after is None:
            return
