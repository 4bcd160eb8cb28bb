"""Teams and members at the desk: found by filter, founded, settled anew, ended; nothing of the next commune."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Member, Membership, Team
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def team_form(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "name": "Tổ công nghệ số thôn Mới",
        "village_ids": [cast.sibling.id],
        "decision_number": "153/QĐ-UBND",
        "decision_date": "10/4/2022",
        "decision_by": "Chủ tịch UBND xã Xuân Quang",
        "channel": "paper",
        "note": "",
        **more,
    }


def all_of(engine: Engine, table: Any) -> list[Any]:
    with open_session(engine, EVERYWHERE) as looking:
        return list(looking.exec(select(table).order_by(table.id)))


def test_an_official_founds_a_team_and_finds_it_by_its_decision(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    saved = client.sign_in(cast.chi).post("/teams/new", data=team_form(cast))
    assert saved.status_code == 302
    page = text(client.get(saved.location))
    assert "Tổ công nghệ số thôn Mới" in page and "10/04/2022" in page and "Nậm Dù" in page
    for q in ("to cong nghe", "153/QĐ", "nam du"):
        assert saved.location in text(client.get("/teams/", query_string={"q": q}))
    assert saved.location not in text(client.get("/teams/", query_string={"channel": "zalo"}))


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"name": ""}, "name"),
        ({"village_ids": []}, "village_ids"),
        ({"decision_date": "10/4/2122"}, "decision_date"),
        ({"decision_date": "31/2/2022"}, "decision_date"),
        ({"note": "CCCD 010084001234"}, "note"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_typing_stays(
    client: CheckingClient, engine: Engine, cast: Cast, wrong: dict[str, Any], beside: str
) -> None:
    answer = client.sign_in(cast.chi).post("/teams/new", data=team_form(cast, **wrong))
    assert answer.status_code == 422
    page = text(answer)
    assert f'id="{beside}-error"' in page
    assert "Chủ tịch UBND xã Xuân Quang" in page
    assert len(all_of(engine, Team)) == 3


def test_the_next_communes_team_is_not_found(client: CheckingClient, cast: Cast) -> None:
    team = cast.village.team.id
    client.sign_in(cast.dung)
    for path in ("", "/edit", "/end", "/amend", "/train", "/members/new"):
        assert client.get(f"/teams/{team}{path}").status_code == 404
    assert client.get(f"/teams/members/{cast.an_member.id}").status_code == 404
    assert client.post("/teams/new", data=team_form(cast)).status_code == 422


def test_a_member_looks_and_changes_nothing(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.an)
    page = text(client.get(f"/teams/{cast.village.team.id}"))
    assert "Chảo Văn Bình" in page and "/edit" not in page and "/members/new" not in page
    assert client.get(f"/teams/{cast.village.team.id}/edit").status_code == 403
    assert client.get("/teams/new").status_code == 403


def test_two_officials_correct_one_team_and_choose_between_the_two_versions(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    team = cast.village.team.id
    first = team_form(cast, village_ids=[cast.village.id], name="Tổ Hốc Đá", base_version="1")
    client.sign_in(cast.chi)
    assert client.post(f"/teams/{team}/edit", data={**first, "note": "Họp thứ Hai"}).status_code == 302
    mine = {**first, "note": "Họp thứ Ba"}
    answer = client.post(f"/teams/{team}/edit", data=mine)
    assert answer.status_code == 409
    page = text(answer)
    assert "Họp thứ Hai" in page and "Họp thứ Ba" in page and 'name="take-note"' in page
    assert 'name="base_version" type="hidden" value="2"' in page
    kept = client.post(
        f"/teams/{team}/edit",
        data={**mine, "base_version": "2", "take-note": "stored", "decision_by": "Phó Chủ tịch"},
    )
    assert kept.status_code == 302
    row = next(row for row in all_of(engine, Team) if row.id == team)
    assert (row.note, row.decision_by, row.version) == ("Họp thứ Hai", "Phó Chủ tịch", 3)


def join_form(**more: Any) -> dict[str, Any]:
    return {
        "name": "Vàng Thị Dí",
        "birth_year": "1990",
        "sex": "female",
        "phone": "912 345 678",
        "role": "deputy",
        "component": "teacher",
        "joined": "1/3/2025",
        "decision": "45/QĐ-UBND",
        **more,
    }


def test_a_person_known_already_is_asked_about_before_joining(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    client.sign_in(cast.chi)
    first, second = (f"/teams/{home.team.id}/members/new" for home in (cast.village, cast.sibling))
    assert client.post(first, data=join_form()).status_code == 302
    known = next(row for row in all_of(engine, Member) if row.name == "Vàng Thị Dí")
    asked = client.post(second, data=join_form(name="vang thi di"))
    assert asked.status_code == 422
    assert f'value="{known.id}"' in text(asked) and "Tổ Hốc Đá" in text(asked)
    assert client.post(second, data=join_form(same_as=str(known.id))).status_code == 302
    serves = [row.team_id for row in all_of(engine, Membership) if row.member_id == known.id]
    assert serves == [cast.village.team.id, cast.sibling.team.id]
    other = client.post(second, data=join_form(role="member", same_as="new"))
    assert other.status_code == 302
    assert len([row for row in all_of(engine, Member) if row.name == "Vàng Thị Dí"]) == 2


def test_a_stranger_cannot_be_named_as_the_same_person(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    far = next(row for row in all_of(engine, Member) if row.name == "Lù Thị Xa")
    client.sign_in(cast.chi)
    path = f"/teams/{cast.village.team.id}/members/new"
    assert client.post(path, data=join_form(same_as=str(far.id))).status_code == 302
    assert [row.team_id for row in all_of(engine, Membership) if row.member_id == far.id] == [
        cast.next_village.team.id
    ]


def test_a_second_leader_is_refused_beside_the_role(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    answer = client.post(f"/teams/{cast.village.team.id}/members/new", data=join_form(role="leader"))
    assert answer.status_code == 422 and 'id="role-error"' in text(answer)


def test_members_stand_by_given_name_after_the_leader(
    client: CheckingClient, world: World, cast: Cast
) -> None:
    for name in ("Lý Thị Yến", "Đặng Văn Ánh", "Bàn Văn Ăn"):
        cast.village.member(name)
    world.session.commit()
    page = text(client.sign_in(cast.chi).get(f"/teams/{cast.village.team.id}"))
    names = ["Chảo Văn Bình", "Bàn Thị An", "Đặng Văn Ánh", "Bàn Văn Ăn", "Lý Thị Yến"]
    places = [page.index(f">{name}</a></th>") for name in names]
    assert places == sorted(places)


def test_a_new_decision_is_settled_in_one_form_and_newcomers_follow(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    team = cast.village.team.id
    page = text(client.sign_in(cast.chi).get(f"/teams/{team}/amend"))
    assert "Chảo Văn Bình" in page and "Bàn Thị An" in page
    rows = {row.member_id: row for row in all_of(engine, Membership) if row.team_id == team}
    leader, member = rows[cast.binh_member.id], rows[cast.an_member.id]
    form = {
        "decision": "45/QĐ-UBND",
        "on": "12/3/2026",
        "rows-0-service_id": leader.id,
        "rows-0-stays": "leaves",
        "rows-0-role": "leader",
        "rows-0-component": "other",
        "rows-1-service_id": member.id,
        "rows-1-stays": "stays",
        "rows-1-role": "leader",
        "rows-1-component": "women_union",
    }
    answer = client.post(f"/teams/{team}/amend", data={**form, "more": "1"})
    assert answer.status_code == 302
    newcomer = text(client.get(answer.location))
    assert 'value="45/QĐ-UBND"' in newcomer and 'value="12/03/2026"' in newcomer
    rows = {row.id: row for row in all_of(engine, Membership)}
    assert rows[leader.id].left == date(2026, 3, 12)
    assert (rows[member.id].role, rows[member.id].decision) == ("leader", "45/QĐ-UBND")
    shown = text(client.get(f"/teams/{team}"))
    assert "Đã thôi tham gia" in shown and "Kiện toàn theo quyết định mới" in shown


def test_somebody_leaves_moves_and_is_trained(client: CheckingClient, engine: Engine, cast: Cast) -> None:
    team, sibling = cast.village.team.id, cast.sibling.team.id
    rows = {row.member_id: row for row in all_of(engine, Membership) if row.team_id == team}
    leader, member = rows[cast.binh_member.id], rows[cast.an_member.id]
    client.sign_in(cast.chi)
    train = {"course": "Kỹ năng số", "trained_on": "5/5/2026", "member_ids": [cast.an_member.id]}
    assert client.post(f"/teams/{team}/train", data=train).status_code == 302
    assert "05/05/2026" in text(client.get(f"/teams/{team}"))
    gone = client.post(f"/teams/services/{leader.id}/leave", data={"left": "1/9/2026"}, follow_redirects=True)
    assert gone.status_code == 200 and f"/teams/services/{leader.id}/stay" in text(gone)
    move = {"to_team_id": sibling, "role": "leader", "component": "teacher", "joined": "1/10/2026"}
    assert client.post(f"/teams/services/{member.id}/move", data=move).location == f"/teams/{sibling}"
    page = text(client.get(f"/teams/members/{cast.an_member.id}"))
    assert "01/10/2026" in page and "Kỹ năng số" in page and "Tổ Nậm Dù" in page
    assert client.post(f"/teams/services/{leader.id}/stay").status_code == 302
    assert [row.left for row in all_of(engine, Membership) if row.id == leader.id] == [None]


def test_a_leaving_before_joining_is_refused(client: CheckingClient, engine: Engine, cast: Cast) -> None:
    service = next(row for row in all_of(engine, Membership) if row.member_id == cast.an_member.id)
    answer = client.sign_in(cast.chi).post(f"/teams/services/{service.id}/leave", data={"left": "1/1/2024"})
    assert answer.status_code == 422
    assert 'id="left-error"' in text(answer) and "01/01/2024" in text(answer)


def test_an_ended_team_says_so_and_can_be_put_to_work_again(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    team = cast.village.team.id
    client.sign_in(cast.chi)
    assert client.post(f"/teams/{team}/end", data={"until": today().strftime("%d/%m/%Y")}).status_code == 302
    assert f"/teams/{team}/reopen" in text(client.get(f"/teams/{team}"))
    assert f'href="/teams/{team}"' not in text(client.get("/teams/"))
    assert f'href="/teams/{team}"' in text(client.get("/teams/?active=no"))
    client.post(f"/teams/{team}/reopen")
    assert f'href="/teams/{team}"' in text(client.get("/teams/"))


def test_the_reviewer_sees_teams_without_phones_and_birth_years(
    client: CheckingClient, world: World, cast: Cast
) -> None:
    cast.an_member.phone, cast.an_member.birth_year = "0911222333", 1987
    cast.binh_member.phone = "0944555666"
    world.session.commit()
    client.sign_in(cast.giang)
    for path in (
        "/teams/",
        f"/teams/{cast.village.team.id}",
        f"/teams/members/{cast.an_member.id}",
        "/search?q=ban+thi+an",
        "/teams/export.csv",
    ):
        page = text(client.get(path)).replace("\xa0", " ")
        assert "Bàn Thị An" in page or "Chảo Văn Bình" in page, path
        for secret in ("0911", "0944", "555666", "1987"):
            assert secret not in page, (path, secret)


def test_the_list_leaves_as_a_workbook_and_the_audit_says_so(
    client: CheckingClient, engine: Engine, world: World, cast: Cast
) -> None:
    cast.village.team.name = "=HYPERLINK(1)"
    world.session.commit()
    answer = client.sign_in(cast.chi).get("/teams/export.xlsx?q=hoc+da")
    assert answer.status_code == 200
    name = answer.headers["Content-Disposition"]
    assert name.isascii() and ".xlsx" in name
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows if row[0]][-1] == "=HYPERLINK(1)"
    csv = client.get("/teams/export.csv").get_data().decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in csv and "Tổ Nậm Dù" in csv
    said = [row for row in all_of(engine, Audit) if row.action == "export"]
    assert [row.noun for row in said] == ["teams", "teams"]
    assert client.get("/teams/export.pdf").status_code == 404
    assert client.sign_in(cast.an).get("/teams/export.xlsx").status_code == 403


def test_odd_addresses_are_no_fault_of_the_server(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    for query in (
        "after=x&before=y",
        "village_id=9999999999999999999999",
        "village_id=abc&commune_id=-1",
        "channel=pigeon&active=maybe",
        "endpoint=home.index&_external=1&ending=x",
        "size=7&order=;drop",
    ):
        assert client.get(f"/teams/?{query}").status_code == 200, query
