"""The API's figures are the board's, the tallies' and the seal's own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.api_world import filled  # noqa: F401 - a fixture


def told(answer: Any) -> dict[tuple[int, str], tuple[Any, Any, Any]]:
    """(place, indicator) -> part, whole, value of an answer's rows."""
    rows = [*answer["rows"], *([answer["total"]] if "total" in answer else [])]
    return {
        (row["place"]["id"], one["indicator"]): (one["part"], one["whole"], one["value"])
        for row in rows
        for one in row["figures"]
    }


def test_coverage_tallies_and_the_boards_own_file_tell_the_same(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    client.sign_in(cast.giang)
    for rows in ("communes", "villages"):
        board = told(client.get(f"/api/v1/coverage?rows={rows}&period=2026-11").json)
        series = told(client.get(f"/api/v1/tallies?rows={rows}&to=2026-11").json)
        assert series and {key: board[key] for key in series if key in board} == {
            key: value for key, value in series.items() if key in board
        }
    assert board[cast.village.id, "EID2_RESIDENTS"] == (2, 5, 4000)
    assert board[cast.village.id, "HOUSEHOLDS_REACHED"] == (1, 2, 5000)
    assert board[cast.sibling.id, "HOUSEHOLDS_REACHED"] == (None, None, None)
    listed = (
        client.get(f"/coverage/export.csv?period=2026-11&open={cast.commune.id}")
        .get_data()
        .decode("utf-8-sig")
    )
    (line,) = [line for line in listed.splitlines() if cast.village.place.label in line]
    for part, whole, value in (
        board[cast.village.id, "EID2_RESIDENTS"],
        board[cast.village.id, "HOUSEHOLDS_REACHED"],
    ):
        assert f",{part},{whole},{part}/{whole} ({value // 100}%)," in line
    mine = client.get("/api/v1/coverage?rows=villages&period=2026-11").json
    row = next(row for row in mine["rows"] if row["place"]["id"] == cast.village.id)
    one = next(one for one in row["figures"] if one["indicator"] == "EID2_RESIDENTS")
    assert (one["target"], one["source"], row["commune"]) == (8250, "registry", cast.commune.id)


def test_the_sealed_figures_are_those_of_the_seal(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    def asked(account: Any) -> Any:
        return client.sign_in(account).get(f"/api/v1/reports/{filled['sealing_id']}").json

    whole = asked(cast.chi)
    assert whole["whole"] is True and whole["report"]["state"] == "sealed"
    assert whole["report"]["verify"].endswith(f"/verify/{whole['report']['code']}")
    visits = whole["annex"]["columns"].index("visits")
    rows = {row["village"]: row["figures"][visits]["value"] for row in whole["annex"]["rows"]}
    assert rows[cast.village.id] == 1 and whole["annex"]["total"]["figures"][visits]["value"] == 1
    below = asked(cast.binh)  # a leader looks over one village only
    assert below["figures"] is None and below["annex"]["total"] is None
    assert [row["village"] for row in below["annex"]["rows"]] == [cast.village.id]


def test_measures_are_the_tallies_as_they_are_kept(
    client: CheckingClient,
    cast: Cast,
    filled: dict[str, int],  # noqa: F811
) -> None:
    client.sign_in(cast.giang)
    items = {row["village"]: row for row in client.get("/api/v1/measures?period=2026-11").json["items"]}
    assert items.keys() == {cast.village.id, cast.sibling.id} and items[cast.sibling.id]["flows"] == []
    kept = {
        (one["measure"], one["kind"], one["outcome"]): one["value"] for one in items[cast.village.id]["flows"]
    }
    assert kept["visits", "met", ""] == 1 and kept["people", "SAFETY", "done"] == 1
    stock = {(one["measure"], one["kind"]): one["value"] for one in items[cast.village.id]["stocks"]}
    assert stock["eid2", ""] == 2 and stock["households", "household"] == 2
