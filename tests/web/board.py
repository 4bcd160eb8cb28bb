"""What tests of the board share: a page as it reads, its rows, and two communes at work in November."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from tdteam.actions.record_visit import record_visit
from tdteam.domain.roles import SYSTEM
from tdteam.store import stocks
from tests.actions.given import helped, visit_at
from tests.cast import Cast

NOVEMBER = "2026-11"
DAY = date(2026, 11, 10)


def text(answer: Any) -> str:
    """A page as it reads: no tags, single spaces."""
    page = re.sub(r"<(script|style).*?</\1>", "", str(answer.get_data(as_text=True)), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows(answer: Any) -> list[list[str]]:
    """The board's rows as lists of cells."""
    html = str(answer.get_data(as_text=True))
    found = re.findall(
        r"<tr[^>]*>(.*?)</tr>", html.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL
    )
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.split(r"</t[hd]>", row)[:-1]
        ]
        for row in found
    ]


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Two households of four reached in November, in one village of two; the next commune has its own work."""
    session = cast.village.world.session
    homes = [cast.village.household(people=4, adults=3, eid2=2) for _ in range(4)]
    cast.sibling.household(people=2, adults=2, eid2=1)
    far = cast.next_village.household("Lù Văn Xa")
    stocks.touch(session, [cast.village.id, cast.sibling.id, cast.next_village.id], on=DAY)
    for home in homes[:2]:
        record_visit(session, visit_at(cast.village, helped(), household_id=home.id, visited_on=DAY), SYSTEM)
    record_visit(session, visit_at(cast.next_village, helped(), household_id=far.id, visited_on=DAY), SYSTEM)
    session.commit()
    return cast
