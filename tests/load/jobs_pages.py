"""Signed-in list pages through the WSGI application, beside a Flask view that prints one query's rows as text.

One process and one request at a time: what a core carries. Two cores carry twice as many (tdteam/server.py serves
with one process a core).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.load.district import district
from tests.load.harness import Pair, job

SECRET = "only-for-measuring-0123456789-abcdefgh"
NEWEST = """
SELECT visited_on, contact, place, minutes, note FROM visit WHERE state = 'current'
ORDER BY visited_on DESC, id DESC LIMIT 100"""


def asking(app: Any, path: str, **headers: str) -> Callable[[], bytes]:
    """A call that gets a page and insists on 200."""
    from werkzeug.test import create_environ, run_wsgi_app

    def ask() -> bytes:
        body, status, _headers = run_wsgi_app(app, create_environ(path, headers=headers))
        assert status == "200 OK", status
        return b"".join(body)

    return ask


def bare_app(database: Path) -> Any:
    """The least a Flask page could do: one query, its rows as lines of text."""
    from flask import Flask
    from sqlcipher3 import dbapi2

    app = Flask("bare")
    driver = dbapi2.connect(str(database))

    @app.get("/")
    def rows() -> str:
        return "\n".join(" ".join(map(str, row)) for row in driver.execute(NEWEST))

    return app


def page(folder: Path, username: str, path: str, visits: int = 0) -> Pair:
    """A page of ours, signed in, against the bare one on the same database."""
    district(folder, visits).dispose()
    floor = asking(bare_app(folder / "tdteam.db"), "/")
    return Pair(work=asking_as(folder, username, path), floor=floor, rounds=1_000)


def asking_as(folder: Path, username: str, path: str) -> Callable[[], bytes]:
    """A call that gets a page of the application over a folder's database, signed in."""
    from flask.sessions import SecureCookieSessionInterface

    from tdteam import create_app
    from tdteam.config import Config
    from tdteam.store.accounts import find_by_username
    from tdteam.store.gate import EVERYWHERE, open_session

    app = create_app(Config(folder, f"sqlite:///{folder / 'tdteam.db'}", SECRET))
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
        account = find_by_username(session, username)
        assert account is not None
        signed = {"_user_id": f"{account.id}.{account.session_stamp}", "_fresh": True}
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(signed)}"
    return asking(app, path, Cookie=cookie)


GOAL = "≥ 500 requests/s on two cores"
FLOOR = "bare Flask: one query, 100 lines of text"


@job("list of visits, signed in, one core", "100 rows of 60,000", GOAL, FLOOR)
def _visits(folder: Path) -> Pair:
    return page(folder, "canbo", "/visits/?size=100")


@job("list of visits, signed in, one core", "100 rows of 1,000,000", "", FLOOR)
def _many_visits(folder: Path) -> Pair:
    return page(folder, "canbo", "/visits/?size=100", 940_000)


@job("list of households, signed in, one core", "100 rows of 22,000", GOAL, FLOOR)
def _households(folder: Path) -> Pair:
    return page(folder, "canbo", "/households/?size=100")


@job("the period at a glance, signed in, one core", "44 teams", "", FLOOR)
def _home(folder: Path) -> Pair:
    return page(folder, "canbo", "/")
