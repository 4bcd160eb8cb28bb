"""The command line: exit 0 only when it is true, results on standard output, plain words on standard error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tdteam.store.engine import make_engine
from tdteam.store.migrate import upgrade
from tests.conftest import SECRET
from tests.shell import ROOT, Run, failed, ready, run, url

__all__ = ["ready", "run"]


# Configuration.


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"TDTEAM_SECRET_KEY": None}, "Thiếu TDTEAM_SECRET_KEY"),
        ({"TDTEAM_SECRET_KEY": "short"}, "quá yếu"),
        ({"TDTEAM_SECRET_KEY": "a" * 40}, "quá yếu"),
        ({"TDTEAM_MODE": "play"}, "demo hoặc production"),
        ({"PORT": "http"}, "PORT"),
        ({"TDTEAM_PERIOD_START_DAY": "31"}, "từ 1 đến 28"),
    ],
)
def test_a_wrong_environment_is_said_plainly(run: Run, env: dict[str, str | None], said: str) -> None:
    for command in (["migrate"], ["serve"], ["doctor"]):
        failed(run(*command, **env), said)


def test_what_is_typed_wrong_is_said_in_vietnamese(run: Run) -> None:
    failed(run("nonsense"), "Không có lệnh nonsense", "--help")
    failed(run("report", "draft", "--commune", "02926"), "Thiếu --period")
    failed(run("doctor", "--loud"), "Không có tùy chọn --loud")
    assert run("nonsense").exit_code == 2


def test_help_names_every_command(run: Run) -> None:
    said = run("--help")
    assert said.exit_code == 0
    for command in (
        "serve",
        "migrate",
        "demo",
        "account",
        "import-roster",
        "report",
        "doctor",
        "backup",
        "verify-audit",
    ):
        assert command in said.stdout


def test_without_its_libraries_it_says_what_to_do() -> None:
    ran = subprocess.run(
        [sys.executable, "-S", "-m", "tdteam", "doctor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": ""},
        check=False,
    )
    assert ran.returncode == 1
    assert "Thiếu thư viện" in ran.stderr
    assert "Traceback" not in ran.stderr


# migrate


def test_migrate_makes_a_database_with_units_and_catalogue(run: Run, tmp_path: Path) -> None:
    first = run("migrate")
    assert first.exit_code == 0
    assert first.stdout == ""
    assert "Đã nạp đơn vị hành chính" in first.stderr
    engine = make_engine(url(tmp_path))
    with engine.connect() as connection:
        counts = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("place", "assist_kind", "indicator", "account")
        }
        start_day = connection.execute(
            text("SELECT value FROM setting WHERE key = 'period_start_day'")
        ).scalar_one()
    engine.dispose()
    assert counts["place"] > 600
    assert counts["assist_kind"] > 10
    assert counts["indicator"] > 10
    assert counts["account"] == 0
    assert start_day == "15"
    again = run("migrate")
    assert again.exit_code == 0
    assert "đã đúng phiên bản" in again.stderr
    assert list((tmp_path / "instance").glob("backups/*")) == []


def test_an_upgrade_is_backed_up_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    upgrade(url(tmp_path), to="0002")
    failed(run("verify-audit"), "migrate")
    done = run("migrate")
    assert done.exit_code == 0, done.stderr
    [kept] = (tmp_path / "instance" / "backups").iterdir()
    assert "before-" in kept.name
    assert kept.name in done.stderr
    assert run("verify-audit").exit_code == 0


def test_the_start_day_is_fixed_at_the_first_migrate(run: Run, tmp_path: Path) -> None:
    assert run("migrate", TDTEAM_PERIOD_START_DAY="1").exit_code == 0
    failed(run("migrate", TDTEAM_PERIOD_START_DAY="15"), "ngày 1")
    failed(run("account", "list", TDTEAM_PERIOD_START_DAY="15"), "ngày 1")
    failed(run("serve", TDTEAM_PERIOD_START_DAY="15"), "ngày 1")
    assert run("account", "list").exit_code == 0


def test_a_key_that_does_not_fit_is_named(run: Run) -> None:
    assert run("migrate", TDTEAM_DATABASE_KEY="k" * 20).exit_code == 0
    for command in (["migrate"], ["account", "list"], ["serve"]):
        failed(run(*command), "TDTEAM_DATABASE_KEY")
        failed(run(*command, TDTEAM_DATABASE_KEY="other"), "TDTEAM_DATABASE_KEY")
    examined = run("doctor")
    assert examined.exit_code == 1
    assert "TDTEAM_DATABASE_KEY" in examined.stdout
    assert run("account", "list", TDTEAM_DATABASE_KEY="k" * 20).exit_code == 0


def test_before_migrate_every_command_says_so(run: Run) -> None:
    for command in (
        ["account", "list"],
        ["verify-audit"],
        ["serve"],
        ["report", "draft", "--commune", "02926", "--period", "2026-10", "-o", "x.pdf"],
    ):
        failed(run(*command), "migrate")


def test_a_server_that_is_away_is_said(run: Run) -> None:
    away = {"TDTEAM_DATABASE_URL": "postgresql://nobody@/none?host=/nowhere"}
    failed(run("migrate", **away), "Cơ sở dữ liệu chưa nhận được")
    failed(run("account", "list", **away), "Cơ sở dữ liệu chưa nhận được")
    assert run("doctor", **away).exit_code == 1


# doctor, backup, audit


def test_doctor_lists_each_check(ready: Run, tmp_path: Path) -> None:
    examined = ready("doctor", "--json")
    assert examined.exit_code == 0, examined.stdout
    said = json.loads(examined.stdout)
    assert said["ok"] is True
    names = [check["name"] for check in said["checks"]]
    assert names == [
        "opens",
        "revision",
        "writes",
        "sound",
        "start_day",
        "tallies",
        "sheets",
        "audit",
        "papers",
        "files",
        "space",
        "backup",
    ]
    assert all(check["message"] and not check["message"].startswith("check:") for check in said["checks"])
    engine = make_engine(url(tmp_path))
    with engine.begin() as connection:
        village = connection.execute(
            text("SELECT id FROM place WHERE level = 'village' LIMIT 1")
        ).scalar_one()
        connection.execute(
            text(
                "INSERT INTO tally (span, village_id, measure, kind, outcome, value) VALUES ('2026-11', :v, 'visits', '', '', 3)"
            ),
            {"v": village},
        )
    engine.dispose()
    broken = ready("doctor", "--json")
    assert broken.exit_code == 1
    [bad] = [check for check in json.loads(broken.stdout)["checks"] if not check["ok"]]
    assert bad["name"] == "tallies"
    assert "✗" in ready("doctor").stdout


def test_backup_writes_a_checked_file_and_never_over_another(ready: Run, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    made = ready("backup", target)
    assert made.exit_code == 0, made.stderr
    assert target.stat().st_size > 100_000
    failed(ready("backup", target), "Đã có tệp")
    assert ready("backup").exit_code == 0
    assert len(list((tmp_path / "instance" / "backups").glob("*.db"))) == 1
    failed(ready("backup", "/proc/nowhere/copy.db"), "Không ghi được")


def test_verify_audit_names_the_first_broken_entry(ready: Run, tmp_path: Path) -> None:
    for number in range(3):
        ready(
            "account",
            "add",
            f"user{number}",
            "--name",
            "Nguyễn Văn Khác",
            "--role",
            "auditor",
            "--place",
            "15",
        )
    assert ready("verify-audit").exit_code == 0
    engine = make_engine(url(tmp_path))
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET detail = '{}' WHERE id = 2"))
    engine.dispose()
    failed(ready("verify-audit"), "dòng số 2")


# report, demo, serve


def test_a_draft_is_written_as_pdf_word_or_excel(ready: Run, tmp_path: Path) -> None:
    for ending, head in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        target = tmp_path / f"draft.{ending}"
        done = ready("report", "draft", "--commune", "02926", "--period", "2026-10", "-o", target)
        assert done.exit_code == 0, done.stderr
        assert target.read_bytes().startswith(head)
    failed(
        ready("report", "draft", "--commune", "02926", "--period", "10/2026", "-o", tmp_path / "a.pdf"),
        "2026-11|2026-10|kỳ",
    )
    failed(
        ready("report", "draft", "--commune", "00001", "--period", "2026-10", "-o", tmp_path / "a.pdf"),
        "00001",
    )
    failed(
        ready("report", "draft", "--commune", "02926", "--period", "2026-10", "-o", tmp_path / "a.txt"),
        ".docx",
    )
    failed(
        ready("report", "draft", "--commune", "02926", "--period", "2026-10", "-o", "/nowhere/a.pdf"),
        "/nowhere",
    )


def test_the_demonstration_is_for_demonstration_mode_and_empty_databases(ready: Run) -> None:
    failed(ready("demo"), "TDTEAM_MODE=demo")


def test_serve_says_that_the_port_is_taken(ready: Run) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        failed(ready("serve", PORT=str(taken.getsockname()[1])), "cổng")


def test_serve_announces_its_address_and_answers(ready: Run, tmp_path: Path) -> None:
    import urllib.request

    env = {
        **os.environ,
        "TDTEAM_INSTANCE": str(tmp_path / "instance"),
        "TDTEAM_SECRET_KEY": SECRET,
        "PORT": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tdteam", "serve"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        address = re.search(r"http://[\d.]+:\d+", line)
        assert address, line
        with urllib.request.urlopen(f"{address[0]}/healthz", timeout=20) as answer:
            assert json.load(answer) == {"alive": True}
    finally:
        process.terminate()
        assert process.wait(30) == 0
