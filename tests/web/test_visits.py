"""A visit typed at the desk: recorded, read, corrected, voided; refused with the reason beside the field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tdteam.domain.ids import new_id
from tdteam.domain.periods import period_of, today
from tdteam.store import rebuild
from tdteam.store.gate import EVERYWHERE, open_session
from tests.cast import Cast
from tests.client import CheckingClient


def form_of(cast: Cast, **more: Any) -> dict[str, Any]:
    """A visit as the form posts it."""
    return {
        "id": new_id(),
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "household_id": "-",
        "visited_on": today().strftime("%d/%m/%Y"),
        "place": "home",
        "contact": "met",
        "assists-0-kind": "EID2_ACTIVATE",
        "assists-0-outcome": "done",
        "assists-0-people": "2",
        "member_ids": [cast.an_member.id],
        "minutes": "25",
        "note": "",
        **more,
    }


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_visit_typed_by_a_member_stands_in_the_officials_list(client: CheckingClient, cast: Cast) -> None:
    saved = client.sign_in(cast.an).post("/visits/new", data=form_of(cast))
    assert saved.status_code == 302
    page = text(client.get(saved.location))
    assert "Hốc Đá" in page and "Bàn Thị An" in page
    listed = text(client.sign_in(cast.chi).get("/visits/"))
    assert saved.location in listed


def test_the_form_posted_twice_is_one_visit(client: CheckingClient, cast: Cast) -> None:
    form = form_of(cast)
    client.sign_in(cast.an)
    first, second = client.post("/visits/new", data=form), client.post("/visits/new", data=form)
    assert first.location == second.location
    assert text(client.get("/visits/")).count(first.location) == 1


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"visited_on": "1/1/2090"}, "visited_on-error"),
        ({"visited_on": "31/2/2026"}, "visited_on-error"),
        ({"visited_on": "hôm qua"}, "visited_on-error"),
        ({"assists-0-outcome": "not_done"}, "assists-0-cause-error"),
        ({"assists-0-outcome": "referred"}, "assists-0-outcome-error"),
        ({"assists-0-kind": "GRANTED"}, "assists-0-kind-error"),
        ({"assists-0-people": "nhiều"}, "assists-0-people-error"),
        ({"note": "số căn cước 010203 004567"}, "note-error"),
        ({"note": "OTP 482913"}, "note-error"),
        ({"return_on": "01/01/2020"}, "return_on-error"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_lost(
    client: CheckingClient, cast: Cast, wrong: dict[str, str], beside: str
) -> None:
    answer = client.sign_in(cast.an).post("/visits/new", data=form_of(cast, minutes="37", **wrong))
    assert answer.status_code == 422
    page = text(answer)
    assert f'id="{beside}"' in page
    assert 'value="37"' in page


def test_the_flaw_of_the_second_help_stands_beside_the_second_row(client: CheckingClient, cast: Cast) -> None:
    """Row 1 stays empty and is not sent; the flaw of row 2 must not slip up to it."""
    form = form_of(cast, **{"assists-0-kind": "", "assists-0-outcome": "", "assists-0-people": "1"})
    form |= {"assists-1-kind": "HEALTH_BOOK", "assists-1-outcome": "not_done", "assists-1-people": "1"}
    page = text(client.sign_in(cast.an).post("/visits/new", data=form))
    assert 'id="assists-1-cause-error"' in page


def test_rows_of_help_are_added_and_taken_away_without_a_script(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.an)
    more = text(client.post("/visits/new", data=form_of(cast, **{"add-assists": "1"})))
    assert 'name="assists-1-kind"' in more
    fewer = form_of(cast, **{"assists-1-kind": "SAFETY", "assists-1-outcome": "done", "drop-assists": "0"})
    assert 'name="assists-0-kind"' not in text(client.post("/visits/new", data=fewer))


def test_a_correction_keeps_the_old_version_and_moves_the_figures(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    old = client.post("/visits/new", data=form_of(cast)).location
    form = form_of(cast, base_version="1", **{"assists-0-people": "5"})
    new = client.post(f"{old}/correct", data=form).location
    assert new != old
    assert "5" in text(client.get(new)) and client.get(old).status_code == 200
    assert client.get(f"{old}/correct").status_code == 404
    stale = client.post(f"{new}/correct", data=form_of(cast, base_version="1"))
    assert stale.status_code == 422


def test_a_voided_visit_can_be_read_and_counts_no_more(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    made = client.post("/visits/new", data=form_of(cast)).location
    assert client.post(f"{made}/void", data={"why": ""}).status_code == 422
    assert client.post(f"{made}/void", data={"why": "Ghi nhầm thôn"}).status_code == 302
    assert "Ghi nhầm thôn" in text(client.get(made))
    assert made not in text(client.get("/visits/"))
    assert made in text(client.get("/visits/?state=void"))
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        assert not list(rebuild.compare(session))


def test_filters_stand_in_the_address(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    made = client.post("/visits/new", data=form_of(cast)).location
    code = period_of(today()).code
    for asked in ("kind=EID2_ACTIVATE", "outcome=done", f"period={code}", f"village_id={cast.village.id}"):
        assert made in text(client.get(f"/visits/?{asked}")), asked
    for asked in ("kind=SAFETY", "outcome=not_done", "period=2025-01", f"village_id={cast.sibling.id}"):
        assert made not in text(client.get(f"/visits/?{asked}")), asked
    assert client.get("/visits/?village_id=x&size=9&after=%00&period=never").status_code == 200


def test_a_reviewer_sees_the_visit_and_no_name(client: CheckingClient, cast: Cast, app: Any) -> None:
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE, write=True) as session:
        cast.village.world.session = session
        household = cast.village.household("Sùng Seo Kỳ").id
        session.commit()
    client.sign_in(cast.an)
    made = client.post("/visits/new", data=form_of(cast, household_id=household, note="Nhà bà Kỳ")).location
    client.sign_in(cast.giang)
    for url in (made, "/visits/", "/visits/export.csv"):
        seen = client.get(url)
        assert seen.status_code == 200
        assert "Sùng Seo Kỳ" not in text(seen) and "bà Kỳ" not in text(seen), url


def test_the_official_of_the_next_commune_finds_nothing(client: CheckingClient, cast: Cast) -> None:
    made = client.sign_in(cast.an).post("/visits/new", data=form_of(cast)).location
    client.sign_in(cast.dung)
    assert made not in text(client.get("/visits/"))
    for page in ("", "/correct", "/void"):
        assert client.get(made + page).status_code == 404
    assert client.post("/visits/new", data=form_of(cast)).status_code == 404


def test_pages_follow_each_other_without_gap_or_repeat(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    made = set()
    for back in range(23):
        day = (today() - timedelta(days=back // 3)).strftime("%d/%m/%Y")
        made.add(client.post("/visits/new", data=form_of(cast, visited_on=day)).location)
    first = text(client.get("/visits/?size=20"))
    seen = {one for one in made if one in first}
    assert len(seen) == 20
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = text(client.get(older))
    assert {one for one in made if one in second} == made - seen


def test_a_list_without_names_has_no_column_and_no_search_for_them(
    client: CheckingClient, cast: Cast, app: Any
) -> None:
    for path in ("/visits/", "/filings/"):
        seen = client.sign_in(cast.chi).get(path).get_data(as_text=True)
        hidden = client.sign_in(cast.giang).get(f"{path}?q=ly").get_data(as_text=True)
        assert 'name="q" ' in seen or 'id="q"' in seen
        assert 'id="q"' not in hidden


def test_a_fresh_list_offers_no_filter_to_clear(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    for path in ("/visits/", "/gatherings/", "/filings/"):
        assert "Bỏ lọc" not in client.get(path).get_data(as_text=True)
        assert "Bỏ lọc" in client.get(f"{path}?period=2026-11").get_data(as_text=True)
    assert "Bỏ lọc" in client.get("/visits/?state=void").get_data(as_text=True)
