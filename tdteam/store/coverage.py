"""Reads the coverage board: figures through `store/indicators`, states of teams and reports, targets, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, bindparam, or_, select

from tdteam.domain import coverage as rules
from tdteam.domain.coverage import LEAD, Board, Line, TeamActivity, VillageWord
from tdteam.domain.indicators import Indicator
from tdteam.domain.month import TeamStatus
from tdteam.domain.places import Level
from tdteam.domain.team_sheets import TeamSheet
from tdteam.store import papers, team_sheets
from tdteam.store.board_ground import BoardGround, Unit, read_board_ground
from tdteam.store.board_teams import BoardTeams, TeamSum, sum_of, sum_teams
from tdteam.store.board_values import read_board_figures
from tdteam.store.coverage_country import read_country
from tdteam.store.coverage_denominators import fill_denominators
from tdteam.store.coverage_ground import Asked
from tdteam.store.coverage_targets import read_targets
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.sheets import communes_inside, open_shelf
from tdteam.store.tables import Place, PlaceAncestor


def board_columns(session: GatedSession, codes: Sequence[str] | None = None) -> tuple[Indicator, ...]:
    """The columns of the board, from the catalogue: those chosen, or those meant for it."""
    return rules.chosen_columns(list_indicators(session), codes)


def read_board(session: GatedSession, asked: Asked) -> Board:
    """The board of a place: its communes in the order asked for, the villages of those that stand open, the teams of
    opened villages. Of several provinces: the provinces, and the communes of those that stand open.

    Raises NotFound for a place outside the scope. Figures come from sheets (`store/sheets.py`).
    """
    if asked.is_country:
        return read_country(session, asked, read_board)
    return BoardReader(session, asked).filled()


def read_all_villages(session: GatedSession, asked: Asked) -> list[tuple[Line, list[Line]]]:
    """Every commune of the board with all its villages, by name (for exports)."""
    reader = BoardReader(session, replace(asked, all_opened=True))
    lines = rules.sort_lines(reader.commune_lines(), "name")
    return [(line, list(rules.sort_lines(reader.village_lines(line.place_id), "name"))) for line in lines]


class BoardReader:
    """Everything one place's board needs, read once. `near`: a reader of the same place, day and period, from which what
    does not turn on columns, span or what stands open is taken."""

    def __init__(self, session: GatedSession, asked: Asked, near: BoardReader | None = None) -> None:
        if asked.place_id not in session.scope.roots:
            session.demand(asked.place_id)
        self.asked = asked
        self.session = session
        self.known: list[Indicator] = near.known if near else list_indicators(session)
        self.columns = rules.chosen_columns(self.known, asked.columns)
        self.kept: Mapping[int, TeamSheet] | None = near.kept if near else self._read_kept()
        self.ground: BoardGround = (
            near.ground.opened(session, asked, self.kept)
            if near
            else read_board_ground(session, asked, self.kept)
        )
        self.figures = read_board_figures(session, asked, self.columns, self.ground.rows, self.known)
        is_same = near is not None and (near.kept is None or not asked.all_opened)
        self.teams: BoardTeams = near.teams if near and is_same else self._read_teams()
        self.above: list[int] = near.above if near else _read_above(session, asked)
        self.drafted: set[int] = near.drafted if near else self._read_drafted()
        self.areas = self._read_areas()
        areas = {area for found in self.areas.values() for area in found}
        places = {*self.ground.rows.places, *self.above, *areas, asked.place_id}
        self.targets = read_targets(session, asked, self.columns, places)

    def _read_kept(self) -> Mapping[int, TeamSheet] | None:
        """A great province's teams and villages, counted by commune; None where each team is to be read: of fewer, whose
        silent ones are listed, of another day, and where villages lie in no commune."""
        asked = self.asked
        if asked.place.level != Level.PROVINCE or asked.on != self.session.scope.day:
            return None
        shelf = open_shelf(self.session, asked.on, self.known)
        whole = team_sheets.of_provinces(shelf, [asked.place_id], asked.period)
        if whole[asked.place_id].teams <= rules.SILENT_LISTED or whole[asked.place_id].strays:
            return None
        communes = communes_inside(shelf, [asked.place_id])[asked.place_id]
        return {**whole, **team_sheets.of_communes(shelf, communes, asked.period)}

    def _read_teams(self) -> BoardTeams:
        """The board's teams; of a great province only those of what stands open."""
        asked = self.asked
        opened = [commune for commune in self.ground.communes if asked.stands_open(commune)]
        roots = [asked.place_id] if self.kept is None else opened
        at = (asked.period, asked.on, roots, self.ground.commune_of)
        return BoardTeams(self.session, *at, named_in=[asked.place_id])

    def _teams_of(self, place_id: int) -> TeamSum:
        """How the teams of a commune, or of the board's place, stand."""
        if self.kept is not None:
            return sum_of(self.kept[place_id])
        return sum_teams(
            self.teams.all if place_id == self.asked.place_id else self.teams.by_commune.get(place_id, [])
        )

    def _read_areas(self) -> dict[int, list[int]]:
        """The areas that the board's villages lie in, where the board is not an area's own."""
        if self.asked.place.level not in (Level.COMMUNE, Level.PROVINCE):
            return {}
        shown = {
            village.id
            for commune, villages in self.ground.villages.items()
            if self.asked.stands_open(commune)
            for village in villages
        }
        out: dict[int, list[int]] = {}
        if shown:
            found = _AREAS.ask(self.session, {"places": sorted(shown), "day": self.asked.on}, places=())
            for village, area in found:
                out.setdefault(village, []).append(area)
        return out

    def _read_drafted(self) -> set[int]:
        return papers.list_drafted(self.session, list(self.ground.communes), self.asked.period.code)

    def filled(self) -> Board:
        """The board, with declared denominators where no list tells them."""
        return fill_denominators(self.session, self.asked, self.board())

    def board(self) -> Board:
        lines = list(self.commune_lines())
        order, opened = self.asked.order, self.asked.opened
        inside = {
            commune: rules.sort_lines(self.village_lines(commune), order)
            for commune in self.ground.communes
            if self.asked.stands_open(commune)
        }
        shown = {line.place_id for lines in inside.values() for line in lines}
        return Board(
            period=self.asked.period,
            columns=self.columns,
            whole=self._whole(),
            communes=rules.sort_lines(lines, order),
            opened=inside.get(opened or 0, ()),
            teamless=len(self.ground.communes) - len(lines),
            drafts=len(self.drafted),
            silent=self._silent(),
            inside=inside,
            teams=self.teams.lines_of(sorted(shown.intersection(self.asked.open_ids))),
        )

    def _silent(self) -> tuple[TeamActivity, ...]:
        """The silent teams worth a word, named; none where there are too many teams to list."""
        if self.kept is not None or len(self.teams.all) > rules.SILENT_LISTED:
            return ()
        silent = [team for team in self.teams.all if team.status is TeamStatus.SILENT]
        return rules.silent_teams(self.teams.name(silent), self.asked.period, self.asked.on)

    def commune_lines(self) -> Iterable[Line]:
        """The communes where somebody works; those without any team are only counted."""
        for commune_id, commune in self.ground.communes.items():
            teams = self._teams_of(commune_id)
            if teams.teams or self.figures.now.get(commune_id):
                state = "draft" if commune_id in self.drafted else "none"
                yield self._line(commune, teams, state, [commune_id])

    def village_lines(self, commune_id: int) -> Iterable[Line]:
        for village in self.ground.villages.get(commune_id, ()):
            teams = self.teams.by_village.get(village.id, [])
            state = rules.worst_status([team.status for team in teams])
            word = rules.village_word([village.kind])
            above = [village.id, commune_id, *self.areas.get(village.id, ())]
            yield self._line(village, sum_teams(teams), state, above, word)

    def _whole(self) -> Line:
        place = self.asked.place
        unit = Unit(place.id or 0, place.level, place.kind, place.name, place.label, place.name_sort)
        line = self._line(unit, self._teams_of(unit.id), "", [])
        return replace(line, known_villages=line.villages, is_beyond=False)

    def _line(
        self,
        unit: Unit,
        teams: TeamSum,
        state: str,
        above: Sequence[int],
        word: VillageWord | None = None,
    ) -> Line:
        """`word`: of a village itself, which is one of itself."""
        villages = 1 if word else self.ground.count(unit.id)
        before = self.figures.before.get(unit.id, {})
        return Line(
            place_id=unit.id,
            name=unit.shown,
            sort=unit.sort,
            values=self.figures.now.get(unit.id, {}),
            before=before.get(LEAD),
            series=self.figures.series.get(unit.id, ()),
            targets=self._targets([*above, self.asked.place_id, *self.above]),
            villages=villages,
            village_word=word or self.ground.word(unit.id),
            known_villages=1 if word else self.ground.known.get(unit.id, villages),
            is_beyond=unit.id in self.ground.beyond,
            teams=teams.teams,
            last_on=teams.last_on,
            state=state,
            level=unit.level,
            previous=before,
            statuses=teams.statuses,
        )

    def _targets(self, places: Sequence[int]) -> dict[str, Decimal]:
        """Each share's target: the place's own, else that of what it lies in."""
        out: dict[str, Decimal] = {}
        for place in places:
            out = {**self.targets.get(place, {}), **out}
        return out


def _read_above(session: GatedSession, asked: Asked) -> list[int]:
    """What the board's place lies in, the nearest first: its targets hold where nobody set others."""
    order = [Level.COMMUNE, Level.AREA, Level.PROVINCE]
    found = _ABOVE.ask(session, {"place": asked.place_id, "day": asked.on}, places=())
    return [place for place, level in sorted(found, key=lambda row: order.index(Level(row[1])))]


_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_day: Any = bindparam("day", type_=Date())
_HOLDS = tuple(
    (one.c.since <= _day) & or_(one.c.until.is_(None), one.c.until > _day) for one in (_reach, _place)
)
_ABOVE = Prepared(
    select(_place.c.id, _place.c.level)
    .join(_reach, _reach.c.ancestor_id == _place.c.id)
    .where(
        _reach.c.place_id == bindparam("place"),
        _place.c.id != bindparam("place"),
        *_HOLDS,
    )
)
_AREAS = Prepared(
    select(_reach.c.place_id, _place.c.id)
    .join(_place, _place.c.id == _reach.c.ancestor_id)
    .where(any_of(_reach.c.place_id, "places"), _place.c.level == Level.AREA, *_HOLDS)
    .order_by(_place.c.id)
)
