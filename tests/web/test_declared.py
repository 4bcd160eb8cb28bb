"""Figures told on paper, in Zalo, by agencies: typed whole or not at all, beside what the tool counted, never added."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from tdteam.actions.draft_report import read_facts
from tdteam.actions.record_visit import record_visit
from tdteam.domain.periods import Period, today
from tdteam.domain.roles import SYSTEM
from tdteam.store import stocks
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Declared
from tests.actions.given import helped, seal, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text
from tests.web.telling import DAY, NOVEMBER, paper, rows, send, stamp

__all__ = ["paper", "rows"]  # fixtures


def test_figures_of_a_paper_team_are_kept_with_sender_day_and_note(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    answer = send(
        client,
        paper,
        VISITS="1.234",
        PEOPLE="0",
        sender="Chảo Văn Bình",
        received_on="17/11/2026",
        note="Bản giấy",
    )
    assert answer.status_code == 302
    found = rows()
    row = found[paper.village.team.id, "VISITS"]
    assert (row.part, row.whole, row.period, row.as_of) == (1234, None, NOVEMBER, None)
    assert (row.sender, row.received_on, row.note) == ("Chảo Văn Bình", date(2026, 11, 17), "Bản giấy")
    assert row.source == "Phiếu ghi hỗ trợ của Tổ Hốc Đá" and row.place_id == paper.village.id
    assert found[paper.village.team.id, "PEOPLE"].part == 0  # said to be none
    assert (paper.village.team.id, "FILINGS") not in found  # not said at all
    page = client.get(f"/declared/?period={NOVEMBER}").get_data(as_text=True)
    assert 'value="1.234"' in page and "Nậm Dù" not in text(client.get(f"/declared/?period={NOVEMBER}"))


def test_saving_again_changes_only_what_differs_and_keeps_the_history(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    first = {"VISITS": "10", "PEOPLE": "12", "sender": "A"}
    send(client, paper, **first)
    before = rows()
    send(client, paper, **first)
    assert {key: row.id for key, row in rows().items()} == {key: row.id for key, row in before.items()}
    send(client, paper, VISITS="11", PEOPLE="12", sender="A")
    after = rows()
    team = paper.village.team.id
    assert after[team, "VISITS"].part == 11 and after[team, "PEOPLE"].id == before[team, "PEOPLE"].id
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        old = session.get(Declared, before[team, "VISITS"].id)
        assert old is not None and old.superseded_at is not None and old.part == 10
        acts = [row.action for row in session.exec(select(Audit).where(Audit.noun == "declared"))]
        assert acts == ["declare", "declare"]


def test_an_emptied_cell_takes_the_figure_back(client: CheckingClient, paper: Cast, rows: Any) -> None:
    client.sign_in(paper.chi)
    send(client, paper, VISITS="10", PEOPLE="12")
    send(client, paper, VISITS="", PEOPLE="12")
    assert set(rows()) == {(paper.village.team.id, "PEOPLE")}


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"VISITS": "1.23"}, "1.23"),
        ({"VISITS": "-4"}, ""),
        ({"VISITS": "mười"}, "mười"),
        ({"VISITS": "99999999"}, ""),
        ({"received_on": "30/02/2026"}, "Không có ngày này"),
        ({"received_on": "mai"}, "ngày"),
        ({"note": "gọi số 012345678901"}, "12"),
        ({"sender": "CCCD 012345678901"}, "12"),
    ],
)
def test_one_wrong_cell_stores_nothing_and_loses_nothing(
    client: CheckingClient, paper: Cast, rows: Any, wrong: dict[str, str], beside: str
) -> None:
    client.sign_in(paper.chi)
    answer = send(client, paper, **{"PEOPLE": "12", "VISITS": "10", "note": "giữ lại", **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and rows() == {}
    assert 'value="12"' in page and all(f'value="{value}"' in page for value in wrong.values())
    assert 'aria-invalid="true"' in page and "Chưa lưu gì" in page


def test_a_sender_without_any_figure_is_asked_for_one(client: CheckingClient, paper: Cast, rows: Any) -> None:
    answer = send(client.sign_in(paper.chi), paper, sender="Chảo Văn Bình")
    assert answer.status_code == 422 and "ít nhất một số liệu" in text(answer) and rows() == {}


def test_a_day_not_come_yet_is_refused_beside_its_team(client: CheckingClient, paper: Cast) -> None:
    client.sign_in(paper.chi)
    tomorrow = (today() + timedelta(days=1)).strftime("%d/%m/%Y")
    answer = send(client, paper, VISITS="1", received_on=tomorrow)
    assert answer.status_code == 422
    assert f'id="received_on-{paper.village.team.id}-error"' in answer.get_data(as_text=True)


def test_who_saves_after_somebody_else_is_told_before_overwriting(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    early = stamp(client, f"/declared/?period={NOVEMBER}")
    send(client, paper, VISITS="10")
    late = send(client, paper, VISITS="99", seen=early)
    assert late.status_code == 422 and "người khác" in text(late)
    assert rows()[paper.village.team.id, "VISITS"].part == 10
    assert send(client, paper, VISITS="99").status_code == 302


def test_what_the_tool_counted_stands_beside_and_is_never_added(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    session = paper.village.world.session
    home = paper.village.household()
    stocks.touch(session, [paper.village.id], on=DAY)
    record_visit(session, visit_at(paper.village, helped(people=3), household_id=home.id), SYSTEM)
    session.commit()
    client.sign_in(paper.chi)
    assert "máy: 3" in text(client.get(f"/declared/?period={NOVEMBER}"))
    send(client, paper, PEOPLE="40")
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as reading:
        facts = read_facts(reading, paper.commune.id or 0, Period(2026, 11))
    people = {line.code: line.now for line in facts.figures}
    assert people["PEOPLE"] == 3
    assert rows()[paper.village.team.id, "PEOPLE"].part == 40


def test_all_teams_can_be_shown_and_a_foreign_team_cannot_be_reached(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    everybody = f"/declared/?period={NOVEMBER}&teams=all"
    assert "Nậm Dù" in text(client.get(everybody))
    assert send(client, paper, address=everybody, team=paper.sibling.team.id, VISITS="5").status_code == 302
    far = paper.next_village.team.id
    assert send(client, paper, address=everybody, team=far, VISITS="7").status_code == 302
    assert set(rows()) == {(paper.sibling.team.id, "VISITS")}
    assert client.get(f"/declared/?place={paper.next_commune.id}").status_code == 404
    assert client.sign_in(paper.giang).get("/declared/").status_code == 403


def test_a_sealed_period_takes_no_figures(client: CheckingClient, paper: Cast, rows: Any) -> None:
    session = paper.village.world.session
    seal(session, paper.commune, NOVEMBER)
    session.commit()
    client.sign_in(paper.chi)
    assert "đã chốt" in text(client.get(f"/declared/?period={NOVEMBER}"))
    assert send(client, paper, VISITS="5").status_code == 422 and rows() == {}


def test_papers_of_the_period_that_just_ended_are_asked_for_first(
    client: CheckingClient, paper: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, month in (
        (date(2026, 11, 15), "11/2026"),
        (date(2026, 11, 24), "11/2026"),
        (date(2026, 11, 25), "12/2026"),
    ):
        for module in ("tdteam.web.declared", "tdteam.web.choices"):
            monkeypatch.setattr(f"{module}.today", lambda day=day: day)
        assert f"tháng {month}" in text(client.sign_in(paper.chi).get("/declared/"))
