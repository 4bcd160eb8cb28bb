"""Drafts a commune's monthly report: figures from the tallies, words from the official, drawn as PDF, Word or Excel.

Screen and paper read the same figures by the same road (`store/indicators`), so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tdteam.domain.indicators import Indicator, pair
from tdteam.domain.month import TeamMonth, TeamStatus
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_blocks import FigureGroup
from tdteam.domain.report_facts import (
    STANDARD_VILLAGE_COLUMNS,
    CauseLine,
    ChartPoint,
    ChartSeries,
    Difficulties,
    FigureLine,
    ReportFacts,
    Reporting,
    VillageLine,
    VillageTable,
    foot,
)
from tdteam.domain.report_settings import PaperDate, PaperSettings
from tdteam.domain.report_spans import ReportSpan, month_span
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.tallies import CAUSES
from tdteam.domain.vocabulary import Source
from tdteam.reports import wording
from tdteam.reports.lists import ascii_filename
from tdteam.reports.report_docx import draw_report_docx
from tdteam.reports.report_pdf import draw_report_pdf
from tdteam.reports.report_xlsx import draw_report_xlsx
from tdteam.store import catalogue, declared, indicators, month, organisation, papers, places
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Declared, Place

CHART_PERIODS = 13
CHARTED = ("HOUSEHOLDS_REACHED", "FILINGS")
DRAW = {"pdf": draw_report_pdf, "docx": draw_report_docx, "xlsx": draw_report_xlsx}


@dataclass(frozen=True)
class Paper:
    """A drawn paper and its file name (no diacritics)."""

    body: bytes
    file_name: str


def settings_of(session: GatedSession, commune: Place) -> tuple[PaperSettings, int]:
    """A commune's paper settings and their version; the usual ones (version 0) until it writes its own."""
    found = papers.find_settings(session, commune.id or 0)
    if found:
        return found
    if commune.level != Level.COMMUNE:
        return _usual_of_area(session, commune), 0
    kind = commune.name.removesuffix(commune.short_name).strip()
    return wording.usual_settings(kind.lower(), commune.short_name), 0


def _usual_of_area(session: GatedSession, place: Place) -> PaperSettings:
    """What the consolidated papers of an area or province look like while nobody chose."""
    is_province = place.level == Level.PROVINCE
    province = place if is_province else places.find_above(session, place.id or 0, Level.PROVINCE)
    if province is None:
        return wording.usual_area_settings("", place.short_name)
    name = province.name[:1].lower() + province.name[1:]
    return wording.usual_area_settings(name, province.short_name)


def compose_draft(session: GatedSession, commune: Place, period: Period, *, demo: bool = False) -> Report:
    """The report of a commune in a period as it stands now."""
    draft = papers.read_draft(session, commune.id or 0, period.code)
    settings = draft.settings or settings_of(session, commune)[0]
    return compose_report(
        replace(settings, demo=demo),
        month_span(period),
        read_facts(session, commune.id or 0, period),
        draft.narrative,
        number=draft.number,
        dated=PaperDate.of(draft.dated) if draft.dated else PaperDate(month=period.month, year=period.year),
    )


def read_facts(session: GatedSession, commune_id: int, period: Period) -> ReportFacts:
    """Everything the report counts, through the tallies."""
    on = _tree(period)
    told, teams, changes = organisation.read_organisation(session, commune_id, period.since, on)
    known = indicators.list_indicators(session)
    months = month.list_team_months(session, commune_id, period, on)
    figures = indicators.read_figures(session, commune_id, period, on, known)
    sent = declared.list_of_teams(session, commune_id, period.code, on)
    return ReportFacts(
        organisation=told,
        reporting=_reporting(months),
        figures=tuple(_lines(session, commune_id, period, known, figures)),
        charts=tuple(charts_of(session, commune_id, period, known)),
        villages=_villages(session, commune_id, period, known, months, sent),
        difficulties=_difficulties(session, commune_id, period, figures),
        teams=teams,
        changes=changes,
    )


def _tree(period: Period) -> date:
    """The day whose tree of places a period is reported by: its last, as its facts are counted (`store/periods`)."""
    return min(period.last_day, today())


def _reporting(months: Sequence[TeamMonth]) -> Reporting:
    silent = [line for line in months if line.status is TeamStatus.SILENT]
    return Reporting(
        expected=len(months),
        received=len(months) - len(silent),
        zero=sum(line.status is TeamStatus.ZERO for line in months),
        silent=tuple(line.villages or line.name for line in silent),
    )


def _lines(
    session: GatedSession,
    commune_id: int,
    period: Period,
    known: Sequence[Indicator],
    figures: Mapping[str, indicators.Figure],
) -> list[FigureLine]:
    by_code = {one.code: one for one in known}
    lines = [
        FigureLine(
            code=one.code,
            name=one.name,
            unit=one.unit,
            section=one.section,
            nature=one.nature,
            source=Source.COUNTED,
            now=figures[one.code].now,
            previous=figures[one.code].previous,
            cumulative=figures[one.code].cumulative,
            headline=one.is_headline,
        )
        for one in known
        if one.in_report and one.code in figures
    ]
    before = {
        (row.indicator, row.source): row
        for row in declared.list_of_place(session, commune_id, period.plus(-1))
    }
    for row in declared.list_of_place(session, commune_id, period):
        if row.indicator in by_code:
            lines.append(declared_line(by_code[row.indicator], row, before.get((row.indicator, row.source))))
    return lines


def declared_line(one: Indicator, row: Declared, before: Declared | None) -> FigureLine:
    """A declared figure stands under its own name, right after the counted one it is set beside."""
    return FigureLine(
        code=one.beside or one.code,
        name=one.name,
        unit=one.unit,
        section=one.section,
        nature=one.nature,
        source=Source.DECLARED,
        now=pair(one, row.part, row.whole),
        previous=pair(one, before.part, before.whole) if before and before.id != row.id else None,
        origin=row.source,
        as_of=row.as_of,
    )


def charts_of(
    session: GatedSession, commune_id: int, period: Period, known: Sequence[Indicator]
) -> list[ChartSeries]:
    """The series a report draws, up to and with a period."""
    periods = period.back(CHART_PERIODS)
    drawn = [one for one in known if one.code in CHARTED]
    series = indicators.read_series(session, commune_id, periods, _tree(period), drawn)
    return [
        ChartSeries(
            code=one.code,
            title=one.name,
            unit=one.unit,
            points=tuple(
                ChartPoint(p.year, p.month, _point(value))
                for p, value in zip(periods, series[one.code], strict=True)
            ),
            percent=one.unit == "%",
        )
        for one in drawn
    ]


def _point(value: Value) -> int | Decimal | None:
    if isinstance(value, Share):
        return value.percent
    return value.value if isinstance(value, Average) else value


def _difficulties(
    session: GatedSession, commune_id: int, period: Period, figures: Mapping[str, indicators.Figure]
) -> Difficulties:
    names = catalogue.read_catalogue(session)
    found, whole = indicators.read_causes(session, commune_id, period, _tree(period), CAUSES)
    share = figures["NOT_DONE_SHARE"]
    causes = tuple(
        CauseLine(code, names.cause_name(code), now, previous, so_far, villages)
        for code, (now, previous, so_far, villages) in sorted(found.items())
    )
    total = CauseLine("", "", *whole) if causes else None
    return Difficulties(as_share(share.now), as_share(share.previous), causes, total)


def as_share(value: Value) -> Share:
    """A share as it is; anything else is unknown."""
    return value if isinstance(value, Share) else Share(None, None)


def _villages(
    session: GatedSession,
    commune_id: int,
    period: Period,
    known: Sequence[Indicator],
    months: Sequence[TeamMonth],
    sent: Sequence[Declared],
) -> VillageTable:
    """Annex I. Where a village's team sent a figure on paper and the tool counted none, the declared one stands there."""
    columns = {one.annex: one for one in known if one.annex}
    on = _tree(period)
    values = indicators.read_by(
        session, commune_id, period, on, list(columns.values()), indicators.by_village()
    )
    people = organisation.count_by_village(session, commune_id, on)
    on_paper = on_paper_of(months, sent)
    rows = []
    for place in places.list_inside(session, commune_id, Level.VILLAGE, on, ended=True):
        cells: list[Value] = []
        marked = False
        for column in STANDARD_VILLAGE_COLUMNS:
            one = columns.get(column.code)
            if one is None:
                value: Value = people.get(place.id or 0, {}).get(column.code)
            else:
                value = values.get(place.id or 0, {}).get(one.code)
                told = on_paper.get((place.id or 0, one.code))
                if told is not None and not value:
                    value, marked = told, True
            cells.append(value)
        if place.until and place.until <= on and not any(cells):
            continue  # ended before, and nothing counts there any more
        rows.append(VillageLine(place.label, tuple(cells), declared=marked, village_id=place.id or 0))
    return VillageTable(rows=tuple(rows), total=foot(rows))


def on_paper_of(months: Sequence[TeamMonth], sent: Sequence[Declared]) -> dict[tuple[int, str], int]:
    """What teams sent on paper, by the (first) village each serves."""
    home = {line.team_id: line.village_ids[0] for line in months if line.village_ids}
    return {
        (home[row.team_id], row.indicator): row.part for row in sent if row.team_id in home and row.team_id
    }


def draw_draft(
    session: GatedSession, commune: Place, period: Period, ending: str, *, demo: bool = False
) -> Paper:
    """The draft as a file: `ending` pdf, docx or xlsx. The same figures and words give the same bytes."""
    report = compose_draft(session, commune, period, demo=demo)
    name = f"bao-cao-thang-{period.month:02d}-{period.year}-{commune.name}"
    return Paper(DRAW[ending](report), ascii_filename(name, ending))


def group_name(group: FigureGroup) -> str:
    """A group's heading as the paper words it, for the screen beside it."""
    return wording.group_name(group.code, group.name)


def next_heading(span: ReportSpan) -> str:
    """What part IV speaks of, as the paper words it: the month, quarter, half or year after the span."""
    return wording.next_steps(span)
