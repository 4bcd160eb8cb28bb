"""Reads the board of several provinces: a row each from sheets of whole provinces, however many villages and teams stand
behind them; only a province that stands open is read inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tdteam.domain import coverage as rules
from tdteam.domain.coverage import LEAD, Board, Line, add_lines, sort_lines, village_word
from tdteam.domain.indicators import Indicator
from tdteam.domain.team_sheets import TeamSheet
from tdteam.store import papers, team_sheets
from tdteam.store.board_teams import sum_of
from tdteam.store.board_values import BoardFigures, Rows, read_board_figures
from tdteam.store.coverage_denominators import has_declared
from tdteam.store.coverage_ground import Asked
from tdteam.store.coverage_targets import read_targets
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.sheets import open_shelf
from tdteam.store.tables import Place

ReadOne = Callable[[GatedSession, Asked], Board]


def read_country(session: GatedSession, asked: Asked, read_one: ReadOne) -> Board:
    """Several provinces: a row each, and the whole of them together. `read_one` reads the board of one of them."""
    known = list_indicators(session)
    columns = rules.chosen_columns(known, asked.columns)
    kept = _kept(session, asked, known)
    boards = {
        root.id or 0: read_one(session, replace(asked, place=root, roots=()))
        for root in asked.roots
        if root.id not in kept or asked.stands_open(root.id or 0)
    }
    lines = {place: board.whole for place, board in boards.items()}
    rest = [root for root in asked.roots if root.id not in boards]
    lines |= _lines(session, asked, rest, kept, columns, known)
    listed = [lines[root.id or 0] for root in asked.roots]
    return Board(
        period=asked.period,
        columns=columns,
        whole=add_lines(listed),
        communes=sort_lines(listed, asked.order),
        teamless=sum(board.teamless for board in boards.values())
        + _teamless(session, asked, [kept[root.id or 0] for root in rest], columns, known),
        drafts=sum(board.drafts for board in boards.values())
        + papers.count_drafted(session, [root.id or 0 for root in rest], asked.period.code, asked.on),
        inside={place: found for board in boards.values() for place, found in board.inside.items()}
        | {root: board.communes for root, board in boards.items() if asked.stands_open(root)},
        teams={village: found for board in boards.values() for village, found in board.teams.items()},
    )


def _kept(session: GatedSession, asked: Asked, known: Sequence[Indicator]) -> Mapping[int, TeamSheet]:
    """The provinces whose teams need not be read: today's, with every village in a commune and no declared denominator."""
    if asked.on != session.scope.day or asked.all_opened:
        return {}
    shelf = open_shelf(session, asked.on, known)
    roots = [root.id or 0 for root in asked.roots]
    declared = has_declared(session, roots, asked.on, asked.period)
    found = team_sheets.of_provinces(shelf, [root for root in roots if root not in declared], asked.period)
    return {root: sheet for root, sheet in found.items() if not sheet.strays}


def _lines(
    session: GatedSession,
    asked: Asked,
    roots: Sequence[Place],
    kept: Mapping[int, TeamSheet],
    columns: Sequence[Indicator],
    known: Sequence[Indicator],
) -> dict[int, Line]:
    if not roots:
        return {}
    rows = Rows(provinces=frozenset(root.id or 0 for root in roots))
    figures = read_board_figures(session, asked, columns, rows, known)
    targets = read_targets(session, asked, columns, rows.places)
    return {
        root.id or 0: _line(root, kept[root.id or 0], figures, targets.get(root.id or 0, {}))
        for root in roots
    }


def _line(root: Place, sheet: TeamSheet, figures: BoardFigures, targets: Mapping[str, Decimal]) -> Line:
    place, teams = root.id or 0, sum_of(sheet)
    before = figures.before.get(place, {})
    return Line(
        place_id=place,
        name=root.name,
        sort=root.name_sort,
        values=figures.now.get(place, {}),
        before=before.get(LEAD),
        series=figures.series.get(place, ()),
        targets=targets,
        villages=sheet.villages,
        village_word=village_word(sheet.kinds),
        known_villages=sheet.villages,
        teams=teams.teams,
        last_on=teams.last_on,
        level=root.level,
        previous=before,
        statuses=teams.statuses,
    )


def _teamless(
    session: GatedSession,
    asked: Asked,
    sheets: Sequence[TeamSheet],
    columns: Sequence[Indicator],
    known: Sequence[Indicator],
) -> int:
    """Communes without a team and without a figure, which have no row."""
    without = frozenset(commune for sheet in sheets for commune in sheet.teamless)
    if not without:
        return 0
    bare = replace(asked, is_bare=True)
    found = read_board_figures(session, bare, columns, Rows(communes=without), known)
    return sum(not found.now.get(commune) for commune in without)
