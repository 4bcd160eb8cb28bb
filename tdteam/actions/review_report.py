"""An area's reviewer accepts a commune's issued report, or returns it with a reason. No figure moves: the commune answers
with a report that replaces it."""

from __future__ import annotations

from tdteam.domain.area_month import Verdict, judge_verdict
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import Period
from tdteam.domain.roles import Actor, Power
from tdteam.domain.wire import stored
from tdteam.store import area_month, audit, reviews
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Review


def review_report(
    session: GatedSession,
    area: Place,
    commune_id: int,
    period: Period,
    verdict: Verdict,
    actor: Actor,
    *,
    seen: int,
    why: str = "",
) -> Review:
    """Say a word on the issued report of a commune. `seen`: the seal the page showed.

    Raises NotAllowed, NotFound (no commune of the area), Refused (`why` required), Conflict `not_issued`, Conflict
    `replaced` where a newer report came meanwhile.
    """
    if not actor.holds(Power.REVIEW_REPORT):
        raise NotAllowed
    session.demand(area.id or 0)
    ground = area_month.read_area_ground(session, area, period)
    if commune_id not in {place.id for place in area_month.communes_of(ground)}:
        raise NotFound
    why = stored(why)
    if flaws := judge_verdict(verdict, why):
        raise Refused(flaws)
    area_month.hold_stage(session, commune_id, period.code)
    issued = area_month.find_issued(session, commune_id, period.code)
    if issued is None:
        raise Conflict("not_issued")
    if issued.sealing_id != seen:
        raise Conflict("replaced")
    row = reviews.add_review(session, area.id or 0, issued.sealing_id, verdict, why, actor)
    audit.append(
        session,
        "accept" if verdict is Verdict.ACCEPTED else "return",
        "report",
        f"{commune_id}/{period.code}",
        place_id=area.id,
        sealing=issued.sealing_id,
    )
    return row
