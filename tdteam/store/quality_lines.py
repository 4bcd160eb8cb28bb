"""Findings about the data as they are shown: with the village and team they lie in, and names only where the scope may see
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from tdteam.domain.households import short_id
from tdteam.domain.quality import Finding
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Household, Place, Resident, Team

FEW = 500


@dataclass(frozen=True)
class RecordName:
    """A record of a finding: its code, its name where names may be seen, the household it is opened with."""

    noun: str
    id: str
    code: str
    name: str | None = None
    household_id: str | None = None

    @property
    def label(self) -> str:
        return self.name or self.code


@dataclass(frozen=True)
class FindingLine:
    """A finding and where it lies."""

    finding: Finding
    village: str
    team: str
    records: tuple[RecordName, ...] = field(default_factory=tuple)


def name_findings(session: GatedSession, findings: Sequence[Finding]) -> list[FindingLine]:
    """The findings with their villages, teams and records named."""
    villages = _names(session, Place.id, Place.label, {one.village_id for one in findings})
    teams = _names(session, Team.id, Team.name, {one.team_id for one in findings if one.team_id})
    people = _people(session, findings)
    return [
        FindingLine(
            one,
            villages.get(one.village_id, ""),
            teams.get(one.team_id or 0, ""),
            tuple(
                people.get((ref.noun, ref.id)) or RecordName(ref.noun, ref.id, short_id(ref.id))
                for ref in one.records
            ),
        )
        for one in findings
    ]


def _names(session: GatedSession, key: Any, name: Any, ids: Iterable[int]) -> dict[int, str]:
    wanted = sorted(ids)
    out: dict[int, str] = {}
    for first in range(0, len(wanted), FEW):
        query = select(col(key), col(name)).where(col(key).in_(wanted[first : first + FEW]))
        out.update({found: str(text) for found, text in session.exec(query)})
    return out


def _people(session: GatedSession, findings: Sequence[Finding]) -> Mapping[tuple[str, str], RecordName]:
    """Households and residents of the findings; their names only for a scope that may see them."""
    if not session.scope.names:
        return {}
    out: dict[tuple[str, str], RecordName] = {}
    for noun, columns in (
        ("household", (Household.id, Household.head, Household.id)),
        ("resident", (Resident.id, Resident.name, Resident.household_id)),
    ):
        ids = sorted({ref.id for one in findings for ref in one.records if ref.noun == noun})
        for first in range(0, len(ids), FEW):
            query = select(*columns).where(col(columns[0]).in_(ids[first : first + FEW]))
            for key, name, household in session.exec(query):
                out[noun, key] = RecordName(noun, key, short_id(key), name, household)
    return out
