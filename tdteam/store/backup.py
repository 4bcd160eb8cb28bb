"""Backups: one file for the database, made while others write, opened and checked before it gets its name; the photos and
scans it needs lie beside it (`backup_files.py`).

SQLite: the online backup API inside one read transaction, so that the copy and the counts are of the same moment (a plain
copy of a live database was corrupt 14 times of 15). PostgreSQL: `pg_dump` where it is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.engine import URL, make_url

from tdteam.store.backup_files import Kept, keep_files, list_of
from tdteam.store.engine import make_engine

Progress = Callable[[int, int], None]
_PAGES = 2000


class BackupFailed(Exception):
    """No backup was made and nothing was left behind. The code says why: `exists`, `not_whole`, `no_pg_dump`,
    `pg_dump`, `no_database`, `unwritable`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Backup:
    """A checked backup: where it is, its size in bytes, how many rows it holds (None for a PostgreSQL archive), and the
    files beside it (None where none were asked for)."""

    path: Path
    size: int
    rows: int | None
    files: Kept | None = None


def default_path(instance: Path, url: str, why: str = "", now: datetime | None = None) -> Path:
    """Where a backup goes unless told otherwise: `instance/backups/tdteam-20261123-141500.db`."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    ending = "dump" if make_url(url).get_backend_name() == "postgresql" else "db"
    return instance / "backups" / f"tdteam-{stamp}{'-' + why if why else ''}.{ending}"


def newest(instance: Path) -> datetime | None:
    """When the newest backup in the usual folder was made; None where there is none."""
    made = [path.stat().st_mtime for path in (instance / "backups").glob("tdteam-*.d*") if path.is_file()]
    return datetime.fromtimestamp(max(made), UTC) if made else None


def make_backup(
    url: str,
    target: Path,
    *,
    key: str | None = None,
    instance: Path | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Backup:
    """Write a backup of the database at `url` to `target`, which must not exist yet. Raises BackupFailed.

    `instance`: keep its photos and scans beside it too. Before a migration they need not be: it does not touch them.
    """
    if target.exists() or (instance and list_of(target).exists()):
        raise BackupFailed("exists", str(target))
    parsed = make_url(url)
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if parsed.get_backend_name() == "postgresql":
            rows = None
            _dump(parsed, part)
        else:
            rows = _copy(Path(parsed.database or ""), part, key, progress)
        part.chmod(0o600)
        to_disk(part)
        files = _files(url, key, instance, target) if instance else None
        part.rename(target)
        to_disk(target.parent)
    except OSError as error:
        raise BackupFailed("unwritable", error.strerror or str(error)) from error
    finally:
        for left in (part, Path(f"{part}-journal"), Path(f"{part}-wal"), Path(f"{part}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return Backup(target, target.stat().st_size, rows, files)


def _files(url: str, key: str | None, instance: Path, target: Path) -> Kept:
    """The files of the rows there are now: all those in the copy, which was made before, and perhaps a few more."""
    engine = make_engine(url, key=key)
    try:
        return keep_files(engine, instance, target)
    finally:
        engine.dispose()


def _copy(source: Path, part: Path, key: str | None, progress: Progress) -> int:
    if not source.is_file():
        raise BackupFailed("no_database", str(source))
    part.unlink(missing_ok=True)
    try:
        with closing(open_sqlite(source, key)) as live, closing(open_sqlite(part, key)) as copy:
            live.execute("BEGIN")  # one moment for the counts and the copy
            held = count_rows(live)
            live.backup(copy, pages=_PAGES, progress=lambda _status, left, all_: progress(all_ - left, all_))
            live.execute("COMMIT")
            copy.execute("PRAGMA journal_mode = DELETE")  # a backup is one file
        with closing(open_sqlite(part, key)) as copy:
            whole = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            kept = copy.execute("PRAGMA foreign_key_check").fetchone() is None
            if not (whole and kept and count_rows(copy) == held):
                raise BackupFailed("not_whole")
    except sqlcipher.DatabaseError as error:
        raise BackupFailed("not_whole", str(error)) from error
    return sum(held.values())


def open_sqlite(path: Path, key: str | None) -> Any:
    connection = sqlcipher.connect(str(path), isolation_level=None, timeout=30)
    if key:
        connection.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
    return connection


def count_rows(connection: Any) -> dict[str, int]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 our own names
        for (name,) in names
    }


def _dump(url: URL, part: Path) -> None:
    """`pg_dump` in its own compressed form; the password goes by the environment, never by the command line."""
    program, reader = shutil.which("pg_dump"), shutil.which("pg_restore")
    if program is None or reader is None:
        raise BackupFailed("no_pg_dump")
    env = connection_env(url)
    made = subprocess.run(  # noqa: S603 - a program found on the path, no shell
        [program, "--format=custom", f"--file={part}"], env=env, capture_output=True, text=True, check=False
    )
    if made.returncode == 0:
        made = subprocess.run([reader, "--list", str(part)], capture_output=True, text=True, check=False)  # noqa: S603
    if made.returncode != 0 or (made.stdout and "TABLE DATA public audit" not in made.stdout):
        raise BackupFailed("pg_dump", made.stderr.strip()[-500:])


def connection_env(url: URL) -> dict[str, str]:
    """The environment that tells PostgreSQL's programs where to connect: a password never stands on a command line."""
    query = dict(url.query)
    given = {
        "PGHOST": url.host or str(query.get("host", "")),
        "PGPORT": str(url.port or query.get("port", "")),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
    }
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}


def to_disk(path: Path) -> None:
    """Flush a file or folder, so that a backup that is named is on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
