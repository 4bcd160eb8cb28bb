"""An area's quarter, half-year and year: found from its month, drawn, and refused while they run."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.actions.areas import Ground, make_ground
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text
from tests.world import World


@pytest.fixture
def ground(engine: Engine, cast: Cast, world: World) -> Ground:
    return make_ground(engine, cast, world)


def test_a_quarter_half_and_year_have_a_consolidated_report_too(
    client: CheckingClient, ground: Ground
) -> None:
    ground.issue(ground.cast.commune)
    client.sign_in(ground.cast.giang)
    base = f"/area-months/{ground.cast.area.id}"
    page = client.get(f"{base}/2026-11").get_data(as_text=True)
    for code in ("2026-Q4", "2026-H2", "2026"):
        assert f'href="{base}/{code}/report"' in page
        told = text(client.get(f"{base}/{code}/report"))
        assert "Xã Xuân Quang" in told and "Kỳ này kéo dài đến" not in told
        assert client.get(f"{base}/{code}/report/paper.pdf").data.startswith(b"%PDF")
    refused = client.post(
        f"{base}/2026-Q4/report/issue", data={"stage": "draft", "seen": ""}, follow_redirects=True
    )
    assert "Kỳ báo cáo" in text(refused) or "đủ báo cáo các tháng" in text(refused)
    for nonsense in ("2026-10-15..2026-11-20", "2026-Q5"):
        assert client.get(f"{base}/{nonsense}/report").status_code == 404
    assert client.sign_in(ground.cast.chi).get(f"{base}/2026-Q4/report").status_code == 404
