"""What police, portal and health station counted: source, day, history."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from tdteam.actions.draft_report import read_facts
from tdteam.domain.periods import Period
from tdteam.store.gate import EVERYWHERE, open_session
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text
from tests.web.telling import NOVEMBER, PDF, paper, rows

__all__ = ["paper", "rows"]  # fixtures


def note(client: CheckingClient, cast: Cast, code: str = "EID2_ACTIVE", **more: Any) -> Any:
    data = {
        "place_id": cast.commune.id,
        "part": "80",
        "whole": "100",
        "as_of": "14/11/2026",
        "source": "Công an xã",
        "received_on": "17/11/2026",
        **{name: (io.BytesIO(value), "a.pdf") if name == "scan" else value for name, value in more.items()},
    }
    return client.post(f"/declared/figures/{code}/new", data=data, content_type="multipart/form-data")


def test_the_police_figure_stands_with_source_and_day_and_in_the_report(
    client: CheckingClient, paper: Cast
) -> None:
    client.sign_in(paper.chi)
    assert note(client, paper, scan=PDF).status_code == 302
    page = text(client.get(f"/declared/figures/?period={NOVEMBER}"))
    assert "80/100 80,0% 14/11/2026 Công an xã" in page
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        facts = read_facts(session, paper.commune.id or 0, Period(2026, 11))
    told = next(line for line in facts.figures if line.origin == "Công an xã")
    assert told.as_of == date(2026, 11, 14)
    assert "80/100" not in text(client.get("/declared/figures/?period=2026-10"))


def test_a_second_word_of_the_same_source_supersedes_and_both_stay_in_the_history(
    client: CheckingClient, paper: Cast
) -> None:
    client.sign_in(paper.chi)
    note(client, paper)
    note(client, paper, part="81")
    note(client, paper, part="70", source="Cổng Dịch vụ công")
    page = text(client.get(f"/declared/figures/?period={NOVEMBER}"))
    assert "81/100" in page and "70/100" in page and "80/100" not in page
    history = text(client.get("/declared/figures/EID2_ACTIVE"))
    assert history.count("Đã thay ngày") == 1 and "80/100" in history and "Trần Thị Chi" in history


def test_a_figure_is_withdrawn_and_stays_in_the_history(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    note(client, paper, place_id=paper.village.id)
    row = rows()[paper.village.id, "EID2_ACTIVE"]
    assert "và 1 thôn" in text(client.get(f"/declared/figures/?period={NOVEMBER}"))
    assert client.sign_in(paper.dung).post(f"/declared/figures/withdraw/{row.id}").status_code == 404
    client.sign_in(paper.chi)
    assert client.post(f"/declared/figures/withdraw/{row.id}").status_code == 302
    assert rows() == {} and "80/100" in text(client.get("/declared/figures/EID2_ACTIVE"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"part": ""}, "part"),
        ({"part": "101"}, "part"),
        ({"whole": ""}, "whole"),
        ({"as_of": ""}, "as_of"),
        ({"as_of": "01/01/2099"}, "as_of"),
        ({"source": " "}, "source"),
        ({"note": "mã OTP 123456"}, "note"),
        ({"received_on": "01/01/2099"}, "received_on"),
        ({"scan": b"MZ"}, "scan"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: CheckingClient, paper: Cast, rows: Any, wrong: dict[str, Any], field: str
) -> None:
    answer = note(client.sign_in(paper.chi), paper, **wrong)
    assert answer.status_code == 422 and rows() == {}
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_places_outside_and_unknown_indicators_are_not_found(client: CheckingClient, paper: Cast) -> None:
    client.sign_in(paper.chi)
    assert note(client, paper, place_id=paper.next_commune.id).status_code == 404
    assert note(client, paper, place_id="x").status_code == 404
    for code in ("VISITS", "NOBODY"):  # counted, and none
        assert client.get(f"/declared/figures/{code}").status_code == 404
        assert note(client, paper, code=code).status_code == 404
