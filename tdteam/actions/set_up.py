"""Bringing a database up: migrate (a filled one is backed up first), load units and catalogue, fix the period's start day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tdteam.store import backup, demonstration, migrate, settings
from tdteam.store.backup import Backup
from tdteam.store.catalogue import load_catalogue
from tdteam.store.engine import make_engine
from tdteam.store.gate import Scope, open_session
from tdteam.store.shapes import load_points
from tdteam.store.sheet_upkeep import fill
from tdteam.store.units import load_units


class Setup(Protocol):
    """What is asked of the configuration."""

    @property
    def instance(self) -> Path: ...
    @property
    def database_url(self) -> str: ...
    @property
    def database_key(self) -> str | None: ...
    @property
    def period_start_day(self) -> int | None: ...


@dataclass(frozen=True)
class Prepared:
    """What was done: the revision now, whether tables changed, the backup made before, rows of the catalogue added."""

    revision: str
    migrated: bool
    backup: Backup | None
    units_loaded: bool
    points_loaded: int
    catalogue_added: int
    start_day: int
    has_teams: bool


def set_up(config: Setup, scope: Scope, *, told: Callable[[str], None] = lambda _stage: None) -> Prepared:
    """Make the database what this version of the program needs. `scope` must reach everywhere; `told` hears each stage
    (backup, migrate, load). Raises MigrationFailed, BackupFailed, Unusable or Conflict; then nothing was changed."""
    made: list[Backup] = []

    def save() -> None:
        told("backup")
        target = backup.default_path(config.instance, config.database_url, f"before-{migrate.newest()}")
        made.append(backup.make_backup(config.database_url, target, key=config.database_key))

    told("migrate")
    migrated = migrate.upgrade(config.database_url, key=config.database_key, before=save)
    told("load")
    engine = make_engine(config.database_url, key=config.database_key)
    try:
        with open_session(engine, scope, write=True) as session:
            start_day = settings.fix_period_start_day(session, config.period_start_day)
            prepared = Prepared(
                revision=migrate.newest(),
                migrated=migrated,
                backup=made[0] if made else None,
                units_loaded=load_units(session),
                points_loaded=load_points(session),
                catalogue_added=load_catalogue(session),
                start_day=start_day,
                has_teams=demonstration.has_teams(session),
            )
            session.commit()
        if prepared.has_teams:
            fill(engine, scope)
    finally:
        engine.dispose()
    return prepared
