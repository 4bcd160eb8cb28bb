"""Restoring a backup in PostgreSQL: `pg_restore` writes it as a script, `psql` runs the script in one transaction.

The schema is emptied in that same transaction, so the database holds either all of what it held or all of the backup, and
tables that a newer version made are not left behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from tdteam.store.backup import connection_env
from tdteam.store.engine import make_engine
from tdteam.store.restore import Checked, RestoreFailed, demand_known

PROGRAMS = ("pg_restore", "psql", "pg_dump")


def programs() -> dict[str, str]:
    """Where the programs are. Raises RestoreFailed `no_programs`, naming those that are missing."""
    found = {name: shutil.which(name) for name in PROGRAMS}
    missing = [name for name, where in found.items() if where is None]
    if missing:
        raise RestoreFailed("no_programs", ", ".join(missing))
    return {name: str(where) for name, where in found.items()}


def check_archive(backup: Path) -> Checked:
    """Read an archive to its end. Raises RestoreFailed."""
    try:
        with backup.open("rb") as file:
            head = file.read(5)
    except OSError as error:
        raise RestoreFailed("no_file", str(backup)) from error
    if head != b"PGDMP":
        raise RestoreFailed("other_kind")
    program = programs()["pg_restore"]
    whole = _run([program, "--file", os.devnull, str(backup)])
    listed = _run([program, "--list", str(backup)])
    if whole.returncode or listed.returncode:
        raise RestoreFailed("not_whole", (whole.stderr or listed.stderr).strip()[-300:])
    if not all(f"TABLE DATA public {name} " in listed.stdout for name in ("account", "audit", "setting")):
        raise RestoreFailed("not_ours")
    told = _run([program, "--data-only", "--table=alembic_version", "--file=-", str(backup)])
    lines = told.stdout.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith("COPY public.alembic_version")), None)
    return Checked(demand_known(lines[at + 1].strip() if at is not None else None), None)


def is_alone(url: str) -> bool:
    """Whether nobody else is connected to the database, from this machine or another."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            others = connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            ).scalar_one()
        return int(others) == 0
    finally:
        engine.dispose()


def replace(url: str, backup: Path, folder: Path) -> None:
    """Put an archive in the place of all there is. Raises RestoreFailed; then nothing was changed."""
    found, parsed = programs(), make_url(url)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".restore-", suffix=".sql")  # private, like the backup
    os.close(handle)
    script = Path(name)
    try:
        made = _run(
            [
                *(found["pg_restore"], "--schema=public", "--no-owner", "--no-privileges"),
                *(f"--file={script}", str(backup)),
            ]
        )
        if made.returncode:
            raise RestoreFailed("programs", made.stderr.strip()[-500:])
        done = _run(_psql(found["psql"], script), parsed)
        if done.returncode:
            raise RestoreFailed("programs", done.stderr.strip()[-500:])
    finally:
        with suppress(OSError):
            script.unlink()


def _psql(program: str, script: Path) -> list[str]:
    """One transaction: empty, fill, and close all sessions of the past. Should this process die right after, no old
    sign-in opens what was restored, and phones already see another epoch."""
    after = (
        "UPDATE public.account SET session_stamp = replace(gen_random_uuid()::text, '-', ''); "
        "UPDATE public.setting SET value = replace(gen_random_uuid()::text, '-', '') WHERE key = 'epoch'"
    )
    return [
        *(program, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
        *("--command=SET lock_timeout = '10s'", "--command=DROP SCHEMA public CASCADE"),
        *("--command=CREATE SCHEMA public", f"--file={script}", f"--command={after}"),
    ]


def _run(command: list[str], url: URL | None = None) -> subprocess.CompletedProcess[str]:
    env = connection_env(url) if url is not None else None
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
