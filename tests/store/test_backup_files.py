"""Photos and scans beside a backup: once however many backups name them, each compared with its hash, back where they were."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tdteam.store import backup, backup_files, evidence
from tdteam.store.backup import BackupFailed, make_backup
from tdteam.store.backup_files import STORE, keep_files, list_of, missing_from, prune, put_back, read_list
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Declared, Evidence
from tests.world import World

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "instance"
    made.mkdir()
    return made


@pytest.fixture
def live(sqlite_url: str) -> Iterator[Engine]:
    made = make_engine(sqlite_url)
    yield made
    made.dispose()


def keep(engine: Engine, home: Path, *bodies: bytes, removed: bool = False) -> list[str]:
    """Photos with their rows and files; the stored hashes."""
    out = []
    with open_session(engine, EVERYWHERE, write=True) as writing:
        for body in bodies:
            stored = hashlib.sha256(body).hexdigest()
            file = evidence.file_of(home, stored)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
            row = Evidence(
                sha256=hashlib.sha256(body + b"sent").hexdigest(), stored_sha256=stored, size=len(body) + 4,
                stored_size=len(body), width=1, height=1, received_at=NOW, removed_at=NOW if removed else None,
            )  # fmt: skip
            writing.add(row)
            out.append(stored)
        writing.commit()
    return out


def scan(engine: Engine, home: Path, body: bytes) -> str:
    stored = hashlib.sha256(body).hexdigest()
    (home / "scans").mkdir(exist_ok=True)
    (home / "scans" / stored).write_bytes(body)
    with open_session(engine, EVERYWHERE, write=True) as writing:
        village = World(writing).village()
        code = writing.connection().exec_driver_sql("SELECT code FROM indicator LIMIT 1").scalar()
        writing.add(
            Declared(
                place_id=village.id, indicator=str(code), as_of=date(2026, 11, 1), part=1, source="Công an xã",
                declared_at=NOW, span_key="x", scan_sha256=stored, scan_name="scan.png",
            )
        )  # fmt: skip
        writing.commit()
    return stored


def stored_files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder / STORE).as_posix() for path in (folder / STORE).rglob("*") if path.is_file()
    )


def test_a_backup_has_photos_and_scans_beside_it(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    one, two = keep(live, home, b"one", b"two")
    paper = scan(live, home, b"paper")
    keep(live, home, b"removed", removed=True)
    made = make_backup(sqlite_url, tmp_path / "kept" / "a.db", instance=home)
    assert made.files is not None
    assert (made.files.count, made.files.size, made.files.missing) == (3, 11, ())
    listing = read_list(made.path)
    assert listing is not None
    assert listing.files == {
        f"evidence/{one[:2]}/{one}.jpg": one, f"evidence/{two[:2]}/{two}.jpg": two, f"scans/{paper}": paper,
    }  # fmt: skip
    assert stored_files(made.path.parent) == sorted(listing.files)
    assert oct(list_of(made.path).stat().st_mode)[-3:] == "600"
    shutil.rmtree(home)
    assert len(missing_from(live, home)) == 3
    assert put_back(listing, made.path, home) == 3
    assert missing_from(live, home) == []
    assert put_back(listing, made.path, home) == 0
    assert (home / "scans" / paper).read_bytes() == b"paper"


def test_a_second_backup_adds_only_what_is_new(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    keep(live, home, b"one")
    make_backup(sqlite_url, tmp_path / "kept" / "a.db", instance=home)
    [first] = stored_files(tmp_path / "kept")
    before = (tmp_path / "kept" / STORE / first).stat()
    keep(live, home, b"two")
    second = make_backup(sqlite_url, tmp_path / "kept" / "b.db", instance=home)
    assert second.files is not None
    assert second.files.count == 2
    after = (tmp_path / "kept" / STORE / first).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(stored_files(tmp_path / "kept")) == 2


def test_another_disk_gets_copies(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_disk(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    [stored] = keep(live, home, b"one")
    monkeypatch.setattr(Path, "hardlink_to", other_disk)
    make_backup(sqlite_url, tmp_path / "kept" / "a.db", instance=home)
    copy = tmp_path / "kept" / STORE / f"evidence/{stored[:2]}/{stored}.jpg"
    assert copy.read_bytes() == b"one"
    assert copy.stat().st_nlink == 1
    assert oct(copy.stat().st_mode)[-3:] == "600"


def test_a_missing_or_damaged_photo_is_named_and_spoils_nothing(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    one, two, three = keep(live, home, b"one", b"two", b"three")
    evidence.file_of(home, one).unlink()
    evidence.file_of(home, two).write_bytes(b"twq")
    made = make_backup(sqlite_url, tmp_path / "kept" / "a.db", instance=home)
    assert made.files is not None
    assert made.files.missing == tuple(sorted(f"evidence/{x[:2]}/{x}.jpg" for x in (one, two)))
    listing = read_list(made.path)
    assert listing is not None
    assert list(listing.files.values()) == [three]


def test_a_damaged_copy_is_replaced_and_a_good_one_saves_a_damaged_photo(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    [one] = keep(live, home, b"one")
    copy = tmp_path / "kept" / STORE / f"evidence/{one[:2]}/{one}.jpg"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"rotten")
    make_backup(sqlite_url, tmp_path / "kept" / "a.db", instance=home)
    assert copy.read_bytes() == b"one"
    live_file = evidence.file_of(home, one)
    live_file.unlink()
    live_file.write_bytes(b"rotten")
    again = make_backup(sqlite_url, tmp_path / "kept" / "b.db", instance=home)
    assert again.files is not None
    assert again.files.missing == ()
    listing = read_list(again.path)
    assert listing is not None
    assert put_back(listing, again.path, home) == 1
    assert live_file.read_bytes() == b"one"


def test_a_backup_gets_no_name_when_its_photos_cannot_be_kept(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    keep(live, home, b"one")
    for name in ("hardlink_to", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, full)
            patch.setattr(shutil, "copyfile", full)
            with pytest.raises(BackupFailed) as refused:
                make_backup(sqlite_url, tmp_path / "kept" / "a.db", instance=home)
        assert refused.value.code == "unwritable"
        files = [path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()]
        assert files == []


def test_a_backup_before_a_migration_needs_no_photos(live: Engine, sqlite_url: str, tmp_path: Path) -> None:
    made = make_backup(sqlite_url, tmp_path / "a.db")
    assert made.files is None
    assert read_list(made.path) is None


@pytest.mark.parametrize(
    "files",
    [
        {"../../etc/passwd": "a" * 64},
        {"evidence/aa/x.jpg": "a" * 64},
        {f"evidence/bb/{'a' * 64}.jpg": "a" * 64},
        {f"/scans/{'a' * 64}": "a" * 64},
        {f"scans/{'a' * 64}": "b" * 64},
        ["x"],
    ],
)
def test_a_list_that_leads_elsewhere_is_none(tmp_path: Path, files: object) -> None:
    body = {"format": "tdteam-files", "version": 1, "made_at": NOW.isoformat(), "files": files}
    list_of(tmp_path / "a.db").write_text(json.dumps(body))
    with pytest.raises(ValueError, match="not a list"):
        read_list(tmp_path / "a.db")
    body["files"] = {f"scans/{'a' * 64}": "a" * 64}
    list_of(tmp_path / "a.db").write_text(json.dumps(body))
    assert read_list(tmp_path / "a.db")


def test_old_backups_go_with_the_files_nobody_else_names(
    live: Engine, sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    keep(live, home, b"one", b"two")
    old = make_backup(sqlite_url, folder / "tdteam-1.db", instance=home)
    with open_session(live, EVERYWHERE, write=True) as writing:
        evidence.mark_removed(writing, hashlib.sha256(b"one" + b"sent").hexdigest())
        writing.commit()
    make_backup(sqlite_url, folder / "tdteam-2.db", instance=home)
    assert prune(folder, 30) == 0
    assert len(stored_files(folder)) == 2
    month = time.time() - 31 * 86_400
    os.utime(old.path, (month, month))
    (folder / "somebody-elses.db").touch()
    os.utime(folder / "somebody-elses.db", (month, month))
    assert prune(folder, 30) == 1
    two = hashlib.sha256(b"two").hexdigest()
    assert stored_files(folder) == [f"evidence/{two[:2]}/{two}.jpg"]
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [
        *("somebody-elses.db", "tdteam-2.db", "tdteam-2.files.json"),
    ]
    list_of(folder / "tdteam-2.db").write_text("broken")
    assert prune(folder, 30) == 0
    assert len(stored_files(folder)) == 1  # what a broken list names is not known


def test_an_older_database_without_photos_has_none(tmp_path: Path, home: Path) -> None:
    from tdteam.store import migrate

    url = f"sqlite:///{tmp_path}/old.db"
    migrate.upgrade(url, to="0002")
    made = make_backup(url, tmp_path / "copy.db", instance=home)
    assert made.files is not None
    assert made.files.count == 0


def test_the_newest_backup_is_not_its_list(live: Engine, sqlite_url: str, home: Path) -> None:
    made = make_backup(sqlite_url, backup.default_path(home, sqlite_url), instance=home)
    old = time.time() - 9 * 86_400
    os.utime(made.path, (old, old))
    found = backup.newest(home)
    assert found is not None
    assert abs(found.timestamp() - old) < 1
    assert keep_files(live, home, made.path).count == 0
    assert backup_files.read_list(made.path)
