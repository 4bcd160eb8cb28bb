"""Restores a backup: checks it, keeps what it replaces, brings it up to this version, and closes the past.

After a restore nobody is signed in any more, and phones see a new epoch: they then offer again what they still hold, and the
backup's gap fills by itself (`docs/sync.md`, section 4). Photos removed since the backup stay removed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tdteam.actions.keep_account import draw_stamp
from tdteam.actions.keep_evidence import delete_unwanted
from tdteam.actions.set_up import Prepared, Setup, set_up
from tdteam.store import audit, backup_files, locks, migrate, restore, restore_postgres
from tdteam.store.backup import make_backup
from tdteam.store.backup_files import Listing
from tdteam.store.engine import make_engine, sqlite_url
from tdteam.store.gate import Scope, open_session
from tdteam.store.restore import Checked, Replaced, RestoreFailed

Told = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What was done: the backup's moment and rows where they are known, the database it replaced and where that is kept,
    accounts signed out, files brought back and files that are still missing."""

    made_at: datetime | None
    rows: int | None
    migrated: bool
    kept: Path | None
    accounts: int
    brought: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Aim:
    """The configuration of the copy that is being prepared."""

    instance: Path
    database_url: str
    database_key: str | None
    period_start_day: int | None


def restore_backup(
    config: Setup, backup: Path, scope: Scope, *, told: Told = lambda _stage: None
) -> Restored:
    """Put a backup in the place of the database. `scope` must reach everywhere; `told` hears each stage (check, keep,
    prepare, swap, files). Raises RestoreFailed, MigrationFailed, BackupFailed or Conflict; then nothing was changed."""
    try:
        with locks.held(config.instance / locks.SERVING):
            return _restore(config, backup, scope, told)
    except locks.InUse as error:
        raise RestoreFailed("in_use") from error


def _restore(config: Setup, backup: Path, scope: Scope, told: Told) -> Restored:
    told("check")
    postgres = restore.is_postgres(config.database_url)
    checked = (
        restore_postgres.check_archive(backup)
        if postgres
        else restore.check_sqlite(backup, config.database_key)
    )
    try:
        listing = backup_files.read_list(backup)
    except (OSError, ValueError) as error:
        raise RestoreFailed("list_broken", str(backup_files.list_of(backup))) from error
    if not _is_alone(config, postgres):
        raise RestoreFailed("in_use")
    replaced = restore.look_back(config.database_url, config.database_key)
    into = _into_postgres if postgres else _into_sqlite
    return into(config, backup, scope, told, _Work(checked, listing, replaced))


def _is_alone(config: Setup, postgres: bool) -> bool:
    if postgres:
        return restore_postgres.is_alone(config.database_url)
    return restore.is_alone(restore.file_of(config.database_url), config.database_key)


@dataclass(frozen=True)
class _Work:
    """What is known before anything is touched."""

    checked: Checked
    listing: Listing | None
    replaced: Replaced


def _into_sqlite(config: Setup, backup: Path, scope: Scope, told: Told, work: _Work) -> Restored:
    live = restore.file_of(config.database_url)
    told("prepare")
    staged = restore.stage(backup, live, config.database_key)
    try:
        aim = _Aim(config.instance, sqlite_url(staged), config.database_key, config.period_start_day)
        migrated = migrate.upgrade(aim.database_url, key=aim.database_key)
        accounts, brought = _close_the_past(aim, backup, scope, told, work)
        told("swap")
        aside = restore.aside_name(live.parent, "db")
        kept = restore.swap(staged, live, config.database_key, aside)
    finally:
        restore.drop_staged(staged)
    return _told_of(config, work, migrated, kept, accounts, brought)


def _into_postgres(config: Setup, backup: Path, scope: Scope, told: Told, work: _Work) -> Restored:
    kept: Path | None = None
    if work.replaced.is_filled:
        told("keep")
        aside = restore.aside_name(config.instance, "dump")
        kept = make_backup(config.database_url, aside).path
    told("swap")
    restore_postgres.replace(config.database_url, backup, config.instance)
    told("prepare")
    try:
        migrated = migrate.upgrade(config.database_url)
        accounts, brought = _close_the_past(config, backup, scope, told, work)
    except Exception:
        if kept:
            restore_postgres.replace(config.database_url, kept, config.instance)
        raise
    return _told_of(config, work, migrated, kept, accounts, brought)


def _close_the_past(config: Setup, backup: Path, scope: Scope, told: Told, work: _Work) -> tuple[int, int]:
    """Bring the restored database to this program's units and catalogue, sign everybody out, draw a new epoch, write what
    was done; accounts signed out, files brought back."""
    _load(config, scope)
    engine = make_engine(config.database_url, key=config.database_key)
    try:
        with open_session(engine, scope, write=True) as session:
            stamps = {account_id: draw_stamp() for account_id in restore.account_ids(session)}
            restore.renew(session, stamps)
            gone = restore.remove_again(session, work.replaced.removed)
            told("files")
            brought = 0
            if work.listing:
                brought = backup_files.put_back(work.listing, backup, config.instance, leave=gone)
            delete_unwanted(session, config.instance)
            audit.append(
                session,
                "restore",
                "database",
                made_at=work.listing.made_at.isoformat() if work.listing else "",
                replaced_entries=work.replaced.entries,
                replaced_head=work.replaced.head,
            )
            session.commit()
    finally:
        engine.dispose()
    return len(stamps), brought


def _load(config: Setup, scope: Scope) -> Prepared:
    """Units, catalogue and the period's start day, which must be the environment's."""
    return set_up(config, scope)


def _told_of(
    config: Setup, work: _Work, migrated: bool, kept: Path | None, accounts: int, brought: int
) -> Restored:
    engine = make_engine(config.database_url, key=config.database_key)
    try:
        missing = tuple(backup_files.missing_from(engine, config.instance))
    finally:
        engine.dispose()
    made_at = work.listing.made_at if work.listing else None
    return Restored(made_at, work.checked.rows, migrated, kept, accounts, brought, missing)
