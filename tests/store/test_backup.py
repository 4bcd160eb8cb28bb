"""Backups: whole, made while others write, checked before they get their name, and never half there."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, text

from tdteam.store import backup, doctor, migrate
from tdteam.store.backup import BackupFailed, default_path, make_backup
from tdteam.store.engine import Unusable, make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tests.cast import Cast
from tests.world import World

KEY = "a key with 'quotes' in it"


@pytest.fixture
def filled(sqlite_url: str) -> str:
    """A small district in SQLite."""
    engine = make_engine(sqlite_url)
    with open_session(engine, EVERYWHERE, write=True) as writing:
        world = World(writing)
        village = world.village("Hốc Đá")
        for number in range(50):
            village.household(f"Lý Láo {number}")
        writing.commit()
    engine.dispose()
    return sqlite_url


def households(url: str, key: str | None = None) -> int:
    engine = make_engine(url, key=key)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM household")).scalar_one())
    finally:
        engine.dispose()


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if ".part" in path.name or "-wal" in path.name)


def test_a_backup_holds_every_row_and_is_one_private_file(filled: str, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "folder" / "copy.db"
    made = make_backup(filled, target)
    assert households(f"sqlite:///{target}") == 50
    assert made.rows is not None
    assert made.rows > 50
    assert oct(target.stat().st_mode)[-3:] == "600"
    assert [path.name for path in target.parent.iterdir() if not path.name.endswith(("-wal", "-shm"))] == [
        "copy.db"
    ]


def test_an_encrypted_database_gives_an_encrypted_backup(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kept.db"
    migrate.upgrade(url, key=KEY)
    make_backup(url, tmp_path / "copy.db", key=KEY)
    assert households(f"sqlite:///{tmp_path}/copy.db", KEY) == 0
    assert b"SQLite format 3" not in (tmp_path / "copy.db").read_bytes()
    with pytest.raises(Unusable, match="wrong_key"):
        make_engine(f"sqlite:///{tmp_path}/copy.db").connect()


def test_the_wrong_key_makes_no_backup(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kept.db"
    migrate.upgrade(url, key=KEY)
    with pytest.raises(BackupFailed):
        make_backup(url, tmp_path / "copy.db", key="another")
    assert not (tmp_path / "copy.db").exists()
    assert leftovers(tmp_path) == []


def test_a_backup_made_while_others_write_is_of_one_moment(filled: str, tmp_path: Path) -> None:
    """Each write adds a household and a resident together; a backup never has one without the other."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def write() -> None:
        engine = make_engine(filled)
        try:
            number = 0
            while not stop.is_set():
                number += 1
                with open_session(engine, EVERYWHERE, write=True) as writing:
                    writing.connection().exec_driver_sql(
                        "INSERT INTO setting (key, value) VALUES (?, '1'), (?, '2')",
                        (f"a{number}", f"b{number}"),
                    )
                    writing.commit()
        except BaseException as error:
            failed.append(error)
        finally:
            engine.dispose()

    writers = [threading.Thread(target=write)]
    for writer in writers:
        writer.start()
    try:
        for turn in range(5):
            target = tmp_path / f"copy{turn}.db"
            make_backup(filled, target)
            with sqlcipher.connect(str(target)) as copy:
                a, b = (
                    copy.execute("SELECT count(*) FROM setting WHERE key LIKE ?", (f"{letter}%",)).fetchone()[
                        0
                    ]
                    for letter in ("a", "b")
                )
            assert a == b
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failed == []


def test_a_backup_never_overwrites(filled: str, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    target.write_text("something dear")
    with pytest.raises(BackupFailed) as refused:
        make_backup(filled, target)
    assert refused.value.code == "exists"
    assert target.read_text() == "something dear"


def test_a_backup_that_is_not_whole_gets_no_name(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows lost on the way are noticed: the counts of the copy are compared with those of the same moment."""
    real = backup.count_rows
    calls: list[int] = []

    def lossy(connection: object) -> dict[str, int]:
        calls.append(1)
        found = real(connection)
        return {**found, "household": found["household"] - 1} if len(calls) == 2 else found

    monkeypatch.setattr(backup, "count_rows", lossy)
    with pytest.raises(BackupFailed) as refused:
        make_backup(filled, tmp_path / "copy.db")
    assert refused.value.code == "not_whole"
    assert len(calls) == 2
    assert list(tmp_path.glob("*copy*")) == []


def test_a_broken_database_gives_no_backup(filled: str, tmp_path: Path) -> None:
    path = Path(filled.removeprefix("sqlite:///"))
    with sqlcipher.connect(str(path)) as live:
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(path.read_bytes())
    body[4096 * 20 : 4096 * 60] = os.urandom(4096 * 40)
    path.write_bytes(body)
    with pytest.raises(BackupFailed):
        make_backup(filled, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_full_or_closed_folder_is_said(filled: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupFailed) as refused:
        make_backup(filled, tmp_path / "file" / "copy.db")
    assert refused.value.code == "unwritable"


def test_no_database_no_backup_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as refused:
        make_backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert refused.value.code == "no_database"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
def test_postgresql_is_dumped_where_pg_dump_is_installed(
    database_url: str, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("the other engine")
    from tests import postgres

    monkeypatch.setenv("PATH", f"{postgres.server().bin}:{os.environ['PATH']}")
    made = make_backup(database_url, tmp_path / "copy.dump")
    assert made.size > 1000
    assert (tmp_path / "copy.dump").read_bytes()[:5] == b"PGDMP"
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(BackupFailed) as refused:
        make_backup(database_url, tmp_path / "other.dump")
    assert refused.value.code == "no_pg_dump"


def test_names_of_backups_tell_the_moment_and_the_reason() -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
    assert default_path(Path("i"), "sqlite:///x.db", now=at) == Path("i/backups/tdteam-20261123-010203.db")
    named = default_path(Path("i"), "postgresql://h/x", "before-0003", at)
    assert named == Path("i/backups/tdteam-20261123-010203-before-0003.dump")


def test_the_newest_backup_is_known_by_its_age(filled: str, tmp_path: Path) -> None:
    assert backup.newest(tmp_path) is None
    made = make_backup(filled, default_path(tmp_path, filled))
    old = datetime.now(UTC) - timedelta(days=9)
    os.utime(made.path, (old.timestamp(), old.timestamp()))
    found = backup.newest(tmp_path)
    assert found
    assert abs(found - old) < timedelta(seconds=1)


# The doctor.


def checks(url: str, instance: Path, **more: object) -> dict[str, str]:
    found = doctor.examine(url, None, instance, EVERYWHERE, **more)  # type: ignore[arg-type]
    return {check.name: f"{'ok' if check.ok else 'BAD'} {check.code}" for check in found}


def test_the_doctor_finds_a_sound_database_sound(
    database_url: str, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO setting (key, value) VALUES ('period_start_day', '15')"))
    found = checks(database_url, tmp_path, start_day=15)
    assert {name for name, said in found.items() if not said.startswith("ok")} == set()
    assert set(found) == {
        "opens",
        "revision",
        "writes",
        "sound",
        "start_day",
        "tallies",
        "sheets",
        "audit",
        "space",
        "backup",
        "files",
        "papers",
    }
    assert checks(database_url, tmp_path, start_day=1)["start_day"] == "BAD start_day_other"


def test_the_doctor_names_what_is_wrong(
    database_url: str, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tally (span, village_id, measure, kind, outcome, value) VALUES ('2026-11', :v, 'visits', '', '', 3)"
            ),
            {"v": cast.village.id},
        )
        connection.execute(
            text(
                "INSERT INTO audit (id, at, action, noun, target, detail, previous, hash) VALUES (1, '2026-11-01', 'x', 'y', '', '{}', '', 'z')"
            )
        )
    found = checks(database_url, tmp_path)
    assert (found["tallies"], found["audit"], found["start_day"]) == (
        *("BAD tallies_differ", "BAD chain_broken", "BAD start_day_missing"),
    )


def test_the_doctor_says_what_stops_it(filled: str, tmp_path: Path) -> None:
    engine = make_engine(filled)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    assert checks(filled, tmp_path) == {"opens": "ok sqlite", "revision": "BAD old"}
    found = list(doctor.examine(filled, KEY, tmp_path, EVERYWHERE))
    assert [(check.name, check.code) for check in found] == [("opens", "wrong_key")]
    assert checks("postgresql://nobody@/none?host=/nowhere", tmp_path) == {"opens": "BAD away"}
    assert checks(f"sqlite:///{tmp_path}/no/folder/x.db", tmp_path) == {"opens": "BAD away"}


def test_the_doctor_sees_a_foreign_key_that_leads_nowhere(filled: str, tmp_path: Path) -> None:
    with sqlcipher.connect(filled.removeprefix("sqlite:///")) as live:
        live.execute("PRAGMA foreign_keys = OFF")
        live.execute("UPDATE household SET village_id = 424242 WHERE head = 'Lý Láo 7'")
    assert checks(filled, tmp_path)["sound"] == "BAD unsound"
