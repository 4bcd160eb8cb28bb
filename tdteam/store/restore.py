"""Restoring a backup in SQLite: looked into first, prepared beside the database, put in its place in one step.

Nothing of the database in use changes before the last step, which is one rename; what was there is kept under another name.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Table, bindparam, inspect, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from tdteam.domain.errors import TdteamError
from tdteam.store import bulk, migrate, settings
from tdteam.store.backup import count_rows, open_sqlite, to_disk
from tdteam.store.engine import Unusable, make_engine
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Audit, Evidence

_account: Table = Account.__table__  # type: ignore[attr-defined]
_audit: Table = Audit.__table__  # type: ignore[attr-defined]
_evidence: Table = Evidence.__table__  # type: ignore[attr-defined]
_BESIDE = ("-wal", "-shm", "-journal")


class RestoreFailed(Exception):
    """Nothing was restored and the database is what it was. The code says why: `no_file`, `other_kind`, `wrong_key`,
    `not_ours`, `not_whole`, `too_new`, `list_broken`, `in_use`, `unwritable`, `no_programs`, `programs`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Checked:
    """A backup that is whole: the revision of its tables, and its rows (None for a PostgreSQL archive)."""

    revision: str
    rows: int | None


@dataclass(frozen=True)
class Replaced:
    """What is remembered of the database that goes: how far its audit chain came, and the photos removed in it."""

    entries: int = 0
    head: str = ""
    removed: Mapping[str, datetime] = field(default_factory=dict)
    is_filled: bool = False


def is_postgres(url: str) -> bool:
    """Whether the database is a PostgreSQL one."""
    return make_url(url).get_backend_name() == "postgresql"


def file_of(url: str) -> Path:
    """The file of an SQLite database."""
    return Path(make_url(url).database or "")


def aside_name(folder: Path, ending: str, now: datetime | None = None) -> Path:
    """Where the database that goes is kept: `before-restore-20261123-141500.db`, beside the one in use."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    return folder / f"before-restore-{stamp}.{ending}"


def demand_known(revision: str | None) -> str:
    """A revision this version of the program can bring up to date."""
    if revision is None:
        raise RestoreFailed("not_ours")
    known = {one.revision for one in ScriptDirectory.from_config(migrate.config()).walk_revisions()}
    if revision not in known:
        raise RestoreFailed("too_new", revision)
    return revision


def check_sqlite(backup: Path, key: str | None) -> Checked:
    """Open a backup and examine all of it. Raises RestoreFailed."""
    _demand_kind(backup, key)
    try:
        with closing(_open_reading(backup, key)) as held:
            if held.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise RestoreFailed("not_whole", str(backup))
            if held.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise RestoreFailed("not_whole", str(backup))
            rows = count_rows(held)
            if not {"alembic_version", "account", "audit"} <= rows.keys():
                raise RestoreFailed("not_ours")
            found = held.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlcipher.DatabaseError as error:
        code = "wrong_key" if "not a database" in str(error) else "not_whole"
        raise RestoreFailed(code, str(backup)) from error
    return Checked(demand_known(found[0] if found else None), sum(rows.values()))


def _demand_kind(backup: Path, key: str | None) -> None:
    try:
        with backup.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise RestoreFailed("no_file", str(backup)) from error
    if head.startswith(b"PGDMP"):
        raise RestoreFailed("other_kind")
    if key and head == b"SQLite format 3\0":
        raise RestoreFailed("wrong_key", str(backup))


def _open_reading(path: Path, key: str | None) -> Any:
    connection = sqlcipher.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    if key:
        connection.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
    return connection


def stage(backup: Path, live: Path, key: str | None) -> Path:
    """A copy of a backup beside the database in use, compared with it; the caller brings it up to date there."""
    staged = live.with_name(f".{live.name}.restoring")
    drop_staged(staged)
    try:
        live.parent.mkdir(parents=True, exist_ok=True)
        with closing(_open_reading(backup, key)) as source, closing(open_sqlite(staged, key)) as copy:
            source.backup(copy, pages=2000)
            held = count_rows(source)
        staged.chmod(0o600)
        with closing(open_sqlite(staged, key)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)] or count_rows(copy) != held:
                raise RestoreFailed("not_whole", str(backup))
    except (OSError, sqlcipher.DatabaseError) as error:
        drop_staged(staged)
        raise RestoreFailed("unwritable", str(error)) from error
    return staged


def drop_staged(staged: Path) -> None:
    """Remove a copy that was not put in place."""
    for path in (staged, *(Path(f"{staged}{ending}") for ending in _BESIDE)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def is_alone(live: Path, key: str | None) -> bool:
    """Whether nobody else has the database open: only then does SQLite leave the write-ahead log, which then is all in the
    file. One that cannot be read (the reason to restore, perhaps) is nobody's."""
    if not live.exists():
        return True
    try:
        with closing(open_sqlite(live, key)) as connection:
            connection.execute("PRAGMA busy_timeout = 0")
            found = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            return bool(found and found[0] == "delete")
    except sqlcipher.OperationalError as error:
        return "locked" not in str(error)
    except sqlcipher.DatabaseError:
        return True


def swap(staged: Path, live: Path, key: str | None, aside: Path) -> Path | None:
    """Put the prepared copy in the place of the database, which stays as `aside` (None where there was none)."""
    try:
        with closing(open_sqlite(staged, key)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, so that one rename is all
        to_disk(staged)
        if not is_alone(live, key):
            raise RestoreFailed("in_use")
        had = live.exists()
        if had:
            for ending in _BESIDE:  # of a database that could not be opened; they must not meet the new one
                beside = Path(f"{live}{ending}")
                if beside.exists():
                    beside.rename(f"{aside}{ending}")
            _keep_aside(live, aside)
        staged.replace(live)
        to_disk(live.parent)
    except (OSError, sqlcipher.DatabaseError) as error:
        raise RestoreFailed("unwritable", str(error)) from error
    return aside if had else None


def _keep_aside(live: Path, aside: Path) -> None:
    """A second name for the file in use, so that the rename after it leaves no moment without a database."""
    try:
        aside.hardlink_to(live)
    except OSError:
        shutil.copyfile(live, aside)
        aside.chmod(0o600)
        to_disk(aside)


# What both engines do.


def look_back(url: str, key: str | None) -> Replaced:
    """What to remember of the database that goes; nothing of one that cannot be read."""
    if not is_postgres(url) and not file_of(url).exists():
        return Replaced()
    engine = None
    try:
        engine = make_engine(url, key=key)
        return _look(engine)
    except (SQLAlchemyError, TdteamError, Unusable, sqlcipher.DatabaseError):
        return Replaced()
    finally:
        if engine:
            engine.dispose()


def _look(engine: Engine) -> Replaced:
    names = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        entries, head = 0, ""
        if "audit" in names:
            query = select(_audit.c.id, _audit.c.hash).order_by(_audit.c.id.desc()).limit(1)
            last = connection.execute(query).first()
            entries, head = (last.id, last.hash) if last else (0, "")
        removed: dict[str, datetime] = {}
        if "evidence" in names:
            columns = (_evidence.c.sha256, _evidence.c.removed_at)
            found = connection.execute(select(*columns).where(_evidence.c.removed_at.is_not(None)))
            removed = {row.sha256: row.removed_at for row in found}
    return Replaced(entries, head, removed, is_filled="audit" in names)


def renew(session: GatedSession, stamps: Mapping[int, str]) -> str:
    """Sign every account out (`stamps`: account -> its new stamp) and draw a new epoch, which is returned."""
    if stamps:
        statement = update(_account).where(_account.c.id == bindparam("b_id"))
        statement = statement.values(session_stamp=bindparam("b_stamp"))
        rows = [{"b_id": account_id, "b_stamp": stamp} for account_id, stamp in stamps.items()]
        bulk.run(session, statement, rows, places=())
    epoch = secrets.token_hex(8)
    settings.set_setting(session, settings.EPOCH, epoch)
    return epoch


def account_ids(session: GatedSession) -> list[int]:
    """Every account there is."""
    return list(bulk.run(session, select(_account.c.id), places=()).scalars())


def remove_again(session: GatedSession, removed: Mapping[str, datetime]) -> list[str]:
    """Photos removed since the backup stay removed; the stored hashes of those that are."""
    if not removed:
        return []
    rows = [{"b_hash": sha256, "b_at": moment} for sha256, moment in removed.items()]
    statement = update(_evidence).where(_evidence.c.sha256 == bindparam("b_hash"))
    bulk.run(session, statement.values(removed_at=bindparam("b_at")), rows, places=())
    found: list[str] = []
    hashes = sorted(removed)
    for start in range(0, len(hashes), 500):
        query = select(_evidence.c.stored_sha256).where(_evidence.c.sha256.in_(hashes[start : start + 500]))
        found += bulk.run(session, query, places=()).scalars()
    return found
