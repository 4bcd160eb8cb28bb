"""What an area's month adds up to: the sealed annex I rows of its own villages, as values and as a drawn paper.

Only issued reports in force count, and of a commune that reaches beyond the area only the villages inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tdteam.actions.area_months import Sum, add_months, area_name, read_months, sealed_facts
from tdteam.actions.draft_report import DRAW, Paper
from tdteam.actions.report_life import draw_sealed, file_stem_of
from tdteam.actions.seal_report import compose_sealed, words_of
from tdteam.domain.area_month import CommuneMonth
from tdteam.domain.area_sum import Anew, Recounted, SealedPart, consolidate, gather_rows
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_facts import CauseLine, Difficulties, ReportFacts
from tdteam.domain.report_settings import PaperDate
from tdteam.domain.report_spans import ReportSpan, SpanKind, as_span, span_before, span_code, stretch_of
from tdteam.domain.shares import Share
from tdteam.domain.snapshots import snapshot_from
from tdteam.domain.tallies import CAUSES
from tdteam.reports.lists import ascii_filename
from tdteam.store import area_month, catalogue, indicators, organisation, papers, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sealing


def add_up(session: GatedSession, place: Place, at: Period | ReportSpan) -> Sum:
    """The sum of what has been issued by now: of a month, or of the months of a quarter, half or year."""
    span = as_span(at)
    if span.kind is not SpanKind.MONTH:
        return add_months(session, place, span, _before(session, place.id or 0, span))
    period = stretch_of(span, span.year_since.day).periods[0]
    communes = area_month.list_communes(session, place, period)
    parts = [SealedPart(line, sealed_facts(session, line)) for line in communes]
    inside = area_month.village_ids(session, place.id or 0, period)
    living = area_month.read_area_ground(session, place, period).villages.keys()
    rows = gather_rows(parts, inside)
    known = indicators.list_indicators(session)
    is_whole = bool(rows) and {row.village_id for row in rows} >= living
    recounted = _recount(session, place, period, known) if is_whole else None
    before = _before(session, place.id or 0, span)
    facts = consolidate(area_name(place), parts, rows, len(living), known, recounted, before)
    hashes = tuple(sorted(line.received.sha256 for line in communes if line.received))
    return Sum(tuple(communes), facts, hashes)


def _before(session: GatedSession, place_id: int, span: ReportSpan) -> ReportFacts | None:
    """The area's issued report of the span before, in the same statutory year."""
    before = span_before(span, span.year_since.day)
    if before.year != span.year:
        return None
    issued = area_month.find_issued(session, place_id, span_code(before))
    return snapshot_from(sealings.get_sealing(session, issued.sealing_id).snapshot).facts if issued else None


def _recount(session: GatedSession, place: Place, period: Period, known: Sequence[Indicator]) -> Recounted:
    """What annex I does not carry, from the tallies of exactly the area's villages."""
    place_id, on = place.id or 0, area_month.tree_day(period)
    told, _teams, _changes = organisation.read_organisation(session, place_id, period.since, on)
    figures = indicators.read_figures(session, place_id, period, on, known)
    names = catalogue.read_catalogue(session)
    found, whole = indicators.read_causes(session, place_id, period, on, CAUSES)
    share = figures["NOT_DONE_SHARE"]
    causes = tuple(CauseLine(code, names.cause_name(code), *counts) for code, counts in sorted(found.items()))
    return Recounted(
        organisation=told,
        figures={code: Anew(one.now, one.previous, one.cumulative) for code, one in figures.items()},
        difficulties=Difficulties(
            share.now if isinstance(share.now, Share) else Share(None, None),
            share.previous if isinstance(share.previous, Share) else Share(None, None),
            causes,
            CauseLine("", "", *whole) if causes else None,
        ),
    )


def compose_area(
    session: GatedSession, place: Place, at: Period | ReportSpan, *, demo: bool = False
) -> Report:
    """The consolidated report as it stands: the sum of what was issued by now, or what is sealed, with its words."""
    span, code = as_span(at), span_code(as_span(at))
    draft = papers.read_draft(session, place.id or 0, code)
    words = words_of(session, place, code)
    if draft.sealing_id is not None:
        row = sealings.get_sealing(session, draft.sealing_id)
        return compose_sealed(snapshot_from(row.snapshot), words, row.sha256)
    blank = PaperDate(month=span.last_day.month, year=span.last_day.year)
    return compose_report(
        replace(words.settings, demo=demo),
        span,
        add_up(session, place, span).facts,
        words.narrative,
        number=words.number,
        dated=PaperDate.of(words.dated) if words.dated else blank,
    )


def draw_area(
    session: GatedSession, place: Place, at: Period | ReportSpan, ending: str, *, demo: bool = False
) -> Paper:
    """The consolidated report as a file: drawn anew while a draft, the stored bytes once it is issued."""
    span = as_span(at)
    draft = papers.read_draft(session, place.id or 0, span_code(span))
    if draft.sealing_id is not None:
        return draw_sealed(session, place, sealings.get_sealing(session, draft.sealing_id), ending)
    body = DRAW[ending](compose_area(session, place, span, demo=demo))
    return Paper(body, ascii_filename(consolidated_stem(file_stem_of(span, place.name)), ending))


def consolidated_stem(stem: str) -> str:
    """A report's file name as that of a consolidated one."""
    return stem.replace("bao-cao-", "bao-cao-tong-hop-", 1)


def communes_of(session: GatedSession, place: Place, at: Period | ReportSpan) -> tuple[CommuneMonth, ...]:
    """The communes of an area with what of them can be added up by now."""
    span = as_span(at)
    if span.kind is SpanKind.MONTH:
        period = stretch_of(span, span.year_since.day).periods[0]
        return tuple(area_month.list_communes(session, place, period))
    return read_months(session, place, span).communes


def list_moved(communes: tuple[CommuneMonth, ...], row: Sealing) -> tuple[list[str], list[str]]:
    """(communes whose report was replaced since the seal, communes that came only after it): the sum did not move."""
    scope = snapshot_from(row.snapshot).facts.area
    summed = {one.name: one.sha256 for one in scope.communes} if scope else {}
    now = {line.name: line.received.sha256 for line in communes if line.received}
    replaced = [name for name, sha256 in now.items() if summed.get(name) and summed[name] != sha256]
    return replaced, [name for name in now if not summed.get(name)]
