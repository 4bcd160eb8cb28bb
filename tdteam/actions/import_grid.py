"""Imports a filled template of declared figures: read it (the dry run), store it, take it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tdteam.actions.declare import declare_all, withdraw
from tdteam.actions.draft_report import Paper
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.declared_grid import BookReading, Grid, GridRow, drafts_of, find_mark, read_book
from tdteam.domain.errors import Conflict, Flaw, NotFound, Refused
from tdteam.domain.periods import Period, parse_period, today
from tdteam.domain.roles import Actor
from tdteam.reports.grid_book import GridWords, draw_grid_book
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, declared, places, settings, uploads
from tdteam.store.declared_grid import read_grid
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Upload

__all__ = ["GridWords", "check_template", "draw_template", "keep_template", "store_template", "undo_template"]
KIND = "declared"


def draw_template(grid: Grid, words: GridWords) -> Paper:
    """The template of a grid, with what is declared so far in it."""
    name = f"mau-so-lieu-to-{grid.period.code}"
    return Paper(draw_grid_book(grid, words), ascii_filename(name, "xlsx"))


def find_template(session: GatedSession, body: bytes, file_name: str) -> tuple[int, Period]:
    """The place and period a filled template is of. Raises Refused on `file` where it is none, or of another place."""
    mark = find_mark(read_workbook(body, file_name))
    if mark is None:
        raise Refused([Flaw("file", "grid_mark")])
    place_id, code = mark
    try:
        period = parse_period(code, settings.period_start_day(session))
    except Refused as other:
        raise Refused([Flaw("file", "grid_mark")]) from other
    if not session.permits(place_id):
        raise Refused([Flaw("file", "grid_place")])
    return place_id, period


def keep_template(session: GatedSession, body: bytes, file_name: str) -> Upload:
    """Keep a filled template for its dry run. Raises Refused as `find_template` does."""
    place_id, period = find_template(session, body, file_name)
    upload = uploads.add_upload(session, KIND, place_id, file_name, body, kept=body)
    upload.layout = {"period": period.code}
    session.add(upload)
    audit.append(session, "upload", "declared", upload.id, place_id=place_id, size=upload.size)
    return upload


def check_template(session: GatedSession, upload: Upload) -> tuple[Grid, BookReading]:
    """What the file would store, cell by cell, and what is wrong with it. Nothing is written."""
    body = uploads.find_body(session, upload.id or 0)
    if upload.kind != KIND or body is None:
        raise NotFound
    place = places.get_place(session, upload.place_id)
    _, period = find_template(session, body, upload.file_name)
    grid = read_grid(session, place, period, today(), everybody=True)
    return grid, read_book(read_workbook(body, upload.file_name), grid, today())


def store_template(
    session: GatedSession, upload: Upload, source_of: Callable[[GridRow], str], actor: Actor
) -> int:
    """Store the good cells of a checked file; answers how many figures came in. Conflict where it was stored before."""
    if upload.state == "done":
        raise Conflict
    grid, reading = check_template(session, upload)
    drafts, _ = drafts_of(grid, reading.entries(), source_of)
    stored = [one for one in declare_all(session, drafts, actor) if one.is_new]
    upload.state, upload.done_at = "done", datetime.now(UTC)
    upload.outcome = {
        "added": [one.row.id for one in stored],
        "replaced": [one.before.id for one in stored if one.before],
        "bad": len(reading.flaws),
    }
    session.add(upload)
    audit.append(session, "import", "declared", upload.id, place_id=upload.place_id, figures=len(stored))
    return len(stored)


def undo_template(session: GatedSession, upload: Upload, actor: Actor) -> int:
    """Take back what a file stored and put back what it superseded, where nobody changed it since; how many figures."""
    if upload.state != "done" or not upload.outcome:
        raise Conflict
    back = 0
    before = {
        declared.cell_of(row): row for row in declared.find_rows(session, upload.outcome.get("replaced", []))
    }
    for row in declared.find_rows(session, upload.outcome.get("added", [])):
        if row.superseded_at is not None:
            continue
        old = before.get(declared.cell_of(row))
        withdraw(session, row, actor)
        if old:
            declared.add_declared(session, [declared.draft_of(old)])
        back += 1
    upload.state, upload.undone_at = "undone", datetime.now(UTC)
    session.add(upload)
    audit.append(session, "undo", "declared", upload.id, place_id=upload.place_id, figures=back)
    return back
