"""Households and residents at the desk: entered, twins shown first, corrected by two, consent asked, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from tdteam.domain.periods import today
from tdteam.store.tables import Attainment, Household, Resident
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.homes import all_of, home_form, one_home, text
from tests.world import World

home = one_home


def test_a_member_enters_a_household_and_the_official_finds_it_without_marks(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    saved = client.sign_in(cast.an).post("/households/new", data=home_form(cast))
    assert saved.status_code == 302
    page = text(client.get(saved.location)).replace("\xa0", " ")
    assert "Lý Láo Tả" in page and "0912 345 678" in page and "2/4" in page
    assert "Chưa hỏi" in page  # nobody agreed on the household's behalf
    (row,) = all_of(engine, Household)
    assert (row.smartphone, row.poverty, row.consent) == (False, "near_poor", None)
    client.sign_in(cast.chi)
    for q in ("ly lao ta", "LY TA", "345678", "0912 345"):
        assert saved.location in text(client.get("/households/", query_string={"q": q})), q
    assert saved.location not in text(client.get("/households/", query_string={"q": "nguyen"}))


def test_nothing_of_consent_is_chosen_beforehand(client: CheckingClient, cast: Cast, home: Household) -> None:
    client.sign_in(cast.an)
    for path in ("/households/new", f"/households/{home.id}/consent"):
        page = text(client.get(path))
        part = page[page.index('id="consent"') :]
        assert "checked" not in part.split('id="consent_on"')[0], path


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"village_id": ""}, "village_id"),
        ({"head": ""}, "head"),
        ({"head": "Lý Láo Tả 010071004455"}, "head"),
        ({"birth_year": "71"}, "birth_year"),
        ({"adults": "6"}, "adults"),
        ({"eid2": "một"}, "eid2"),
        ({"phone": "12"}, "phone"),
        ({"note": "CCCD: 010 071 004 455"}, "note"),
        ({"note": "mã OTP 482913"}, "note"),
        ({"consent": "yes"}, "method"),
        ({"consent": "yes", "method": "spoken", "consent_on": "1/1/2100"}, "consent_on"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(
    client: CheckingClient, engine: Engine, cast: Cast, wrong: dict[str, Any], beside: str
) -> None:
    answer = client.sign_in(cast.an).post("/households/new", data=home_form(cast, **wrong))
    assert answer.status_code == 422
    assert f'id="{beside}-error"' in text(answer)
    assert all_of(engine, Household) == []


def test_a_foreign_village_is_not_found_and_nothing_is_stored(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    client.sign_in(cast.an)
    for village in (cast.sibling.id, cast.next_village.id, 999_999):
        answer = client.post("/households/new", data=home_form(cast, village_id=village))
        assert answer.status_code in (404, 422)
    assert all_of(engine, Household) == []


def test_a_possible_twin_is_shown_before_saving(
    client: CheckingClient, engine: Engine, cast: Cast, home: Household
) -> None:
    client.sign_in(cast.an)
    asked = client.post("/households/new", data=home_form(cast, head="LY LAO TA"))
    assert asked.status_code == 422
    assert f"/households/{home.id}" in text(asked) and 'name="is_other"' in text(asked)
    assert len(all_of(engine, Household)) == 1
    assert client.post("/households/new", data=home_form(cast, birth_year="1950")).status_code == 302
    assert client.post("/households/new", data=home_form(cast, is_other="y")).status_code == 302
    assert len(all_of(engine, Household)) == 3


def test_two_people_correct_one_household_and_see_both_values(
    client: CheckingClient, engine: Engine, cast: Cast, home: Household
) -> None:
    path = f"/households/{home.id}/edit"
    client.sign_in(cast.an)
    assert client.post(path, data=home_form(cast, people="6", base_version="1")).status_code == 302
    client.sign_in(cast.chi)
    mine = home_form(cast, people="7", note="Nhà mới xây", base_version="1")
    answer = client.post(path, data=mine)
    assert answer.status_code == 409
    page = text(answer)
    assert 'name="take-people"' in page and 'name="take-note"' in page and 'name="take-head"' not in page
    assert "Giữ của tôi: 7" in page and "Giữ bản đã lưu: 6" in page
    (row,) = all_of(engine, Household)
    assert (row.people, row.version) == (6, 2)
    choice = {"base_version": "2", "take-people": "stored", "take-note": "mine"}
    assert client.post(path, data={**mine, **choice}).status_code == 302
    (row,) = all_of(engine, Household)
    assert (row.people, row.note, row.version) == (6, "Nhà mới xây", 3)


def test_consent_is_noted_with_its_way_and_day_and_withdrawn(
    client: CheckingClient, engine: Engine, cast: Cast, home: Household
) -> None:
    path = f"/households/{home.id}/consent"
    client.sign_in(cast.an)
    assert client.post(path, data={}).status_code == 422
    said = {"consent": "yes", "method": "spoken", "consent_on": "1/6/2026"}
    assert client.post(path, data=said).status_code == 302
    page = text(client.get(f"/households/{home.id}"))
    assert "01/06/2026" in page and "Nói trực tiếp" in page and "Bàn Thị An ghi" in page
    client.post(path, data={**said, "consent": "no", "consent_on": "2/6/2026"})
    (row,) = all_of(engine, Household)
    assert (row.consent, row.consent_on) == (False, date(2026, 6, 2))
    assert "Hộ rút lại đồng ý" in text(client.get(f"/households/{home.id}"))


def test_a_household_that_moved_away_is_kept_and_can_be_counted_again(
    client: CheckingClient, cast: Cast, home: Household
) -> None:
    client.sign_in(cast.an)
    end = {"why": "moved", "ended_on": today().strftime("%d/%m/%Y")}
    assert client.post(f"/households/{home.id}/end", data={}).status_code == 422
    after = client.post(f"/households/{home.id}/end", data=end, follow_redirects=True)
    assert f"/households/{home.id}/reopen" in text(after) and "Hộ đã chuyển đi" in text(after)
    assert home.id not in text(client.get("/households/"))
    assert home.id in text(client.get("/households/?ended=yes"))
    client.post(f"/households/{home.id}/reopen")
    assert home.id in text(client.get("/households/"))


def test_a_resident_with_level_2_is_added_corrected_and_leaves(
    client: CheckingClient, engine: Engine, cast: Cast, home: Household
) -> None:
    client.sign_in(cast.an)
    page = text(client.get(f"/households/{home.id}/residents/new"))
    assert "Người có mức 2" in page and "checked" not in page
    form = {
        "name": "Lý Thị Mẩy",
        "birth_year": "1990",
        "sex": "female",
        "attained-0-indicator": "EID2",
        "attained-0-has": "yes",
        "attained-0-on": "5/3/2025",
        "attained-0-source": "Công an xã",
        "attained-1-indicator": "HEALTH_BOOK",
        "attained-1-has": "no",
        "attained-1-on": "",
        "attained-1-source": "",
    }
    wrong = client.post(f"/households/{home.id}/residents/new", data={**form, "attained-0-on": "5/3/1980"})
    assert wrong.status_code == 422 and 'id="attained-0-on-error"' in text(wrong)
    assert client.post(f"/households/{home.id}/residents/new", data=form).status_code == 302
    (person,) = all_of(engine, Resident)
    assert [(row.indicator, row.attained_on) for row in all_of(engine, Attainment)] == [
        ("EID2", date(2025, 3, 5))
    ]
    shown = text(client.get(f"/households/{home.id}"))
    assert "Lý Thị Mẩy" in shown and "05/03/2025" in shown and "1/1" in shown
    path = f"/households/{home.id}/residents/{person.id}"
    edited = {**form, "base_version": "1", "attained-0-has": "no", "attained-1-has": "yes"}
    assert client.post(path, data=edited).status_code == 302
    assert [row.indicator for row in all_of(engine, Attainment)] == ["HEALTH_BOOK"]
    stale = client.post(path, data={**form, "base_version": "1"})
    assert stale.status_code == 409 and 'name="take-attained-0-has"' in text(stale)
    taken = {**form, "base_version": "2", "take-attained-0-has": "stored", "take-attained-1-has": "stored"}
    assert client.post(path, data=taken).status_code == 302
    assert [row.indicator for row in all_of(engine, Attainment)] == ["HEALTH_BOOK"]
    gone = {"why": "moved", "ended_on": today().strftime("%d/%m/%Y")}
    assert client.post(f"{path}/end", data=gone).status_code == 302
    assert f"{path}/reopen" in text(client.get(f"/households/{home.id}"))
    assert client.post(f"{path}/reopen").status_code == 302


def test_the_list_is_grouped_by_village_and_sorted_by_given_name(
    client: CheckingClient, world: World, cast: Cast
) -> None:
    for village, head in (
        (cast.sibling, "Bàn Văn Ánh"),
        (cast.village, "Lý Thị Yến"),
        (cast.village, "Đặng Văn Ăn"),
        (cast.village, "Tẩn Thị Ánh"),
    ):
        village.household(head)
    world.session.commit()
    client.sign_in(cast.chi)
    page = text(client.get("/households/"))
    order = ["Hốc Đá</th>", "Tẩn Thị Ánh", "Đặng Văn Ăn", "Lý Thị Yến", "Nậm Dù</th>", "Bàn Văn Ánh"]
    places = [page.index(word) for word in order]
    assert places == sorted(places)
    by_name = text(client.get("/households/?order=name"))
    order = ["Bàn Văn Ánh", "Tẩn Thị Ánh", "Đặng Văn Ăn", "Lý Thị Yến"]
    places = [by_name.index(f">{name}</a></th>") for name in order]
    assert places == sorted(places)


def test_pages_turn_by_cursor_and_keep_the_filter(client: CheckingClient, world: World, cast: Cast) -> None:
    for number in range(25):
        cast.village.household(f"Lý Văn {chr(97 + number)}")
    world.session.commit()
    client.sign_in(cast.chi)
    page = text(client.get("/households/?size=20&q=ly"))
    after = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "q=ly" in after and "size=20" in after
    second = text(client.get(after))
    assert second.count("/households/0") == 5
    assert 'rel="prev"' in second


def test_typed_markup_stays_text(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.an)
    note = "<script>alert(1)</script>"
    saved = client.post("/households/new", data=home_form(cast, note=note))
    page = text(client.get(saved.location))
    assert note not in page and "&lt;script&gt;" in page


def test_the_word_that_it_is_another_household_survives_a_second_flaw(
    client: CheckingClient, engine: Engine, cast: Cast, home: Household
) -> None:
    client.sign_in(cast.an)
    form = home_form(cast, head="Lý Láo Tả", is_other="y")
    wrong = client.post("/households/new", data={**form, "adults": "9"})
    assert wrong.status_code == 422
    assert '<input type="hidden" name="is_other" value="y">' in text(wrong)
    assert client.post("/households/new", data=form).status_code == 302
