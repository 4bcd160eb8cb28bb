"""What evidence documents belong to: found inside the scope with its name, and what may be offered to choose from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from tdteam.domain.documents import Tie, TieNoun
from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import (
    Gathering,
    ModelVillage,
    Place,
    Report,
    Team,
    TeamVillage,
    VillageModel,
)

MOST_OFFERED = 150
"""Teams or villages beyond which a form offers none: they are chosen from their own pages."""
REPORTS_OFFERED = 15
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Tied:
    """A thing a document belongs to: its name, a day or span to tell it by, and the place it lies in."""

    noun: str
    target: str
    name: str
    about: str
    place_id: int
    day: date | None = None

    @property
    def tie(self) -> Tie:
        return (self.noun, self.target)


def find_ties(session: GatedSession, ties: Iterable[Tie]) -> dict[Tie, Tied]:
    """Those of some things that lie inside the scope."""
    by_noun: dict[str, set[str]] = {}
    for noun, target in ties:
        by_noun.setdefault(noun, set()).add(target)
    found: dict[Tie, Tied] = {}
    for noun, targets in by_noun.items():
        if noun in _FINDERS:
            found |= {one.tie: one for one in _FINDERS[noun](session, targets)}
    return found


def offer_ties(session: GatedSession, place: Place) -> list[Tied]:
    """What a document of a place may be tied to there: villages, teams, model villages, reports. Gatherings are chosen from
    their own pages."""
    inside = ids_inside(place.id or 0)
    villages = _villages(session, col(Place.id).in_(inside), MOST_OFFERED + 1)
    teams = _teams(
        session,
        col(Team.id).in_(select(TeamVillage.team_id).where(col(TeamVillage.village_id).in_(inside))),
        MOST_OFFERED + 1,
    )
    models = _models(session, col(ModelVillage.village_id).in_(inside))
    reports = _reports(session, Report.commune_id == place.id)[:REPORTS_OFFERED]
    few = [
        *(villages if len(villages) <= MOST_OFFERED else []),
        *(teams if len(teams) <= MOST_OFFERED else []),
    ]
    return [*few, *models, *reports]


def _numbers(targets: Collection[str]) -> list[int]:
    return [int(one) for one in targets if one.isdecimal() and len(one) < 11 and int(one) <= _LARGEST]


def _villages(session: GatedSession, condition: Any, most: int | None = None) -> list[Tied]:
    query = select(Place).where(Place.level == Level.VILLAGE, condition, holds_on(Place, session.scope.day))
    rows = session.exec(query.order_by(Place.name_sort, col(Place.id)).limit(most)).all()
    return [
        Tied(TieNoun.VILLAGE, str(row.id), row.name, "", row.id or 0)
        for row in rows
        if session.permits(row.id or 0)
    ]


def _teams(session: GatedSession, condition: Any, most: int | None = None) -> list[Tied]:
    query = select(Team).where(condition).order_by(Team.name_sort, col(Team.id)).limit(most)
    rows = session.exec(query).all()
    homes = dict(
        session.execute(
            select(TeamVillage.team_id, TeamVillage.village_id).where(
                col(TeamVillage.team_id).in_([row.id for row in rows])
            )
        ).all()
    )
    return [Tied(TieNoun.TEAM, str(row.id), row.name, "", homes.get(row.id, 0)) for row in rows]


def _gatherings(session: GatedSession, targets: Collection[str]) -> list[Tied]:
    query = (
        select(Gathering.id, Gathering.topic, Gathering.held_on, Gathering.village_id, Place.label)
        .join(Place, col(Place.id) == Gathering.village_id)
        .where(col(Gathering.id).in_(sorted(targets)))
    )
    return [
        Tied(TieNoun.GATHERING, one, village, topic, village_id, held_on)
        for one, topic, held_on, village_id, village in session.execute(query)
    ]


def _reports(session: GatedSession, *conditions: Any) -> list[Tied]:
    query = (
        select(Report.commune_id, Report.period, Place.name)
        .join(Place, col(Place.id) == Report.commune_id)
        .where(*conditions)
        .order_by(col(Report.period).desc())
    )
    return [
        Tied(TieNoun.REPORT, f"{place_id}:{span}", name, span, place_id)
        for place_id, span, name in session.execute(query)
    ]


def _reports_named(session: GatedSession, targets: Collection[str]) -> list[Tied]:
    pairs = [one.partition(":") for one in targets]
    wanted = {(int(place), span) for place, _, span in pairs if _numbers([place])}
    found = _reports(session, col(Report.commune_id).in_({place for place, _ in wanted}))
    return [one for one in found if (one.place_id, one.about) in wanted]


def _models(session: GatedSession, *conditions: Any) -> list[Tied]:
    query = (
        select(ModelVillage.id, ModelVillage.village_id, Place.label, VillageModel.name)
        .join(Place, col(Place.id) == ModelVillage.village_id)
        .join(VillageModel, col(VillageModel.code) == ModelVillage.model)
        .where(*conditions)
        .order_by(Place.name_sort, col(VillageModel.sort))
    )
    return [
        Tied(TieNoun.MODEL, str(one), village, model, village_id)
        for one, village_id, village, model in session.execute(query)
    ]


_FINDERS: dict[str, Callable[[GatedSession, Collection[str]], list[Tied]]] = {
    TieNoun.VILLAGE: lambda session, targets: _villages(session, col(Place.id).in_(_numbers(targets))),
    TieNoun.TEAM: lambda session, targets: _teams(session, col(Team.id).in_(_numbers(targets))),
    TieNoun.GATHERING: _gatherings,
    TieNoun.REPORT: _reports_named,
    TieNoun.MODEL: lambda session, targets: _models(session, col(ModelVillage.id).in_(_numbers(targets))),
}
