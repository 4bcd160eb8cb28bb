"""The search box: everything of the scope that one may see, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.client import CheckingClient
from tests.store.test_search import CODES
from tests.store.test_search import filings as filings
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_name_without_marks_finds_households_members_and_teams(
    client: CheckingClient, world: World, cast: Cast
) -> None:
    home = cast.village.household("Bàn Thị Đá")
    far = cast.next_village.household("Bàn Thị Đá")
    world.session.commit()
    client.sign_in(cast.chi)
    page = text(client.get("/search?q=ban+thi"))
    assert f"/households/{home.id}" in page and f"/teams/members/{cast.an_member.id}" in page
    assert far.id not in page
    page = text(client.get("/search?q=hoc+da"))
    assert f"/teams/{cast.village.team.id}" in page


def test_a_filing_is_found_by_its_code(client: CheckingClient, cast: Cast, filings: None) -> None:
    client.sign_in(cast.chi)
    assert CODES[0] in text(client.get("/search", query_string={"q": CODES[0].lower()}))
    assert "Không tìm thấy" in text(client.get("/search", query_string={"q": CODES[1]}))


def test_a_long_list_says_where_the_rest_is(client: CheckingClient, world: World, cast: Cast) -> None:
    for _ in range(12):
        cast.village.household("Lù Văn Sì")
    world.session.commit()
    page = text(client.sign_in(cast.chi).get("/search?q=lu+van+si"))
    assert page.count(">Lù Văn Sì</a>") == 10
    assert "/households/?q=lu+van+si" in page


@pytest.mark.parametrize("q", ["", " ", "%", "_", "'", "<b>x</b>", "x" * 5000, "zzzz"])
def test_anything_may_be_typed(client: CheckingClient, cast: Cast, q: str) -> None:
    answer = client.sign_in(cast.chi).get("/search", query_string={"q": q})
    assert answer.status_code == 200
    assert "<b>x</b>" not in text(answer)


def test_the_administrator_finds_teams_and_no_households(
    client: CheckingClient, world: World, cast: Cast
) -> None:
    cast.village.household("Chảo Văn Sơn")
    world.session.commit()
    page = text(client.sign_in(cast.hai).get("/search?q=chao+van"))
    assert "Chảo Văn Bình" in page and "Chảo Văn Sơn" not in page
    assert client.sign_in(cast.khoa).get("/search?q=chao").status_code == 403
