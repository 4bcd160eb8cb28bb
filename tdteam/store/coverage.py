"""Reads the coverage board: figures through `store/indicators`, states of teams and reports, targets, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import col, select

from tdteam.domain import coverage as rules
from tdteam.domain.coverage import LEAD, Board, Line, TeamActivity, TeamLine
from tdteam.domain.indicators import Indicator
from tdteam.domain.places import Level
from tdteam.store import indicators, papers
from tdteam.store.activity import list_activity, list_work
from tdteam.store.coverage_denominators import fill_denominators
from tdteam.store.coverage_ground import Asked, read_ground
from tdteam.store.gate import GatedSession
from tdteam.store.indicators import Groups
from tdteam.store.places import holds_on
from tdteam.store.sums import By
from tdteam.store.tables import Place, PlaceAncestor, Target, TeamTally


@dataclass(frozen=True)
class Figures:
    """What was read, by place."""

    now: Groups
    before: Groups
    series: Mapping[int, tuple[Decimal | None, ...]]


def board_columns(session: GatedSession, codes: Sequence[str] | None = None) -> tuple[Indicator, ...]:
    """The columns of the board, from the catalogue: those chosen, or those meant for it."""
    return rules.chosen_columns(indicators.list_indicators(session), codes)


def read_board(session: GatedSession, asked: Asked) -> Board:
    """The board of a place: its communes in the order asked for, the villages of those that stand open, the teams of
    opened villages. Of several provinces: the provinces, and the communes of those that stand open."""
    if asked.is_country:
        return _read_country(session, asked)
    return fill_denominators(session, asked, _Reader(session, asked).board())


def read_all_villages(session: GatedSession, asked: Asked) -> list[tuple[Line, list[Line]]]:
    """Every commune of the board with all its villages, by name (for exports)."""
    reader = _Reader(session, replace(asked, all_opened=True))
    lines = rules.sort_lines(reader.commune_lines(), "name")
    return [(line, list(rules.sort_lines(reader.village_lines(line.place_id), "name"))) for line in lines]


def _team_line(team: TeamActivity, work: TeamTally | None) -> TeamLine:
    if work is None:
        return TeamLine(team)
    return TeamLine(team, work.visits, work.assists, work.people, work.gatherings, work.filings)


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


class _Reader:
    """Everything one board needs, read once."""

    def __init__(self, session: GatedSession, asked: Asked) -> None:
        self.asked = asked
        self.session = session
        self.columns = board_columns(session, asked.columns)
        self.ground = read_ground(session, asked)
        self.figures = _read_figures(session, asked, self.columns, self.ground.shown(asked))
        self.teams = list_activity(session, asked.place_id, asked.period, asked.on, self.ground.commune_of)
        self.above = _read_above(session, asked)
        self.targets = _read_targets(session, asked, self.columns)
        period = asked.period.code
        self.drafted = {
            place for place, _ in papers.list_drafts(session, list(self.ground.communes), [period])
        }

    def board(self) -> Board:
        lines = list(self.commune_lines())
        order, opened = self.asked.order, self.asked.opened
        inside = {
            commune: rules.sort_lines(self.village_lines(commune), order)
            for commune in self.ground.communes
            if self.asked.stands_open(commune)
        }
        listed = len(self.teams) <= rules.SILENT_LISTED
        return Board(
            period=self.asked.period,
            columns=self.columns,
            whole=self._whole(),
            communes=rules.sort_lines(lines, order),
            opened=inside.get(opened or 0, ()),
            teamless=len(self.ground.communes) - len(lines),
            drafts=len(self.drafted),
            silent=rules.silent_teams(self.teams, self.asked.period, self.asked.on) if listed else (),
            inside=inside,
            teams=self._teams_inside([line.place_id for lines in inside.values() for line in lines]),
        )

    def _teams_inside(self, villages: Sequence[int]) -> dict[int, tuple[TeamLine, ...]]:
        """The teams of the villages that stand open."""
        opened = [village for village in villages if village in self.asked.open_ids]
        of = {village: [team for team in self.teams if village in dict(team.villages)] for village in opened}
        ids = sorted({team.team_id for teams in of.values() for team in teams})
        work = list_work(self.session, ids, self.asked.period) if ids else {}
        return {
            village: tuple(_team_line(team, work.get(team.team_id)) for team in teams)
            for village, teams in of.items()
        }

    def commune_lines(self) -> Iterable[Line]:
        """The communes where somebody works; those without any team are only counted."""
        for commune_id, commune in self.ground.communes.items():
            teams = [team for team in self.teams if team.commune_id == commune_id]
            if teams or self.figures.now.get(commune_id):
                state = "draft" if commune_id in self.drafted else "none"
                yield self._line(commune, self.ground.of(commune_id), teams, state, [commune_id])

    def village_lines(self, commune_id: int) -> Iterable[Line]:
        for village in self.ground.of(commune_id):
            teams = [team for team in self.teams if village.id in dict(team.villages)]
            state = rules.worst_status([team.status for team in teams])
            yield self._line(village, [village], teams, state, [village.id or 0, commune_id])

    def _whole(self) -> Line:
        return self._line(self.asked.place, list(self.ground.villages.values()), self.teams, "", [])

    def _line(
        self,
        place: Place,
        villages: Sequence[Place],
        teams: Sequence[TeamActivity],
        state: str,
        above: Sequence[int],
    ) -> Line:
        place_id = place.id or 0
        return Line(
            place_id=place_id,
            name=place.label if place.level == Level.VILLAGE else place.name,
            sort=place.name_sort,
            values=self.figures.now.get(place_id, {}),
            before=self.figures.before.get(place_id, {}).get(LEAD),
            series=self.figures.series.get(place_id, ()),
            targets=self._targets([*above, self.asked.place_id, *self.above]),
            villages=len(villages),
            village_word=rules.village_word(village.kind for village in villages),
            known_villages=self.ground.known.get(place_id, len(villages)),
            is_beyond=place_id in self.ground.beyond,
            teams=len(teams),
            last_on=max((team.last_on for team in teams if team.last_on), default=None),
            state=state,
            level=place.level,
            previous=self.figures.before.get(place_id, {}),
            statuses=rules.count_statuses(teams),
        )

    def _targets(self, places: Sequence[int]) -> dict[str, Decimal]:
        """Each share's target: the place's own, else that of what it lies in."""
        out: dict[str, Decimal] = {}
        for place in places:
            out = {**self.targets.get(place, {}), **out}
        return out


def _read_figures(session: GatedSession, asked: Asked, columns: Sequence[Indicator], by: By) -> Figures:
    """Every column now, the lead also in the period before and over the last ones."""
    lead = next((one for one in columns if one.code == LEAD), None)
    place = (session, asked.place_id)
    periods = asked.period.back(rules.SERIES)
    trends = indicators.read_trends(*place, periods, asked.on, lead, by) if lead else {}
    series = {group: tuple(rules.size_of(value) for value in values) for group, values in trends.items()}
    before = asked.period.plus(-1)
    if asked.year:
        now = indicators.read_year(*place, asked.period, asked.on, columns, by)
        started = asked.period.month > 1  # before the first period of a year there is nothing of it
        was = indicators.read_year(*place, before, asked.on, columns, by) if started else {}
        return Figures(now, was, series)
    found = indicators.read_groups(*place, [before, asked.period], asked.on, columns, by)
    return Figures(found[asked.period.code], found[before.code], series)


def _read_above(session: GatedSession, asked: Asked) -> list[int]:
    """What the board's place lies in, the nearest first: its targets hold where nobody set others."""
    query = (
        select(Place.id, Place.level)
        .join(PlaceAncestor, col(PlaceAncestor.ancestor_id) == Place.id)
        .where(
            PlaceAncestor.place_id == asked.place_id,
            Place.id != asked.place_id,
            holds_on(PlaceAncestor, asked.on),
            holds_on(Place, asked.on),
        )
    )
    order = [Level.COMMUNE, Level.AREA, Level.PROVINCE]
    found = sorted(session.exec(query), key=lambda row: order.index(Level(row[1])))
    return [place_id or 0 for place_id, _ in found]


def _read_targets(
    session: GatedSession, asked: Asked, columns: Sequence[Indicator]
) -> dict[int, dict[str, Decimal]]:
    """Place -> indicator -> the percent or count it should have reached. A period's target stands before a year's."""
    by_code = {one.code: one for one in columns}
    query = (
        select(Target)
        .where(
            col(Target.indicator).in_(list(by_code)),
            col(Target.span).in_((asked.period.code, asked.period.year_code)),
        )
        .order_by(func.length(Target.span))
    )
    out: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for row in session.exec(query):
        if rules.holds_for(by_code[row.indicator], row.span, asked.period, year=asked.year):
            out[row.place_id][row.indicator] = rules.target_size(by_code[row.indicator], row.value)
    return out
