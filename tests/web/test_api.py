"""The API keeps its description: each route is in it, each path of it is a route, and real answers are as it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import Engine

from tdteam.domain.periods import today
from tdteam.store import audit
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Target
from tdteam.web.access import ACCESS
from tdteam.web.api_contract import FILE
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.api_world import filled  # noqa: F401 - a fixture

DESCRIPTION = json.loads(FILE.read_text("utf-8"))
PATHS = DESCRIPTION["paths"]
NAMES = (
    "Lý Láo",
    "Lý Thị Mẩy",
    "Bàn Thị An",
    "Chảo Văn Bình",
    "Trần Thị Chi",
    "Phạm Hương Giang",
    "0912345678",
)


def routes(app: Flask) -> dict[str, str]:
    """Path as the description writes it -> endpoint."""
    return {
        rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"): rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    whole = {**schema, "components": DESCRIPTION["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def schema_of(path: str) -> dict[str, Any]:
    return PATHS[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


def refused(body: Any, *, is_problem: bool = True) -> list[str]:
    schema = {"$ref": "#/components/schemas/Problem"} if is_problem else {}
    return [error.message for error in validator(schema).iter_errors(body)]


def test_every_route_is_described_and_every_description_is_a_route(app: Flask) -> None:
    found = routes(app)
    assert found.keys() == PATHS.keys()
    for path, endpoint in found.items():
        assert PATHS[path].keys() == {"get"}
        operation = PATHS[path]["get"]
        assert operation["operationId"] == endpoint and endpoint in ACCESS
        (rule,) = app.url_map.iter_rules(endpoint)
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}
        told = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
        assert told == set(rule.arguments)


def test_the_description_is_whole() -> None:
    """Every schema is one, and every reference leads somewhere."""
    for schema in DESCRIPTION["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(DESCRIPTION)
    for part in text.split('"$ref": "#/')[1:]:
        found: Any = DESCRIPTION
        for step in part.split('"', 1)[0].split("/"):
            found = found[step]


QUERIES = {
    "/api/v1/places": ("", "?level=village", "?limit=1", "?on=2020-01-01"),
    "/api/v1/coverage": ("", "?rows=villages", "?span=year", "?period=2026-11"),
    "/api/v1/tallies": (
        "",
        "?from=2025-11&to=2026-11&rows=villages",
        "?indicators=VISITS,FILING_DAYS,EID2_RESIDENTS",
    ),
    "/api/v1/measures": ("", "?period=2026-11", "?limit=1"),
    "/api/v1/reports": ("", "?state=sealed", "?span=2026-11&limit=1"),
    "/api/v1/targets": ("", "?span=2026&indicator=EID2_RESIDENTS"),
    "/api/v1/periods": ("", "?count=1"),
}


def test_real_answers_are_as_described_for_whoever_sees_figures(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    for account in (cast.binh, cast.chi, cast.em, cast.giang, cast.hai, cast.khoa):
        client.sign_in(account)
        for path in PATHS:
            for query in QUERIES.get(path, ("",)):
                answer = client.get(path.format(**filled) + query)
                assert answer.status_code == 200, (account.username, path, query, answer.json)
                assert answer.mimetype == "application/json"
                faults = [error.message for error in validator(schema_of(path)).iter_errors(answer.json)]
                assert faults == [], (path, query)


def test_no_answer_has_a_name_whoever_asks(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    for account in (cast.binh, cast.chi, cast.em, cast.giang, cast.hai, cast.khoa):
        client.sign_in(account)
        for path in PATHS:
            for query in QUERIES.get(path, ("",)):
                text = client.get(path.format(**filled) + query).get_data(as_text=True)
                assert not [name for name in NAMES if name in text], (account.username, path)


def test_arguments_nobody_described_are_refused_by_name(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    client.sign_in(cast.hai)
    for path in PATHS:
        answer = client.get(path.format(**filled) + "?plcae=1")
        assert answer.status_code == 400 and answer.mimetype == "application/problem+json", path
        assert answer.json["error"] == "unknown_argument" and refused(answer.json) == []
        assert answer.json["arguments"] == [{"name": "plcae", "error": "unknown_argument"}]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("coverage?period=2026-13", "bad_argument"),
        ("coverage?period=1999-01", "bad_argument"),
        ("coverage?period=2026-11&period=2026-10", "repeated_argument"),
        ("coverage?rows=people", "bad_argument"),
        ("coverage?place=abc", "bad_argument"),
        ("coverage?place=99999999999", "bad_argument"),
        ("places?on=2026-02-30", "bad_argument"),
        ("places?on=20260101", "bad_argument"),
        ("places?on=2026-W01-1", "bad_argument"),
        ("places?limit=0", "bad_argument"),
        ("places?limit=201", "bad_argument"),
        ("tallies?from=2025-10&to=2026-11", "too_much"),
        ("tallies?from=2026-11&to=2026-10", "bad_argument"),
        ("tallies?indicators=NO_SUCH", "bad_argument"),
        ("tallies?indicators=EID2_COLLECTED", "bad_argument"),
        ("tallies?indicators=", "bad_argument"),
        ("periods?count=61", "bad_argument"),
        ("reports?state=lost", "bad_argument"),
        ("coverage?access_token=tdt_x", "unknown_argument"),
    ],
)
def test_arguments_in_another_form_are_refused(
    client: CheckingClient, cast: Cast, query: str, code: str
) -> None:
    answer = client.sign_in(cast.hai).get(f"/api/v1/{query}")
    assert (answer.status_code, answer.json["error"]) == (400, code)
    assert refused(answer.json) == []


def test_pages_follow_each_other_without_gap_or_twin(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    whole = [row["id"] for row in client.get("/api/v1/places").json["items"]]
    assert whole == sorted(whole) and len(whole) >= 6
    found, after = [], ""
    for _ in whole:
        page = client.get(f"/api/v1/places?limit=2{after}").json
        found += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == whole


def test_the_same_answer_is_not_sent_twice_and_a_changed_one_is(
    client: CheckingClient,
    engine: Engine,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    client.sign_in(cast.giang)
    first = client.get("/api/v1/coverage")
    tag = first.headers["ETag"]
    assert tag.startswith('"') and first.headers["Cache-Control"] == "private, no-cache"
    again = client.get("/api/v1/coverage", headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == tag
    with open_session(engine, EVERYWHERE, write=True) as opened:
        opened.add(
            Target(
                place_id=cast.area.id or 0,
                indicator="EID2_RESIDENTS",
                span="2026",
                value=9000,
                set_on=today(),
            )
        )
        audit.append(opened, "set", "target")  # as whoever sets one does
        opened.commit()
    moved = client.get("/api/v1/coverage", headers={"If-None-Match": tag})
    assert moved.status_code == 200 and moved.headers["ETag"] != tag


def test_only_json_is_given_and_only_read(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    other = client.get("/api/v1/places", headers={"Accept": "text/csv"})
    assert (other.status_code, other.json["error"]) == (406, "not_acceptable")
    assert client.get("/api/v1/places", headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.open("/api/v1/places", method=method)
        assert (answer.status_code, answer.json["error"]) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.get("/api/v1/nothing").json["error"] == "not_found"
    assert client.head("/api/v1/places").data == b""


def test_what_lies_outside_is_not_found_wherever_it_is_named(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    client.sign_in(cast.dung)
    for query in ("coverage", "tallies", "measures"):
        for place in (cast.commune.id, cast.village.id, cast.area.id, 99_999):
            assert client.get(f"/api/v1/{query}?place={place}").status_code == 404, (query, place)
        assert client.get(f"/api/v1/{query}?place={cast.next_commune.id}").status_code == 200
    for path in (
        f"places/{cast.village.id}",
        f"places?inside={cast.commune.id}",
        f"targets?place={cast.commune.id}",
        f"reports?place={cast.commune.id}",
        f"reports/{filled['sealing_id']}",
    ):
        assert client.get(f"/api/v1/{path}").status_code == 404, path
    assert client.get("/api/v1/reports").json["items"] == []
    assert {row["name"] for row in client.get("/api/v1/places?level=village").json["items"]} == {
        cast.next_village.place.name
    }
