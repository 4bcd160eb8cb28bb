"""What tests of declared figures share: a team on paper, the rows in force, the grid as its form posts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Declared, Team
from tests.cast import Cast
from tests.client import CheckingClient

NOVEMBER = "2026-11"
DAY = date(2026, 11, 10)
PDF = b"%PDF-1.7\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def paper(cast: Cast) -> Cast:
    """The first village's team writes on paper; the other's uses the tool."""
    session = cast.village.world.session
    team = session.get(Team, cast.village.team.id)
    assert team is not None
    team.channel = "paper"
    session.add(team)
    session.commit()
    return cast


@pytest.fixture
def rows(app: Flask) -> Iterator[Any]:
    """The declared rows in force, by (team, indicator) or (place, indicator)."""

    def read() -> dict[tuple[int, str], Declared]:
        with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
            session.expire_on_commit = False
            found = session.exec(select(Declared).where(Declared.superseded_at == None)).all()  # noqa: E711
            return {(row.team_id or row.place_id, row.indicator): row for row in found}

    yield read


def stamp(client: CheckingClient, address: str) -> str:
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: CheckingClient, cast: Cast, **more: Any) -> Any:
    """The grid of November as the form posts it: `visits` and the like are figures of the paper team."""
    address = more.pop("address", f"/declared/?period={NOVEMBER}")
    team = more.pop("team", cast.village.team.id)
    data: dict[str, Any] = {"seen": more.pop("seen", None) or stamp(client, address)}
    words = ("sender", "received_on", "note", "scan", "kept")
    for name, value in more.items():
        data[f"{name}-{team}" if name in words else f"f-{team}-{name}"] = value
    return client.post(address, data=data, content_type="multipart/form-data")
