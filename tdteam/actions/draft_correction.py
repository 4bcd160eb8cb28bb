"""Draws the letter that corrects the form of an issued report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tdteam.actions.draft_report import Paper
from tdteam.actions.report_life import file_stem
from tdteam.domain.correction_letters import Correction, CorrectionLetter, judge_corrections
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.privacy import judge_text
from tdteam.domain.report_settings import PaperDate, PaperReference
from tdteam.domain.snapshots import snapshot_from
from tdteam.domain.wire import stored
from tdteam.reports.correction_letter import draw_correction_letter, draw_correction_letter_docx
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Sealing

DRAW = {"pdf": draw_correction_letter, "docx": draw_correction_letter_docx}


def draw_letter(
    session: GatedSession,
    row: Sealing,
    corrections: Sequence[Correction],
    why: str,
    *,
    symbol: str,
    number: str = "",
    dated: date | None = None,
    ending: str = "pdf",
) -> Paper:
    """The letter for the issued paper of a seal, dressed as that paper was. Raises Refused, NotFound where none was issued."""
    session.demand(row.commune_id)
    paper = sealings.find_paper(session, row.id or 0, "pdf")
    if paper is None:
        raise NotFound
    told = tuple(
        Correction(stored(one.printed), stored(one.correct), stored(one.where)) for one in corrections
    )
    why = stored(why)
    flaws = judge_corrections(why, told) + judge_text("why", why)
    if not symbol.strip():
        flaws.append(Flaw("symbol", "required"))
    if flaws:
        raise Refused(flaws)
    words, snapshot = report_steps.words_of_paper(paper), snapshot_from(row.snapshot)
    letter = CorrectionLetter(
        settings=words.settings,
        symbol=symbol.strip(),
        issued=PaperReference(words.number, words.settings.symbol, PaperDate.of(words.dated)),
        span=snapshot.span,
        corrections=told,
        why=why,
        number=number.strip(),
        dated=PaperDate.of(dated),
    )
    audit.append(
        session,
        "export",
        "correction_letter",
        f"{row.commune_id}/{row.period}",
        place_id=row.commune_id,
        version=row.version,
    )
    stem = file_stem(snapshot).replace("bao-cao-", "cong-van-dinh-chinh-bao-cao-", 1)
    return Paper(DRAW[ending](letter), ascii_filename(stem, ending))
