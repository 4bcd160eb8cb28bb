"""What can be checked of a database: it opens, takes writes, is sound, stands at the code's revision, and its figures are
what their rows say. Each check gives codes and figures, never sentences."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from tdteam.domain.errors import TdteamError
from tdteam.store import audit, backup, backup_files, proofs, settings
from tdteam.store.engine import Unusable, is_sqlite, make_engine
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.rebuild import compare
from tdteam.store.sheet_upkeep import compare_sheets

LEAST_SPACE = 200 * 1024 * 1024
STALE_BACKUP_DAYS = 7
NAMED_FILES = 3


@dataclass(frozen=True)
class Check:
    """One thing looked at: its name, whether it is well, and a code with figures that says how."""

    name: str
    ok: bool
    code: str
    params: dict[str, object] = field(default_factory=dict)


def can_write(engine: Engine) -> bool:
    """Whether a write would go through now (tried, then rolled back)."""
    try:
        with engine.execution_options(immediate=True).connect() as connection:
            connection.execute(text("UPDATE setting SET value = value WHERE key = ''"))
            connection.rollback()
        return True
    except (SQLAlchemyError, TdteamError):
        return False


def has_space(folder: Path) -> bool:
    """Whether the disk of the instance folder has room left."""
    return shutil.disk_usage(folder).free > LEAST_SPACE


def integrity(engine: Engine) -> str | None:
    """None when SQLite finds its file sound and every foreign key kept; else what it says."""
    if not is_sqlite(engine):
        return None
    with engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            return str(said)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        return f"foreign key: {broken}" if broken else None


def examine(
    url: str, key: str | None, instance: Path, scope: Scope, *, start_day: int | None = None
) -> Iterator[Check]:
    """Every check in turn. `scope` must reach everywhere; `start_day` is the environment's, where it says one."""
    from tdteam.store import migrate  # Alembic, which a serving process has no use for

    try:
        engine = make_engine(url, key=key)
        revision = migrate.current(engine)
    except Unusable as error:
        yield Check("opens", False, str(error))
        return
    except (SQLAlchemyError, TdteamError, OSError):
        yield Check("opens", False, "away")
        return
    try:
        yield _engine(engine)
        yield Check(
            "revision",
            revision == migrate.newest(),
            "is" if revision == migrate.newest() else "old",
            {"found": revision or "-", "wanted": migrate.newest()},
        )
        if revision != migrate.newest():
            return  # the tables are not the ones the other checks know
        writes = can_write(engine)
        yield Check("writes", writes, "can" if writes else "cannot")
        yield _sound(engine)
        with open_session(engine, scope) as session:
            for check in (_start_day(start_day), _tallies, _sheets, _chain, _papers(instance)):
                yield check(session)
        yield _files(engine, instance)
        yield _space(instance)
        yield _backup(instance)
    finally:
        engine.dispose()


def _engine(engine: Engine) -> Check:
    with engine.connect() as connection:
        if is_sqlite(engine):
            version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
            return Check("opens", True, "sqlite", {"version": version})
        version = connection.exec_driver_sql("SHOW server_version").scalar()
        return Check("opens", True, "postgresql", {"version": version})


def _sound(engine: Engine) -> Check:
    said = integrity(engine)
    return Check("sound", said is None, "sound" if said is None else "unsound", {"said": said or ""})


def _start_day(wanted: int | None) -> Callable[[GatedSession], Check]:
    def check(session: GatedSession) -> Check:
        kept = settings.find_setting(session, settings.START_DAY)
        if kept is None:
            return Check("start_day", False, "start_day_missing")
        fits = wanted is None or wanted == int(kept)
        return Check(
            "start_day", fits, "start_day" if fits else "start_day_other", {"kept": kept, "wanted": wanted}
        )

    return check


def _tallies(session: GatedSession) -> Check:
    found = compare(session)
    if not found:
        return Check("tallies", True, "tallies_equal")
    first = found[0]
    where = f"{first.table} {first.span} {first.where} {first.what}: {first.kept} / {first.counted}"
    return Check("tallies", False, "tallies_differ", {"num": len(found), "first": where})


def _sheets(session: GatedSession) -> Check:
    """The board's figures kept ready, each fresh one against its tallies."""
    found = compare_sheets(session)
    if not found:
        return Check("sheets", True, "sheets_equal")
    place, span = found[0]
    return Check("sheets", False, "sheets_differ", {"num": len(found), "first": f"{place} {span}"})


def _chain(session: GatedSession) -> Check:
    found = audit.verify(session)
    if found.first_broken is None:
        return Check("audit", True, "chain_holds", {"num": found.held})
    return Check("audit", False, "chain_broken", {"id": found.first_broken, "num": found.held})


def _papers(instance: Path) -> Callable[[GatedSession], Check]:
    """Every seal, issued paper and signed copy, held against its hash and the audit."""

    def check(session: GatedSession) -> Check:
        found = proofs.compare_papers(session, instance)
        if not found.broken:
            counts = {"seals": found.seals, "papers": found.papers, "copies": found.copies}
            return Check("papers", True, "papers_hold", {**counts})
        first = ", ".join(
            " ".join(filter(None, (one.code, str(one.version), one.fault, one.what)))
            for one in found.broken[:NAMED_FILES]
        )
        return Check("papers", False, "papers_broken", {"num": len(found.broken), "first": first})

    return check


def _files(engine: Engine, instance: Path) -> Check:
    """Every photo and scan the rows name, read whole and compared with its hash."""
    lost = backup_files.missing_from(engine, instance)
    if not lost:
        return Check("files", True, "files_whole", {"num": len(backup_files.wanted(engine))})
    first = ", ".join(backup_files.names_of(engine, lost[:NAMED_FILES]))
    return Check("files", False, "files_lost", {"num": len(lost), "first": first})


def _space(instance: Path) -> Check:
    free = shutil.disk_usage(instance).free
    return Check(
        "space", free > LEAST_SPACE, "space" if free > LEAST_SPACE else "space_short", {"bytes": free}
    )


def _backup(instance: Path) -> Check:
    made = backup.newest(instance)
    if made is None:
        return Check("backup", True, "backup_none")
    days = (datetime.now(UTC) - made).days
    return Check("backup", True, "backup_old" if days > STALE_BACKUP_DAYS else "backup", {"days": days})
