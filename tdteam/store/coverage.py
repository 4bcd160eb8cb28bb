"""Reads the coverage board: figures through `store/indicators`, states of teams and reports, targets, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, bindparam, func, or_, select

from tdteam.domain import coverage as rules
from tdteam.domain.coverage import LEAD, Board, Line, TeamActivity, VillageWord
from tdteam.domain.indicators import Indicator
from tdteam.domain.month import TeamStatus
from tdteam.domain.places import Level
from tdteam.store import papers
from tdteam.store.board_ground import BoardGround, Unit, read_board_ground
from tdteam.store.board_teams import BoardTeams, TeamState, count_statuses, last_day
from tdteam.store.board_values import read_board_figures
from tdteam.store.coverage_denominators import fill_denominators
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import Place, PlaceAncestor, Target


def board_columns(session: GatedSession, codes: Sequence[str] | None = None) -> tuple[Indicator, ...]:
    """The columns of the board, from the catalogue: those chosen, or those meant for it."""
    return rules.chosen_columns(list_indicators(session), codes)


def read_board(session: GatedSession, asked: Asked) -> Board:
    """The board of a place: its communes in the order asked for, the villages of those that stand open, the teams of
    opened villages. Of several provinces: the provinces, and the communes of those that stand open.

    Raises NotFound for a place outside the scope. Figures come from sheets (`store/sheets.py`).
    """
    if asked.is_country:
        return _read_country(session, asked)
    return BoardReader(session, asked).filled()


def read_all_villages(session: GatedSession, asked: Asked) -> list[tuple[Line, list[Line]]]:
    """Every commune of the board with all its villages, by name (for exports)."""
    reader = BoardReader(session, replace(asked, all_opened=True))
    lines = rules.sort_lines(reader.commune_lines(), "name")
    return [(line, list(rules.sort_lines(reader.village_lines(line.place_id), "name"))) for line in lines]


def _read_country(session: GatedSession, asked: Asked) -> Board:
    """Several provinces: a row each, and the whole of them together."""
    boards = {root.id or 0: read_board(session, replace(asked, place=root, roots=())) for root in asked.roots}
    first = next(iter(boards.values()))
    return Board(
        period=asked.period,
        columns=first.columns,
        whole=rules.add_lines([board.whole for board in boards.values()]),
        communes=rules.sort_lines([board.whole for board in boards.values()], asked.order),
        teamless=sum(board.teamless for board in boards.values()),
        drafts=sum(board.drafts for board in boards.values()),
        inside={place: lines for board in boards.values() for place, lines in board.inside.items()}
        | {root: board.communes for root, board in boards.items() if asked.stands_open(root)},
        teams={village: lines for board in boards.values() for village, lines in board.teams.items()},
    )


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
        self.ground: BoardGround = (
            near.ground.opened(session, asked) if near else read_board_ground(session, asked)
        )
        self.figures = read_board_figures(session, asked, self.columns, self.ground.rows, self.known)
        self.teams: BoardTeams = near.teams if near else BoardTeams(session, asked, self.ground.commune_of)
        self.above: list[int] = near.above if near else _read_above(session, asked)
        self.drafted: set[int] = near.drafted if near else self._read_drafted()
        places = {*self.ground.rows.places, *self.above, asked.place_id}
        self.targets = _read_targets(session, asked, self.columns, places)

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
        if len(self.teams.all) > rules.SILENT_LISTED:
            return ()
        silent = [team for team in self.teams.all if team.status is TeamStatus.SILENT]
        return rules.silent_teams(self.teams.name(silent), self.asked.period, self.asked.on)

    def commune_lines(self) -> Iterable[Line]:
        """The communes where somebody works; those without any team are only counted."""
        for commune_id, commune in self.ground.communes.items():
            teams = self.teams.by_commune.get(commune_id, [])
            if teams or self.figures.now.get(commune_id):
                state = "draft" if commune_id in self.drafted else "none"
                yield self._line(commune, teams, state, [commune_id])

    def village_lines(self, commune_id: int) -> Iterable[Line]:
        for village in self.ground.villages.get(commune_id, ()):
            teams = self.teams.by_village.get(village.id, [])
            state = rules.worst_status([team.status for team in teams])
            yield self._line(
                village, teams, state, [village.id, commune_id], rules.village_word([village.kind])
            )

    def _whole(self) -> Line:
        place = self.asked.place
        unit = Unit(place.id or 0, place.level, place.kind, place.name, place.label, place.name_sort)
        line = self._line(unit, self.teams.all, "", [])
        return replace(line, known_villages=line.villages, is_beyond=False)

    def _line(
        self,
        unit: Unit,
        teams: Sequence[TeamState],
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
            teams=len(teams),
            last_on=last_day(teams),
            state=state,
            level=unit.level,
            previous=before,
            statuses=count_statuses(teams),
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


def _read_targets(
    session: GatedSession, asked: Asked, columns: Sequence[Indicator], places: Collection[int]
) -> dict[int, dict[str, Decimal]]:
    """Place -> indicator -> the percent or count it should have reached. A period's target stands before a year's."""
    by_code = {one.code: one for one in columns}
    spans = [asked.period.code, asked.period.year_code]
    found = _TARGETS.ask(session, {"places": list(places), "spans": spans}, places=())
    out: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for place, code, span, value in found:
        if code in by_code and rules.holds_for(by_code[code], span, asked.period, year=asked.year):
            out[place][code] = rules.target_size(by_code[code], value)
    return out


_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_target: Any = Target.__table__  # type: ignore[attr-defined]
_day: Any = bindparam("day", type_=Date())
_ABOVE = Prepared(
    select(_place.c.id, _place.c.level)
    .join(_reach, _reach.c.ancestor_id == _place.c.id)
    .where(
        _reach.c.place_id == bindparam("place"),
        _place.c.id != bindparam("place"),
        *((one.c.since <= _day) & or_(one.c.until.is_(None), one.c.until > _day) for one in (_reach, _place)),
    )
)
_TARGETS = Prepared(
    select(_target.c.place_id, _target.c.indicator, _target.c.span, _target.c.value)
    .where(any_of(_target.c.place_id, "places"), any_of(_target.c.span, "spans"))
    .order_by(func.length(_target.c.span))
)
