"""The place and period that the pages of attention and quality are about, as their address says."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period, today
from tdteam.store import places
from tdteam.store.own_places import with_areas
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.frame import here
from tdteam.web.gate import session
from tdteam.web.records import demand_period, number_arg


@dataclass(frozen=True)
class Chosen:
    """`grounds`: the places one may switch between. `after` is None at the running period."""

    place: Place
    grounds: tuple[Place, ...]
    period: Period

    @property
    def place_id(self) -> int:
        return self.place.id or 0

    @property
    def before(self) -> Period:
        return self.period.plus(-1)

    @property
    def after(self) -> Period | None:
        return self.period.plus(1) if self.period < choices.this_period() else None


def chosen() -> Chosen:
    """Of the address: `place` (the account's first where absent) and `period` (the running one). NotFound for a place
    outside the scope and a period that has not begun."""
    grounds = with_areas(session())
    if not grounds:
        raise NotFound
    wanted = number_arg("place")
    place = grounds[0]
    if wanted is not None:
        session().demand(wanted)
        place = places.get_place(session(), wanted)
    period = demand_period(request.args["period"]) if request.args.get("period") else choices.this_period()
    if period.since > today():
        raise NotFound
    return Chosen(place, tuple(grounds), period)


def ground_links(at: Chosen) -> list[tuple[str, str, bool]]:
    """The places one may switch to, as `ui.join` takes them."""
    return [
        (here(place=one.id, commune=None, rule=None, page=None), one.name, one.id == at.place_id)
        for one in at.grounds
    ]
