"""Addresses nobody meant: whatever stands in a query, the page answers."""

import pytest

from tests.cast import Cast
from tests.client import CheckingClient

QUERIES = (
    *("q=%00", "q=%FF%FE", "q=" + "a" * 5000, "q='%3B+DROP+TABLE+account%3B--", "q=%25%25%25", "place_id=1e9", "size=-1"),
    *("after=%00", "before=AAAA", "place_id=99999999999999999999", "since=99/99/9999", "period=2026-99", "order=%00"),
    *("q=%E2%80%AE%F0%9F%92%A9", "village_id=-1", "team_id=x", "q[]=1&q=2", "%00=%00", "state=nobody", "role=%27"),
)  # fmt: skip
PATHS = (
    "/accounts/",
    "/audit/",
    "/teams/",
    "/places/",
    "/coverage",
    "/search",
    "/reports/",
    "/sign-in",
    "/accounts/me",
)
OFFICIALS = (
    "/visits/",
    "/gatherings/",
    "/filings/",
    "/households/",
    "/declared/",
    "/declared/figures/",
    "/imports/",
    "/",
)


def test_odd_queries_are_answered_not_feared(client: CheckingClient, cast: Cast) -> None:
    broken = []
    for account, paths in ((cast.hai, PATHS), (cast.chi, OFFICIALS)):
        client.sign_in(account)
        for path in paths:
            for query in QUERIES:
                status = client.get(f"{path}?{query}").status_code
                if status >= 500:
                    broken.append(f"{path}?{query[:40]}: {status}")
    assert broken == []


@pytest.mark.parametrize(
    "path", ["/%00", "/visits/%00", "/visits/%FF", "/accounts/99999999999999999999", "/reports/1/%00"]
)
def test_odd_paths_are_answered(client: CheckingClient, cast: Cast, path: str) -> None:
    assert client.sign_in(cast.hai).get(path).status_code in (400, 403, 404)
