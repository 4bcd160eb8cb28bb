"""Accounts from the command line: the first administrator, and help when nobody can sign in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tdteam.actions.passwords import check_password, hash_password
from tdteam.actions.sign_in import Caller
from tdteam.domain import throttle as rules
from tdteam.store import accounts, throttle
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tests.conftest import SECRET
from tests.shell import Run, failed, ready, run, url

__all__ = ["ready", "run"]


def test_an_account_is_made_reset_and_disabled(ready: Run, tmp_path: Path) -> None:
    made = ready("account", "add", "Huong.TT", "--name", "Trần Thị Hương", "--role", "admin", "--place", "15")
    assert made.exit_code == 0, made.stderr
    word = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", made.stdout)
    assert word
    listed = ready("account", "list")
    assert "huong.tt" in listed.stdout
    assert "Tỉnh Lào Cai" in listed.stdout
    assert "Đã mời, chưa dùng" in listed.stdout
    engine = make_engine(url(tmp_path))
    with open_session(engine, EVERYWHERE, write=True) as writing:
        row = accounts.find_by_username(writing, "huong.tt")
        assert row
        assert check_password(row.password_hash, word[0])
        caller = Caller("", "", SECRET)
        for _ in range(8):
            throttle.charge(writing, {caller.account_key("huong.tt"): rules.ACCOUNT})
        row.password_hash = hash_password("ruộng bậc thang Y Tý")
        writing.commit()
    again = ready("account", "reset", "huong.tt")
    assert again.exit_code == 0, again.stderr
    with open_session(engine, EVERYWHERE, write=True) as writing:
        assert throttle.charge(writing, {caller.account_key("huong.tt"): rules.ACCOUNT}) is None
    ready("account", "add", "other", "--name", "Khác", "--role", "admin", "--place", "Tỉnh Lào Cai")
    assert ready("account", "disable", "huong.tt").exit_code == 0
    assert ready("account", "enable", "huong.tt").exit_code == 0
    engine.dispose()
    assert "7" in ready("verify-audit").stdout or "nguyên vẹn" in ready("verify-audit").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "x", "--name", "X", "--role", "king", "--place", "15"], "--role"),
        (["add", "xa", "--name", "X", "--role", "member", "--place", "02926"], "không giao cả xã"),
        (["add", "xa", "--name", "X", "--role", "official", "--place", "99999"], "99999"),
        (["add", "ệ", "--name", "X", "--role", "official", "--place", "02926"], "Tên đăng nhập"),
        (["disable", "nobody"], "nobody"),
        (["reset", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(ready: Run, arguments: list[str], said: str) -> None:
    failed(ready("account", *arguments), said)
    assert ready("account", "list").stdout.count("\n") == 1


def test_a_village_is_named_with_its_commune(ready: Run) -> None:
    made = ready(
        "account", "add", "an.bt", "--name", "Bàn Thị An", "--role", "member", "--place", "02926/Hốc Đá"
    )
    assert made.exit_code == 0, made.stderr
    assert "Thôn Hốc Đá" in ready("account", "list").stdout
    failed(
        ready("account", "add", "x.y", "--name", "X", "--role", "member", "--place", "Xuân Quang/Không Có"),
        "Không Có",
    )


def test_the_last_administrator_stays(ready: Run) -> None:
    ready("account", "add", "hai", "--name", "Vũ Đức Hải", "--role", "admin", "--place", "15")
    failed(ready("account", "disable", "hai"), "người quản trị cuối cùng")
