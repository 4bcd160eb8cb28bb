"""What somebody might send on purpose: each of these was a fault of the server once, or must never become one."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.test_visits import form_of, text

ENDLESS = "9" * 5000
BEYOND = ("2147483648", "9223372036854775808", "9" * 40, ENDLESS)
WIDE = "9" * 25


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "path",
    (
        *("/teams/{}", "/teams/{}/edit", "/teams/members/{}", "/teams/services/{}", "/reports/{}/2026-11"),
        *("/places/{}", "/declared/visit-form/{}.pdf", "/reports/{}/settings"),
    ),
)
def test_an_id_beyond_every_column_is_not_found(client: CheckingClient, cast: Cast, path: str) -> None:
    client.sign_in(cast.chi)
    for number in BEYOND:
        assert client.get(path.format(number)).status_code == 404, number[:30]


def test_nul_in_an_address_asks_for_nothing(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    for path in ("/visits/", "/gatherings/", "/filings/", "/teams/", "/households/"):
        for name in ("q", "kind", "period", "state", "outcome", "procedure", "after"):
            assert client.get(path, query_string={name: "a\0b"}).status_code == 200, (path, name)
    client.sign_in(cast.hai)
    assert client.get("/audit/", query_string={"action": "a\0b"}).status_code == 200
    assert client.get("/accounts/", query_string={"role": "a\0b"}).status_code == 200


def test_odd_numbers_in_an_address_ask_for_nothing(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    for path in ("/visits/", "/gatherings/", "/filings/", "/teams/", "/households/"):
        for name in ("size", "village_id", "team_id", "member_id", "after", "before"):
            for odd in (ENDLESS, WIDE, "9999999999", "²", "-1"):
                assert client.get(path, query_string={name: odd}).status_code == 200, (path, name, odd[:20])


@pytest.mark.parametrize(
    "made_up",
    [
        cursor("\0", "1"),
        cursor("\ud800", "1"),
        cursor("2026-11-01", "\ud800"),
        cursor("x", WIDE),
        cursor(WIDE),
        cursor("-5"),
        base64.urlsafe_b64encode(b"[1e999]").decode(),
        base64.urlsafe_b64encode(b"[[[1]],{}]").decode(),
        "é",
    ],
)
def test_a_cursor_somebody_made_up_starts_the_list_anew(
    client: CheckingClient, cast: Cast, made_up: str
) -> None:
    client.sign_in(cast.chi)
    for path in ("/visits/", "/gatherings/", "/filings/", "/teams/", "/households/"):
        assert client.get(path, query_string={"after": made_up}).status_code == 200, path
    client.sign_in(cast.hai)
    for path in ("/accounts/", "/audit/"):
        assert client.get(path, query_string={"before": made_up}).status_code == 200, path


@pytest.mark.parametrize("day", ["1/1/0001", "31/12/9999"])
def test_the_ends_of_the_calendar_filter_the_audit(client: CheckingClient, cast: Cast, day: str) -> None:
    client.sign_in(cast.hai)
    for name in ("since", "until"):
        assert client.get("/audit/", query_string={name: day}).status_code == 200


@pytest.mark.parametrize(
    ("odd", "status"),
    [
        ({"assists-²-kind": "x"}, 400),
        ({f"assists-{ENDLESS}-kind": "x"}, 400),
        ({"household_id": "a\0b"}, 400),
        ({"team_id": "abc"}, 422),
        ({"team_id": ENDLESS}, 422),
        ({"team_id": WIDE}, 422),
        ({"member_ids": ["x", ENDLESS, WIDE]}, 302),
        ({"village_id": ENDLESS}, 404),
        ({"id": "x"}, 422),
        ({"visited_on": "1/1/0001"}, 422),
        ({"return_on": "31/12/9999"}, 422),
        ({"add-assists": "1", **{f"assists-{row}-kind": "x" for row in range(12)}}, 200),
    ],
)
def test_odd_fields_of_a_visit_are_refused(
    client: CheckingClient, cast: Cast, odd: dict[str, Any], status: int
) -> None:
    answer = client.sign_in(cast.chi).post("/visits/new", data=form_of(cast, **odd))
    assert answer.status_code == status


@pytest.mark.parametrize(
    "odd", [{"places": [WIDE]}, {"places": [ENDLESS]}, {"member_id": WIDE}, {"member_id": "²"}]
)
def test_odd_fields_of_an_account_are_refused(
    client: CheckingClient, cast: Cast, odd: dict[str, Any]
) -> None:
    sound = {
        "name": "Trần Hương",
        "username": "huong.tt",
        "role": "official",
        "places": [str(cast.commune.id)],
    }
    assert client.sign_in(cast.hai).post("/accounts/new", data={**sound, **odd}).status_code == 422


def test_the_reviewer_reads_no_note_no_reason_and_no_code(client: CheckingClient, cast: Cast) -> None:
    """Neither shown, nor told apart by searching for it."""
    day = today().strftime("%d/%m/%Y")
    told = {"id": new_id(), "village_id": cast.village.id, "team_id": cast.village.team.id, "held_on": day}
    filed = {**told, "submitted_on": day, "code": "H38.02926-261101-0001", "note": "nhà ông Tả"}
    client.sign_in(cast.chi)
    visit = client.post("/visits/new", data=form_of(cast, note="nhà ông Tả")).location
    filing = client.post("/filings/new", data=filed).location
    gathering = client.post(
        "/gatherings/new",
        data={**told, "place": "culture_house", "topic": "VNeID", "attended": "9", "note": "nhà ông Tả"},
    ).location
    client.sign_in(cast.giang)
    assert gathering in text(client.get("/gatherings/?q=VNeID"))
    assert gathering not in text(client.get("/gatherings/", query_string={"q": "ông Tả"}))
    assert filing not in text(client.get("/search?q=H38.02926"))
    client.sign_in(cast.chi)
    for made in (visit, filing, gathering):
        assert client.post(f"{made}/void", data={"why": "nhầm sang bà Mẩy"}).status_code == 302
        assert "bà Mẩy" in text(client.get(made))
    client.sign_in(cast.giang)
    for made in (visit, filing, gathering):
        page = client.get(made)
        assert page.status_code == 200
        for secret in ("ông Tả", "bà Mẩy", "H38.02926"):
            assert secret not in text(page), (made, secret)


@pytest.mark.parametrize(
    ("path", "field", "most"),
    [("/visits/new", "note", 1000), ("/households/new", "head", 120), ("/teams/new", "name", 120)],
)
def test_a_text_too_long_is_said_beside_its_field(
    client: CheckingClient, cast: Cast, path: str, field: str, most: int
) -> None:
    sent = {**form_of(cast), field: "a" * (most + 1)}
    answer = client.sign_in(cast.chi).post(path, data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text(answer) and f"dài quá {most} chữ" in text(answer)


@pytest.mark.parametrize("body", [[1, {"a": []}], {"note": {"a": 1}, "village_id": 4}, "x"])
def test_a_page_takes_no_json(client: CheckingClient, cast: Cast, body: Any) -> None:
    client.sign_in(cast.chi)
    for path in ("/visits/new", "/households/new", "/teams/new", "/accounts/me/password"):
        assert client.post(path, json=body).status_code == 415, path
