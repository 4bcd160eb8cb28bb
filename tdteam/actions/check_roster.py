"""Reads a roster and compares it with what is stored: the dry run. Nothing is written.

The same file read again changes nothing; a corrected file updates; what a file does not name is left alone
(`domain/rosters/plans` says how a row finds its record). Bad rows stay out with their reasons, good ones go in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from tdteam.actions.workbooks import read_workbook, roster_words
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.periods import today
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.plans import Plan, plan_households, plan_members
from tdteam.domain.rosters.reading import layouts_of, read_rosters
from tdteam.domain.rosters.rows import BadCell, HouseholdRow, Reading, TeamFound, TeamRow
from tdteam.domain.rosters.sheets import Workbook, cell_name
from tdteam.domain.rosters.stored import StoredHousehold, StoredMember
from tdteam.domain.rosters.team_reader import team_key
from tdteam.domain.rosters.villages import Communes, Villages, village_key
from tdteam.domain.rosters.words import Meaning, RosterWords, roster_words_of
from tdteam.store import rosters
from tdteam.store.gate import GatedSession

TeamKey = tuple[str, str]
Told = Callable[[int, int, str], None]
"""How far long work is: done, whole, and the message id of the stage."""


def N_(text: str) -> str:  # noqa: N802 - the usual name of a marker for the catalogue
    """A message id, for whoever shows the progress to translate."""
    return text


AT_ONCE = 3_000  # households compared together
READING, COMPARING = N_("Reading the rows"), N_("Comparing with what is stored")


@dataclass
class TeamPlan:
    """A team of the file: its village and team so far, None where they will be made.

    A new village will come from the commune `origin_id`; `near`: known villages it looks like.
    """

    found: TeamFound
    origin_id: int
    village_id: int | None = None
    team_id: int | None = None
    near: str = ""


@dataclass
class Checked:
    """A file read and compared with what is stored; nothing is written yet. `counts`: what the file holds and what it
    would change."""

    layouts: list[SheetLayout]
    reading: Reading
    households: Plan[HouseholdRow, StoredHousehold] = field(default_factory=Plan)
    members: Plan[TeamRow, StoredMember] = field(default_factory=Plan)
    teams: dict[TeamKey, TeamPlan] = field(default_factory=dict)
    amended: list[TeamPlan] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def bad(self) -> list[BadCell]:
        """What leaves rows out, by sheet and row."""
        return [cell for cell in self.reading.bad if cell.refused]

    @property
    def warnings(self) -> list[BadCell]:
        """Cells left out of rows that go in."""
        return [cell for cell in self.reading.bad if not cell.refused]

    @property
    def plans(self) -> list[TeamPlan]:
        """Each team once, however many ways the file writes it."""
        return list({id(plan): plan for plan in self.teams.values()}.values())

    @property
    def kind(self) -> str:
        """What the file lists, for the list of imports."""
        kinds = {str(one.kind) for one in self.layouts if one.kind}
        return kinds.pop() if len(kinds) == 1 else "mixed"


def _counts(checked: Checked) -> dict[str, int]:
    reading, households, members, plans = checked.reading, checked.households, checked.members, checked.plans
    return {
        "teams": len(plans),
        "members": len(reading.members),
        "households": len(reading.households),
        "people": sum(row.people or 0 for row in reading.households),
        "added": len(households.added) + len(members.added),
        "changed": len(households.changed) + len(members.changed),
        "unchanged": households.unchanged + members.unchanged,
        "absent": households.absent + members.absent,
        "new_teams": sum(plan.team_id is None for plan in plans),
        "new_villages": sum(plan.village_id is None for plan in plans),
        "decisions": len(checked.amended),
        "bad_rows": reading.bad_rows,
        "warnings": len(checked.warnings),
        "twins": len(reading.household_twins) + len(reading.member_twins),
    }


@lru_cache(maxsize=1)
def words() -> RosterWords:
    """The words by which rosters are known."""
    return roster_words_of(roster_words())


def read_layouts(session: GatedSession, workbook: Workbook) -> list[SheetLayout]:
    """How each sheet seems to be laid out. Raises Refused where none of them is a roster."""
    layouts = layouts_of(workbook, words(), today())
    if not any(layout.kind for layout in layouts):
        told = [layout.why for layout in layouts if layout.why]
        raise Refused([Flaw("file", told[0] if told else "sheet_no_head")])
    if any(layout.is_guess for layout in layouts):
        everywhere = rosters.read_commune_names(session, words())
        for layout in layouts:
            if layout.is_guess and not everywhere.find(layout.commune):
                layout.commune, layout.is_guess = "", False
    return layouts


def check_roster(
    session: GatedSession,
    data: bytes,
    file_name: str,
    *,
    place_id: int | None = None,
    progress: Told | None = None,
) -> Checked:
    """Read a file as it seems to be laid out and compare it with what is stored. Raises Refused where it is no good."""
    workbook = read_workbook(data, file_name)
    return check_workbook(
        session, workbook, read_layouts(session, workbook), place_id=place_id, progress=progress
    )


def check_workbook(
    session: GatedSession,
    workbook: Workbook,
    layouts: list[SheetLayout],
    *,
    place_id: int | None = None,
    progress: Told | None = None,
) -> Checked:
    """Read a workbook by its layouts and compare it with what is stored.

    `place_id` is the commune (or area) whose villages rows may name (default: the whole scope). A writing session
    locks the records that are compared.
    """
    known, day = words(), today()
    communes, villages = rosters.read_units(session, known, place_id, day)
    told = (lambda row, rows: progress(row, rows, READING)) if progress else None
    checked = Checked(layouts, read_rosters(workbook, layouts, villages, known, day, told))
    if progress:
        progress(1, 1, COMPARING)
    if checked.reading.teams:
        _place_teams(session, checked, communes, villages, day)
    if checked.reading.members:
        checked.members = _compare_members(session, checked)
    checked.households = _compare_households(session, checked.reading.households)
    checked.counts = _counts(checked)
    return checked


def _compare_members(session: GatedSession, checked: Checked) -> Plan[TeamRow, StoredMember]:
    known, rows = words(), checked.reading.members
    teams = {key: plan.team_id or id(plan) for key, plan in checked.teams.items()}
    serving = rosters.list_stored_members(session, [plan.team_id for plan in checked.plans if plan.team_id])
    return plan_members(serving, rows, [teams[team_key(row, known)] for row in rows])


def _compare_households(
    session: GatedSession, rows: Sequence[HouseholdRow]
) -> Plan[HouseholdRow, StoredHousehold]:
    """A few villages at a time, so that a whole district never stands in memory twice."""
    by_village: dict[int, list[HouseholdRow]] = {}
    for row in rows:
        by_village.setdefault(row.village_id, []).append(row)
    whole: Plan[HouseholdRow, StoredHousehold] = Plan()
    part: list[int] = []
    for village_id in by_village:
        part.append(village_id)
        together = [row for key in part for row in by_village[key]]
        if len(together) >= AT_ONCE or village_id == next(reversed(by_village)):
            stored = rosters.list_stored_households(session, part)
            whole.take_in(plan_households(stored, together))
            part = []
    return whole


def _place_teams(
    session: GatedSession, checked: Checked, communes: Communes, villages: Villages, day: date
) -> None:
    """Find each team's village and team. A village not known yet will be made in its old commune; what is ambiguous
    is refused, and so is a name that was once there."""
    lost: dict[TeamKey, Flaw] = {}
    same: dict[object, TeamPlan] = {}
    for key, found in checked.reading.teams.items():
        plan = _placed(session, found, communes, villages)
        if isinstance(plan, Flaw):
            lost[key] = plan
        else:
            identity = plan.village_id or (plan.origin_id, village_key(found.village, words()))
            checked.teams[key] = same.setdefault(identity, plan)
    there = rosters.teams_of(session, {p.village_id for p in checked.plans if p.village_id}, day)
    for plan in checked.plans:
        team = there.get(plan.village_id or 0)
        if team:
            plan.team_id = team.team_id
            if plan.found.decision_number and not team.decision_number:
                checked.amended.append(plan)
    if lost:
        _leave_out(checked, lost)


def _placed(
    session: GatedSession, found: TeamFound, communes: Communes, villages: Villages
) -> TeamPlan | Flaw:
    answer = villages.resolve(found.commune, found.village)
    if not isinstance(answer, Flaw):
        return TeamPlan(found, 0, answer)
    if answer.code in ("village_ambiguous", "commune_unknown"):
        return answer
    if not found.commune:
        return Flaw("village", "commune_missing")
    homes = communes.find(found.commune)
    old = [home for home in homes if not home.present] or homes
    if len(old) > 1:
        return Flaw("village", "commune_ambiguous", {"commune": found.commune, "count": len(old)})
    if rosters.is_taken(session, old[0].commune_id, found.village):
        return Flaw("village", "village_gone", {"village": found.village})
    return TeamPlan(found, old[0].commune_id, near=str(answer.params.get("near", "")))


def _leave_out(checked: Checked, lost: Mapping[TeamKey, Flaw]) -> None:
    """Members of teams without a village become bad rows."""
    known = words()
    columns = {one.sheet: one.column_of(Meaning.VILLAGE) or 0 for one in checked.layouts}
    kept: list[TeamRow] = []
    place_of: dict[int, int] = {}
    for place, row in enumerate(checked.reading.members):
        flaw = lost.get(team_key(row, known))
        if flaw is None:
            place_of[place] = len(kept)
            kept.append(row)
            continue
        cell = cell_name(row.row, columns.get(row.sheet, 0))
        text = str(flaw.params.get("commune", row.village))
        bad = BadCell(row.sheet, cell, row.row, flaw.field, flaw.code, flaw.params, text, True)
        checked.reading.note_bad([bad])
    checked.reading.members = kept
    checked.reading.member_twins = [
        (place_of[first], place_of[second])
        for first, second in checked.reading.member_twins
        if first in place_of and second in place_of
    ]
