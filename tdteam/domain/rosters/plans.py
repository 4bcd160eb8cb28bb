"""What an import would add, change and leave, before anything is written.

How a row of the file finds its household (or member) in the store. Rosters carry no number that lasts: STT restarts
in every file, phones change, and two households of one village may share the head's name and birth year. So a row is
recognised by what people go by, the surest first, and each stored record is taken once:

1. village, folded name, birth year. Inside such a group (twins) rows and records are paired where fewest fields
   differ, the equal ones first, so that correcting one twin's count never touches the other, and the same file read
   again changes nothing. A roster may spell a name with other marks or capitals: that is a change, not a new person.
2. What is left over on both sides is looked at as a correction, only where exactly one row and one record fit:
   the same name and phone (birth year corrected); the same birth year and phone (name corrected); the same name, all
   counts and phone (birth year corrected); the same birth year, all counts and phone and a similar name (name
   corrected); the same name where one side has no birth year.
3. Everything else is new. A record the file does not name is left alone: a file is often only part of the truth, and
   deleting is a decision of its own.

A blank cell says nothing, so it never erases what is stored; a tick column that is there and blank says "no".
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from tdteam.domain.rosters.rows import HouseholdRow, TeamRow
from tdteam.domain.rosters.stored import StoredHousehold, StoredMember

HOUSEHOLD_FIELDS = (
    "head",
    "birth_year",
    "people",
    "adults",
    "eid2",
    "poverty",
    "smartphone",
    "phone",
    "note",
    "kind",
)
MEMBER_FIELDS = ("name", "birth_year", "sex", "role", "component", "phone", "trained", "note")
_SIMILAR = 0.8
_MANY = 10_000


R = TypeVar("R", HouseholdRow, TeamRow)
S = TypeVar("S", StoredHousehold, StoredMember)
Thing = HouseholdRow | TeamRow | StoredHousehold | StoredMember
Key = Callable[[Thing], Hashable]
"""What has to be equal, None where a thing has too little to go by."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field the file says otherwise."""

    field: str
    old: object
    new: object


@dataclass(slots=True)
class Plan(Generic[R, S]):
    """`changed` holds (record, row, differences); `unchanged` counts; `absent` counts records the file does not name."""

    added: list[R] = field(default_factory=list)
    changed: list[tuple[S, R, tuple[Change, ...]]] = field(default_factory=list)
    unchanged: int = 0
    absent: int = 0

    def take_in(self, other: Plan[R, S]) -> None:
        """Add the plan of other villages."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.absent += other.absent


def plan_households(
    stored: Iterable[StoredHousehold], rows: Sequence[HouseholdRow]
) -> Plan[HouseholdRow, StoredHousehold]:
    """The plan for good household rows against the stored households of the villages they name."""
    records = list(stored)
    pairing = _Pairing(
        HOUSEHOLD_FIELDS, records, [r.village_id for r in records], rows, [r.village_id for r in rows]
    )
    return _planned(pairing, records, rows)


def plan_members(
    stored: Iterable[StoredMember], rows: Sequence[TeamRow], teams: Sequence[Hashable]
) -> Plan[TeamRow, StoredMember]:
    """The plan for good member rows; `teams[i]` is the team of `rows[i]`, keyed as in the stored members."""
    records = list(stored)
    pairing = _Pairing(MEMBER_FIELDS, records, [r.team for r in records], rows, teams)
    return _planned(pairing, records, rows)


def _planned(pairing: _Pairing, records: Sequence[S], rows: Sequence[R]) -> Plan[R, S]:
    partner = pairing.paired()
    plan: Plan[R, S] = Plan(absent=len(records) - len(partner))
    for place, row in enumerate(rows):
        if place not in partner:
            plan.added.append(row)
        elif changes := _changes(pairing.fields, records[partner[place]], row):
            plan.changed.append((records[partner[place]], row, changes))
        else:
            plan.unchanged += 1
    return plan


def _changes(fields: tuple[str, ...], record: Thing, row: Thing) -> tuple[Change, ...]:
    """What the row says otherwise. None says nothing; a missing tick under "trained" takes no training away."""
    changes = []
    for name in fields:
        new = getattr(row, name)
        if new is None or (name == "trained" and not new):
            continue
        old = getattr(record, name)
        if old != new:
            changes.append(Change(name, old, new))
    return tuple(changes)


class _Pairing:
    """Pairs rows with records, by their places in the two lists."""

    def __init__(
        self,
        fields: tuple[str, ...],
        records: Sequence[Thing],
        record_groups: Sequence[Hashable],
        rows: Sequence[Thing],
        row_groups: Sequence[Hashable],
    ) -> None:
        self.fields, self.records, self.rows = fields, records, rows
        self.record_groups, self.row_groups = record_groups, row_groups
        self.partner: dict[int, int] = {}
        self.taken: set[int] = set()

    def paired(self) -> dict[int, int]:
        """Row's place to record's place."""
        if self.records:
            self._by_identity()
            for key, fits in _CORRECTIONS:
                if len(self.taken) < len(self.records) and len(self.partner) < len(self.rows):
                    self._by_correction(key, fits)
        return self.partner

    def _pair(self, row: int, record: int) -> None:
        self.partner[row] = record
        self.taken.add(record)

    def _by_identity(self) -> None:
        """Step 1: groups of one identity; inside a group the pairs that differ least, then those that come first."""
        there: dict[Hashable, list[int]] = {}
        for place, record in enumerate(self.records):
            there.setdefault((self.record_groups[place], record.folded, record.birth_year), []).append(place)
        here: dict[Hashable, list[int]] = {}
        for place, row in enumerate(self.rows):
            identity: Hashable = (self.row_groups[place], row.folded, row.birth_year)
            if identity in there:
                here.setdefault(identity, []).append(place)
        for identity, rows in here.items():
            records = there[identity]
            if len(rows) == len(records) == 1:
                self._pair(rows[0], records[0])
                continue
            if len(rows) * len(records) > _MANY:
                self._pair_many(rows, records)
                continue
            differences = (
                (*self._distance(self.rows[here_at], self.records[there_at]), here_at, there_at)
                for here_at in rows
                for there_at in records
            )
            for *_, here_at, there_at in sorted(differences):
                if here_at not in self.partner and there_at not in self.taken:
                    self._pair(here_at, there_at)

    def _pair_many(self, rows: list[int], records: list[int]) -> None:
        """A file of thousands of namesakes: comparing each with each would take minutes. Phone and counts, then order."""
        waiting: dict[Hashable, list[int]] = {}
        for record in reversed(records):
            waiting.setdefault((self.records[record].phone, _standing(self.records[record])), []).append(
                record
            )
        for row in rows:
            alike = waiting.get((self.rows[row].phone, _standing(self.rows[row])))
            if alike:
                self._pair(row, alike.pop())
        left = (record for record in records if record not in self.taken)
        for row, record in zip((row for row in rows if row not in self.partner), left, strict=False):
            self._pair(row, record)

    def _distance(self, row: Thing, record: Thing) -> tuple[int, int]:
        """Fields the row says otherwise, then fields it leaves unsaid: a blank fits its equal before it fits any."""
        unsaid = sum(getattr(row, name) is None and getattr(record, name) is not None for name in self.fields)
        return len(_changes(self.fields, record, row)), unsaid

    def _by_correction(self, key: Key, fits: Callable[[Thing, Thing], bool]) -> None:
        """Step 2: exactly one row and one record left over under a key."""
        there = self._left(self.records, self.record_groups, self.taken, key)
        for found, rows in self._left(self.rows, self.row_groups, self.partner, key).items():
            records = there.get(found, [])
            if len(rows) == len(records) == 1 and fits(self.rows[rows[0]], self.records[records[0]]):
                self._pair(rows[0], records[0])

    @staticmethod
    def _left(
        things: Sequence[Thing], groups: Sequence[Hashable], done: Container[int], key: Key
    ) -> dict[Hashable, list[int]]:
        left: dict[Hashable, list[int]] = {}
        for place, thing in enumerate(things):
            if place not in done and (found := key(thing)) is not None:
                left.setdefault((groups[place], found), []).append(place)
        return left


def _standing(thing: Thing) -> tuple[object, ...] | None:
    """All that is known beside name, year and phone; None where that is too little to tell one from another."""
    if isinstance(thing, (HouseholdRow, StoredHousehold)):
        return None if thing.people is None else (thing.people, thing.adults, thing.eid2)
    return None if thing.component is None else (thing.role, thing.component, thing.sex)


def _name_and_phone(thing: Thing) -> Hashable:
    return (thing.folded, thing.phone) if thing.phone else None


def _year_and_phone(thing: Thing) -> Hashable:
    return (thing.birth_year, thing.phone) if thing.phone and thing.birth_year else None


def _all_but_year(thing: Thing) -> Hashable:
    standing = _standing(thing)
    return (thing.folded, standing, thing.phone) if standing else None


def _all_but_name(thing: Thing) -> Hashable:
    standing = _standing(thing)
    return (thing.birth_year, standing, thing.phone) if standing and thing.birth_year else None


def _similar(row: Thing, record: Thing) -> bool:
    return SequenceMatcher(None, row.folded, record.folded, autojunk=False).ratio() >= _SIMILAR


def _one_has_no_year(row: Thing, record: Thing) -> bool:
    return (row.birth_year is None) != (record.birth_year is None)


_CORRECTIONS: tuple[tuple[Key, Callable[[Thing, Thing], bool]], ...] = (
    (_name_and_phone, lambda row, record: True),
    (_year_and_phone, lambda row, record: True),
    (_all_but_year, lambda row, record: True),
    (_all_but_name, _similar),
    (lambda thing: thing.folded, _one_has_no_year),
)
