"""A signed-in list page of 100 rows, through the server, beside a Flask view that shows one query's rows as text."""

from __future__ import annotations

from pathlib import Path

from tests.load.district import district
from tests.load.harness import Result, job
from tests.load.jobs_serving import OURS, SECRET, over_http, serving

ONE_QUERY = """
def factory():
    from flask import Flask, g
    from sqlcipher3 import dbapi2
    app = Flask("bare")
    app.add_url_rule("/healthz", endpoint="alive", view_func=lambda: "alive")

    @app.get("/visits/")
    def visits():
        if not hasattr(factory, "driver"):
            factory.driver = dbapi2.connect({database!r}, check_same_thread=False)
        rows = factory.driver.execute(
            "SELECT visited_on, contact, note FROM visit WHERE state = 'current' ORDER BY visited_on DESC, id DESC LIMIT 100"
        ).fetchall()
        return "\\n".join(f"{{day}} {{contact}} {{note}}" for day, contact, note in rows)
    return app
"""


def cookie_of(folder: Path, username: str) -> str:
    """The session cookie of an account, without the cost of its password."""
    from flask.sessions import SecureCookieSessionInterface

    from tdteam import create_app
    from tdteam.config import Config
    from tdteam.store.accounts import find_by_username
    from tdteam.store.gate import EVERYWHERE, open_session

    app = create_app(Config(folder, f"sqlite:///{folder / 'tdteam.db'}", SECRET))
    engine = app.extensions["tdteam_engine"]
    with open_session(engine, EVERYWHERE) as session:
        account = find_by_username(session, username)
        assert account is not None
        signed = {"_user_id": f"{account.id}.{account.session_stamp}", "_fresh": True}
    engine.dispose()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(signed)}"


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def page(folder: Path, username: str, path: str, visits: int = 0) -> Result:
    """A page of ours against the bare one, 16 connections each, in turns."""
    district(folder, visits)
    bare = ONE_QUERY.format(database=str(folder / "tdteam.db"))
    with serving(OURS, folder) as (process, ours), serving(bare, folder) as (_, theirs):
        asked = get(path, cookie_of(folder, username))
        return over_http(process, ours, theirs, asked, get("/visits/"), seconds=3)


FLOOR = "bare Flask: one query, 100 lines of text"


@job("list of visits, signed in, 16 connections", "100 rows of 60,000", "≥ 500 requests/s", FLOOR)
def _visits(folder: Path) -> Result:
    return page(folder, "canbo", "/visits/?size=100")


@job("list of visits, signed in, 16 connections", "100 rows of 1,000,000", "", FLOOR)
def _many_visits(folder: Path) -> Result:
    return page(folder, "canbo", "/visits/?size=100", 940_000)


@job("list of households, signed in, 16 connections", "100 rows of 22,000", "≥ 500 requests/s", FLOOR)
def _households(folder: Path) -> Result:
    return page(folder, "canbo", "/households/?size=100")


@job("the period at a glance, signed in, 16 connections", "44 teams", "", FLOOR)
def _home(folder: Path) -> Result:
    return page(folder, "canbo", "/")
