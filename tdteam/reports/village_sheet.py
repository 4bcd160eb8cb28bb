"""A village's page: its teams, its figures, thirteen periods of households reached, its households by state."""

from __future__ import annotations

from tdteam.domain.report_spans import month_span
from tdteam.domain.team_papers import VillageSheet
from tdteam.reports.figures import show
from tdteam.reports.manuscript import Chart, Heading, Note
from tdteam.reports.plain_paper import Block, PlainPaper, draw_one_page_pdf, draw_plain_xlsx, short
from tdteam.reports.tables import Align, Column, Row, RowKind, Table
from tdteam.reports.team_words import WORDS, say
from tdteam.reports.wording import DASH_NOTE, ORDER, decision, span_name


def draw_village_sheet(sheet: VillageSheet, ending: str) -> bytes:
    """The page as `pdf` or `xlsx`."""
    if ending == "xlsx":
        return draw_plain_xlsx(write_village_sheet(sheet))
    return draw_one_page_pdf(lambda figures, teams: write_village_sheet(sheet, figures, teams))


def write_village_sheet(
    sheet: VillageSheet, most_figures: int | None = None, most_teams: int | None = None
) -> PlainPaper:
    """The words of the page, with at most so many teams and figures."""
    period = sheet.period
    days = f"({show(period.since)} - {show(period.last_day)})"
    blocks: list[Block] = [Heading(say("teams"), 2), _teams(sheet, most_teams)]
    blocks += [Heading(say("coverage"), 2), _figures(sheet, most_figures)]
    if sheet.chart:
        blocks.append(Chart(say("chart"), sheet.chart))
    blocks += [Heading(say("states"), 2), _states(sheet)]
    blocks.append(Note(f"{DASH_NOTE} {say('no_names')}"))
    return PlainPaper(
        settings=sheet.settings,
        kind=say("village_kind"),
        abstract=(short(sheet.name, 80), f"{span_name(month_span(period))} {days}"),
        blocks=tuple(blocks),
        signer=(),
    )


def _teams(sheet: VillageSheet, most: int | None) -> Table:
    columns = (
        Column(ORDER),
        Column(say("team"), align=Align.LEFT, flex=5),
        Column(say("leader"), align=Align.LEFT, flex=4),
        Column(say("people_of_team"), flex=1),
        Column(say("decision"), flex=4),
    )
    rows = tuple(
        Row(
            (
                order,
                short(one.name, 80),
                short(one.leader, 80),
                one.members,
                short(decision(one.decision, one.decided_on)),
            )
        )
        for order, one in enumerate(sheet.teams[:most], 1)
    )
    return Table(columns, rows or (Row((say("no_team"),), RowKind.EMPTY),))


def _figures(sheet: VillageSheet, most: int | None) -> Table:
    columns = (
        Column(ORDER),
        Column(say("figure"), align=Align.LEFT, flex=12),
        Column(say("unit"), flex=1),
        Column(say("now"), flex=2),
        Column(say("before"), flex=2),
        Column(say("year"), flex=2),
    )
    rows = tuple(
        Row((order, short(one.name, 80), one.unit, one.now, one.before, one.year))
        for order, one in enumerate(sheet.figures[:most], 1)
    )
    return Table(columns, rows)


def _states(sheet: VillageSheet) -> Table:
    columns = (Column(ORDER), Column(say("state"), align=Align.LEFT, flex=6), Column(say("count"), flex=2))
    known = {"known": say("known"), **WORDS["state_rows"]}
    rows = tuple(
        Row((order, known[code], value)) for order, (code, value) in enumerate(sheet.states.items(), 1)
    )
    return Table(columns, rows)
