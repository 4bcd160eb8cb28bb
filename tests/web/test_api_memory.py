"""Who asks the API again: told that nothing changed without anything being counted, and the truth once something did."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from flask import Flask

from tdteam.actions.record_visit import record_visit
from tdteam.domain.roles import SYSTEM
from tdteam.store import coverage
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import DAY, worked

__all__ = ["worked"]  # a fixture
ASKED = "/api/v1/coverage?period=2026-11"


def again(client: CheckingClient, tag: str, asked: str = ASKED, **headers: str) -> Any:
    return client.get(asked, headers={"If-None-Match": tag, **headers})


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each board that was composed."""
    made: list[object] = []
    real = coverage.read_board

    def read_board(session: Any, asked: Any) -> Any:
        made.append(asked)
        return real(session, asked)

    monkeypatch.setattr(coverage, "read_board", read_board)
    return made


def test_the_same_question_is_answered_without_composing_until_something_is_written(
    client: CheckingClient, worked: Cast, counted: list[object]
) -> None:
    client.sign_in(worked.giang)
    first = client.get(ASKED)
    assert (first.status_code, len(counted)) == (200, 1)
    tag = first.headers["ETag"]
    same = again(client, tag)
    assert (same.status_code, same.data, same.headers["ETag"], len(counted)) == (304, b"", tag, 1)
    client.get("/coverage/export.csv")  # a look is no change
    counted.clear()
    assert again(client, tag).status_code == 304 and not counted
    session = worked.village.world.session
    home = worked.village.household()
    record_visit(session, visit_at(worked.village, helped(), household_id=home.id, visited_on=DAY), SYSTEM)
    session.commit()
    moved = again(client, tag)
    assert moved.status_code == 200 and moved.headers["ETag"] != tag
    assert moved.json["total"]["figures"] != first.json["total"]["figures"]


def test_another_reader_and_another_address_are_answered_for_themselves(
    client: CheckingClient, worked: Cast, counted: list[object]
) -> None:
    tag = client.sign_in(worked.giang).get(ASKED).headers["ETag"]
    assert again(client, tag, f"{ASKED}&rows=villages").status_code == 200
    client.sign_in(worked.khoa)  # the next commune's official
    counted.clear()
    assert again(client, tag).status_code == 200 and counted
    assert again(client, '"0"').status_code == 200


def test_an_answer_of_some_length_is_squeezed_for_who_takes_it(
    client: CheckingClient, app: Flask, worked: Cast
) -> None:
    client.sign_in(worked.giang)
    plain = client.get(ASKED)
    assert "Content-Encoding" not in plain.headers
    small = client.get(ASKED, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in small.headers["Vary"]
    assert json.loads(gzip.decompress(small.data)) == plain.json and len(small.data) < len(plain.data)
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert again(client, small.headers["ETag"], **{"Accept-Encoding": "gzip"}).status_code == 304
    assert again(client, small.headers["ETag"]).status_code == 200
