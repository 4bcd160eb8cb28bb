"""The letter that corrects the form of an issued paper, as PDF and DOCX in the form of Decree 30/2020/ND-CP (its number
line with the subject below, no kind of paper). The same letter always gives the same bytes."""

from __future__ import annotations

from dataclasses import replace

from tdteam.domain.correction_letters import CORRECTIONS_LIMIT, WORDS_LIMIT, CorrectionLetter
from tdteam.domain.report_settings import TEXT_LIMIT
from tdteam.reports import wording
from tdteam.reports.figures import show
from tdteam.reports.manuscript import NUMBER_LIMIT, Block, Manuscript, Para, blanks, dress, fitting
from tdteam.reports.report_docx import draw_manuscript_docx
from tdteam.reports.report_pdf import draw_manuscript_pdf


def draw_correction_letter(letter: CorrectionLetter) -> bytes:
    """PDF bytes; number and day are form fields where they are left blank."""
    return draw_manuscript_pdf(write_correction_letter(letter))


def draw_correction_letter_docx(letter: CorrectionLetter) -> bytes:
    """DOCX bytes, the same words."""
    return draw_manuscript_docx(write_correction_letter(letter))


def write_correction_letter(letter: CorrectionLetter) -> Manuscript:
    """The letter in words."""
    own = letter.symbol[:TEXT_LIMIT]
    settings = replace(fitting(letter.settings), symbol=own, numbered=True)
    number = letter.number[:NUMBER_LIMIT]
    subject = wording.letter_subject(letter.issued)
    told = letter.corrections[:CORRECTIONS_LIMIT]
    short = [
        replace(
            one,
            printed=one.printed[:WORDS_LIMIT],
            correct=one.correct[:WORDS_LIMIT],
            where=one.where[:TEXT_LIMIT],
        )
        for one in told
    ]
    opening = wording.letter_opening(letter.issued, letter.span, settings.body_name, letter.why[:TEXT_LIMIT])
    body: list[Block] = [Para(line) for line in opening]
    body += [Para(wording.correction(one, place, len(short))) for place, one in enumerate(short)]
    body.append(Para(wording.letter_rest(letter.issued)))
    return Manuscript(
        title=f"{subject} - {show(settings.body_name)}",
        kind="",
        abstract=(),
        subject=subject,
        blocks=tuple(body),
        closing=wording.letter_closing(settings.body_name),
        annexes=(),
        blanks=blanks(settings, number, letter.dated),
        **dress(settings, number, letter.dated),
    )
