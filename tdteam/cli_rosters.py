"""The command that imports a roster. With --json standard output holds only the JSON; bad rows are no failure."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tdteam.actions.check_roster import Checked
from tdteam.cli_base import place_named, session
from tdteam.cli_words import Failed, _, problem, progress, say_flaw, table
from tdteam.domain.errors import Flaw
from tdteam.domain.rosters.rows import BadCell

SHOWN = 30


@click.command(
    "import-roster", help=_("Import teams or households from a workbook (.xlsx, .xls, .ods, .csv).")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--place", help=_("Commune or area the workbook is about: a code in force, or a name."))
@click.option("--dry-run", is_flag=True, help=_("Say what would happen; change nothing."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON on standard output."))
def import_roster(file: Path, place: str | None, dry_run: bool, as_json: bool) -> None:
    """Import a roster."""
    from tdteam.actions import import_roster as importing

    try:
        body = file.read_bytes()
    except OSError as error:
        raise Failed(problem("file_unreadable", path=str(file), why=error.strerror or "")) from error
    with session(write=not dry_run) as opened, progress(_("Reading the workbook")) as bar:

        def told(done: int, whole: int, stage: str) -> None:
            bar(importing.how_far(done, whole, stage), 1000, stage)

        place_id = place_named(opened, place) if place else None
        checked = importing.import_file(
            opened, body, file.name, place_id=place_id, dry_run=dry_run, progress=told
        )
    if as_json:
        click.echo(json.dumps(importing.summary(checked, say_flaw), ensure_ascii=False))
    else:
        click.echo(_in_words(checked, dry_run))


def _in_words(checked: Checked, dry_run: bool) -> str:
    counts = checked.counts
    lines = [_("Nothing was written: this was a dry run.")] if dry_run else []
    if counts["teams"]:
        lines.append(_("Teams: %(teams)s (%(new_teams)s new). Members: %(members)s.", **counts))
    if counts["households"]:
        lines.append(_("Households: %(households)s. People in them: %(people)s.", **counts))
    lines.append(_("Added %(added)s, changed %(changed)s, left as they are %(unchanged)s.", **counts))
    if counts["twins"]:
        lines.append(_("Possible twins: %(twins)s pairs.", **counts))
    if counts["bad_rows"]:
        lines.append(_("Rows left out: %(bad_rows)s.", **counts))
        lines.append(table([(cell.sheet, cell.cell, _reason(cell)) for cell in checked.bad[:SHOWN]]))
    if len(checked.bad) > SHOWN:
        lines.append(_("… and %(more)s more: --json lists them all.", more=len(checked.bad) - SHOWN))
    return "\n".join(lines)


def _reason(cell: BadCell) -> str:
    return say_flaw(Flaw(cell.field, cell.code, dict(cell.params)))
