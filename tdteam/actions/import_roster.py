"""Imports a roster that was checked (`actions/check_roster.py`), in one transaction, and takes an import back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tdteam.actions.check_roster import (
    COMPARING,
    N_,
    READING,
    Checked,
    Told,
    check_roster,
    check_workbook,
    read_layouts,
    words,
)
from tdteam.actions.kept_workbook import pack, unpack
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.errors import Conflict, Flaw, NotFound
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.rosters.layout import SheetLayout, layout_from_data
from tdteam.domain.rosters.sheets import Workbook
from tdteam.domain.rosters.team_reader import team_key
from tdteam.store import audit, places, roster_rows, roster_teams, roster_undo, rosters, stocks, uploads
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Upload

WRITING, COUNTING = N_("Writing the rows"), N_("Counting figures anew")
_SHARES = {READING: (0, 500), COMPARING: (500, 600), WRITING: (600, 950), COUNTING: (950, 1000)}


def how_far(done: int, whole: int, stage: str) -> int:
    """How far the whole import is, in thousandths, when one stage is that far."""
    low, high = _SHARES[stage]
    return low + (high - low) * min(done, whole) // max(1, whole)


def apply_roster(
    session: GatedSession, checked: Checked, upload_id: int | None = None, progress: Told | None = None
) -> dict[str, int]:
    """Write what the plan says: teams with their villages, members, households. Returns the counts. New households are
    let go as they are written: a district is large."""
    counts = checked.counts
    if checked.teams:
        _write_teams(session, checked, upload_id)
    touched = {row.village_id for row in checked.households.added}
    touched |= {record.village_id for record, _row, _changes in checked.households.changed}
    checked.reading.households = []
    told = (lambda done, whole: progress(done, whole, WRITING)) if progress else None
    roster_rows.add_households(session, checked.households.added, upload_id, told)
    roster_rows.change_households(session, checked.households.changed, upload_id)
    if touched:
        if progress:
            progress(1, 1, COUNTING)
        stocks.touch(session, touched)
    audit.append(session, "import", "roster", upload_id or "", **counts)
    return counts


def _write_teams(session: GatedSession, checked: Checked, upload_id: int | None) -> None:
    known, plans = words(), checked.plans
    roster_teams.make_teams(session, plans, upload_id)
    roster_teams.amend_teams(session, checked.amended, upload_id)
    members = [(checked.teams[team_key(row, known)], row) for row in checked.members.added]
    roster_teams.add_members(session, members, upload_id)
    villages = {plan.village_id or 0 for plan in plans}
    roster_teams.change_members(session, checked.members.changed, villages, upload_id)


def take_file(session: GatedSession, place_id: int, file_name: str, data: bytes) -> Upload:
    """Take a file in: what may be kept of its rows, and how its columns seem to be read. Raises Refused where it is
    no roster; then nothing is kept. What is kept of old ones goes on the same occasion, for it holds names."""
    workbook = read_workbook(data, file_name)
    body, layouts = pack(workbook, read_layouts(session, workbook))
    uploads.remove_old(session)
    upload = uploads.add_upload(session, kind_of(layouts), place_id, file_name, data, kept=body)
    set_layouts(session, upload, layouts)
    audit.append(session, "upload", "roster", upload.id, place_id=place_id, size=upload.size)
    return upload


def kind_of(layouts: Iterable[SheetLayout]) -> str:
    """What a file lists: teams, households or mixed."""
    kinds = {str(one.kind) for one in layouts if one.kind}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def set_layouts(session: GatedSession, upload: Upload, layouts: Sequence[SheetLayout]) -> None:
    """Read the columns so from now on."""
    upload.layout = {"sheets": [one.to_data() for one in layouts]}
    upload.kind = kind_of(layouts)
    session.add(upload)


def layouts_kept(upload: Upload) -> list[SheetLayout]:
    """How the columns of an upload are read."""
    return [layout_from_data(data) for data in (upload.layout or {}).get("sheets", [])]


def open_upload(session: GatedSession, upload: Upload) -> Workbook:
    """The rows of an upload. NotFound once their time is over."""
    body = uploads.find_body(session, upload.id or 0)
    if body is None:
        raise NotFound
    return unpack(body)


def check_upload(session: GatedSession, upload: Upload, progress: Told | None = None) -> Checked:
    """The dry run of an upload."""
    workbook, layouts = open_upload(session, upload), layouts_kept(upload)
    return check_workbook(session, workbook, layouts, place_id=upload.place_id, progress=progress)


def do_upload(session: GatedSession, upload_id: int, progress: Told | None = None) -> Upload:
    """Read and plan once more, in the transaction that writes, and write. Raises Conflict where it was done before."""
    upload = uploads.hold_upload(session, upload_id)
    if upload.state not in ("uploaded", "checked"):
        raise Conflict
    _finish(session, upload, check_upload(session, upload, progress), progress)
    return upload


def _finish(session: GatedSession, upload: Upload, checked: Checked, progress: Told | None) -> None:
    upload.outcome = apply_roster(session, checked, upload.id, progress)
    upload.state, upload.done_at = "done", datetime.now(UTC)
    session.add(upload)


def undo_upload(session: GatedSession, upload_id: int) -> Upload:
    """Take a done upload back: added rows go, changed rows say what they said. Rows that changed or were used since
    are left and counted. Raises Conflict where there is nothing to take back."""
    upload = uploads.hold_upload(session, upload_id)
    if not uploads.can_undo(upload):
        raise Conflict
    done = roster_undo.undo(session, upload_id)
    undone = {"removed": done.removed, "restored": done.restored, "kept": done.kept}
    audit.append(session, "undo", "roster", upload_id, **undone)
    upload.outcome = {**(upload.outcome or {}), **undone}
    upload.state, upload.undone_at = "undone", datetime.now(UTC)
    session.add(upload)
    return upload


def import_file(
    session: GatedSession,
    body: bytes,
    file_name: str,
    *,
    place_id: int | None = None,
    dry_run: bool = False,
    progress: Told | None = None,
) -> Checked:
    """A whole import at once, for the command line. It stands among those of the pages and can be undone there; the
    file itself is not kept."""
    rosters.spare_memory(session)
    checked = check_roster(session, body, file_name, place_id=place_id, progress=progress)
    if not dry_run:
        home = place_id or _home_of(session, checked)
        upload = uploads.add_upload(session, kind_of(checked.layouts), home, file_name, body)
        _finish(session, upload, checked, progress)
    return checked


def _home_of(session: GatedSession, checked: Checked) -> int:
    """The one commune all rows stand in, so that its officials see the import; else the province."""
    day = today()
    villages = {row.village_id for row in checked.reading.households}
    villages |= {plan.village_id for plan in checked.plans if plan.village_id}
    origins = {plan.origin_id for plan in checked.plans if plan.village_id is None}
    communes = rosters.commune_ids_of(session, villages, day)
    communes |= {places.commune_of(session, origin).id or 0 for origin in origins}
    if len(communes) == 1:
        return communes.pop()
    province = places.list_reached(session, Level.PROVINCE)
    return province[0].id or 0


def summary(checked: Checked, say: Callable[[Flaw], str]) -> dict[str, Any]:
    """The public summary of a check or an import (a contract: these names and no others). `say` gives a flaw its
    sentence."""
    counts = checked.counts
    listed = ("teams", "members", "households", "added", "changed", "unchanged")
    bad = [
        {
            "sheet": b.sheet,
            "cell": b.cell,
            "code": b.code,
            "message": say(Flaw(b.field, b.code, dict(b.params))),
        }
        for b in checked.bad
    ]
    return {**{name: counts[name] for name in listed}, "bad": bad}
