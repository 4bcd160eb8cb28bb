"""The doctor reads every photo and scan whole, and names by evidence id what is lost or altered."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tdteam.store import doctor, evidence
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE
from tests.shell import Run, ready, run, url
from tests.store.test_backup_files import keep, scan

__all__ = ["ready", "run"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "instance"
    made.mkdir()
    return made


def examined(database_url: str, home: Path) -> doctor.Check:
    checks = doctor.examine(database_url, None, home, EVERYWHERE)
    return next(check for check in checks if check.name == "files")


def sent_as(body: bytes) -> str:
    return hashlib.sha256(body + b"sent").hexdigest()


def test_files_that_are_there_and_whole_are_counted(database_url: str, engine: Engine, home: Path) -> None:
    assert examined(database_url, home) == doctor.Check("files", True, "files_whole", {"num": 0})
    keep(engine, home, b"one", b"two")
    scan(engine, home, b"scan")
    assert examined(database_url, home) == doctor.Check("files", True, "files_whole", {"num": 3})


def test_a_photo_that_is_lost_or_altered_is_named_by_its_evidence_id(
    database_url: str, engine: Engine, home: Path
) -> None:
    lost, altered, _whole = keep(engine, home, b"lost", b"altered", b"whole")
    evidence.file_of(home, lost).unlink()
    evidence.file_of(home, altered).write_bytes(b"altereD")
    found = examined(database_url, home)
    assert (found.ok, found.code, found.params["num"]) == (False, "files_lost", 2)
    assert set(str(found.params["first"]).split(", ")) == {sent_as(b"lost"), sent_as(b"altered")}


def test_a_scan_is_named_by_where_it_was_and_only_the_first_few_are_named(
    database_url: str, engine: Engine, home: Path
) -> None:
    stored = scan(engine, home, b"scan")
    (home / "scans" / stored).unlink()
    assert examined(database_url, home).params == {"num": 1, "first": f"scans/{stored}"}
    for photo in keep(engine, home, *(bytes([n]) for n in range(5))):
        evidence.file_of(home, photo).unlink()
    found = examined(database_url, home)
    assert found.params["num"] == 6
    assert len(str(found.params["first"]).split(", ")) == doctor.NAMED_FILES


def test_a_photo_taken_away_at_the_desk_is_not_missed(database_url: str, engine: Engine, home: Path) -> None:
    gone = keep(engine, home, b"an identity card", removed=True)[0]
    evidence.file_of(home, gone).unlink()
    assert examined(database_url, home).params == {"num": 0}


def test_the_command_says_so_and_ends_with_1(ready: Run, tmp_path: Path) -> None:
    home = tmp_path / "instance"
    engine = make_engine(url(tmp_path))
    stored = keep(engine, home, b"photo")[0]
    engine.dispose()
    assert ready("doctor").exit_code == 0
    evidence.file_of(home, stored).unlink()
    said = ready("doctor")
    assert said.exit_code == 1
    assert "✗ Mất hoặc hỏng 1 tệp ảnh" in said.stdout
    assert sent_as(b"photo") in said.stdout
    told = ready("doctor", "--json")
    assert told.exit_code == 1
    body = json.loads(told.stdout)
    assert body["ok"] is False
    [bad] = [check for check in body["checks"] if not check["ok"]]
    assert (bad["name"], bad["code"]) == ("files", "files_lost")
    assert sent_as(b"photo") in bad["message"]
