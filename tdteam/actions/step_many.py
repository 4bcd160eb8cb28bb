"""Takes one step for many communes: each in a transaction of its own, so one that cannot is named and the others go on.

Nobody gets a power by it: each commune asks what its own page asks, under the account's own scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tdteam.actions.report_life import take_step
from tdteam.actions.seal_parts import Seen
from tdteam.actions.seal_report import seal_figures
from tdteam.actions.seal_through import Hands, seal_through
from tdteam.domain.errors import TdteamError
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_life import Step
from tdteam.domain.roles import Actor
from tdteam.store import area_month, places
from tdteam.store.engine import Engine
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.tables import Place

MANY = (Step.SEAL, Step.SUBMIT, Step.ISSUE)
"""Signing is not among them: whoever signs has read that paper."""


@dataclass(frozen=True)
class Asked:
    """A commune, as the list showed it."""

    commune_id: int
    seen: Seen | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it: done, or the code and values of why not (`domain/errors`)."""

    commune_id: int
    done: bool
    code: str = ""
    params: dict[str, object] = field(default_factory=dict)


Work = Callable[[GatedSession, Place, Asked], object]


def each_alone(engine: Engine, scope: Scope, asked: Iterable[Asked], work: Work) -> Iterator[Outcome]:
    """Do some work for each commune, committed before the next begins."""
    for one in asked:
        try:
            with open_session(engine, scope, write=True) as session:
                work(session, places.get_place(session, one.commune_id), one)
                session.commit()
        except TdteamError as error:
            yield Outcome(one.commune_id, False, error.code, error.params)
        else:
            yield Outcome(one.commune_id, True)


def step_each(
    engine: Engine,
    scope: Scope,
    asked: Iterable[Asked],
    period: Period,
    step: Step,
    actor: Actor,
    *,
    address: str,
    demo: bool = False,
) -> Iterator[Outcome]:
    """Take one of MANY for each commune's month."""
    if step not in MANY:
        raise ValueError(step)

    def work(session: GatedSession, commune: Place, one: Asked) -> None:
        if step is Step.SEAL:
            seal_figures(session, commune, period, actor, address=address, demo=demo, seen=one.seen)
        else:
            take_step(session, commune, period.code, step, actor, seen=one.seen)

    return each_alone(engine, scope, asked, work)


def seal_each_through(
    engine: Engine,
    scope: Scope,
    asked: Iterable[Asked],
    period: Period,
    hands: Callable[[GatedSession, Place], Hands],
    *,
    address: str,
    demo: bool = False,
) -> Iterator[Outcome]:
    """Bring each commune's month to its issued paper (`seal_through`); `hands` says whose, or raises why nobody's."""

    def work(session: GatedSession, commune: Place, _one: Asked) -> None:
        seal_through(session, commune, period, hands(session, commune), address=address, demo=demo)

    return each_alone(engine, scope, asked, work)


def list_reporting(session: GatedSession, period: Period, inside: Place | None = None) -> list[Place]:
    """The communes inside the scope that had villages on a period's last day, by name; those that touch `inside`."""
    around = [inside] if inside else places.list_reached(session, Level.PROVINCE, area_month.tree_day(period))
    found: dict[int, Place] = {}
    for one in around:
        ground = area_month.read_area_ground(session, one, period)
        found |= {place.id or 0: place for place in area_month.communes_of(ground)}
    permitted = [place for place in found.values() if session.permits(place.id or 0)]
    return sorted(permitted, key=lambda place: (place.name_sort, place.id or 0))
