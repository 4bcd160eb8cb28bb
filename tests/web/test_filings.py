"""A filing from the day it was submitted to the day its result came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tests.cast import Cast
from tests.client import CheckingClient

CODE = "H38.50.05.13-261008-0975"


def form_of(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "household_id": "",
        "code": CODE,
        "submitted_on": (today() - timedelta(days=5)).strftime("%d/%m/%Y"),
        "state": "submitted",
        "fee_due": "yes",
        "paid_online": "yes",
        **more,
    }


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_filing_goes_from_submitted_to_returned_and_keeps_what_it_said(
    client: CheckingClient, cast: Cast
) -> None:
    client.sign_in(cast.chi)
    made = client.post("/filings/new", data=form_of(cast)).location
    day = (today() - timedelta(days=1)).strftime("%d/%m/%Y")
    moved = form_of(cast, base_version="1", state="returned", result_on=day, electronic_result="yes")
    assert client.post(f"{made}/change", data=moved).status_code == 302
    page = text(client.get(made))
    assert "Đã trả kết quả" in page and ">4<" in page
    stale = {**moved, "electronic_result": "no"}
    assert client.post(f"{made}/change", data=stale).status_code == 422


def test_a_code_stands_for_one_filing(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    assert client.post("/filings/new", data=form_of(cast)).status_code == 302
    again = client.post("/filings/new", data=form_of(cast))
    assert again.status_code == 422 and 'id="code-error"' in text(again)


def test_an_odd_code_is_kept_with_a_word_of_warning(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    made = client.post("/filings/new", data=form_of(cast, code="ABC-17"))
    assert made.status_code == 302
    assert "không giống mã hồ sơ" in text(client.get(made.location))


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"submitted_on": "1/1/2090"}, "submitted_on-error"),
        ({"submitted_on": ""}, "submitted_on-error"),
        ({"result_on": "01/01/2021"}, "result_on-error"),
        ({"note": "CMND 012345678"}, "note-error"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    client: CheckingClient, cast: Cast, wrong: dict[str, str], beside: str
) -> None:
    answer = client.sign_in(cast.an).post("/filings/new", data=form_of(cast, **wrong))
    assert answer.status_code == 422
    assert f'id="{beside}"' in text(answer)


def test_where_no_fee_is_due_nothing_was_paid(client: CheckingClient, cast: Cast) -> None:
    made = client.sign_in(cast.chi).post("/filings/new", data=form_of(cast, fee_due="no", paid_online="yes"))
    page = text(client.get(made.location)).split("Đã nộp phí trực tuyến chưa?")[1]
    assert "—" in page.split("</dd>")[0]


def test_a_reviewer_sees_neither_code_nor_name(client: CheckingClient, cast: Cast) -> None:
    made = (
        client.sign_in(cast.an).post("/filings/new", data=form_of(cast, note="Khai sinh cho cháu")).location
    )
    client.sign_in(cast.giang)
    for url in (made, "/filings/", "/filings/export.csv"):
        seen = text(client.get(url))
        assert CODE not in seen and "cho cháu" not in seen, url


def test_the_next_commune_finds_nothing(client: CheckingClient, cast: Cast) -> None:
    made = client.sign_in(cast.an).post("/filings/new", data=form_of(cast)).location
    client.sign_in(cast.dung)
    for page in ("", "/change", "/void"):
        assert client.get(made + page).status_code == 404
