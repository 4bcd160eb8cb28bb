"""Reads a household roster: each row becomes a `HouseholdRow`, or cells that say what is wrong with them."""

from __future__ import annotations

from datetime import date

from tdteam.domain.cells import is_nothing, parse_count, parse_mark
from tdteam.domain.errors import Flaw
from tdteam.domain.households import MOST_OF_A_BUSINESS, MOST_PEOPLE
from tdteam.domain.people import Poverty, SubjectKind
from tdteam.domain.persons import OLDEST
from tdteam.domain.phones import parse_phone
from tdteam.domain.rosters.flaws import Fault, birth_year_of, note_text, person_name, report, taken
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.rows import REFUSING, HouseholdRow, Reading
from tdteam.domain.rosters.sheets import Row, Sheet
from tdteam.domain.rosters.villages import Villages
from tdteam.domain.rosters.walking import Progress, Step, Walk, cell_text
from tdteam.domain.rosters.words import Meaning, RosterWords
from tdteam.domain.vietnamese import fold

HEADS = range(10, OLDEST + 1)  # years a head of household may be old


def read_households(
    sheet: Sheet,
    layout: SheetLayout,
    villages: Villages,
    words: RosterWords,
    today: date,
    reading: Reading,
    progress: Progress | None = None,
) -> None:
    """Add the sheet's rows and bad cells to `reading`. `progress(row, rows)` is called every thousand rows."""
    reader = _Reader(layout, villages, words, today)
    for step in Walk(sheet, layout, words, progress):
        reading.rows += 1
        faults: list[Fault] = []
        row = reader.read(step, faults)
        if row is not None and not any(fault.flaw.field == "name" for fault in faults):
            _twice_or_twin(row, reading, reader.name, faults)
        if faults and report(reading, layout, step.number, step.row, faults):
            continue
        if row is not None:
            reading.seen_households.setdefault(hash(_alike(row)), len(reading.households))
            reading.households.append(row)


def _alike(row: HouseholdRow) -> tuple[object, ...]:
    return (row.village_id, row.folded, row.birth_year)


def _facts(row: HouseholdRow) -> tuple[object, ...]:
    return (row.kind, row.people, row.adults, row.eid2, row.poverty, row.smartphone, row.phone, row.note)


def _twice_or_twin(row: HouseholdRow, reading: Reading, column: int | None, faults: list[Fault]) -> None:
    """A row alike in village, name and birth year to an earlier one is a twin; alike in all, the same line again."""
    seen, rows = reading.seen_households, reading.households
    first = seen.get(hash(_alike(row)))
    if first is None or _alike(rows[first]) != _alike(row):
        return
    line = hash((_alike(row), _facts(row)))
    for earlier in (first, seen.get(line, first)):
        if (_alike(rows[earlier]), _facts(rows[earlier])) == (_alike(row), _facts(row)):
            again = {"row": rows[earlier].row, "sheet": rows[earlier].sheet}
            faults.append(Fault(column, Flaw("name", "row_twice", again)))
            return
    if not any(fault.flaw.field in REFUSING for fault in faults):
        reading.household_twins.append((first, len(rows)))
        seen[line] = len(rows)


class _Reader:
    """The columns of one layout, found once."""

    def __init__(self, layout: SheetLayout, villages: Villages, words: RosterWords, today: date) -> None:
        self.layout, self.villages, self.words, self.today = layout, villages, words, today
        at = layout.column_of
        self.name = at(Meaning.NAME)
        place = at(Meaning.VILLAGE)
        self.place = self.name if place is None else place
        self.people, self.adults, self.eid2 = at(Meaning.PEOPLE), at(Meaning.ADULTS), at(Meaning.EID2)
        self.poor, self.near_poor, self.poverty = at(Meaning.POOR), at(Meaning.NEAR_POOR), at(Meaning.POVERTY)
        self.smartphone, self.phone, self.note = at(Meaning.SMARTPHONE), at(Meaning.PHONE), at(Meaning.NOTE)
        self.subject = at(Meaning.SUBJECT)
        years = (at(Meaning.BIRTH_YEAR), at(Meaning.BIRTH_YEAR_MALE), at(Meaning.BIRTH_YEAR_FEMALE))
        self.years = [column for column in years if column is not None]

    def read(self, step: Step, faults: list[Fault]) -> HouseholdRow | None:
        """The row, as far as it can be read; what is wrong is added to `faults`."""
        row = step.row
        if step.unclear:
            faults.append(Fault(self.name, Flaw("name", "row_unclear")))
            return None
        kind = self._subject(row, faults)
        village_id = self._village(step, faults)
        is_home = kind in (None, SubjectKind.HOUSEHOLD)
        head = person_name(None if self.name is None else row[self.name], self.name, faults, person=is_home)
        birth_year = self._birth_year(row, faults)
        people, adults, eid2 = self._counts(row, kind, faults)
        phone = None if self.phone is None else taken(parse_phone(row[self.phone]), self.phone, faults)
        return HouseholdRow(
            self.layout.sheet,
            step.number,
            step.village,
            village_id,
            head,
            fold(head),
            birth_year,
            people,
            adults,
            eid2,
            self._poverty(row, faults),
            None if self.smartphone is None else self._mark(row, self.smartphone, "smartphone", faults),
            phone,
            None if self.note is None else note_text(row[self.note], self.note, faults),
            kind,
        )

    def _village(self, step: Step, faults: list[Fault]) -> int:
        if not step.village:
            faults.append(Fault(self.place, Flaw("village", "village_missing")))
            return 0
        found = self.villages.resolve(step.commune, step.village)
        if isinstance(found, Flaw):
            faults.append(Fault(self.place, found, str(found.params.get("commune", step.village))))
            return 0
        return found

    def _birth_year(self, row: Row, faults: list[Fault]) -> int | None:
        for column in self.years:
            if not is_nothing(row[column]):
                return birth_year_of(row[column], column, HEADS, self.today, faults)
        return None

    def _count(self, row: Row, column: int | None, name: str, most: int, faults: list[Fault]) -> int | None:
        return None if column is None else taken(parse_count(row[column], name, most), column, faults)

    def _counts(
        self, row: Row, kind: SubjectKind | None, faults: list[Fault]
    ) -> tuple[int | None, int | None, int | None]:
        """People, residents of 14 and over, and those with level 2: each no more than the one before."""
        most = MOST_PEOPLE if kind in (None, SubjectKind.HOUSEHOLD) else MOST_OF_A_BUSINESS
        people = self._count(row, self.people, "people", most, faults)
        adults = self._count(row, self.adults, "adults", most, faults)
        eid2 = self._count(row, self.eid2, "eid2", most, faults)
        if people == 0:
            faults.append(Fault(self.people, Flaw("people", "people_none")))
        if people is not None and adults is not None and adults > people:
            faults.append(
                Fault(self.adults, Flaw("adults", "adults_over_people", {"adults": adults, "people": people}))
            )
        if eid2 is not None and adults is not None and eid2 > adults:
            faults.append(
                Fault(self.eid2, Flaw("eid2", "eid2_over_adults", {"eid2": eid2, "adults": adults}))
            )
        elif eid2 is not None and people is not None and adults is None and eid2 > people:
            faults.append(
                Fault(self.eid2, Flaw("eid2", "eid2_over_people", {"eid2": eid2, "people": people}))
            )
        return people, adults, eid2

    def _poverty(self, row: Row, faults: list[Fault]) -> Poverty | None:
        """Poor and near poor by two columns of ticks, or by one column of words."""
        if self.poor is None and self.near_poor is None:
            if self.poverty is None or is_nothing(row[self.poverty]):
                return None
            said = self.words.value("poverty", cell_text(row[self.poverty]))
            if said is None:
                faults.append(Fault(self.poverty, Flaw("poverty", "poverty_unknown")))
            return Poverty(said) if said else None
        poor = self._mark(row, self.poor, "poverty", faults) if self.poor is not None else False
        near = self._mark(row, self.near_poor, "poverty", faults) if self.near_poor is not None else False
        if poor is None or near is None:
            return None
        if poor and near:
            faults.append(Fault(self.near_poor, Flaw("poverty", "poverty_both")))
            return None
        return Poverty.POOR if poor else Poverty.NEAR_POOR if near else Poverty.NONE

    def _mark(self, row: Row, column: int, name: str, faults: list[Fault]) -> bool | None:
        """A tick; in a column of the poor the words "ho ngheo" are a tick too."""
        cell = row[column]
        if cell == "" or cell is None:
            return False
        mark = parse_mark(cell, name)
        if isinstance(mark, Flaw) and name == "poverty":
            said = self.words.value("poverty", cell_text(cell), whole=True)
            mark = said != Poverty.NONE if said else mark
        return taken(mark, column, faults)

    def _subject(self, row: Row, faults: list[Fault]) -> SubjectKind | None:
        if self.subject is None or is_nothing(row[self.subject]):
            return self.layout.subject
        said = self.words.value("subject", cell_text(row[self.subject]))
        if said is None:
            faults.append(Fault(self.subject, Flaw("kind", "subject_unknown")))
        return SubjectKind(said) if said else self.layout.subject
