"""`verify-audit` walks the chain and holds every paper against it; it names what does not hold, and the doctor says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine

from tdteam.store import settings
from tdteam.store.gate import EVERYWHERE, open_session
from tests.actions.given import signed_in
from tests.actions.sealed import issue, record, seal
from tests.cast import Cast
from tests.shell import Run, failed, run
from tests.web.verifying import alter

__all__ = ["run"]
Told = Callable[..., Result]


@pytest.fixture
def told(run: Run, database_url: str, engine: Engine, cast: Cast, tmp_path: Path) -> Told:
    """A command on the test's database."""
    (tmp_path / "instance").mkdir()
    with open_session(engine, EVERYWHERE, write=True) as session:
        settings.set_setting(session, settings.START_DAY, "15")
        session.commit()

    def go(*arguments: str) -> Result:
        return run(*arguments, TDTEAM_DATABASE_URL=database_url)

    return go


@pytest.fixture
def code(engine: Engine, cast: Cast) -> str:
    """The code of Xuân Quang's issued November."""
    record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        made = seal(session, cast).code
    issue(engine, cast)
    return made


def test_whole_papers_are_counted(told: Told, code: str) -> None:
    said = told("verify-audit")
    assert said.exit_code == 0, said.stderr
    assert "1 lần chốt, 3 tệp, 0 bản đã ký" in said.stdout


def test_papers_hold_before_anything_is_sealed(told: Told, cast: Cast) -> None:
    said = told("verify-audit")
    assert said.exit_code == 0, said.stderr
    assert "0 lần chốt" in said.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE sealing SET snapshot = replace(snapshot, 'Hốc Đá', 'Hốc Đã')", "bị sửa sau khi chốt"),
        ("UPDATE sealing SET snapshot = '{'", "không còn đọc được"),
        ("UPDATE sealing SET version = 2", "không phải của mã này"),
        (f"UPDATE sealing SET audit_head = '{'c' * 64}'", "Nhật ký không còn mục"),
        (f"UPDATE sealing SET sha256 = '{'c' * 64}'", "Nhật ký không có lần chốt"),
        (
            "UPDATE paper SET name = 'x', body = BYTES WHERE form = 'xlsx'",
            r"sửa sau khi phát hành\. \(xlsx\)",
        ),
        ("UPDATE paper SET words = replace(words, 'narrative', 'narratives')", "Nhật ký không có"),
        ("DELETE FROM audit WHERE action = 'seal'", "Nhật ký không có lần chốt"),
        ("DELETE FROM audit WHERE action = 'issue'", r"phát hành nào như thế\. \(pdf\)"),
    ],
)
def test_what_does_not_hold_is_named_by_code_and_version(
    told: Told, engine: Engine, code: str, change: str, words: str
) -> None:
    alter(engine, change.replace("BYTES", "'x'" if engine.dialect.name == "sqlite" else "'x'::bytea"))
    said = told("verify-audit")
    failed(said, f"{code}, lần chốt [12]: ", words)
    assert said.exit_code == 1
    body = json.loads(told("doctor", "--json").stdout)
    assert body["ok"] is False
    papers = next(check for check in body["checks"] if check["name"] == "papers")
    assert papers["ok"] is False and code in papers["message"]


def test_a_broken_chain_and_a_broken_paper_are_both_named(told: Told, engine: Engine, code: str) -> None:
    alter(engine, "UPDATE sealing SET snapshot = '{}'")
    alter(engine, "UPDATE audit SET action = 'unseal' WHERE action = 'submit'")
    said = told("verify-audit")
    failed(said, "bị sửa sau khi chốt", "không còn đọc được", "dòng")
    assert len(said.stderr.splitlines()) >= 3
