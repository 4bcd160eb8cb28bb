"""Draws the letter that corrects the form of an issued report, and keeps its bytes among the report's documents."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tdteam.actions.document_files import check_file
from tdteam.actions.draft_report import Paper
from tdteam.actions.keep_document import add_document
from tdteam.actions.report_life import file_stem
from tdteam.domain.correction_letters import Correction, CorrectionLetter, judge_corrections
from tdteam.domain.documents import DocumentDraft, DocumentKind, TieNoun
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.privacy import judge_text
from tdteam.domain.report_settings import PaperDate, PaperReference
from tdteam.domain.snapshots import snapshot_from
from tdteam.domain.wire import stored
from tdteam.reports import wording
from tdteam.reports.correction_letter import draw_correction_letter, draw_correction_letter_docx
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, documents, report_steps, sealings
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
    instance: Path,
) -> Paper:
    """The letter for the issued paper of a seal, dressed as that paper was; its PDF is kept, tied to the report, also
    where Word is asked for. Raises Refused, NotFound where none was issued."""
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
    made = {form: Paper(DRAW[form](letter), ascii_filename(stem, form)) for form in {"pdf", ending}}
    _keep(session, row, letter, dated, made["pdf"], instance)
    return made[ending]


def _keep(
    session: GatedSession,
    row: Sealing,
    letter: CorrectionLetter,
    dated: date | None,
    made: Paper,
    instance: Path,
) -> None:
    """Put the letter into the register of documents; the very same bytes once."""
    tie = (str(TieNoun.REPORT), f"{row.commune_id}:{row.period}")
    sha256 = hashlib.sha256(made.body).hexdigest()
    if any(line.row.sha256 == sha256 for line in documents.tied_to(session, [tie])):
        return
    draft = DocumentDraft(
        place_id=row.commune_id,
        kind=DocumentKind.LETTER,
        number=f"{letter.number}/{letter.symbol}" if letter.number else "",
        dated=dated if dated and dated <= today() else None,
        issuer=letter.settings.body_name,
        abstract=f"{wording.letter_subject(letter.issued)} ({wording.span_name(letter.span)})",
        has_names=False,
        ties=(tie,),
    )
    add_document(session, draft, check_file(made.body, made.file_name), session.scope.actor, instance)
