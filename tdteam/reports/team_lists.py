"""Two lists of teams: of whom nothing came in a period, and who did most over some periods, with the rule printed."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.domain.activity_ranks import Doer
from tdteam.domain.periods import Period
from tdteam.domain.report_spans import month_span
from tdteam.domain.team_papers import ActiveList, SilentList, SilentTeam
from tdteam.reports.figures import Cell, show
from tdteam.reports.manuscript import Heading, Note, Para
from tdteam.reports.plain_paper import PlainPaper, draw_plain_pdf, draw_plain_xlsx, short
from tdteam.reports.tables import BLANK, Align, Column, Row, RowKind, Table
from tdteam.reports.team_words import say
from tdteam.reports.wording import ORDER, span_name


def draw_silent_list(found: SilentList, ending: str) -> bytes:
    """The silent teams as `pdf` or `xlsx`."""
    paper = write_silent_list(found)
    return draw_plain_xlsx(paper) if ending == "xlsx" else draw_plain_pdf(paper)


def draw_active_list(found: ActiveList, ending: str) -> bytes:
    """The most active as `pdf` or `xlsx`."""
    paper = write_active_list(found)
    return draw_plain_xlsx(paper) if ending == "xlsx" else draw_plain_pdf(paper)


def write_silent_list(found: SilentList) -> PlainPaper:
    """The words of the list of silent teams."""
    period = found.period
    days = f"({show(period.since)} - {show(period.last_day)})"
    key = "silent_lead" if found.silent else "silent_none" if found.teams else "no_teams"
    lead = say(key, teams=found.teams, count=len(found.silent))
    return PlainPaper(
        settings=found.settings,
        kind=say("list_kind"),
        abstract=(say("silent_subject"), short(found.place), f"{span_name(month_span(period))} {days}"),
        blocks=(Para(f"{lead} {say('as_of', day=show(found.on))}"), _silent(found)),
        signer=(say("maker"),),
    )


def _silent(found: SilentList) -> Table:
    communes, phones = found.has_communes, found.has_phones
    columns = (
        Column(ORDER),
        Column(say("team"), align=Align.LEFT, flex=6),
        Column(say("village"), align=Align.LEFT, flex=4),
        *((Column(say("commune"), align=Align.LEFT, flex=3),) if communes else ()),
        Column(say("leader"), align=Align.LEFT, flex=4),
        *((Column(say("phone"), flex=1),) if phones else ()),
        Column(say("last"), flex=1),
        Column(say("days"), flex=1),
    )

    def cells(order: int, team: SilentTeam) -> tuple[Cell, ...]:
        return (
            order,
            short(team.name),
            short(team.villages) or BLANK,
            *((short(team.commune) or BLANK,) if communes else ()),
            short(team.leader) or BLANK,
            *((team.phone or BLANK,) if phones else ()),
            team.last_on or say("never"),
            team.days,
        )

    rows = tuple(Row(cells(order, team)) for order, team in enumerate(found.silent, 1))
    return Table(columns, rows or (Row((say("no_silent"),), RowKind.EMPTY),))


def write_active_list(found: ActiveList) -> PlainPaper:
    """The words of the commendation list; the commune's own signer signs it."""
    return PlainPaper(
        settings=found.settings,
        kind=say("list_kind"),
        abstract=(say("active_subject"), short(found.place), _span(found.first, found.last)),
        blocks=(
            Heading(say("active_teams"), 2),
            _doers(found.teams, with_team=False),
            Heading(say("active_members"), 2),
            _doers(found.members, with_team=True),
            Note(say("rule", most=found.most)),
        ),
    )


def _span(first: Period, last: Period) -> str:
    names = {"first": f"{first.month:02d}/{first.year}", "last": f"{last.month:02d}/{last.year}"}
    days = {"since": show(first.since), "until": show(last.last_day)}
    return say("active_one" if first == last else "active_span", **names, **days)


def _doers(doers: Sequence[Doer], *, with_team: bool) -> Table:
    columns = (
        Column(say("rank")),
        Column(say("member" if with_team else "team"), align=Align.LEFT, flex=6),
        *((Column(say("team"), align=Align.LEFT, flex=6),) if with_team else ()),
        Column(say("households"), flex=1),
        Column(say("helped"), flex=1),
        Column(say("score"), flex=1),
    )
    rows = tuple(
        Row(
            (
                one.rank,
                short(one.name),
                *((short(one.team),) if with_team else ()),
                one.households,
                one.done,
                one.score,
            )
        )
        for one in doers
    )
    return Table(columns, rows or (Row((say("no_active"),), RowKind.EMPTY),))
