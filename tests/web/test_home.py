"""The first page: a commune's period as its official needs it, a village's as its team does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from tdteam.domain.ids import new_id
from tdteam.domain.periods import period_of, today
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.month import list_team_months
from tdteam.store.tables import Confirmation, Declared
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.test_report_steps import step
from tests.web.test_visits import form_of as visit_form
from tests.world import LONG_AGO

PERIOD = period_of(today())


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def states(app: Flask, cast: Cast) -> dict[str, str]:
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
        lines = list_team_months(session, cast.commune.id or 0, PERIOD, today())
    return {line.villages: str(line.status) for line in lines}


def confirm(app: Flask, team_id: int, kind: str) -> None:
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE, write=True) as session:
        session.add(
            Confirmation(id=new_id(), team_id=team_id, period=PERIOD.code, kind=kind, confirmed_at=LONG_AGO)
        )
        session.commit()


def test_a_silent_team_a_working_one_and_a_zero_report_are_told_apart(
    client: CheckingClient, cast: Cast, app: Flask
) -> None:
    assert states(app, cast) == {"Hốc Đá": "silent", "Nậm Dù": "silent"}
    client.sign_in(cast.an).post("/visits/new", data=visit_form(cast))
    confirm(app, cast.sibling.team.id or 0, "zero")
    assert states(app, cast) == {"Hốc Đá": "doing", "Nậm Dù": "zero"}
    page = text(client.sign_in(cast.chi).get("/"))
    assert "Đang ghi" in page and "Không phát sinh" in page
    assert "Nậm Dù" not in text(client.get("/?state=doing")).partition('id="teams"')[2]
    confirm(app, cast.village.team.id or 0, "figures")
    assert states(app, cast)["Hốc Đá"] == "done"


def test_nothing_sent_is_a_dash_and_a_zero_report_is_a_zero(
    client: CheckingClient, cast: Cast, app: Flask
) -> None:
    confirm(app, cast.sibling.team.id or 0, "zero")
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
        lines = list_team_months(session, cast.commune.id or 0, PERIOD, today())
    visits = {line.villages: line.visits for line in lines}
    assert visits == {"Hốc Đá": None, "Nậm Dù": 0}


def test_a_member_sees_the_team_and_the_way_to_record(client: CheckingClient, cast: Cast) -> None:
    page = text(client.sign_in(cast.an).get("/"))
    assert "/visits/new" in page and "Nậm Dù" not in page
    assert 'href="/phone/"' in page
    assert 'href="/phone/"' not in text(client.sign_in(cast.chi).get("/"))


def test_reviewer_admin_and_auditor_land_on_what_they_may_see(client: CheckingClient, cast: Cast) -> None:
    for who in (cast.giang, cast.hai, cast.khoa):
        answer = client.sign_in(who).get("/", follow_redirects=True)
        assert answer.status_code == 200, who.username


def test_an_odd_period_is_not_found_and_an_old_one_is_empty(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    assert client.get("/?period=2026-99").status_code == 404
    assert "—" in text(client.get("/?period=2024-02"))


def test_a_promised_return_stands_on_the_teams_page_until_it_is_kept(
    client: CheckingClient, cast: Cast, app: Flask
) -> None:
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE, write=True) as session:
        cast.village.world.session = session
        household = cast.village.household("Tẩn Phủ Sếnh").id
        session.commit()
    day = today() - timedelta(days=3)
    promise = visit_form(
        cast,
        household_id=household,
        visited_on=day.strftime("%d/%m/%Y"),
        return_on=today().strftime("%d/%m/%Y"),
    )
    client.sign_in(cast.an).post("/visits/new", data=promise)
    due = text(client.get("/")).split('id="returns"')[1].split("</section>")[0]
    assert "Tẩn Phủ Sếnh" in due
    client.post("/visits/new", data=visit_form(cast, household_id=household))
    due = text(client.get("/")).split('id="returns"')[1].split("</section>")[0]
    assert "Tẩn Phủ Sếnh" not in due


def test_a_team_that_sends_paper_was_heard_of(client: CheckingClient, cast: Cast, app: Flask) -> None:
    """Its figures arrived: "never" would be untrue, and its days of silence run from the paper."""
    day = today() - timedelta(days=20)
    with open_session(app.extensions["tdteam_engine"], EVERYWHERE, write=True) as session:
        paper = Declared(
            place_id=cast.sibling.place.id or 0, team_id=cast.sibling.team.id, team_key=cast.sibling.team.id or 0,
            indicator="VISITS", period=PERIOD.plus(-1).code, span_key=PERIOD.plus(-1).code, part=3,
            source="team", received_on=day, declared_at=datetime.now(UTC),
        )  # fmt: skip
        session.add(paper)
        session.commit()
        lines = list_team_months(session, cast.commune.id or 0, PERIOD, today())
    assert {line.villages: line.silent_days(today()) for line in lines} == {"Hốc Đá": None, "Nậm Dù": 20}
    teams = text(client.sign_in(cast.chi).get("/")).partition('id="teams"')[2]
    assert f"{day:%d/%m}, 20 ngày" in teams.split("Nậm Dù")[1].split("</tr>")[0]
    assert "Chưa lần nào" in teams.split("Hốc Đá")[1].split("</tr>")[0]


def test_the_first_page_tells_the_step_the_report_has_reached(client: CheckingClient, cast: Cast) -> None:
    def told() -> str:
        cell = text(client.get("/?period=2026-11")).split("<dt>Báo cáo tháng</dt>")[1].split("</div>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", cell).split())

    client.sign_in(cast.an).post("/visits/new", data=visit_form(cast, visited_on="10/11/2026"))
    client.sign_in(cast.chi)
    assert told() == "Chưa lập chưa chốt số liệu"
    step(client, f"/reports/{cast.commune.id}/2026-11", "seal")
    assert told() == "Đã chốt việc tiếp theo: trình ký"
    step(client, f"/reports/{cast.commune.id}/2026-11", "submit")
    assert told().endswith("đang chờ ký")
