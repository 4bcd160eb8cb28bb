"""Whether a free text names somebody of a place: what reviewers who see no names read, too, must not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import literal
from sqlmodel import col, select

from tdteam.domain.errors import Flaw
from tdteam.domain.people import SubjectKind
from tdteam.domain.vietnamese import fold
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Household, Member, Membership, Resident, TeamVillage

_BETWEEN = re.compile(r"[\W_]+")


def names_somebody(session: GatedSession, place_id: int, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds the full name (two words or more, marks and capitals aside) of a head of household, a
    resident or a team member of the place, in force or not."""
    told = " ".join(f" {_BETWEEN.sub(' ', fold(text)).strip()} " for text in texts if text.strip())
    if not told:
        return False
    inside = ids_inside(place_id)
    heads = select(Household.id).where(
        col(Household.village_id).in_(inside),
        Household.kind == SubjectKind.HOUSEHOLD,
        _stands_in(told, col(Household.head_fold)),
    )
    residents = select(Resident.id).where(
        col(Resident.village_id).in_(inside), _stands_in(told, col(Resident.name_fold))
    )
    members = (
        select(Member.id)
        .join(Membership, col(Membership.member_id) == Member.id)
        .join(TeamVillage, col(TeamVillage.team_id) == Membership.team_id)
        .where(col(TeamVillage.village_id).in_(inside), _stands_in(told, col(Member.name_fold)))
    )
    return any(session.exec(query.limit(1)).first() is not None for query in (heads, residents, members))


def judge_named(session: GatedSession, place_id: int, texts: dict[str, str]) -> list[Flaw]:
    """`person_named` beside each text (by its field) that names somebody of the place."""
    if not names_somebody(session, place_id, texts.values()):
        return []
    return [
        Flaw(name, "person_named")
        for name, text in texts.items()
        if names_somebody(session, place_id, [text])
    ]


def _stands_in(told: str, name: Any) -> Any:
    return literal(told).like("% " + name + " %") & name.like("% %")
