"""Model villages: criteria kept as data, filled from figures or ticked with evidence; sponsors; what villages have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tdteam.domain.indicators import Indicator
from tdteam.domain.shares import Share
from tdteam.domain.village_models import Met, reaches
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store.catalogue import load_catalogue
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Declared, ModelItem, ModelTick, ModelVillage, Sponsor, VillageGround
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import everywhere


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def rows(engine: Engine, kind: type[Any]) -> list[Any]:
    with everywhere(engine) as session:
        session.expire_on_commit = False
        key = "village_id" if kind is VillageGround else "id"
        return list(session.exec(select(kind).order_by(col(getattr(kind, key)))))


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    client.sign_in(cast.chi)
    return client


@pytest.fixture
def chosen(chi: CheckingClient, cast: Cast) -> str:
    data = {"model": "SMART_VILLAGE", "village_id": str(cast.village.id), "planned_on": "01/12/2026"}
    made = chi.post("/models/new", data=data)
    assert made.status_code == 302, text(made)
    return str(made.location)


def share(**more: Any) -> Indicator:
    return Indicator("X", "x", "%", Nature.STOCK, Source.COUNTED, whole=(), **more)


def test_a_share_reaches_its_bound_exactly_and_what_is_unknown_is_not_met() -> None:
    assert reaches(share(), Share(80, 100), 8000) is Met.YES
    assert reaches(share(), Share(7999, 10_000), 8000) is Met.NO
    for unknown in (None, Share(None, 5), Share(0, 0), Share(3, None)):
        assert reaches(share(), unknown, 8000) is Met.UNKNOWN


def test_a_village_is_chosen_once_and_its_criteria_stand_in_four_groups(
    chi: CheckingClient, cast: Cast, chosen: str
) -> None:
    page = text(chi.get(chosen))
    for words in ("Hạ tầng số", "Chính quyền số", "Kinh tế số", "Xã hội số", "gợi ý của phần mềm", "0/14"):
        assert words in page, words
    again = {"model": "SMART_VILLAGE", "village_id": str(cast.village.id)}
    assert "đã được chọn cho mô hình đó" in text(chi.post("/models/new", data=again))
    foreign = {"model": "SMART_VILLAGE", "village_id": str(cast.next_village.id)}
    assert chi.post("/models/new", data=foreign).status_code == 422
    listed = text(chi.get("/models/"))
    assert "dự kiến 01/12/2026" in listed and "0/14" in listed
    assert "Hốc Đá" in chi.get("/models/export.csv").data.decode("utf-8-sig")


def test_a_criterion_is_ticked_with_evidence_and_earlier_words_stay(
    chi: CheckingClient, cast: Cast, engine: Engine, chosen: str
) -> None:
    bare = chi.post(f"{chosen}/tick", data={"item": "SV_WIFI", "met": "yes"})
    assert bare.status_code == 422 and "Ghi căn cứ hoặc chọn tài liệu" in text(bare)
    assert chi.post(f"{chosen}/tick", data={"item": "SV_WIFI", "met": "no"}).status_code == 302
    data = {"item": "SV_WIFI", "met": "yes", "note": "Biên bản nghiệm thu wifi"}
    assert chi.post(f"{chosen}/tick", data=data).status_code == 302
    page = text(chi.get(chosen))
    assert "Biên bản nghiệm thu wifi" in page and "Các lần trước: 1" in page and "1/14" in page
    assert [one.is_met for one in rows(engine, ModelTick)] == [False, True]
    for item in ("SV_EID2", "NO_SUCH", "", "SV_WIFI' OR 1"):  # one filled from figures, and none at all
        assert chi.post(f"{chosen}/tick", data={**data, "item": item}).status_code == 404
    odd = chi.post(f"{chosen}/tick", data={**data, "document_id": "999999"})
    assert odd.status_code == 422 and "Không thấy mục này" in text(odd)


def test_a_criterion_is_filled_from_what_was_declared_for_the_village(
    chi: CheckingClient, cast: Cast, engine: Engine, chosen: str
) -> None:
    with open_session(engine, EVERYWHERE, write=True) as session:
        facts = {
            "place_id": cast.village.id,
            "indicator": "ADULTS_PAYMENT_ACCOUNT",
            "as_of": date(2026, 11, 1),
        }
        session.add(
            Declared(
                **facts, part=90, whole=100, source="Ngân hàng", declared_at=datetime.now(UTC), span_key="a"
            )
        )
        session.commit()
    page = text(chi.get(chosen))
    assert "90/100" in page and "Ngân hàng" in page and "1/14" in page


def test_days_are_changed_under_a_version(chi: CheckingClient, engine: Engine, chosen: str) -> None:
    data = {"base_version": "1", "launched_on": "02/11/2026", "note": "Ra mắt tại nhà văn hóa"}
    assert chi.post(f"{chosen}/edit", data=data).status_code == 302
    late = chi.post(f"{chosen}/edit", data={**data, "note": "Khác"})
    assert late.status_code == 409 and "Ra mắt tại nhà văn hóa" in text(late) and "Khác" in text(late)
    wrong = chi.post(f"{chosen}/edit", data={"base_version": "2", "launched_on": "02/11/2030"})
    assert wrong.status_code == 422
    assert rows(engine, ModelVillage)[0].launched_on == date(2026, 11, 2)


def test_criteria_are_kept_by_the_administrator_and_survive_the_next_migration(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    client.sign_in(cast.hai)
    assert "Thôn nông thôn mới thông minh" in text(client.get("/catalogue/models/"))
    path = "/catalogue/models/items/new?model=SMART_NEW_RURAL"
    new = {
        "code": "NR_EID",
        "name": "Định danh mức 2 từ 82,5%",
        "section": "government",
        "indicator": "EID2_RESIDENTS",
    }
    for bound, status in (("", 422), ("abc", 422), ("101", 422), ("82,5", 302)):
        assert (
            client.post(path, data={**new, "at_least": bound, "sort": "1", "is_active": "y"}).status_code
            == status
        )
    (made,) = [one for one in rows_by_code(engine) if one.code == "NR_EID"]
    assert (made.at_least, made.model) == (8250, "SMART_NEW_RURAL")
    edited = {"name": "Wifi ở nhà văn hóa", "section": "infrastructure", "sort": "10"}
    assert client.post("/catalogue/models/items/SV_WIFI", data=edited).status_code == 302
    with open_session(engine, EVERYWHERE, write=True) as session:
        assert load_catalogue(session) == 0
        session.commit()
    (wifi,) = [one for one in rows_by_code(engine) if one.code == "SV_WIFI"]
    assert (wifi.name, wifi.is_active) == ("Wifi ở nhà văn hóa", False)
    client.sign_in(cast.chi)
    assert client.get("/catalogue/models/").status_code == 403


def rows_by_code(engine: Engine) -> list[ModelItem]:
    with everywhere(engine) as session:
        session.expire_on_commit = False
        return list(session.exec(select(ModelItem)))


def test_communes_with_fewer_than_three_sponsors_are_marked(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    path = f"/sponsors/{cast.commune.id}"
    assert "thiếu 3" in text(chi.get("/sponsors/"))
    for name in ("Chi cục Thuế", "Ngân hàng CSXH", "VNPT"):
        data = {"agency": name, "contact": "Phòng Kỹ thuật, 0912 345 678", "since": "01/03/2026"}
        assert chi.post(f"{path}/new", data={**data, "village_id": str(cast.village.id)}).status_code == 302
    assert "thiếu" not in text(chi.get("/sponsors/")).replace("thiếu tệp", "")
    (first, *_) = rows(engine, Sponsor)
    edit = {"base_version": "1", "agency": "Chi cục Thuế", "since": "01/03/2026", "until": "01/10/2026"}
    assert chi.post(f"{path}/{first.id}", data=edit).status_code == 302
    assert "thiếu 1" in text(chi.get("/sponsors/?few=1")) and "Đã đỡ đầu trước đây" in text(chi.get(path))
    assert chi.post(f"{path}/{first.id}", data={**edit, "agency": "Cục Thuế"}).status_code == 409
    assert chi.post(f"{path}/new", data={"agency": "", "contact": "CCCD 001203004567"}).status_code == 422
    elsewhere = {"agency": "X", "village_id": str(cast.next_village.id)}
    assert chi.post(f"{path}/new", data=elsewhere).status_code == 422
    assert "0912 345 678" in text(chi.get(path))


def test_the_administrator_says_how_many_sponsors_a_commune_should_have(
    chi: CheckingClient, cast: Cast
) -> None:
    rules = "/catalogue/rules/"
    client, sent = chi.sign_in(cast.hai), {"few_sponsors-sent": "1", "few_sponsors-least": "5"}
    assert "dưới 3 cơ quan" in text(client.get(rules))
    assert client.post(rules, data={**sent, "few_sponsors-least": "0"}).status_code == 422
    assert client.post(rules, data={**sent, "few_sponsors-on": "1"}).status_code == 302
    assert "dưới 5 cơ quan" in text(client.get(rules))
    assert "thiếu 5" in text(client.sign_in(cast.chi).get("/sponsors/"))
    assert "cần ít nhất 5." in text(client.get(f"/sponsors/{cast.commune.id}"))
    assert client.sign_in(cast.hai).post(rules, data=sent).status_code == 302  # nobody asks any more
    page = text(client.sign_in(cast.chi).get("/sponsors/?few=1"))
    assert "thiếu" not in page.replace("thiếu tệp", "") and "Xuân Quang" in page


def test_a_reviewer_sees_the_agencies_and_no_contact(chi: CheckingClient, cast: Cast, engine: Engine) -> None:
    path = f"/sponsors/{cast.commune.id}"
    chi.post(f"{path}/new", data={"agency": "VNPT", "contact": "Anh Sình, 0912 345 678"})
    chi.sign_in(cast.giang)
    for page in (path, "/sponsors/", "/sponsors/export.csv"):
        told = text(chi.get(page))
        assert "VNPT" in told and "Sình" not in told and "345 678" not in told, page
    assert chi.get(f"{path}/new").status_code == 404  # the commune reaches beyond the area
    chi.sign_in(cast.dung)
    assert chi.get(path).status_code == 404 and "VNPT" not in text(chi.get("/sponsors/"))
    chi.sign_in(cast.hai)
    kept = {"base_version": "1", "agency": "VNPT Lào Cai"}
    assert chi.post(f"{path}/{rows(engine, Sponsor)[0].id}", data=kept).status_code == 302
    (row,) = rows(engine, Sponsor)
    assert (row.agency, row.contact) == ("VNPT Lào Cai", "Anh Sình, 0912 345 678")


def test_what_villages_have_is_saved_in_one_form_and_unknown_stays_unknown(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    path, one, two = f"/village-ground/{cast.commune.id}", cast.village.id, cast.sibling.id
    data = {
        "source": "Phòng Văn hóa - Xã hội", "as_of": "15/11/2026", f"{one}-has_house": "yes", f"{one}-has_wifi": "no",
        f"{one}-signal": "weak", f"{two}-note": "", f"{two}-has_house": "",
    }  # fmt: skip
    assert chi.post(path, data=data).status_code == 302
    (row,) = rows(engine, VillageGround)  # nothing was said of the other village
    assert (row.village_id, row.has_house, row.has_wifi, row.signal, row.has_fibre) == (
        one,
        True,
        False,
        "weak",
        None,
    )
    assert (row.source, row.as_of) == ("Phòng Văn hóa - Xã hội", date(2026, 11, 15))
    page = text(chi.get(path))
    assert f'name="{one}-version" value="1"' in page and "Phòng Văn hóa" in page
    stale = chi.post(path, data={**data, f"{one}-signal": "good"})
    assert stale.status_code == 422 and "Người khác vừa sửa dòng này" in text(stale)
    for wrong in ({"source": ""}, {"as_of": "31/02/2026"}, {"as_of": "01/01/2030"}, {f"{one}-signal": "odd"}):
        answer = chi.post(path, data={**data, f"{one}-version": "1", f"{one}-signal": "good", **wrong})
        assert answer.status_code == 422, wrong
    none = {**data, f"{one}-version": "1", f"{one}-has_house": "no", f"{one}-has_wifi": "yes"}
    assert "không ghi wifi" in text(chi.post(path, data=none))
    assert chi.get(f"/village-ground/{cast.next_village.id}").status_code == 404
    assert chi.get(f"/village-ground/{cast.area.id}").status_code == 404


def test_the_page_of_a_village_tells_it_all(chi: CheckingClient, cast: Cast, chosen: str) -> None:
    path = f"/places/{cast.village.id}"
    bare = text(chi.get(path))
    assert (
        "chưa rõ" in bare
        and '<svg class="chart"' in bare
        and "Chưa có cơ quan nào giúp riêng thôn này" in bare
    )
    chi.post(f"/sponsors/{cast.commune.id}/new", data={"agency": "VNPT", "village_id": str(cast.village.id)})
    ground = {"source": "Phòng VH-XH", "as_of": "15/11/2026", f"{cast.village.id}-signal": "weak"}
    chi.post(f"/village-ground/{cast.village.id}", data=ground)
    page = text(chi.get(path))
    for words in (
        "Hộ được đến thăm, hỗ trợ",
        "VNPT",
        "yếu",
        "Phòng VH-XH, 15/11/2026",
        "0/14 tiêu chí",
        "Kiến nghị đang chờ",
    ):
        assert words in page, words
    for account in (cast.giang, cast.khoa, cast.hai):
        chi.sign_in(account)
        page = text(chi.get(path))
        assert "VNPT" in page and "Kiến nghị đang chờ" not in page, account.username
