"""A commune's report over a span as it stands: the draft, the sealed figures with its words, or the issued bytes."""

from __future__ import annotations

from dataclasses import replace

from tdteam.actions.draft_report import DRAW, Paper, settings_of
from tdteam.actions.report_life import draw_sealed, file_stem_of
from tdteam.actions.span_facts import read_span_facts
from tdteam.domain.errors import NotFound
from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_blocks import Sentence
from tdteam.domain.report_settings import PaperDate
from tdteam.domain.report_spans import ReportSpan, span_code
from tdteam.reports import span_words, wording
from tdteam.reports.lists import ascii_filename
from tdteam.store import papers, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place


def compose_span_draft(
    session: GatedSession, commune: Place, span: ReportSpan, *, demo: bool = False
) -> Report:
    """The report of a commune over a span as its figures stand now."""
    draft = papers.read_draft(session, commune.id or 0, span_code(span))
    settings = draft.settings or settings_of(session, commune)[0]
    return compose_report(
        replace(settings, demo=demo),
        span,
        read_span_facts(session, commune.id or 0, span),
        draft.narrative,
        number=draft.number,
        dated=PaperDate.of(draft.dated)
        if draft.dated
        else PaperDate(month=span.last_day.month, year=span.last_day.year),
    )


def notes_of(report: Report) -> list[str]:
    """How a span's figures were put together, in the paper's own words."""
    blocks = [block for chapter in report.chapters for block in chapter.blocks]
    return [
        wording.say(block, report)
        for block in blocks
        if isinstance(block, Sentence) and block.code in span_words.SENTENCES
    ]


def draw_span(
    session: GatedSession, commune: Place, span: ReportSpan, ending: str, *, demo: bool = False
) -> Paper:
    """The paper of a span: `ending` pdf, docx or xlsx; NotFound for another. Stored bytes once it is issued."""
    if ending not in DRAW:
        raise NotFound
    draft = papers.read_draft(session, commune.id or 0, span_code(span))
    if draft.sealing_id is not None:
        return draw_sealed(session, commune, sealings.get_sealing(session, draft.sealing_id), ending)
    name = ascii_filename(file_stem_of(span, commune.name), ending)
    return Paper(DRAW[ending](compose_span_draft(session, commune, span, demo=demo)), name)
