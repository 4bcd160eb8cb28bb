"""The old Bảo Thắng as `migrate` loads it, the real workbooks, and the people who import them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import Engine, select

from tdteam.domain.roles import Role
from tdteam.store import accounts, places
from tdteam.store.base import metadata
from tdteam.store.catalogue import load_catalogue
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account, Household, Place
from tdteam.store.units import load_units
from tests.actions.given import signed_in

FILES = Path(__file__).parent / "data"
TEAMS = "to-cong-nghe-so-bao-thang.xlsx"
XUAN_QUANG = "ho-dan-xuan-quang.xlsx"
BAN_CAM = "ho-dan-ban-cam-tcvn3.xlsx"
# What an import leaves beside the facts themselves.
TRACES = {"audit", "upload", "upload_file", "upload_change"}
Edit = Callable[[Any], None]


def fill(url: str) -> None:
    """Units, catalogue and accounts in a migrated, empty database."""
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE, write=True) as session:
        load_units(session)
        load_catalogue(session)
        for username, role, code in (
            ("official", Role.OFFICIAL, "02926"),
            ("neighbour", Role.OFFICIAL, "02905"),
            ("leader", Role.LEADER, "02926"),
            ("reviewer", Role.REVIEWER, "02926"),
        ):
            _account(session, username, role, places.commune_by_code(session, code))
        province = session.scalars(
            select(Place).where(Place.level == "province", Place.until.is_(None))
        ).one()
        _account(session, "admin", Role.ADMIN, province)
        session.commit()
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    engine.dispose()


def _account(session: GatedSession, username: str, role: Role, place: Place) -> None:
    accounts.add_account(
        session,
        username=username,
        name=username.title(),
        role=role,
        password_hash="!",
        stamp=f"stamp-{username}",
        roots=[place.id or 0],
    )


@dataclass
class District:
    """A database with the district, before anything was imported."""

    engine: Engine

    def account(self, username: str) -> Account:
        with open_session(self.engine, EVERYWHERE) as session:
            return session.scalars(select(Account).where(Account.username == username)).one()

    @contextmanager
    def as_(self, username: str, *, write: bool = True) -> Iterator[GatedSession]:
        """A session of an account, inside its scope; committed at the end."""
        with signed_in(self.engine, self.account(username), write=write) as session:
            yield session

    @contextmanager
    def everywhere(self, *, write: bool = False) -> Iterator[GatedSession]:
        with open_session(self.engine, EVERYWHERE, write=write) as session:
            session.expire_on_commit = False
            yield session
            if write:
                session.commit()

    def commune(self, code: str) -> int:
        with self.everywhere() as session:
            return places.commune_by_code(session, code).id or 0

    def village(self, name: str, old_commune: str) -> Place:
        """A village by its name and the name of the commune it came from."""
        with self.everywhere() as session:
            origin = select(Place.id).where(Place.short_name == old_commune, Place.until.is_not(None))
            query = select(Place).where(Place.short_name == name, Place.origin_id.in_(origin))
            return session.scalars(query).one()

    def household(self, head: str, birth_year: int | None = None) -> Household:
        with self.everywhere() as session:
            query = select(Household).where(Household.head == head)
            if birth_year:
                query = query.where(Household.birth_year == birth_year)
            return session.scalars(query).one()

    def rows(self, *but: str) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the traces of imports and the columns named (`household.version`)."""
        hidden = {name for name in but if "." in name}
        out = {}
        with self.everywhere() as session:
            for table in metadata.sorted_tables:
                if table.name in TRACES or table.name in but:
                    continue
                columns = [c for c in table.columns if f"{table.name}.{c.name}" not in hidden]
                query = select(*columns).order_by(*table.primary_key.columns)
                out[table.name] = [tuple(row) for row in session.connection().execute(query)]
        return out


def body(name: str) -> bytes:
    return (FILES / name).read_bytes()


def edited(name: str, *edits: Edit) -> bytes:
    """A real workbook with some cells corrected: each edit gets the openpyxl workbook."""
    book = openpyxl.load_workbook(io.BytesIO(body(name)))
    for edit in edits:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(values: dict[str, Any], sheet: str | None = None) -> Edit:
    """Put values into cells of a sheet (the first)."""

    def put(book: Any) -> None:
        page = book[sheet] if sheet else book.worksheets[0]
        for cell, value in values.items():
            page[cell].value = value

    return put


def only(*sheets: str) -> Edit:
    """Keep some sheets of a workbook."""

    def drop(book: Any) -> None:
        for page in list(book.worksheets):
            if page.title not in sheets:
                book.remove(page)

    return drop
