"""Papers beside the report at the desk: who may draw which, whose phones stand on them, what is counted for commendations."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.coverage import LEAD
from tdteam.domain.ids import new_id
from tdteam.domain.periods import period_of, today
from tdteam.store import targets
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Inbox, Member
from tests.cast import Cast
from tests.client import CheckingClient
from tests.reports.reading import read_pdf
from tests.web.phone import Phone, everywhere
from tests.web.test_visits import form_of as visit_form

NOW = period_of(today())
PHONE = "0912345678"


def cells(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.status_code
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def rows(answer: Any) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    return list(sheet.iter_rows(values_only=True))


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def phones(cast: Cast, engine: Engine) -> None:
    """The leader of An's team has a phone."""
    with open_session(engine, EVERYWHERE, write=True) as session:
        row = session.get_one(Member, cast.binh_member.id)
        row.phone = PHONE
        session.add(row)
        session.commit()


def visit(client: CheckingClient, cast: Cast, **more: Any) -> str:
    form = visit_form(cast, **more)
    assert client.sign_in(cast.an).post("/visits/new", data=form).status_code == 302
    return str(form["id"])


def household(client: CheckingClient, cast: Cast) -> str:
    phone = Phone(client, cast.an)
    told = phone.record("household", {"village_id": cast.village.id, "head": "Tẩn Phủ Sếnh"})
    assert phone.states(told) == ["accepted"]
    return str(told["id"])


def active(client: CheckingClient, cast: Cast, **more: Any) -> list[tuple[Any, ...]]:
    """The rows of teams and members of the commune's list: (rank, name, …)."""
    client.sign_in(cast.chi)
    answer = client.get(f"/papers/active/{cast.commune.id}/xlsx", query_string=more)
    return [row for row in rows(answer) if isinstance(row[0], int)]


def test_the_page_lists_the_papers_and_leads_to_them(client: CheckingClient, cast: Cast) -> None:
    for who in (cast.an, cast.binh, cast.chi, cast.em, cast.giang, cast.hai):
        page = text(client.sign_in(who).get("/papers/"))
        assert "Số liệu tháng của một Tổ" in page
        assert ("Số liệu của một thôn" in page) == (who is not cast.an), who.username
        assert ("điện thoại Tổ trưởng" in page) == (who not in (cast.giang, cast.hai)), who.username
    client.sign_in(cast.chi)
    asked = {"paper": "team", "team-team_id": cast.village.team.id, "team-period": NOW.code, "ending": "pdf"}
    moved = client.get("/papers/go", query_string=asked)
    assert moved.location == f"/papers/teams/{cast.village.team.id}/{NOW.code}/pdf"
    assert read_pdf(client.get(moved.location).data)[0].find("TỔ TRƯỞNG")
    asked = {
        "paper": "active",
        "active-place_id": cast.commune.id,
        "active-first": "2026-12",
        "active-last": "2026-01",
    }
    page = text(client.get("/papers/go", query_string=asked, follow_redirects=True))
    assert "Chọn kỳ đầu trước kỳ cuối" in page
    asked |= {"active-first": "2026-01", "active-most": "9999"}
    assert "từ 1 đến 50" in text(client.get("/papers/go", query_string=asked, follow_redirects=True))
    for odd in (
        {},
        {"paper": "nothing"},
        {"paper": "team", "team-team_id": "x"},
        {"paper": "silent", "ending": "exe"},
    ):
        assert client.get("/papers/go", query_string=odd).status_code == 302


def test_a_teams_sheet_tells_what_was_done_by_kind_and_member(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    home = household(client, cast)
    visit(client, cast, household_id=home)
    visit(client, cast, household_id=home)
    told = rows(client.sign_in(cast.binh).get(f"/papers/teams/{cast.village.team.id}/{NOW.code}/xlsx"))
    by_name = {row[1]: row for row in reversed(told)}  # the first of a name: the leader signs below
    assert by_name["Lượt đến hộ"][3] == 2 and by_name["Lượt đến hộ"][6] == "-"  # a share stands in three
    assert by_name["Lượt người được hỗ trợ"][3] == 4
    assert by_name["Hộ đã đến/tổng số hộ"][3:6] == (1, 1, 100)
    assert by_name["Bàn Thị An"][2:6] == ("Thành viên", 2, 1, 2)
    assert by_name["Chảo Văn Bình"][3:6] == (0, 0, 0)
    assert any(row[1:4] == ("Kích hoạt mức 2", 4, 4) or row[2:4] == (4, 4) for row in told)


def test_a_villages_page_names_nobody(client: CheckingClient, cast: Cast) -> None:
    household(client, cast)
    for who in (cast.chi, cast.giang, cast.khoa):
        told = cells(client.sign_in(who).get(f"/papers/villages/{cast.village.id}/{NOW.code}/xlsx"))
        assert not any("Tẩn" in str(value) for value in told)
        assert told[told.index("Tổng số hộ, cơ sở") + 1] == 1
    assert client.get(f"/papers/villages/{cast.commune.id}/{NOW.code}/pdf").status_code == 404
    assert (
        client.sign_in(cast.an).get(f"/papers/villages/{cast.village.id}/{NOW.code}/pdf").status_code == 403
    )


@pytest.mark.usefixtures("phones")
def test_phones_stand_on_the_silent_list_for_those_alone_who_see_them(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    path = f"/papers/silent/{cast.commune.id}/{NOW.code}/xlsx"
    shown = cells(client.sign_in(cast.chi).get(path))
    assert PHONE in shown and "Tổ Hốc Đá" in shown and "Tổ Nậm Dù" in shown
    area = f"/papers/silent/{cast.area.id}/{NOW.code}/"
    hidden = cells(client.sign_in(cast.giang).get(f"{area}xlsx"))
    assert PHONE not in hidden and "Điện thoại" not in hidden and "Tổ Hốc Đá" in hidden
    assert PHONE not in "".join(page.text for page in read_pdf(client.get(f"{area}pdf").data))
    visit(client, cast)
    assert "Tổ Hốc Đá" not in cells(client.sign_in(cast.chi).get(path))
    with everywhere(engine) as session:
        noted = session.exec(select(Audit).where(Audit.noun == "paper").order_by(Audit.id)).all()  # type: ignore[arg-type]
    assert [(row.target, '"names":true' in row.detail.replace(" ", "")) for row in noted] == [
        ("silent_teams.xlsx", True),
        ("silent_teams.xlsx", False),
        ("silent_teams.pdf", False),
        ("silent_teams.xlsx", True),
    ]


def test_others_places_are_not_found(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.dung)
    for path in (
        f"teams/{cast.village.team.id}/{NOW.code}/pdf",
        f"villages/{cast.village.id}/{NOW.code}/pdf",
        f"silent/{cast.commune.id}/{NOW.code}/pdf",
        f"active/{cast.commune.id}/pdf",
    ):
        assert client.get(f"/papers/{path}").status_code == 404, path
    client.sign_in(cast.binh)  # a leader reaches a village, not the commune that she sees from below
    assert client.get(f"/papers/silent/{cast.commune.id}/{NOW.code}/pdf").status_code == 404
    assert client.get(f"/papers/active/{cast.commune.id}/pdf").status_code == 404
    assert client.get(f"/papers/silent/{cast.village.id}/{NOW.plus(1).code}/pdf").status_code == 404


def test_a_household_counts_once_a_period_and_each_help_done_once(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    home = household(client, cast)
    visit(client, cast, household_id=home)
    visit(client, cast, household_id=home)
    assert active(client, cast) == [
        (1, "Tổ Hốc Đá", 1, 2, 3, None),
        (1, "Bàn Thị An", "Tổ Hốc Đá", 1, 2, 3),
    ]
    before = NOW.plus(-1)
    visit(client, cast, household_id=home, visited_on=before.last_day.strftime("%d/%m/%Y"))
    assert active(client, cast)[0][2:5] == (2, 3, 5)
    only = active(client, cast, first=NOW.code, last=NOW.code)
    assert only[0][2:5] == (1, 2, 3)
    assert active(client, cast, first="2025-01", last="2025-03") == []


def test_voided_and_disputed_records_do_not_count(client: CheckingClient, cast: Cast, engine: Engine) -> None:
    home = household(client, cast)
    gone = visit(client, cast, household_id=home)
    doubtful = visit(client, cast, household_id=home)
    assert active(client, cast)[0][2:5] == (1, 2, 3)
    client.sign_in(cast.an).post(f"/visits/{gone}/void", data={"why": "Ghi hai lần", "base_version": "1"})
    assert active(client, cast)[0][2:5] == (1, 1, 2)
    with open_session(engine, EVERYWHERE, write=True) as session:
        found = Inbox(
            record_id=new_id(), sha256="0" * 64, account_id=cast.an.id or 0, device_id="d", seq=1, kind="visit",
            schema_version=1, received_at=datetime.now(UTC), state="accepted", doubt="clock", village_id=cast.village.id,
            target=doubtful,
        )  # fmt: skip
        session.add(found)
        session.commit()
        number = found.n
    assert active(client, cast) == []
    with open_session(engine, EVERYWHERE, write=True) as session:
        row = session.get_one(Inbox, number)
        row.decided_at = datetime.now(UTC)
        session.add(row)
        session.commit()
    assert active(client, cast)[0][2:5] == (1, 1, 2)


def test_teams_of_equal_score_share_a_rank(client: CheckingClient, cast: Cast) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    other = visit_form(cast, village_id=cast.sibling.id, team_id=cast.sibling.team.id, member_ids=[])
    assert client.post("/visits/new", data=other).status_code == 302
    teams = [row for row in active(client, cast) if row[5] is None]
    assert sorted((row[0], row[1]) for row in teams) == [(1, "Tổ Hốc Đá"), (1, "Tổ Nậm Dù")]


def test_a_teams_sheet_has_the_years_target_and_its_page_leads_there_and_the_audit_says_whose(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    with open_session(engine, EVERYWHERE, write=True) as session:
        key = (cast.commune.id or 0, LEAD)
        targets.write_targets(session, str(NOW.year), {key: 9000})
        session.commit()
    client.sign_in(cast.chi)
    page = client.get(f"/teams/{cast.village.team.id}").get_data(as_text=True)
    assert f"team-team_id={cast.village.team.id}" in page
    path = f"/papers/teams/{cast.village.team.id}/{NOW.code}/pdf"
    assert client.get(f"/papers/go?paper=team&team-team_id={cast.village.team.id}").location == path
    assert f"cả năm {NOW.year}: 90%" in " ".join(
        " ".join(one.text for one in read_pdf(client.get(path).data)).split()
    )
    with everywhere(engine) as session:
        noted = session.exec(select(Audit).where(Audit.noun == "paper")).one()
    assert json.loads(noted.detail)["team"] == cast.village.team.id
    village = client.get(f"/places/{cast.village.id}").get_data(as_text=True)
    assert f"village-place_id={cast.village.id}" in village
