"""`backup` and `restore` from the shell: exit 0 only when everything is back, and nothing changed when it is not."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text

from tdteam.store import migrate
from tdteam.store.backup_files import list_of
from tdteam.store.engine import make_engine
from tests.shell import Run, failed, ready, run, url

__all__ = ["ready", "run"]
KEY = "a key with 'quotes' in it"


def home(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def ask(tmp_path: Path, question: str, key: str | None = None) -> list[object]:
    engine = make_engine(url(tmp_path), key=key)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(question)).scalars())
    finally:
        engine.dispose()


def write(tmp_path: Path, statement: str, key: str | None = None) -> None:
    engine = make_engine(url(tmp_path), key=key)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def add_account(run: Run, name: str, **env: str | None) -> None:
    words = ("--name", "Nguyễn Văn Khác", "--role", "auditor", "--place", "15")
    assert run("account", "add", name, *words, **env).exit_code == 0


def state(tmp_path: Path) -> dict[str, bytes]:
    """Every file of the instance that a restore could touch, but for SQLite's header: looking whether somebody has the
    database open switches its journal and back."""
    return {
        path.name: path.read_bytes()[100 * (path.name == "tdteam.db") :]
        for path in home(tmp_path).iterdir()
        if path.is_file() and path.suffix != ".lock"
    }


def test_what_was_backed_up_comes_back_and_what_it_replaces_is_kept(ready: Run, tmp_path: Path) -> None:
    add_account(ready, "before")
    target = tmp_path / "kept" / "a.db"
    assert ready("backup", target).exit_code == 0
    add_account(ready, "after")
    old = {
        name: ask(tmp_path, f"SELECT {name} FROM {table}") for name, table in (("session_stamp", "account"),)
    }
    [epoch] = ask(tmp_path, "SELECT value FROM setting WHERE key = 'epoch'")
    done = ready("restore", target)
    assert done.exit_code == 0, done.stderr
    assert "1 tài khoản phải đăng nhập lại" in done.stdout
    assert "khởi động lại máy chủ" in done.stdout
    assert ask(tmp_path, "SELECT username FROM account") == ["before"]
    assert not set(ask(tmp_path, "SELECT session_stamp FROM account")) & set(old["session_stamp"])
    assert ask(tmp_path, "SELECT value FROM setting WHERE key = 'epoch'") != [epoch]
    [kept] = home(tmp_path).glob("before-restore-*.db")
    assert str(kept) in done.stdout
    with sqlcipher.connect(str(kept)) as replaced:
        assert replaced.execute("SELECT count(*) FROM account").fetchone() == (2,)
        head = replaced.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()[0]
    [detail] = ask(tmp_path, "SELECT detail FROM audit WHERE action = 'restore'")
    assert head in str(detail)
    assert ready("verify-audit").exit_code == 0
    assert ready("doctor").exit_code == 0
    assert not [path for path in home(tmp_path).iterdir() if "restoring" in path.name]
    assert oct((home(tmp_path) / "tdteam.db").stat().st_mode)[-3:] == "600"


def test_the_backup_stays_as_it_was_and_can_be_restored_again(ready: Run, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    ready("backup", target)
    body = target.read_bytes()
    first = ready("restore", target)
    [epoch] = ask(tmp_path, "SELECT value FROM setting WHERE key = 'epoch'")
    time.sleep(1.1)  # the kept ones are named by the second
    assert (first.exit_code, ready("restore", target).exit_code) == (0, 0)
    assert target.read_bytes() == body
    assert ask(tmp_path, "SELECT value FROM setting WHERE key = 'epoch'") != [epoch]
    assert len(list(home(tmp_path).glob("before-restore-*.db"))) == 2


def test_an_encrypted_backup_is_restored_encrypted(run: Run, tmp_path: Path) -> None:
    env = {"TDTEAM_DATABASE_KEY": KEY}
    assert run("migrate", **env).exit_code == 0
    add_account(run, "before", **env)
    target = tmp_path / "a.db"
    assert run("backup", target, **env).exit_code == 0
    add_account(run, "after", **env)
    before = state(tmp_path)
    failed(run("restore", target), "TDTEAM_DATABASE_KEY")
    failed(run("restore", target, TDTEAM_DATABASE_KEY="another"), "TDTEAM_DATABASE_KEY")
    assert state(tmp_path) == before
    assert run("restore", target, **env).exit_code == 0
    assert ask(tmp_path, "SELECT username FROM account", KEY) == ["before"]
    assert b"SQLite format 3" not in (home(tmp_path) / "tdteam.db").read_bytes()[:16]


def test_a_plain_backup_is_not_put_where_encryption_was_promised(ready: Run, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    ready("backup", target)
    before = state(tmp_path)
    failed(ready("restore", target, TDTEAM_DATABASE_KEY=KEY), "TDTEAM_DATABASE_KEY")
    assert state(tmp_path) == before


def broken(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[4096 * 20 : 4096 * 60] = os.urandom(4096 * 40)
    path.write_bytes(body)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def stranger(path: Path) -> None:
    path.unlink()
    with sqlcipher.connect(str(path)) as other:
        other.execute("CREATE TABLE account (id)")


def newer(path: Path) -> None:
    with sqlcipher.connect(str(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")


def orphaned(path: Path) -> None:
    with sqlcipher.connect(str(path)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute(
            "INSERT INTO account_place (account_id, place_id, since) VALUES (4242, 4242, '2026-01-01')"
        )


def listless(path: Path) -> None:
    list_of(path).write_text("{}")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (Path.unlink, "Không đọc được"),
        (broken, "hỏng"),
        (cut, "hỏng"),
        (stranger, "không phải bản sao lưu của tdteam"),
        (newer, "phiên bản mới hơn"),
        (orphaned, "hỏng"),
        (listless, "Danh sách ảnh"),
        (lambda path: path.write_bytes(b"PGDMP" + bytes(50)), "loại cơ sở dữ liệu"),
        (lambda path: path.write_text("notes of a meeting"), "không phải bản sao lưu"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    ready: Run, tmp_path: Path, harm: object, said: str
) -> None:
    target = tmp_path / "a.db"
    ready("backup", target)
    harm(target)  # type: ignore[operator]
    before = state(tmp_path)
    failed(ready("restore", target), said)
    assert state(tmp_path) == before


def test_an_older_backup_is_brought_up_to_date(ready: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    migrate.upgrade(f"sqlite:///{old}", to="0002")
    with sqlcipher.connect(str(old)) as older:
        older.execute("PRAGMA journal_mode = DELETE")
    done = ready("restore", old)
    assert done.exit_code == 0, done.stderr
    assert "phiên bản cũ" in done.stdout
    assert ready("doctor").exit_code == 0
    assert len(ask(tmp_path, "SELECT value FROM setting WHERE key = 'epoch'")) == 1


def test_another_start_day_is_said_before_anything_changes(ready: Run, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    ready("backup", target)
    before = state(tmp_path)
    failed(ready("restore", target, TDTEAM_PERIOD_START_DAY="1"), "ngày")
    assert state(tmp_path) == before


def test_a_broken_database_is_replaced_and_kept(ready: Run, tmp_path: Path) -> None:
    """The very reason to restore: what cannot be opened is nobody's, and what lay beside it never meets the new file."""
    add_account(ready, "before")
    target = tmp_path / "a.db"
    ready("backup", target)
    live = home(tmp_path) / "tdteam.db"
    rubbish = os.urandom(50_000)
    live.write_bytes(rubbish)
    for ending in ("-wal", "-journal"):
        Path(f"{live}{ending}").write_bytes(os.urandom(5_000))
    done = ready("restore", target)
    assert done.exit_code == 0, done.stderr
    assert ask(tmp_path, "SELECT username FROM account") == ["before"]
    [kept] = home(tmp_path).glob("before-restore-*.db")
    assert kept.read_bytes() == rubbish
    assert ready("doctor").exit_code == 0


def test_a_new_machine_needs_no_database_first(ready: Run, tmp_path: Path) -> None:
    add_account(ready, "before")
    target = tmp_path / "a.db"
    ready("backup", target)
    shutil.rmtree(home(tmp_path))
    done = ready("restore", target)
    assert done.exit_code == 0, done.stderr
    assert ask(tmp_path, "SELECT username FROM account") == ["before"]
    assert list(home(tmp_path).glob("before-restore-*")) == []


def test_a_full_disk_leaves_the_database_as_it_was(
    ready: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.db"
    ready("backup", target)
    before = state(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tdteam.store.restore.to_disk", full)
    failed(ready("restore", target), "vẫn như cũ")
    monkeypatch.undo()
    left = state(tmp_path)
    assert {name: left[name] for name in before} == before
    assert not [name for name in left if "restoring" in name]


def test_old_backups_are_deleted_when_asked(ready: Run, tmp_path: Path) -> None:
    assert ready("backup").exit_code == 0
    [old] = (home(tmp_path) / "backups").glob("*.db")
    month = time.time() - 40 * 86_400
    os.utime(old, (month, month))
    time.sleep(1.1)  # named by the second
    done = ready("backup", "--keep-days", "30")
    assert done.exit_code == 0, done.stderr
    assert "Đã xóa 1 bản sao lưu" in done.stdout
    [new] = (home(tmp_path) / "backups").glob("*.db")
    assert new != old


def test_a_missing_photo_is_said_and_fails_although_the_database_is_safe(ready: Run, tmp_path: Path) -> None:
    stored = "ab" * 32
    write(
        tmp_path,
        "INSERT INTO evidence (sha256, stored_sha256, size, stored_size, width, height, received_at) "  # noqa: S608
        f"VALUES ('{'c' * 64}', '{stored}', 1, 1, 1, 1, '2026-11-20')",
    )
    target = tmp_path / "a.db"
    done = ready("backup", target)
    assert done.exit_code == 1
    assert target.exists()
    assert stored in done.stderr
    back = ready("restore", target)
    assert back.exit_code == 1
    assert "còn thiếu 1 ảnh" in back.stderr
    assert ask(tmp_path, "SELECT count(*) FROM audit WHERE action = 'restore'") == [1]
