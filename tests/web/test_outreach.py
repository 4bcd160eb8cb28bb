"""The outreach calendar: planned at the desk, on the phones of its villages, called off with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.store.tables import Outreach, OutreachVillage
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import everywhere

DAY = today() + timedelta(days=2)
MONTH = f"{DAY:%Y-%m}"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    said = {
        "title": "Công an xã làm mức 2",
        "held_on": DAY.strftime("%d/%m/%Y"),
        "starts": "14h",
        "ends": "16:30",
        "place": "Nhà văn hóa",
        "note": "Mang theo điện thoại",
        "village_ids": [str(cast.village.id)],
    }
    return {name: value for name, value in {**said, **more}.items() if value is not None}


def plans(engine: Engine) -> list[Outreach]:
    with everywhere(engine) as session:
        return list(session.exec(select(Outreach).order_by(Outreach.id)))  # type: ignore[arg-type]


def villages_of(engine: Engine, outreach_id: int | None) -> set[int]:
    query = select(OutreachVillage.village_id).where(OutreachVillage.outreach_id == outreach_id)
    with everywhere(engine) as session:
        return set(session.exec(query))


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.chi)


def test_a_plan_shows_on_the_desk_and_on_the_phones_of_its_villages(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    made = chi.post("/outreach/new", data=typed(cast))
    assert made.status_code == 302, text(made)
    (plan,) = plans(engine)
    assert (plan.starts, plan.ends, plan.commune_id, plan.made_by) == (
        "14:00",
        "16:30",
        cast.commune.id,
        cast.chi.id,
    )
    page = text(chi.get(made.location))
    for words in ("Công an xã làm mức 2", "14:00", "Nhà văn hóa", "Hốc Đá", "Mang theo điện thoại"):
        assert words in page, words
    chi.sign_in(cast.an)
    (told,) = chi.get("/sync/roster").json["outreach"]
    assert (told["title"], told["from"], told["village_ids"]) == (
        "Công an xã làm mức 2",
        "14:00",
        [cast.village.id],
    )
    assert "Công an xã" in text(chi.get(f"/outreach/?period={MONTH}"))
    assert "Xếp lịch lưu động" not in text(chi.get(f"/outreach/?period={MONTH}"))


def test_all_villages_of_the_commune_are_chosen_at_once(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    assert chi.post("/outreach/new", data=typed(cast, all_villages="y", village_ids=None)).status_code == 302
    assert villages_of(engine, plans(engine)[0].id) == {cast.village.id, cast.sibling.id}
    assert "Tất cả các thôn" in text(chi.get(f"/outreach/?period={MONTH}"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Công an"),
        ({"starts": "25:00"}, "14:00"),
        ({"starts": "16:00", "ends": "14:00"}, "sau giờ bắt đầu"),
        ({"held_on": "31/12/2099"}, "31/12/2099"),
        ({"village_ids": None}, "Cho những thôn nào"),
        ({"note": "CCCD 001203004567"}, "001203004567"),
    ],
)
def test_a_plan_that_makes_no_sense_comes_back_with_what_was_typed(
    chi: CheckingClient, cast: Cast, engine: Engine, wrong: dict[str, Any], said: str
) -> None:
    answer = chi.post("/outreach/new", data=typed(cast, **wrong))
    assert answer.status_code == 422 and said in text(answer) and 'id="summary"' in text(answer)
    assert plans(engine) == []


def test_a_foreign_village_is_not_planned_for(chi: CheckingClient, cast: Cast, engine: Engine) -> None:
    sent = typed(cast, village_ids=[str(cast.village.id), str(cast.next_village.id)])
    assert chi.post("/outreach/new", data=sent).status_code == 422
    assert plans(engine) == []


def test_two_officials_changing_one_plan_both_see_what_the_other_wrote(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    chi.post("/outreach/new", data=typed(cast))
    path = f"/outreach/{plans(engine)[0].id}"
    assert "Công an xã làm mức 2" in text(chi.get(path))
    first = typed(cast, base_version="1", place="Trường học", village_ids=[str(cast.sibling.id)])
    assert chi.post(path, data=first).status_code == 302
    assert villages_of(engine, plans(engine)[0].id) == {cast.sibling.id}
    second = typed(cast, base_version="1", place="Trạm y tế", village_ids=[str(cast.sibling.id)])
    answer = chi.post(path, data=second)
    assert answer.status_code == 409
    assert "Trường học" in text(answer) and "Trạm y tế" in text(answer)
    assert plans(engine)[0].place == "Trường học"
    settled = {**second, "base_version": "2", "take-place": "stored", "note": "Đổi chỗ"}
    assert chi.post(path, data=settled).status_code == 302
    (plan,) = plans(engine)
    assert (plan.place, plan.note, plan.version) == ("Trường học", "Đổi chỗ", 3)


def test_a_plan_is_called_off_with_a_reason_and_stays_to_be_read(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    chi.post("/outreach/new", data=typed(cast))
    path = f"/outreach/{plans(engine)[0].id}"
    assert chi.post(f"{path}/cancel", data={"why": ""}).status_code == 422
    assert chi.post(f"{path}/cancel", data={"why": "Mưa lũ, hoãn sang tuần sau"}).status_code == 302
    page = text(chi.get(f"/outreach/?period={MONTH}"))
    assert "Đã hủy" in page and "Mưa lũ" in page
    assert chi.post(path, data=typed(cast, base_version="2")).status_code == 302
    assert plans(engine)[0].version == 2
    chi.sign_in(cast.an)
    assert chi.get("/sync/roster").json["outreach"][0]["cancelled"] is True


def test_only_the_commune_plans_and_the_next_one_sees_nothing(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    chi.post("/outreach/new", data=typed(cast))
    path = f"/outreach/{plans(engine)[0].id}"
    chi.sign_in(cast.dung)
    assert "Nhà văn hóa" not in text(chi.get(f"/outreach/?period={MONTH}"))
    assert chi.get(path).status_code == chi.post(f"{path}/cancel", data={"why": "x"}).status_code == 404
    for account, sees in ((cast.binh, 200), (cast.em, 200), (cast.giang, 403), (cast.khoa, 403)):
        chi.sign_in(account)
        assert chi.get(f"/outreach/?period={MONTH}").status_code == sees
        assert chi.get("/outreach/new").status_code == chi.get(path).status_code == 403
    assert plans(engine)[0].cancelled_at is None


def test_odd_months_are_this_month(chi: CheckingClient, cast: Cast) -> None:
    for odd in ("x", "2026-13", "0001-01", "9999-12", ""):
        assert today().strftime("%m/%Y") in text(chi.get(f"/outreach/?period={odd}&village_id=x")), odd
