"""Reads a team roster: each row a member, each village named a team of that commune."""

from __future__ import annotations

from datetime import date

from tdteam.domain.cells import is_nothing, parse_mark
from tdteam.domain.errors import Flaw
from tdteam.domain.people import Component, MemberRole, Sex
from tdteam.domain.phones import parse_phone
from tdteam.domain.rosters.flaws import Fault, birth_year_of, note_text, person_name, report, taken
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.rows import REFUSING, Reading, TeamFound, TeamRow
from tdteam.domain.rosters.sheets import Row, Sheet
from tdteam.domain.rosters.villages import village_key, village_name
from tdteam.domain.rosters.walking import Progress, Step, Walk, cell_text
from tdteam.domain.rosters.words import Meaning, RosterWords, plain
from tdteam.domain.teams import MEMBER_HIGH, MEMBER_LOW
from tdteam.domain.vietnamese import fold

MEMBERS = range(MEMBER_LOW, MEMBER_HIGH + 1)  # years a member may be old


def read_teams(
    sheet: Sheet,
    layout: SheetLayout,
    words: RosterWords,
    today: date,
    reading: Reading,
    progress: Progress | None = None,
) -> None:
    """Add the sheet's teams, members and bad cells to `reading`. A team counts once a good row stands in it."""
    reader = _Reader(layout, words, today)
    for step in Walk(sheet, layout, words, progress):
        reading.rows += 1
        faults: list[Fault] = []
        row = reader.read(step, faults)
        key = team_key(row, words) if row else ("", "")
        if row is not None and not any(fault.flaw.field == "name" for fault in faults):
            _twice_or_twin(row, key, reading, words, reader.name, faults)
        if faults and report(reading, layout, step.number, step.row, faults):
            continue
        if row is not None:
            _keep(row, key, reading, layout)


def team_key(row: TeamRow, words: RosterWords) -> tuple[str, str]:
    """What rows of one team share: commune and village however they are written."""
    return plain(row.commune), village_key(row.village, words)


def _keep(row: TeamRow, key: tuple[str, str], reading: Reading, layout: SheetLayout) -> None:
    team = reading.teams.get(key)
    if team is None:
        decision = layout.decision_number, layout.decision_on
        team = TeamFound(row.sheet, row.row, row.commune, row.village, row.village_kind, *decision, key=key)
        reading.teams[key] = team
    team.members += 1
    team.village_kind = team.village_kind or row.village_kind
    reading.seen_members.setdefault(hash((key, row.folded, row.birth_year)), len(reading.members))
    reading.members.append(row)


def _facts(row: TeamRow) -> tuple[object, ...]:
    return (row.sex, row.role, row.component, row.phone, row.trained, row.note)


def _twice_or_twin(
    row: TeamRow,
    key: tuple[str, str],
    reading: Reading,
    words: RosterWords,
    column: int | None,
    faults: list[Fault],
) -> None:
    """As with households: alike in team, name and birth year is a twin; alike in all is the same line again."""
    seen, rows = reading.seen_members, reading.members
    alike = (key, row.folded, row.birth_year)
    first = seen.get(hash(alike))
    if first is None or (team_key(rows[first], words), rows[first].folded, rows[first].birth_year) != alike:
        return
    line = hash((alike, _facts(row)))
    for earlier in (first, seen.get(line, first)):
        if _facts(rows[earlier]) == _facts(row) and rows[earlier].folded == row.folded:
            again = {"row": rows[earlier].row, "sheet": rows[earlier].sheet}
            faults.append(Fault(column, Flaw("name", "row_twice", again)))
            return
    if not any(fault.flaw.field in REFUSING for fault in faults):
        reading.member_twins.append((first, len(rows)))
        seen[line] = len(rows)


class _Reader:
    """The columns of one layout, found once."""

    def __init__(self, layout: SheetLayout, words: RosterWords, today: date) -> None:
        self.layout, self.words, self.today = layout, words, today
        at = layout.column_of
        self.name = at(Meaning.NAME)
        place = at(Meaning.VILLAGE)
        self.place = self.name if place is None else place
        self.years = (
            (at(Meaning.BIRTH_YEAR), None),
            (at(Meaning.BIRTH_YEAR_MALE), Sex.MALE),
            (at(Meaning.BIRTH_YEAR_FEMALE), Sex.FEMALE),
        )
        self.sex, self.male, self.female = at(Meaning.SEX), at(Meaning.MALE), at(Meaning.FEMALE)
        self.role, self.component, self.trained = at(Meaning.ROLE), at(Meaning.COMPONENT), at(Meaning.TRAINED)
        self.phone, self.note = at(Meaning.PHONE), at(Meaning.NOTE)
        self._names: dict[tuple[str, str], tuple[str, str]] = {}

    def read(self, step: Step, faults: list[Fault]) -> TeamRow | None:
        """The row, as far as it can be read; what is wrong is added to `faults`."""
        row = step.row
        if step.unclear:
            faults.append(Fault(self.name, Flaw("name", "row_unclear")))
            return None
        kind, village = self._village(step)
        if not village:
            faults.append(Fault(self.place, Flaw("village", "village_missing")))
        name = person_name(None if self.name is None else row[self.name], self.name, faults)
        birth_year, sex = self._birth_year_and_sex(row, faults)
        return TeamRow(
            self.layout.sheet,
            step.number,
            step.commune,
            village,
            kind,
            name,
            fold(name),
            birth_year,
            sex,
            self._role(row, faults),
            self._component(row),
            None if self.phone is None else taken(parse_phone(row[self.phone]), self.phone, faults),
            None
            if self.trained is None
            else taken(parse_mark(row[self.trained], "trained"), self.trained, faults),
            None if self.note is None else note_text(row[self.note], self.note, faults),
        )

    def _village(self, step: Step) -> tuple[str, str]:
        """(kind, name); a group row above ("To dan pho Phu Long") tells the kind of a bare name in the column."""
        asked = (step.village, step.heading)
        if asked not in self._names:
            kind, name = village_name(step.village, self.words)
            if (
                not kind
                and step.heading
                and village_key(step.heading, self.words) == village_key(step.village, self.words)
            ):
                kind = village_name(step.heading, self.words)[0]
            self._names[asked] = (kind, name)
        return self._names[asked]

    def _birth_year_and_sex(self, row: Row, faults: list[Fault]) -> tuple[int | None, Sex | None]:
        """The year may stand in the men's or the women's column, which then tells the sex as well."""
        said = [
            (column, sex) for column, sex in self.years if column is not None and not is_nothing(row[column])
        ]
        year = birth_year_of(row[said[0][0]], said[0][0], MEMBERS, self.today, faults) if said else None
        sexes = {sex for _, sex in said if sex}
        for column, sex in ((self.male, Sex.MALE), (self.female, Sex.FEMALE)):
            if column is not None and not is_nothing(row[column]):
                if taken(parse_mark(row[column], "sex"), column, faults):
                    sexes.add(sex)
                said.append((column, sex))
        if self.sex is not None and not is_nothing(row[self.sex]):
            code = self.words.value("sex", cell_text(row[self.sex]), whole=True)
            if code is None:
                faults.append(Fault(self.sex, Flaw("sex", "sex_unknown")))
            else:
                sexes.add(Sex(code))
        if len(sexes) > 1:
            column = said[-1][0] if said else self.sex
            faults.append(Fault(column, Flaw("sex", "sex_both")))
        return year, sexes.pop() if len(sexes) == 1 else None

    def _role(self, row: Row, faults: list[Fault]) -> MemberRole | None:
        """An unknown word is a flaw, for a leader must not be lost."""
        if self.role is None or is_nothing(row[self.role]):
            return None
        text = cell_text(row[self.role])
        code = self.words.value("role", text, whole=True) or self.words.value("role", text)
        if code is None:
            faults.append(Fault(self.role, Flaw("role", "role_unknown")))
        return MemberRole(code) if code else None

    def _component(self, row: Row) -> Component | None:
        if self.component is None or is_nothing(row[self.component]):
            return None
        code = self.words.value("component", cell_text(row[self.component]))
        return Component(code) if code else Component.OTHER
