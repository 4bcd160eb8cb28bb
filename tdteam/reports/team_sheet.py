"""A team's month on one page: figures beside the month before, kinds of help, members, room for the leader's signature."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.domain.periods import VIETNAM
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import change
from tdteam.domain.team_papers import KindLine, MemberLine, TeamSheet
from tdteam.reports.figures import Cell, percent, show, signed
from tdteam.reports.manuscript import Heading, Para
from tdteam.reports.plain_paper import (
    NAME_LIMIT,
    Block,
    PlainPaper,
    draw_one_page_pdf,
    draw_plain_xlsx,
    short,
)
from tdteam.reports.tables import BLANK, Align, Column, Row, RowKind, Table
from tdteam.reports.team_words import WORDS, say
from tdteam.reports.wording import ORDER, POINTS, TOTAL, span_name

FIGURES = ("visits", "assists", "people", "gatherings", "filings")


def draw_team_sheet(sheet: TeamSheet, ending: str) -> bytes:
    """The sheet as `pdf` (one page, whatever the names) or `xlsx` (every row)."""
    if ending == "xlsx":
        return draw_plain_xlsx(write_team_sheet(sheet))
    return draw_one_page_pdf(lambda kinds, members: write_team_sheet(sheet, kinds, members))


def write_team_sheet(sheet: TeamSheet, kinds: int | None = None, members: int | None = None) -> PlainPaper:
    """The words of the sheet, with at most so many kinds and members named."""
    period, limit = sheet.month.period, _longest(kinds)
    days = f"({show(period.since)} - {show(period.last_day)})"
    blocks: list[Block] = []
    if sheet.villages and sheet.villages not in sheet.team:
        blocks.append(Para(f"{say('villages')}: {short(sheet.villages, 400 if kinds is None else 120)}."))
    blocks += [Heading(say("figures"), 2), _figures(sheet)]
    blocks += [Heading(say("kinds"), 2), _kinds(sheet.kinds, kinds, limit)]
    blocks += [Heading(say("members"), 2), _members(sheet.members, members, limit)]
    return PlainPaper(
        settings=sheet.settings,
        kind=say("team_kind"),
        abstract=(short(sheet.team, limit), f"{span_name(month_span(period))} {days}"),
        blocks=tuple(blocks),
        issuing=(short(sheet.team, limit),),
        signer=(say("team_leader"),),
        signer_name=short(sheet.leader, limit),
        is_by_hand=True,
        remark=_word(sheet),
    )


def _longest(kinds: int | None) -> int:
    """Letters a name may have: fewer as the page gets narrow."""
    return NAME_LIMIT if kinds is None else 100 if kinds > 4 else 50


def _figures(sheet: TeamSheet) -> Table:
    month, rows = sheet.month, []
    lines: list[tuple[str, int | None, int | None]] = []
    for name in FIGURES:
        lines.append((name, month.now[name], month.before[name]))
        if name == "visits":
            lines.append(("met", *sheet.met))
    for order, (name, now, before) in enumerate(lines, 1):
        label, unit = WORDS["rows"][name]
        rows.append(Row((order, label, unit, now, before, signed(change(now, before)), BLANK)))
    label, unit = WORDS["rows"]["reached"]
    by = change(month.reached, month.reached_before)
    moved = f"{signed(by)} {POINTS}" if by is not None else signed(by)
    aims = [percent(sheet.target)] if sheet.target is not None else []
    if sheet.year_target is not None:
        aims.append(say("year_target", year=month.period.year, share=percent(sheet.year_target)))
    target: Cell = "; ".join(aims) or None
    rows.append(Row((len(rows) + 1, label, unit, month.reached, month.reached_before, moved, target)))
    columns = (
        Column(ORDER),
        Column(say("figure"), align=Align.LEFT, flex=12),
        Column(say("unit"), flex=1),
        Column(say("now"), flex=2),
        Column(say("before"), flex=2),
        Column(say("by"), flex=1),
        Column(say("target"), flex=1),
    )
    return Table(columns, tuple(rows))


def _kinds(kinds: Sequence[KindLine], most: int | None, limit: int) -> Table:
    columns = (
        Column(ORDER),
        Column(say("kind"), align=Align.LEFT, flex=12),
        *(Column(say(head), flex=1) for head in ("people", "done", "pending", "not_done")),
    )
    named = list(kinds) if most is None or len(kinds) <= most else list(kinds[:most])
    rest = kinds[len(named) :]
    if rest:
        named.append(_together(say("more_kinds"), rest))
    rows = [
        Row((order, short(one.name, limit), one.people, one.done, one.pending, one.not_done))
        for order, one in enumerate(named, 1)
    ]
    if rows:
        total = _together(TOTAL, kinds)
        cells = (BLANK, total.name, total.people, total.done, total.pending, total.not_done)
        rows.append(Row(cells, RowKind.TOTAL))
    return Table(columns, tuple(rows) or (Row((say("no_kinds"),), RowKind.EMPTY),))


def _together(name: str, kinds: Sequence[KindLine]) -> KindLine:
    sums = (sum(getattr(one, part) for one in kinds) for part in ("done", "pending", "not_done"))
    return KindLine(name, *sums)


def _members(members: Sequence[MemberLine], most: int | None, limit: int) -> Table:
    columns = (
        Column(ORDER),
        Column(say("member"), align=Align.LEFT, flex=8),
        Column(say("role"), flex=3),
        *(Column(say(head), flex=1) for head in ("visits", "households", "helped")),
    )
    named = members if most is None or len(members) <= most else members[:most]
    rows = [
        Row(
            (
                order,
                short(one.name, limit),
                WORDS["roles"].get(one.role, one.role),
                one.visits,
                one.households,
                one.done,
            )
        )
        for order, one in enumerate(named, 1)
    ]
    if len(members) > len(named):
        rows.append(Row((say("more_members", count=len(members) - len(named)),), RowKind.EMPTY))
    return Table(columns, tuple(rows) or (Row((say("no_members"),), RowKind.EMPTY),))


def _word(sheet: TeamSheet) -> str:
    """Whether the team stands by these figures."""
    word = sheet.month.word
    told = [say("word_none")]
    if word:
        at = word.at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
        zero = "zero" if word.kind == "zero" else "figures"
        key = {("zero", True): "word_zero_tentative", ("zero", False): "word_zero"}.get(
            (zero, sheet.month.is_tentative),
            "word_tentative" if sheet.month.is_tentative else "word_figures",
        )
        told = [say(key, at=at)]
        if word.fresh:
            told.append(say("word_fresh", count=word.fresh))
    if sheet.month.is_sealed:
        told.append(say("sealed"))
    return " ".join(told)
