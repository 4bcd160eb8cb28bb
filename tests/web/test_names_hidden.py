"""Whose names are seen, by whom, and that it is noted: households and residents for reviewers and the next commune."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tdteam.domain.households import short_id
from tdteam.domain.roles import POWERS, Power, Role
from tdteam.store.tables import Audit, Household
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.homes import all_of, home_form, one_home, text
from tests.world import World

home = one_home


def test_the_next_commune_finds_nothing_here(
    client: CheckingClient, world: World, cast: Cast, home: Household
) -> None:
    person = cast.village.resident(home)
    world.session.commit()
    client.sign_in(cast.dung)
    for path in ("", "/edit", "/consent", "/end", "/residents/new", f"/residents/{person.id}"):
        assert client.get(f"/households/{home.id}{path}").status_code == 404, path
    assert client.post(f"/households/{home.id}/edit", data=home_form(cast)).status_code == 404
    assert client.post(f"/households/{home.id}/reopen").status_code == 404
    assert home.id not in text(client.get("/households/"))
    assert home.id not in text(client.get("/search?q=ly+lao+ta"))
    for odd in ("1", "x" * 36, "../../etc"):
        assert client.get(f"/households/{odd}").status_code == 404


def test_the_reviewer_gets_no_resident_name_on_any_page_or_file(
    client: CheckingClient, world: World, cast: Cast, home: Household
) -> None:
    cast.village.resident(home, "Lý Thị Mẩy")
    world.session.commit()
    client.sign_in(cast.giang)
    assert client.get("/households/").status_code == 403
    assert client.get(f"/households/{home.id}").status_code == 403
    file = client.get("/households/export.csv?q=ly")
    assert file.status_code == 200
    whole = client.get("/households/export.csv").get_data().decode("utf-8-sig")
    assert f"Hộ {short_id(home.id)}" in whole and "Hốc Đá" in whole
    book = client.get("/households/export.xlsx").data
    search = text(client.get("/search?q=ly"))
    for secret in ("Lý Láo", "Mẩy", "0912345678", "1971", "cuối bản"):
        for page in (whole, search, file.get_data(as_text=True)):
            assert secret not in page, secret
        assert secret.encode() not in book


def shown_of(answer: TestResponse) -> str:
    """A page without ids in its addresses, whose digits may be any, even those of a number kept secret."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text(answer))


def test_pages_show_labels_where_an_account_may_see_households_but_no_names(
    client: CheckingClient, world: World, cast: Cast, home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No role is like this today; the pages must hold anyway."""
    person = cast.village.resident(home, "Lý Thị Mẩy")
    world.session.commit()
    shown = POWERS[Role.REVIEWER] | {Power.SEE_HOUSEHOLDS}
    monkeypatch.setitem(POWERS, Role.REVIEWER, shown)
    client.sign_in(cast.giang)
    listed, page = (shown_of(client.get(path)) for path in ("/households/", f"/households/{home.id}"))
    assert f"Hộ {short_id(home.id)}" in listed and f"Nhân khẩu {short_id(person.id)}" in page
    for secret in ("Lý Láo", "Mẩy", "0912", "1971", "cuối bản"):
        assert secret not in listed and secret not in page, secret
    assert home.id not in text(client.get("/households/?q=ly+lao+ta"))


def test_looking_at_names_is_noted_once_in_ten_minutes(
    client: CheckingClient, engine: Engine, cast: Cast, home: Household
) -> None:
    client.sign_in(cast.chi)
    for path in ("/households/", f"/households/{home.id}", "/households/?q=ly"):
        client.get(path)
    seen = [row for row in all_of(engine, Audit) if row.action == "view"]
    assert [(row.noun, row.account_id) for row in seen] == [("households", cast.chi.id)]
    client.sign_in(cast.an).get(f"/households/{home.id}")
    assert len([row for row in all_of(engine, Audit) if row.action == "view"]) == 2


def test_nothing_asks_for_papers_health_or_ethnicity(client: CheckingClient, cast: Cast) -> None:
    page = text(client.sign_in(cast.an).get("/households/new"))
    names = {part.split('"')[0] for part in page.split('name="')[1:]}
    assert names == {
        *("csrf_token", "q", "base_version", "village_id", "phone", "head", "birth_year", "kind"),
        *("people", "adults", "eid2", "poverty", "smartphone", "note", "consent", "method", "consent_on"),
        *("more", "viewport", "color-scheme", "theme-color"),
    }
