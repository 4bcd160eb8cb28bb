"""Areas that addresses name: the pages of an area's month are about an area or province, not about a village."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tdteam.store.accounts import find_seen
from tdteam.store.gate import EVERYWHERE, open_session

if TYPE_CHECKING:
    from tests.web.stage import Stage
    from tests.web.things import Things
    from tests.world import Hamlet

ENDPOINTS = (
    "area_month.show",
    "area_month.commune",
    "area_month.paper",
    "area_month.archive",
    "area_report.show",
    "area_report.paper",
    "area_report.issue",
    "area_report.replace",
    "area_report.setting",
)


def area_of(stage: Stage, hamlet: Hamlet) -> int:
    """The area a position lies in; the province for what lies in none."""
    cast = stage.cast
    if hamlet.id in (cast.village.id, cast.sibling.id):
        return cast.area.id or 0
    with open_session(stage.engine, EVERYWHERE) as looking:
        seen = find_seen(looking, cast.hai.id or 0)  # whose root is the province
    assert seen
    return min(seen.roots)


def area(things: Things) -> int:
    """The area (or province) of a position."""
    return area_of(things.stage, things.hamlet)


MAKERS = {f"{endpoint}:place_id": area for endpoint in ENDPOINTS}
