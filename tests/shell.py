"""What the tests of the command line share: a command run in an instance folder of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tdteam.cli import main
from tests.conftest import SECRET

ROOT = Path(__file__).resolve().parents[1]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an instance folder of its own, in production mode."""
    for name in [name for name in os.environ if name.startswith("TDTEAM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TDTEAM_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("TDTEAM_SECRET_KEY", SECRET)

    def go(*arguments: str, **env: str | None) -> Result:
        return CliRunner(env=env).invoke(main, [str(argument) for argument in arguments])

    return go


@pytest.fixture
def ready(run: Run) -> Run:
    """The same, with a migrated database."""
    assert run("migrate").exit_code == 0
    return run


def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/instance/tdteam.db"


def failed(result: Result, *said: str) -> None:
    assert result.exit_code != 0
    assert result.stdout == ""
    for words in said:
        assert re.search(words, result.stderr), result.stderr
    assert "Traceback" not in result.stderr
    assert not re.search(r"\b(problem|flaw|check):", result.stderr)
