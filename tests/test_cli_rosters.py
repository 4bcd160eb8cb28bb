"""import-roster: the three real workbooks from the shell, and JSON whose shape others rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import Result
from sqlalchemy import text

from tdteam.store.engine import make_engine
from tests.district import BAN_CAM, FILES, TEAMS, XUAN_QUANG, cells, edited
from tests.shell import Run, failed, ready, run, url
from tests.workbook_maker import xlsx

__all__ = ["ready", "run"]
EXPECTED = json.loads((FILES / "expected.json").read_text("utf-8"))
NAMES = ["teams", "members", "households", "added", "changed", "unchanged", "bad"]


def told(result: Result) -> dict[str, Any]:
    """The JSON of a run that must have gone well: all of standard output, in the contract's shape."""
    assert result.exit_code == 0, result.stderr
    said: dict[str, Any] = json.loads(result.stdout)
    assert list(said) == NAMES
    assert all(type(said[name]) is int for name in NAMES[:-1])
    for bad in said["bad"]:
        assert list(bad) == ["sheet", "cell", "code", "message"]
        assert all(type(value) is str and value for value in bad.values())
        assert not bad["message"].startswith("flaw:")
    return said


def counts(said: dict[str, Any]) -> tuple[int, ...]:
    return tuple(said[name] for name in NAMES[:-1])


def stored(tmp_path: Path, table: str) -> int:
    engine = make_engine(url(tmp_path))
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(found)


def test_the_three_workbooks_give_what_is_expected_and_once(ready: Run, tmp_path: Path) -> None:
    teams, members = EXPECTED["teams"]["teams"], EXPECTED["teams"]["members"]
    said = told(ready("import-roster", FILES / TEAMS, "--json"))
    assert counts(said) == (teams, members, 0, members, 0, 0) and said["bad"] == []

    xuan_quang = EXPECTED["households_xuan_quang"]
    said = told(ready("import-roster", FILES / XUAN_QUANG, "--json"))
    assert counts(said) == (0, 0, xuan_quang["good"], xuan_quang["good"], 0, 0)
    assert [int(bad["cell"][1:]) for bad in said["bad"]] == [bad["row"] for bad in xuan_quang["bad"]]
    assert said["bad"][0] == {
        "sheet": "Ho dan",
        "cell": "C51",
        "code": "name_missing",
        "message": "Thiếu họ tên. Hãy ghi họ và tên vào ô này.",
    }

    ban_cam = EXPECTED["households_ban_cam_tcvn3"]
    said = told(ready("import-roster", FILES / BAN_CAM, "--json"))
    assert counts(said) == (0, 0, ban_cam["good"], ban_cam["good"], 0, 0) and said["bad"] == []

    everything = xuan_quang["good"] + ban_cam["good"]
    assert (stored(tmp_path, "team"), stored(tmp_path, "member")) == (teams, members)
    assert stored(tmp_path, "household") == everything
    for name, number in ((TEAMS, members), (XUAN_QUANG, xuan_quang["good"]), (BAN_CAM, ban_cam["good"])):
        assert counts(told(ready("import-roster", FILES / name, "--json")))[3:] == (0, 0, number)
    assert stored(tmp_path, "household") == everything and stored(tmp_path, "member") == members
    assert ready("doctor").exit_code == 0, "figures equal their recount"


def test_a_dry_run_says_the_same_and_writes_nothing(ready: Run, tmp_path: Path) -> None:
    dry = told(ready("import-roster", FILES / XUAN_QUANG, "--dry-run", "--json"))
    assert stored(tmp_path, "household") == stored(tmp_path, "upload") == stored(tmp_path, "audit") == 0
    assert told(ready("import-roster", FILES / XUAN_QUANG, "--json")) == dry
    assert stored(tmp_path, "household") == dry["added"]


def test_a_corrected_file_is_told_as_changed(ready: Run, tmp_path: Path) -> None:
    told(ready("import-roster", FILES / XUAN_QUANG, "--json"))
    corrected = tmp_path / "sửa.xlsx"
    corrected.write_bytes(edited(XUAN_QUANG, cells({"E7": 6, "C51": "Lý Văn Sửa"})))
    said = told(ready("import-roster", corrected, "--json"))
    assert counts(said) == (0, 0, 1620, 1, 1, 1618) and len(said["bad"]) == 8


def test_a_place_bounds_what_is_read(ready: Run) -> None:
    inside = told(ready("import-roster", FILES / XUAN_QUANG, "--place", "02926", "--dry-run", "--json"))
    assert inside["households"] == 1619
    outside = told(ready("import-roster", FILES / XUAN_QUANG, "--place", "02905", "--dry-run", "--json"))
    assert outside["households"] == 0 and {bad["code"] for bad in outside["bad"]} >= {"commune_unknown"}
    failed(ready("import-roster", FILES / XUAN_QUANG, "--place", "99999", "--json"), "99999")


def test_in_words_it_says_what_was_done_and_what_is_to_correct(ready: Run) -> None:
    done = ready("import-roster", FILES / XUAN_QUANG)
    assert done.exit_code == 0
    assert "1619" in done.stdout.replace(".", "") and "F86" in done.stdout
    assert "Số này lớn hơn số người của hộ (8). Xem lại." in done.stdout
    dry = ready("import-roster", FILES / XUAN_QUANG, "--dry-run")
    assert "chạy thử" in dry.stdout.lower()


def test_a_file_that_cannot_be_read_fails_in_plain_words(ready: Run, tmp_path: Path) -> None:
    for name, body, said in (
        ("a.pdf", b"%PDF-1.7", "Không đọc được loại tệp này"),
        ("a.xlsx", b"", "Tệp không có dữ liệu"),
        ("b.xlsx", xlsx([["Lý A", 1970], ["Lý B", 1980]]), "tiêu đề"),
        ("missing.xlsx", None, "missing.xlsx"),
    ):
        path = tmp_path / name
        if body is not None:
            path.write_bytes(body)
        failed(ready("import-roster", path, "--json"), said)
    assert stored(tmp_path, "upload") == 0


def test_an_import_from_the_shell_stands_among_those_of_the_commune(ready: Run, tmp_path: Path) -> None:
    ready("import-roster", FILES / XUAN_QUANG)
    engine = make_engine(url(tmp_path))
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT p.code, u.state, u.uploaded_by FROM upload u JOIN place p ON p.id = u.place_id")
        ).one()
    engine.dispose()
    assert tuple(row) == ("02926", "done", None)
    assert stored(tmp_path, "upload_file") == 0, "the file itself is not kept"
