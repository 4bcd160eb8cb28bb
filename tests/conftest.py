"""Thin fixtures: a database (SQLite and PostgreSQL), a world in it, an app, a client that checks each page it fetches."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from tdteam import create_app
from tdteam.config import Config
from tdteam.store import migrate
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tests import district, postgres, quick
from tests.cast import Cast, make_cast
from tests.client import CheckingClient
from tests.district import District
from tests.world import World

BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]
SECRET = "a-secret-for-tests-only-0123456789abcdef"
ADDRESS = "http://to.example"  # printed in the codes of sealed papers

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quick.quick_folder() or tempfile.gettempdir()))
quick.share_statements()
quick.compile_addresses_when_asked()


def pytest_collection_finish() -> None:
    quick.spare_the_collector()


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


class Begun:
    """What a test's database begins with: nothing, the world, or the world and its cast; each built once a process."""

    def __init__(self, empty: str, cast: Cast | None = None, world: World | None = None) -> None:
        self.url, self.cast, self.world = empty, cast, world


@pytest.fixture(scope="session")
def beginnings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Begun]:
    """Gives the template of an engine's databases ("sqlite", "postgresql") with "empty", "world" or "cast" in it."""

    @functools.cache
    def begun(kind: str, what: str) -> Begun:
        if kind == "sqlite":
            empty = request.getfixturevalue("sqlite_template")
        else:
            empty = request.getfixturevalue("postgres_template")
        if what == "empty":
            return Begun(f"sqlite:///{empty}" if kind == "sqlite" else empty)
        if kind == "sqlite":
            path = tmp_path_factory.mktemp("begun") / f"{what}.db"
            shutil.copy(empty, path)
            url = f"sqlite:///{path}"
        else:
            url = postgres.fresh_database(empty)
        made = make_engine(url)
        with open_session(made, EVERYWHERE, write=True) as building:
            building.expire_on_commit = False
            world = World(building)
            cast = make_cast(world) if what == "cast" else None
            building.commit()
        made.dispose()
        return Begun(url, cast, world)

    return begun


BEGUN = pytest.StashKey[Begun]()


def _begins_with(request: pytest.FixtureRequest) -> str:
    return next((what for what in ("cast", "world") if what in request.fixturenames), "empty")


@pytest.fixture(params=BOTH)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, beginnings: Callable[[str, str], Begun]
) -> Iterator[str]:
    """A fresh migrated database on each engine in turn, with the world or the cast in it if the test asks for them."""
    begun = beginnings(request.param, _begins_with(request))
    request.node.stash[BEGUN] = begun
    if request.param == "sqlite":
        copy = tmp_path / "tdteam.db"
        shutil.copy(begun.url.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
    else:
        url = postgres.fresh_database(begun.url)
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
def world(request: pytest.FixtureRequest, session: GatedSession) -> World:
    begun = request.node.stash.get(BEGUN, None)  # none where a file brings a database of its own
    if begun is None or begun.world is None:
        return World(session)
    session.connection()  # a test's own rows join one transaction, as they would after building the world in it
    return begun.world.moved(session)


@pytest.fixture
def cast(request: pytest.FixtureRequest, world: World) -> Cast:
    """An, Binh, Chi, Dung, Giang and their colleagues, committed."""
    begun = request.node.stash.get(BEGUN, None)
    made = begun.cast.moved(world) if begun and begun.cast is not None else make_cast(world)
    world.session.commit()
    return made


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Config(tmp_path, database_url, SECRET, mode="production", public_url=ADDRESS))
    made.testing = True
    made.test_client_class = CheckingClient
    made.jinja_env.bytecode_cache = quick.COMPILED
    yield made
    made.extensions["tdteam_engine"].dispose()


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    return app.test_client()  # type: ignore[return-value]
