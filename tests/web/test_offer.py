"""What a phone offers after a restore, and what it is told to send again."""

from __future__ import annotations

from typing import Any

import pytest

from tdteam.domain.ids import new_id
from tdteam.domain.offers import MOST_PAIRS
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, visit_body


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


def offer(phone: Phone, records: list[dict[str, Any]]) -> Any:
    phone.client.sign_in(phone.account)
    pairs = [[one["id"], one["sha256"]] for one in records]
    return phone.client.post("/sync/offer", json={"device_id": phone.device_id, "pairs": pairs})


def test_an_offer_answers_for_the_content_and_not_for_the_id_alone(phone: Phone, cast: Cast) -> None:
    record = phone.record("visit", visit_body(cast.village))
    phone.send(record)
    other = {**record, "sha256": "f" * 64}
    never = {"id": new_id(), "sha256": "0" * 64}
    assert offer(phone, [record, other, never]).json["lacking"] == sorted([record["id"], never["id"]])
    assert offer(phone, [{**record, "id": record["id"].upper()}]).json["lacking"] == []


def test_photos_are_told_to_whose_records_they_are(phone: Phone, cast: Cast, client: CheckingClient) -> None:
    record = phone.record("visit", visit_body(cast.village, photos=["e" * 64]))
    phone.send(record)
    assert offer(phone, [record]).json["photos"] == ["e" * 64]
    stranger = offer(Phone(client, cast.dung), [record]).json
    assert (stranger["lacking"], stranger["photos"]) == ([], [])


def test_photos_of_records_that_wait_or_were_refused_are_asked_for_too(phone: Phone, cast: Cast) -> None:
    refused = phone.record("visit", visit_body(cast.village, contact="dancing", photos=["d" * 64]))
    assert phone.states(refused) == ["refused"]
    assert offer(phone, [refused]).json["photos"] == ["d" * 64]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"device_id": "p", "pairs": {}},
        {"pairs": []},
        {"device_id": "", "pairs": []},
        {"device_id": 5, "pairs": []},
        {"device_id": "p", "pairs": [["x", "y"]]},
        {"device_id": "p", "pairs": [[new_id()]]},
        {"device_id": "p", "pairs": [[new_id(), "F" * 64]]},
        {"device_id": "p", "pairs": [[new_id(), "f" * 64, 1]]},
        {"device_id": "p", "pairs": [5]},
        {"device_id": "p", "pairs": [[new_id(), "f" * 64] for _ in range(MOST_PAIRS + 1)]},
    ],
)
def test_what_is_no_offer_is_told_so(phone: Phone, body: Any) -> None:
    phone.client.sign_in(phone.account)
    answer = phone.client.post("/sync/offer", json=body)
    assert answer.status_code == 400
    assert answer.json["error"] in ("shape", "too_many")


def test_five_hundred_are_answered(phone: Phone, cast: Cast) -> None:
    kept = [phone.record("visit", visit_body(cast.village)) for _ in range(3)]
    phone.send(*kept)
    others = [{"id": new_id(), "sha256": "a" * 64} for _ in range(MOST_PAIRS - 3)]
    assert set(offer(phone, kept + others).json["lacking"]) == {one["id"] for one in others}
