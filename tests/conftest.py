"""Thin fixtures: a database (SQLite and PostgreSQL), a world in it, an app, a client that checks each page it fetches."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine

from tdteam import create_app
from tdteam.config import Config
from tdteam.store import migrate
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tests import district, postgres
from tests.cast import Cast, make_cast
from tests.client import CheckingClient
from tests.district import District
from tests.world import World

BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]
SECRET = "a-secret-for-tests-only-0123456789abcdef"


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> str:
    """A migrated, empty PostgreSQL database, the template of each test's own."""
    url = postgres.postgres_url(_worker())
    migrate.upgrade(url)
    return url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database on each engine in turn."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        copy = tmp_path / "tdteam.db"
        shutil.copy(template, copy)
        yield f"sqlite:///{copy}"
    else:
        url = postgres.fresh_database(request.getfixturevalue("postgres_template"))
        yield url
        postgres.drop_database(url)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database, for tests that need only one engine."""
    copy = tmp_path / "tdteam.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def sqlite_district(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite template with the units of Lào Cai, the catalogue and accounts."""
    path = tmp_path_factory.mktemp("district") / "district.db"
    shutil.copy(sqlite_template, path)
    district.fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_district(postgres_template: str) -> str:
    """The same in PostgreSQL."""
    url = postgres.fresh_database(postgres_template)
    district.fill(url)
    return url


@pytest.fixture(params=BOTH)
def district_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the district on each engine in turn."""
    if request.param == "sqlite":
        copy = tmp_path / "tdteam.db"
        shutil.copy(request.getfixturevalue("sqlite_district"), copy)
        yield f"sqlite:///{copy}"
    else:
        url = postgres.fresh_database(request.getfixturevalue("postgres_district"))
        yield url
        postgres.drop_database(url)


@pytest.fixture
def bao_thang(district_url: str) -> Iterator[District]:
    """The old Bảo Thắng before any import, on each engine in turn."""
    made = make_engine(district_url)
    yield District(made)
    made.dispose()


@pytest.fixture
def sqlite_bao_thang(sqlite_district: Path, tmp_path: Path) -> Iterator[District]:
    """The same on SQLite alone, for tests that need only one engine."""
    copy = tmp_path / "tdteam.db"
    shutil.copy(sqlite_district, copy)
    made = make_engine(f"sqlite:///{copy}")
    yield District(made)
    made.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[GatedSession]:
    """A writing session without scope: for builders and for tests below the gate."""
    with open_session(engine, EVERYWHERE, write=True) as opened:
        opened.expire_on_commit = (
            False  # a look at a committed row must not begin another transaction, and hold the lock
        )
        yield opened


@pytest.fixture
def world(session: GatedSession) -> World:
    return World(session)


@pytest.fixture
def cast(world: World) -> Cast:
    """An, Binh, Chi, Dung, Giang and their colleagues, committed."""
    made = make_cast(world)
    world.session.commit()
    return made


class Compiled(BytecodeCache):
    """Templates compiled once for all apps of a process; a third of a page's test was compiling them anew."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.held:
            bucket.bytecode_from_string(self.held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.held[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Config(tmp_path, database_url, SECRET, mode="production"))
    made.testing = True
    made.test_client_class = CheckingClient
    made.jinja_env.bytecode_cache = COMPILED
    yield made
    made.extensions["tdteam_engine"].dispose()


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    return app.test_client()  # type: ignore[return-value]
