"""The board as a paper and a list: target, the period before and what is under its target stand there as on the screen."""

from __future__ import annotations

import csv
import io

import pytest
from pypdf import PdfReader
from sqlmodel import select

from tdteam.actions.record_visit import record_visit
from tdteam.domain.coverage import LEAD
from tdteam.domain.periods import period_of, today
from tdteam.domain.roles import SYSTEM
from tdteam.store.tables import Target, Visit
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import DAY, NOVEMBER, worked

__all__ = ["worked"]  # a fixture


@pytest.fixture
def aimed(worked: Cast) -> Cast:
    """A target of 45 % for the area: 2/5 lies under it, 1/1 does not."""
    session = worked.village.world.session
    session.add(Target(place_id=worked.area.id or 0, indicator=LEAD, span=NOVEMBER, value=4500, set_on=DAY))
    session.commit()
    return worked


def paper(client: CheckingClient, asked: str) -> str:
    answer = client.get(f"/coverage/export.pdf?{asked}")
    return " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages
    )


def listed(client: CheckingClient, asked: str) -> dict[str, dict[str, str]]:
    text = client.get(f"/coverage/export.csv?{asked}").data.decode("utf-8-sig")
    return {row["Xã, thôn"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_paper_has_the_targets_and_marks_what_lies_under_them(
    client: CheckingClient, aimed: Cast
) -> None:
    client.sign_in(aimed.giang)
    text = paper(client, f"period={NOVEMBER}&cols={LEAD}")
    assert "Chỉ tiêu 45%" in text
    assert "Xã Xuân Quang ▼ 2/5 (40%)" in text and "▼ 1/1" not in text
    assert "▼: dưới chỉ tiêu." in text


def test_the_list_says_what_is_under_its_target_and_what_reached_it(
    client: CheckingClient, aimed: Cast
) -> None:
    client.sign_in(aimed.giang)
    rows = listed(client, f"period={NOVEMBER}&cols={LEAD}&open={aimed.commune.id}")
    assert rows["Xã Xuân Quang"]["Hộ đã đến: so với chỉ tiêu"] == "dưới 45%"
    assert rows["Hốc Đá"]["Hộ đã đến: so với chỉ tiêu"] == "đạt 45%"
    assert "Hộ đã đến: so với chỉ tiêu" not in listed(client, "period=2026-10")["Xã Xuân Quang"]


def test_a_closed_period_tells_the_change_and_a_running_one_the_period_before(
    client: CheckingClient, worked: Cast
) -> None:
    running = period_of(today())
    session = worked.village.world.session
    met = select(Visit.household_id).where(Visit.village_id == worked.village.id).distinct()
    homes = session.exec(met).all()  # these two were met in November already
    for many, period in enumerate((running.plus(-2), running.plus(-1)), 1):
        for home in homes[:many]:
            visit = visit_at(worked.village, helped(), household_id=home, visited_on=period.since)
            record_visit(session, visit, SYSTEM)
    session.commit()
    client.sign_in(worked.giang)
    closed = listed(client, f"period={running.plus(-1).code}&cols={LEAD}")["Xã Xuân Quang"]
    now = listed(client, f"cols={LEAD}")["Xã Xuân Quang"]
    moved = "Hộ đã đến: tăng, giảm so với kỳ trước"
    assert closed[moved] == "20" and closed["Hộ đã đến: kỳ trước"] == "1/5 (20%)"
    assert moved not in now and now["Hộ đã đến: kỳ trước"] == "2/5 (40%)"
    assert "2/5 (40%) +20" in paper(client, f"period={running.plus(-1).code}&cols={LEAD}")
    assert "trước 2/5 (40%)" in paper(client, f"cols={LEAD}")
