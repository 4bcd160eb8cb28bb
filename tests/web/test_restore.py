"""After a restore a backup's gap fills by itself from the phones: all back, none twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlmodel import select

from tdteam.actions.restore_backup import Restored, restore_backup
from tdteam.config import Config
from tdteam.domain.roles import Actor, Role
from tdteam.store import audit, evidence, locks
from tdteam.store.backup import Backup, make_backup
from tdteam.store.gate import EVERYWHERE
from tdteam.store.rebuild import compare
from tdteam.store.restore import RestoreFailed
from tdteam.store.settings import epoch
from tdteam.store.tables import Account, Evidence, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.conftest import SECRET
from tests.web.phone import Phone, everywhere, visit_body
from tests.web.photos import KEPT, photo, send, sha
from tests.web.test_offer import offer

SHELL = replace(EVERYWHERE, actor=Actor(None, "shell", Role.ADMIN))


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


@pytest.fixture(autouse=True)
def programs(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs in the server's own version."""
    if database_url.startswith("postgresql"):
        from tests import postgres

        monkeypatch.setenv("PATH", f"{postgres.programs()}:{os.environ['PATH']}")


@contextmanager
def stopped(app: Flask, engine: Engine) -> Iterator[None]:
    """Nobody is connected; the server of the tests comes back by itself at its next request."""
    app.extensions["tdteam_engine"].dispose()
    engine.dispose()
    yield


def settings_of(database_url: str, tmp_path: Path) -> Config:
    return Config(tmp_path, database_url, SECRET)


def back_up(database_url: str, tmp_path: Path) -> Backup:
    return make_backup(database_url, tmp_path / "kept" / "tdteam-1.db", instance=tmp_path)


def restore(app: Flask, engine: Engine, database_url: str, tmp_path: Path) -> Restored:
    with stopped(app, engine):
        return restore_backup(settings_of(database_url, tmp_path), tmp_path / "kept" / "tdteam-1.db", SHELL)


def come_back(phone: Phone, engine: Engine) -> None:
    """Sign in again: the restore drew a new stamp."""
    with everywhere(engine) as session:
        phone.account.session_stamp = session.exec(
            select(Account.session_stamp).where(Account.id == phone.account.id)
        ).one()


def visits(engine: Engine) -> list[str]:
    with everywhere(engine) as session:
        return sorted(session.exec(select(Visit.id)))


def test_what_came_after_the_backup_comes_again_and_nothing_twice(
    phone: Phone, cast: Cast, app: Flask, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    pictures = [photo() for _ in range(3)]
    before = [phone.record("visit", visit_body(cast.village)) for _ in range(5)]
    phone.send(*before)
    back_up(database_url, tmp_path)
    after = [
        phone.record("visit", visit_body(cast.village, photos=[sha(pictures[number])] if number < 3 else []))
        for number in range(30)
    ]
    assert phone.states(*after) == ["accepted"] * 30
    for body in pictures:
        assert send(phone.client, body).json == KEPT
    with everywhere(engine) as session:
        old_epoch = epoch(session)

    done = restore(app, engine, database_url, tmp_path)
    assert done.missing == ()
    assert done.kept is not None
    assert done.kept.is_file()
    assert len(visits(engine)) == 5

    phone.client.sign_in(phone.account)
    assert phone.client.get("/sync/roster").status_code == 401  # no sign-in of before opens anything
    come_back(phone, engine)
    answer = offer(phone, before + after)
    assert answer.json["epoch"] not in ("", old_epoch)
    assert set(answer.json["lacking"]) == {one["id"] for one in after}
    assert answer.json["photos"] == []
    again = [one for one in after if one["id"] in answer.json["lacking"]]
    assert phone.states(*again) == ["accepted"] * 30
    wanted = offer(phone, before + after).json
    assert wanted["lacking"] == []
    assert set(wanted["photos"]) == {sha(body) for body in pictures}
    for body in pictures:
        send(phone.client, body)  # kept at once, or gone on with: the files of before are still there
    assert offer(phone, before + after).json == {"epoch": wanted["epoch"], "lacking": [], "photos": []}
    assert phone.states(*before, *after) == ["duplicate"] * 35

    assert visits(engine) == sorted(one["id"] for one in before + after)
    with everywhere(engine) as session:
        assert compare(session) == []
        assert audit.verify(session).first_broken is None
        assert sorted(row.sha256 for row in session.exec(select(Evidence))) == sorted(map(sha, pictures))
        assert evidence.lacking(session, map(sha, pictures), tmp_path) == []


def test_photos_that_came_after_their_records_are_asked_for(
    phone: Phone, cast: Cast, app: Flask, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    body = photo()
    record = phone.record("visit", visit_body(cast.village, photos=[sha(body)]))
    phone.send(record)
    back_up(database_url, tmp_path)
    send(phone.client, body)
    restore(app, engine, database_url, tmp_path)
    come_back(phone, engine)
    assert offer(phone, [record]).json["photos"] == [sha(body)]
    assert offer(phone, [record]).json["lacking"] == []
    assert send(phone.client, body).json == KEPT
    assert offer(phone, [record]).json["photos"] == []


def test_photos_of_the_backup_are_put_back(
    phone: Phone, cast: Cast, app: Flask, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    body = photo()
    record = phone.record("visit", visit_body(cast.village, photos=[sha(body)]))
    phone.send(record)
    send(phone.client, body)
    made = back_up(database_url, tmp_path)
    assert made.files is not None
    assert made.files.count == 1
    for file in (tmp_path / "evidence").rglob("*.jpg"):
        file.unlink()
    assert restore(app, engine, database_url, tmp_path).brought == 1
    come_back(phone, engine)
    assert offer(phone, [record]).json["photos"] == []
    phone.client.sign_in(phone.account)
    assert phone.client.get(f"/evidence/{sha(body)}.jpg").status_code == 200


def test_a_photo_removed_since_the_backup_stays_removed(
    phone: Phone, cast: Cast, app: Flask, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    body = photo()
    record = phone.record("visit", visit_body(cast.village, photos=[sha(body)]))
    phone.send(record)
    send(phone.client, body)
    back_up(database_url, tmp_path)
    done = phone.client.post(f"/evidence/{sha(body)}/remove", data={"why": "identity"})
    assert done.status_code == 302
    assert restore(app, engine, database_url, tmp_path).brought == 0
    come_back(phone, engine)
    assert offer(phone, [record]).json["photos"] == []
    assert list((tmp_path / "evidence").rglob("*.jpg")) == []
    phone.client.sign_in(phone.account)
    assert phone.client.get(f"/evidence/{sha(body)}.jpg").status_code == 404


def test_a_connected_database_is_not_replaced(
    phone: Phone, cast: Cast, app: Flask, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    made = back_up(database_url, tmp_path)
    phone.send(phone.record("visit", visit_body(cast.village)))
    engine.dispose()  # the app's own connection stays
    with pytest.raises(RestoreFailed) as refused:
        restore_backup(settings_of(database_url, tmp_path), made.path, SHELL)
    assert refused.value.code == "in_use"
    app.extensions["tdteam_engine"].dispose()
    with locks.held(tmp_path / locks.SERVING, shared=True), pytest.raises(RestoreFailed):
        restore_backup(settings_of(database_url, tmp_path), made.path, SHELL)
    assert len(visits(engine)) == 1


def test_a_restore_that_fails_halfway_leaves_everything_as_it_was(
    phone: Phone,
    cast: Cast,
    app: Flask,
    engine: Engine,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(database_url, tmp_path)
    phone.send(phone.record("visit", visit_body(cast.village)))
    monkeypatch.setattr("tdteam.actions.restore_backup.audit.append", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(app, engine, database_url, tmp_path)
    assert len(visits(engine)) == 1
    with everywhere(engine) as session:
        assert compare(session) == []


def test_a_broken_archive_or_missing_programs_change_nothing(
    app: Flask, cast: Cast, engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("the other engine; SQLite's are in test_cli_restore.py")
    made = back_up(database_url, tmp_path)
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RestoreFailed) as refused:
        restore(app, engine, database_url, tmp_path)
    assert refused.value.code == "not_whole"
    made.path.write_bytes(whole)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        with pytest.raises(RestoreFailed) as refused:
            restore(app, engine, database_url, tmp_path)
    assert (refused.value.code, "pg_restore" in refused.value.detail) == ("no_programs", True)
    with engine.begin() as connection:  # a table of a newer version, which points into ours
        connection.execute(text("CREATE TABLE newer (id integer REFERENCES account (id))"))
    assert restore(app, engine, database_url, tmp_path).accounts == len(cast.everybody)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('newer')")).scalar() is None
