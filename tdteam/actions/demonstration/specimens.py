"""Files of the demonstration's evidence documents: a page each that says, beside what it is cited by, that it is nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tdteam.actions.demonstration.chance import told
from tdteam.actions.document_files import KeptFile, check_file, keep_file
from tdteam.actions.draw_papers import dressed
from tdteam.domain.documents import DocumentKind
from tdteam.reports.manuscript import Note, Para
from tdteam.reports.plain_paper import PlainPaper, draw_plain_pdf
from tdteam.store.gate import GatedSession
from tdteam.store.places import get_place
from tdteam.store.tables import Document


def attach(session: GatedSession, instance: Path, row: Document, lines: Sequence[str] = ()) -> None:
    """Draw a page for a document's row, keep it as an upload is kept, and note it in the row. `lines`: what it says."""
    words = told("proof")["specimen"]
    cited = [words["cited"].format(number=row.number, dated=row.dated)] if row.number else []
    kind = words["kinds"][DocumentKind(row.kind)]
    about = row.abstract.removeprefix(kind.capitalize()).strip()  # the kind stands above it
    paper = PlainPaper(
        settings=dressed(session, get_place(session, row.place_id), demo=True),
        kind=kind,
        abstract=(about[:1].upper() + about[1:],),
        blocks=(*map(Para, (*cited, *lines)), Note(words["remark"])),
        signer=(),
    )
    kept: KeptFile = keep_file(instance, check_file(draw_plain_pdf(paper), row.number or row.abstract))
    row.file_name, row.file_kind, row.size, row.sha256 = kept.name, kept.kind, kept.size, kept.sha256
