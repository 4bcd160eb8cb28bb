"""What the litany knows of the routes: the power each asks for, and who finds what.

A route that answers a scope otherwise than "inside the scope or not found" needs a line here, with the reason.
"""

from __future__ import annotations

from tdteam.domain.roles import Power
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.places import commune_of
from tdteam.store.tables import Account
from tdteam.web.access import ACCESS
from tests.web import area_things
from tests.web.stage import Stage
from tests.world import Hamlet

# Things that an account sees from below, as far as its own places go: the figures of its commune's report. Writing on
# them, and the paper, ask for the whole commune.
SEEN_FROM_BELOW = {"sponsors.show", "reports.show", "api_reports.show"}
# Pages that may be read with one power and written with another.
POST_POWER = {
    "reports.show": Power.WRITE_REPORT,
    "spans.show": Power.WRITE_REPORT,
    "area_month.commune": Power.REVIEW_REPORT,
    "area_report.show": Power.REVIEW_REPORT,
}
# The address names nothing that lies in one place only.
ELSEWHERE = {"ending", "code", "kind", "period", "step", "version"}


def is_seen(
    stage: Stage, endpoint: str, arguments: set[str], account: Account, hamlet: Hamlet, method: str
) -> bool:
    """Whether an account that holds the power finds the thing of this position."""
    if arguments <= ELSEWHERE:
        return True
    if endpoint in area_things.ENDPOINTS:  # of the whole area, or nothing
        return area_things.area_of(stage, hamlet) in stage.inside(account)
    if arguments & {"commune_id", "sealing_id"}:
        with open_session(stage.engine, EVERYWHERE) as looking:
            commune = commune_of(looking, hamlet.id).id or 0
        from_below = endpoint in SEEN_FROM_BELOW and method == "GET"
        return commune in (stage.touching(account) if from_below else stage.inside(account))
    return hamlet.id in stage.inside(account)


def power_of(endpoint: str, method: str) -> Power:
    """The power a route asks for."""
    return POST_POWER.get(endpoint, ACCESS[endpoint]) if method == "POST" else ACCESS[endpoint]
