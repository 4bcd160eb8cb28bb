"""The values rosters are read into: rows that are good, cells that are not, and the households and members known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tdteam.domain.people import Component, MemberRole, Poverty, Sex, SubjectKind

REFUSING = frozenset({"village", "name", "birth_year", "people", "adults", "eid2", "role"})
"""A flaw in one of these leaves the row out. Any other flaw leaves out only the cell: the row goes in with a warning."""


MOST_LISTED = 20_000
"""Bad cells kept of one file: a column taken for another makes one in every row, and nobody reads them all."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """One thing wrong: where (sheet, Excel's cell, row), which field, a code with its figures, the text found there.

    `refused`: the row stays out until it is corrected; otherwise the row went in without this cell.
    """

    sheet: str
    cell: str
    row: int
    field: str
    code: str
    params: Mapping[str, object]
    text: str
    refused: bool


@dataclass(slots=True)
class HouseholdRow:
    """A good row of a household roster. None: the roster does not say (no such column, or a blank cell).

    `folded` is the head's folded name; `village` the name as written, `village_id` what it resolved to. A new record
    whose `kind` is unsaid is a household.
    """

    sheet: str
    row: int
    village: str
    village_id: int
    head: str
    folded: str
    birth_year: int | None = None
    people: int | None = None
    adults: int | None = None
    eid2: int | None = None
    poverty: Poverty | None = None
    smartphone: bool | None = None
    phone: str | None = None
    note: str | None = None
    kind: SubjectKind | None = None


@dataclass(slots=True)
class TeamRow:
    """A member in a team roster. The team is that of (`commune`, `village`); `village_kind` is thon, ban, tdp or "".

    None: the roster does not say. A new member whose role is unsaid is a plain member.
    """

    sheet: str
    row: int
    commune: str
    village: str
    village_kind: str
    name: str
    folded: str
    birth_year: int | None = None
    sex: Sex | None = None
    role: MemberRole | None = None
    component: Component | None = None
    phone: str | None = None
    trained: bool | None = None
    note: str | None = None


@dataclass(slots=True)
class TeamFound:
    """A team named by a roster, in file order: its commune's hint, village, founding decision, and where it begins."""

    sheet: str
    row: int
    commune: str
    village: str
    village_kind: str
    decision_number: str
    decision_on: date | None
    key: tuple[str, str]
    members: int = 0


@dataclass(slots=True)
class Reading:
    """Everything read so far, over all sheets.

    Twins are pairs of places in `households` (or in `members`): alike in village (team), name and birth year, unlike
    in something else; both are good. `seen_…` finds them and is of no use afterwards. Of a hopeless file only the
    first MOST_LISTED bad cells are listed, the rest counted in `unlisted`; `bad_rows` counts the rows left out.
    """

    households: list[HouseholdRow] = field(default_factory=list)
    members: list[TeamRow] = field(default_factory=list)
    teams: dict[tuple[str, str], TeamFound] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    household_twins: list[tuple[int, int]] = field(default_factory=list)
    member_twins: list[tuple[int, int]] = field(default_factory=list)
    seen_households: dict[int, int] = field(default_factory=dict)
    seen_members: dict[int, int] = field(default_factory=dict)
    rows: int = 0
    bad_rows: int = 0
    unlisted: int = 0

    def note_bad(self, cells: list[BadCell]) -> None:
        """Take in the bad cells of one row; it counts once among `bad_rows` if any of them leaves it out."""
        room = max(0, MOST_LISTED - len(self.bad))
        self.bad.extend(cells[:room])
        self.unlisted += max(0, len(cells) - room)
        self.bad_rows += any(cell.refused for cell in cells)
