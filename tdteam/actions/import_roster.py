"""Imports a roster of team members or households: read, plan (the dry run), apply, undo.

The same file read again changes nothing; a corrected file updates; what a file does not name is left alone
(`domain/rosters/plans` says how a row finds its record). Bad rows stay out with their reasons, good ones go in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tdteam.actions.workbooks import read_workbook, roster_words
from tdteam.domain.errors import Flaw
from tdteam.domain.periods import today
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.plans import (
    Change,
    Plan,
    StoredHousehold,
    StoredMember,
    plan_households,
    plan_members,
)
from tdteam.domain.rosters.reading import layouts_of, read_rosters
from tdteam.domain.rosters.rows import BadCell, HouseholdRow, Reading, TeamFound, TeamRow
from tdteam.domain.rosters.sheets import Workbook, cell_name
from tdteam.domain.rosters.team_reader import team_key
from tdteam.domain.rosters.villages import Communes, Villages
from tdteam.domain.rosters.walking import Progress
from tdteam.domain.rosters.words import Meaning, RosterWords, roster_words_of
from tdteam.store import audit, roster_teams, roster_undo, rosters, stocks
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Upload

TeamKey = tuple[str, str]


@dataclass
class TeamPlan:
    """A team of the file: where it is (its village and team so far, None where they will be made)."""

    found: TeamFound
    origin_id: int
    village_id: int | None
    team_id: int | None


@dataclass
class Checked:
    """A file read and compared with what is stored; nothing is written yet."""

    workbook: Workbook
    layouts: list[SheetLayout]
    reading: Reading
    households: Plan[HouseholdRow, StoredHousehold] = field(default_factory=Plan)
    members: Plan[TeamRow, StoredMember] = field(default_factory=Plan)
    teams: dict[TeamKey, TeamPlan] = field(default_factory=dict)
    amended: list[TeamPlan] = field(default_factory=list)

    @property
    def bad(self) -> list[BadCell]:
        """Rows left out, by sheet and row; the first flaw of a row says why."""
        return [cell for cell in self.reading.bad if cell.refused]

    @property
    def warnings(self) -> list[BadCell]:
        """Cells left out of rows that go in."""
        return [cell for cell in self.reading.bad if not cell.refused]

    def counts(self) -> dict[str, int]:
        """What the file holds and what it would change."""
        made = sum(team.team_id is None for team in self.teams.values())
        return {
            "teams": len(self.teams),
            "members": len(self.reading.members),
            "households": len(self.reading.households),
            "people": sum(row.people or 0 for row in self.reading.households),
            "added": len(self.households.added) + len(self.members.added),
            "changed": len(self.households.changed) + len(self.members.changed),
            "unchanged": self.households.unchanged + self.members.unchanged,
            "new_teams": made,
            "bad_rows": self.reading.bad_rows,
            "warnings": len(self.warnings),
            "twins": len(self.reading.household_twins) + len(self.reading.member_twins),
        }


def words() -> RosterWords:
    """The words by which rosters are known."""
    return roster_words_of(roster_words())


def check_roster(
    session: GatedSession,
    data: bytes,
    file_name: str,
    *,
    place_id: int | None = None,
    layouts: Sequence[SheetLayout] | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Read a file and compare it with what is stored. Raises Refused where the file itself is no good.

    `place_id` is the commune whose villages rows may name (default: the whole scope); `layouts` are corrected ones.
    """
    known = words()
    day = today()
    workbook = read_workbook(data, file_name)
    read_as = list(layouts) if layouts is not None else layouts_of(workbook, known, day)
    communes = rosters.read_communes(session, known)
    villages = rosters.read_villages(session, communes, known, place_id, day)
    reading = read_rosters(workbook, read_as, villages, known, day, progress)
    checked = Checked(workbook, read_as, reading)
    if reading.teams:
        _place_teams(session, checked, communes, villages, known, day)
    if reading.households:
        stored = rosters.list_stored_households(session, {row.village_id for row in reading.households})
        checked.households = plan_households(stored, reading.households)
    if reading.members:
        team_ids = {key: plan.team_id or key for key, plan in checked.teams.items()}
        stored_members = rosters.list_stored_members(
            session, [plan.team_id for plan in checked.teams.values() if plan.team_id]
        )
        checked.members = plan_members(
            stored_members, reading.members, [team_ids[team_key(row, known)] for row in reading.members]
        )
    return checked


def _place_teams(
    session: GatedSession,
    checked: Checked,
    communes: Communes,
    villages: Villages,
    known: RosterWords,
    day: date,
) -> None:
    """Find each team's village; a village not known yet will be made in its old commune, an ambiguous one is refused."""
    lost: dict[TeamKey, Flaw] = {}
    for key, found in checked.reading.teams.items():
        homes = [commune for commune in communes.find(found.commune) if session.permits(commune.commune_id)]
        answer = villages.resolve(found.commune, found.village)
        if not homes:
            lost[key] = Flaw(
                "village", "commune_unknown", {"commune": found.commune or checked.workbook.filename}
            )
        elif isinstance(answer, Flaw) and answer.code == "village_ambiguous":
            lost[key] = answer
        elif isinstance(answer, Flaw):
            checked.teams[key] = TeamPlan(found, homes[0].commune_id, None, None)
        else:
            team = rosters.find_team(session, answer, day)
            checked.teams[key] = TeamPlan(found, homes[0].commune_id, answer, team.id if team else None)
            if team and found.decision_number and team.decision_number != found.decision_number:
                checked.amended.append(checked.teams[key])
    if lost:
        _leave_out(checked, lost, known)


def _leave_out(checked: Checked, lost: Mapping[TeamKey, Flaw], known: RosterWords) -> None:
    """Members of teams without a village become bad rows."""
    columns = {one.sheet: one.column_of(Meaning.VILLAGE) or 0 for one in checked.layouts}
    kept = []
    for row in checked.reading.members:
        flaw = lost.get(team_key(row, known))
        if flaw is None:
            kept.append(row)
            continue
        cell = cell_name(row.row, columns.get(row.sheet, 0))
        checked.reading.note_bad(
            [BadCell(row.sheet, cell, row.row, flaw.field, flaw.code, flaw.params, row.village, True)]
        )
    checked.reading.members = kept


def apply_roster(session: GatedSession, checked: Checked, upload_id: int | None = None) -> dict[str, int]:
    """Write what the plan says: teams with their villages, members, households. Returns the counts."""
    counts = checked.counts()
    if checked.teams:
        roster_teams.make_teams(session, list(checked.teams.values()), upload_id)
        by_key = {key: plan.team_id or 0 for key, plan in checked.teams.items()}
        known = words()
        roster_teams.add_members(
            session, [(by_key[team_key(row, known)], row) for row in checked.members.added], upload_id
        )
        roster_teams.change_members(session, checked.members.changed, upload_id)
    rosters.add_households(session, checked.households.added, upload_id)
    rosters.change_households(session, checked.households.changed, upload_id)
    touched = {row.village_id for row in checked.households.added}
    touched |= {record.village_id for record, _row, _changes in checked.households.changed}
    if touched:
        stocks.touch(session, touched)
    audit.append(session, "import", "roster", upload_id or "", **counts)
    return counts


def undo_roster(session: GatedSession, upload_id: int) -> dict[str, int]:
    """Take an import back: added rows go, changed rows say what they said. Rows that changed since are left and counted."""
    done = roster_undo.undo(session, upload_id)
    if done.villages:
        stocks.touch(session, done.villages)
    audit.append(
        session, "undo", "roster", upload_id, removed=done.removed, restored=done.restored, kept=done.kept
    )
    return {"removed": done.removed, "restored": done.restored, "kept": done.kept}


def read_layouts(data: bytes, file_name: str) -> list[SheetLayout]:
    """How each sheet of a file seems to be laid out. Raises Refused where the file itself is no good."""
    return layouts_of(read_workbook(data, file_name), words(), today())


def do_upload(session: GatedSession, upload: Upload, checked: Checked) -> None:
    """Apply a checked upload and write down what it did."""
    upload.outcome = apply_roster(session, checked, upload.id)
    upload.state, upload.done_at = "done", datetime.now(UTC)
    session.add(upload)


def undo_upload(session: GatedSession, upload: Upload) -> None:
    """Take a done upload back."""
    undone = undo_roster(session, upload.id or 0)
    upload.outcome = {**(upload.outcome or {}), **undone}
    upload.state, upload.undone_at = "undone", datetime.now(UTC)
    session.add(upload)


def outcome(checked: Checked, say: Any) -> dict[str, Any]:
    """The public summary of a check or an import. `say(code, params)` gives a sentence."""
    counts = checked.counts()
    listed = ("teams", "members", "households", "added", "changed", "unchanged", "warnings", "twins")
    return {
        **{name: counts[name] for name in listed},
        "bad": [
            {"sheet": b.sheet, "cell": b.cell, "code": b.code, "message": say(b.code, b.params)}
            for b in checked.bad
        ],
    }


__all__ = ["Change", "Checked", "apply_roster", "check_roster", "outcome", "undo_roster"]
