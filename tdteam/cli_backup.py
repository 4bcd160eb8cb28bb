"""`backup` and `restore`."""

from __future__ import annotations

from pathlib import Path

import click

from tdteam.actions.restore_backup import Restored, restore_backup
from tdteam.cli_base import everywhere, in_use
from tdteam.cli_words import Failed, _, progress
from tdteam.config import read_config
from tdteam.store import backup as backups
from tdteam.store import backup_files, locks
from tdteam.web.formats import moment, num, size
from tdteam.web.states import N_

STAGES = {
    "check": N_("Checking the backup…"),
    "keep": N_("Keeping the database that is replaced…"),
    "prepare": N_("Preparing the restored database…"),
    "swap": N_("Putting it in its place…"),
    "files": N_("Putting photos and scans back…"),
}


@click.command(help=_("Write a checked backup: the database to a file, its photos and scans beside it."))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--keep-days",
    type=click.IntRange(1, 3650),
    help=_("Then delete backups of the usual folder that are older than so many days."),
)
def backup(file: Path | None, keep_days: int | None) -> None:
    """Back up; exit 1 when photos or scans are missing, although the database is safe."""
    config = read_config()
    target = file or backups.default_path(config.instance, config.database_url)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise backups.BackupFailed("unwritable", error.strerror or "") from error
    with in_use(config), _one_at_a_time(target.parent), progress(_("Backing up")) as told:
        made = backups.make_backup(
            config.database_url,
            target,
            key=config.database_key,
            instance=config.instance,
            progress=lambda done, whole: told(done, whole, ""),
        )
        gone = backup_files.prune(config.instance / "backups", keep_days) if keep_days else 0
    _say_made(made)
    if gone:
        click.echo(_("Deleted: %(num)s backups older than %(days)s days.", num=num(gone), days=keep_days))
    if made.files and made.files.missing:
        raise Failed(
            _(
                "%(num)s photos or scans are missing or damaged, and so not in the backup: %(names)s. "
                "The database itself is safe.",
                num=num(len(made.files.missing)),
                names=_some(made.files.missing),
            )
        )


def _say_made(made: backups.Backup) -> None:
    rows = (
        _(", %(num)s rows, compared with the original", num=num(made.rows)) if made.rows is not None else ""
    )
    click.echo(
        _(
            "The backup is made and checked: %(path)s (%(size)s%(rows)s)",
            path=made.path,
            size=size(made.size),
            rows=rows,
        )
    )
    if made.files and made.files.count:
        click.echo(
            _(
                "Photos and scans in %(folder)s: %(num)s (%(size)s), each compared with its hash",
                folder=made.path.parent / backup_files.STORE,
                num=num(made.files.count),
                size=size(made.files.size),
            )
        )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _one_at_a_time(folder: Path) -> locks.Held:
    """Deleting old backups must not take files that another one is about to name."""
    return locks.held(folder / ".tdteam-backup.lock", wait=True)


@click.command(
    help=_("Put a backup in the place of the database. The server must be stopped; what is replaced is kept.")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Restore; exit 0 only when everything is back."""
    config = read_config()

    def told(stage: str) -> None:
        click.echo(_(STAGES[stage]), err=True)

    done = restore_backup(config, file, everywhere(), told=told)
    _say_done(file, done)
    if done.missing:
        raise Failed(
            _(
                "The database is restored, but %(num)s photos or scans are missing: %(names)s. "
                "Phones that still have them send them again.",
                num=num(len(done.missing)),
                names=_some(done.missing),
            )
        )


def _say_done(file: Path, done: Restored) -> None:
    click.echo(_("Restored: %(path)s", path=file))
    if done.made_at:
        click.echo(_("The backup was made on %(moment)s.", moment=moment(done.made_at)))
    if done.rows is not None:
        click.echo(_("Rows: %(num)s", num=num(done.rows)))
    if done.migrated:
        click.echo(_("It came from an older version and was brought up to date."))
    if done.kept:
        click.echo(_("The database it replaces is kept: %(path)s", path=done.kept))
    if done.brought:
        click.echo(_("Photos and scans put back: %(num)s", num=num(done.brought)))
    click.echo(
        _(
            "%(num)s accounts must sign in again. Phones offer what the backup lacks as soon as they have a network.",
            num=num(done.accounts),
        )
    )
    click.echo(_("Now start the server again."))
