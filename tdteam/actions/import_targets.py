"""Imports a filled template of targets: read it (the dry run), store it, take it back."""

from __future__ import annotations

from datetime import UTC, datetime

from tdteam.actions.draft_report import Paper
from tdteam.actions.set_targets import set_targets
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.errors import Conflict, Flaw, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Actor
from tdteam.domain.target_book import TargetReading, find_mark, read_book
from tdteam.domain.targets import TargetGrid, targeted
from tdteam.reports.lists import ascii_filename
from tdteam.reports.target_book import TargetWords, draw_target_book
from tdteam.store import audit, indicators, places, targets, uploads
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Upload
from tdteam.store.targets import GridAsked

__all__ = [
    "TargetWords",
    "check_template",
    "draw_template",
    "keep_template",
    "store_template",
    "undo_template",
]
KIND = "targets"


def read_whole(session: GatedSession, place: Place, span: str, *, everything: bool = True) -> TargetGrid:
    """The grid a template speaks of: of a province its areas and communes, else every village."""
    asked = GridAsked(place, span, today(), all_opened=place.level != Level.PROVINCE, everybody=True)
    columns = targeted(indicators.list_indicators(session), everything=everything)
    return targets.read_grid(session, asked, columns)


def draw_template(grid: TargetGrid, words: TargetWords) -> Paper:
    """The template of a grid, with what is set so far in it."""
    return Paper(draw_target_book(grid, words), ascii_filename(f"mau-chi-tieu-giao-{grid.span}", "xlsx"))


def find_template(session: GatedSession, body: bytes, file_name: str) -> tuple[int, str]:
    """The place and span a filled template is of. Raises Refused on `file` where it is none, or of another place."""
    mark = find_mark(read_workbook(body, file_name))
    if mark is None or not targets.is_span(session, mark[1]):
        raise Refused([Flaw("file", "target_mark")])
    if not session.permits(mark[0]):
        raise Refused([Flaw("file", "grid_place")])
    return mark


def keep_template(session: GatedSession, body: bytes, file_name: str) -> Upload:
    """Keep a filled template for its dry run. Raises Refused as `find_template` does."""
    place_id, span = find_template(session, body, file_name)
    upload = uploads.add_upload(session, KIND, place_id, file_name, body, kept=body)
    upload.layout = {"span": span}
    session.add(upload)
    audit.append(session, "upload", "target", upload.id, place_id=place_id, size=upload.size)
    return upload


def check_template(session: GatedSession, upload: Upload) -> tuple[TargetGrid, TargetReading]:
    """What the file would set, cell by cell, and what is wrong with it. Nothing is written."""
    body = uploads.find_body(session, upload.id or 0)
    if upload.kind != KIND or body is None:
        raise NotFound
    workbook = read_workbook(body, upload.file_name)
    place = places.get_place(session, upload.place_id)
    grid = read_whole(session, place, find_template(session, body, upload.file_name)[1])
    return grid, read_book(workbook, grid)


def store_template(session: GatedSession, upload: Upload, actor: Actor) -> int:
    """Set what a checked file says; answers how many targets changed. Conflict where it was stored before."""
    uploads.hold_upload(session, upload.id or 0)
    if upload.state != "uploaded":
        raise Conflict
    grid, reading = check_template(session, upload)
    cells = {(cell.place_id, cell.column.code): cell for cell in reading.changes}
    changed = set_targets(session, grid.span, {key: cell.new for key, cell in cells.items()}, actor)
    upload.state, upload.done_at = "done", datetime.now(UTC)
    upload.outcome = {
        "changed": [[*key, cells[key].old, cells[key].new] for key in changed],
        "bad": len(reading.flaws),
    }
    session.add(upload)
    audit.append(session, "import", "target", upload.id, place_id=upload.place_id, figures=len(changed))
    return len(changed)


def undo_template(session: GatedSession, upload: Upload, actor: Actor) -> int:
    """Put back what stood before, where nobody changed it since; how many targets."""
    uploads.hold_upload(session, upload.id or 0)
    if upload.state != "done" or not upload.outcome or not upload.layout:
        raise Conflict
    span, told = str(upload.layout["span"]), upload.outcome["changed"]
    now = targets.read_targets(session, [place for place, *_ in told], span)
    back = {(place, code): old for place, code, old, new in told if now.get((place, code)) == new}
    set_targets(session, span, back, actor)
    upload.state, upload.undone_at = "undone", datetime.now(UTC)
    session.add(upload)
    audit.append(session, "undo", "target", upload.id, place_id=upload.place_id, figures=len(back))
    return len(back)
