"""The teams of a board: each one's state in a period and when it last did anything, without a name until one is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, case, func, or_, select

from tdteam.domain.coverage import TeamActivity, TeamLine
from tdteam.domain.month import TeamStatus, status_of
from tdteam.domain.periods import Period
from tdteam.domain.team_sheets import TeamSheet
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import Confirmation, Declared, Place, PlaceAncestor, Team, TeamTally, TeamVillage

_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_serves: Any = TeamVillage.__table__  # type: ignore[attr-defined]
_team: Any = Team.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_tally: Any = TeamTally.__table__  # type: ignore[attr-defined]
_word: Any = Confirmation.__table__  # type: ignore[attr-defined]
_paper: Any = Declared.__table__  # type: ignore[attr-defined]
_day: Any = bindparam("day", type_=Date())
_period: Any = bindparam("period")


def _holds(table: Any) -> Any:
    return (table.c.since <= _day) & or_(table.c.until.is_(None), table.c.until > _day)


_SERVING = Prepared(
    select(_serves.c.team_id, _serves.c.village_id)
    .select_from(_reach)
    .join(_serves, _serves.c.village_id == _reach.c.place_id)
    .join(_team, _team.c.id == _serves.c.team_id)
    .where(any_of(_reach.c.ancestor_id, "roots"), *(_holds(one) for one in (_reach, _serves, _team)))
    .distinct()
)
_WORK = Prepared(
    select(
        _tally.c.team_id, _tally.c.last_on, _tally.c.visits + _tally.c.gatherings + _tally.c.filings
    ).where(_tally.c.period == _period, any_of(_tally.c.team_id, "teams"))
)
_EARLIER = Prepared(
    select(_tally.c.team_id, func.max(_tally.c.last_on, type_=Date()))
    .where(_tally.c.period < _period, any_of(_tally.c.team_id, "teams"))
    .group_by(_tally.c.team_id)
)
_WORDS = Prepared(
    select(_word.c.team_id, _word.c.kind).where(_word.c.period == _period, any_of(_word.c.team_id, "teams"))
)
_TOLD = Prepared(
    select(
        _paper.c.team_id,
        func.max(_paper.c.received_on, type_=Date()),
        func.max(case((_paper.c.period == _period, 1), else_=0)),
    )
    .where(
        any_of(_paper.c.team_id, "teams"),
        _paper.c.period <= _period,
        _paper.c.superseded_at.is_(None),
        _paper.c.place_id.in_(
            select(_reach.c.place_id).where(any_of(_reach.c.ancestor_id, "roots"), _holds(_reach))
        ),
    )
    .group_by(_paper.c.team_id)
)
_NAMES = Prepared(
    select(_team.c.id, _team.c.name, _place.c.id, _place.c.label)
    .select_from(_serves)
    .join(_team, _team.c.id == _serves.c.team_id)
    .join(_place, _place.c.id == _serves.c.village_id)
    .join(_reach, _reach.c.place_id == _place.c.id)
    .where(
        any_of(_team.c.id, "teams"),
        any_of(_reach.c.ancestor_id, "roots"),
        *(_holds(one) for one in (_reach, _serves, _team)),
    )
    .distinct()
    .add_columns(_team.c.name_sort, _place.c.name_sort)
    .order_by(_team.c.name_sort, _team.c.id, _place.c.name_sort, _place.c.id)
)
_OWN_WORK = Prepared(
    select(
        *(_tally.c.team_id, _tally.c.visits, _tally.c.assists, _tally.c.people),
        *(_tally.c.gatherings, _tally.c.filings),
    ).where(_tally.c.period == _period, any_of(_tally.c.team_id, "teams"))
)


class TeamState(NamedTuple):
    """A team of the board; `commune_id` is that of its first village by name, 0 where it stands in none."""

    team_id: int
    villages: tuple[int, ...]
    commune_id: int
    status: TeamStatus
    last_on: date | None


class BoardTeams:
    """The teams at work in some places, by what they serve."""

    def __init__(
        self,
        session: GatedSession,
        period: Period,
        on: date,
        roots: Sequence[int],
        commune_of: Mapping[int, int],
        named_in: Sequence[int] = (),
    ) -> None:
        """`roots`: the places whose teams are wanted; `commune_of`: of their villages; `named_in`: the places whose villages
        are named of a team, where these are more than the roots."""
        self.session, self.period = session, period
        self._at: dict[str, Any] = {"roots": list(roots), "day": on}
        self._named_at = {**self._at, "roots": list(named_in or roots)}
        self.all = self._read(commune_of)
        self.by_commune: dict[int, list[TeamState]] = defaultdict(list)
        self.by_village: dict[int, list[TeamState]] = defaultdict(list)
        for team in self.all:
            self.by_commune[team.commune_id].append(team)
            for village in team.villages:
                self.by_village[village].append(team)

    def _read(self, commune_of: Mapping[int, int]) -> list[TeamState]:
        villages: dict[int, tuple[int, ...]] = {}
        for team, village in _SERVING.ask(self.session, self._at, places=()):
            villages[team] = (*villages.get(team, ()), village)
        several = [team for team, served in villages.items() if len(served) > 1]
        for team, _, *_ in self._names(several):
            villages[team] = ()
        for team, _, village, *_ in self._names(several):
            villages[team] = (*villages[team], village)
        asked = {**self._at, "teams": list(villages), "period": self.period.code}
        work = {team: (day, done) for team, day, done in _WORK.ask(self.session, asked, places=())}
        last = self._last_days(villages, {team: day for team, (day, _) in work.items()})
        words: dict[int, str] = dict(_WORDS.ask(self.session, asked, places=()))
        told = {team: (day, bool(now)) for team, day, now in _TOLD.ask(self.session, asked, places=())}
        nothing: tuple[date | None, bool] = (None, False)
        out = []
        for team, served in villages.items():
            paper_on, is_told = told.get(team, nothing)
            day = last.get(team)
            if paper_on and (day is None or paper_on > day):
                day = paper_on
            has_worked = team in work and work[team][1] > 0
            status = status_of(words.get(team), has_worked, is_told)
            out.append(TeamState(team, served, commune_of.get(served[0], 0), status, day))
        return out

    def _last_days(self, teams: Iterable[int], days: Mapping[int, date | None]) -> dict[int, date | None]:
        """The last day of work up to the period's end. What counts in an earlier period is of before this one began, so
        only teams without work of its own days are asked for earlier ones."""
        since = self.period.since
        out: dict[int, date | None] = {team: day for team, day in days.items() if day and day >= since}
        rest = [team for team in teams if team not in out]
        if rest:
            asked = {"teams": rest, "period": self.period.code}
            earlier: dict[int, date | None] = dict(_EARLIER.ask(self.session, asked, places=()))
            for team in rest:
                known = [day for day in (days.get(team), earlier.get(team)) if day]
                out[team] = max(known, default=None)
        return out

    def _names(self, teams: Collection[int]) -> list[Any]:
        """(team, its name, village, its label) in Vietnamese order of teams and their villages."""
        if not teams:
            return []
        return _NAMES.ask(self.session, {**self._named_at, "teams": list(teams)}, places=())

    def name(self, teams: Sequence[TeamState]) -> list[TeamActivity]:
        """Some of them with their names and those of their villages."""
        labels: dict[int, list[tuple[int, str]]] = defaultdict(list)
        names: dict[int, str] = {}
        for team, name, village, label, *_ in self._names([one.team_id for one in teams]):
            names[team] = name
            labels[team].append((village, label))
        by_id = {one.team_id: one for one in teams}
        return [
            TeamActivity(team, name, tuple(labels[team]), one.commune_id, one.status, one.last_on)
            for team, name in names.items()
            if (one := by_id.get(team))
        ]

    def lines_of(self, villages: Collection[int]) -> dict[int, tuple[TeamLine, ...]]:
        """The teams of some villages, each with its own work of the period."""
        teams = {team.team_id: team for village in villages for team in self.by_village.get(village, ())}
        asked = {"teams": list(teams), "period": self.period.code}
        work = {team: done for team, *done in _OWN_WORK.ask(self.session, asked, places=())} if teams else {}
        named = self.name(list(teams.values()))
        return {
            village: tuple(
                TeamLine(team, *work.get(team.team_id, ()))
                for team in named
                if village in teams[team.team_id].villages
            )
            for village in villages
        }


class TeamSum(NamedTuple):
    """Some teams counted: all states named, and when any of them last did something."""

    teams: int
    statuses: Mapping[TeamStatus, int]
    last_on: date | None


def sum_teams(teams: Sequence[TeamState]) -> TeamSum:
    counted = Counter(team.status for team in teams)
    last_on = max((team.last_on for team in teams if team.last_on), default=None)
    return TeamSum(len(teams), {status: counted[status] for status in TeamStatus}, last_on)


def sum_of(sheet: TeamSheet) -> TeamSum:
    """What a teams' sheet counted."""
    return TeamSum(sheet.teams, {s: sheet.statuses.get(s, 0) for s in TeamStatus}, sheet.last_on)
