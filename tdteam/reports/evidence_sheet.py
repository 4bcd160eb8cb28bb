"""The list of evidence documents of a place and span on A4 laid on its side, and as a workbook: indicators with their figures,
under each the documents that prove it, and what is missing."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tdteam.domain.bundle import Proof, ProofSheet, Proved
from tdteam.domain.documents import Lack
from tdteam.reports.figures import number, show
from tdteam.reports.manuscript import Note, Para
from tdteam.reports.plain_paper import PlainPaper, draw_plain_pdf, draw_plain_xlsx, short
from tdteam.reports.tables import BLANK, Align, Column, Row, RowKind, Table

WORDS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "evidence_papers.json").read_text("utf-8")
)
ABSTRACT_ROOM = 400


def _say(key: str, **values: object) -> str:
    return str(WORDS[key]).format(**values) if values else str(WORDS[key])


def draw_evidence_sheet(sheet: ProofSheet, ending: str) -> bytes:
    """The list as `pdf` or `xlsx`."""
    paper = write_evidence_sheet(sheet)
    return draw_plain_xlsx(paper) if ending == "xlsx" else draw_plain_pdf(paper)


def write_evidence_sheet(sheet: ProofSheet) -> PlainPaper:
    """The words of the list."""
    proofs = sheet.proofs
    lead = _say(
        "lead",
        place=short(sheet.place),
        indicators=number(len(sheet.indicators)),
        proved=number(len(sheet.indicators) - len(sheet.missing)),
        missing=number(len(sheet.missing)),
        documents=number(len(proofs)),
        files=number(sum(bool(proof.file_kind) for proof in proofs)),
    )
    return PlainPaper(
        settings=sheet.settings,
        kind=_say("kind"),
        abstract=(_say("subject"), f"{short(sheet.place)}, {_span(sheet)}"),
        blocks=(Para(lead), _table(sheet), Note(_say("no_names"))),
        signer=(_say("maker"),),
        is_wide=True,
    )


def _span(sheet: ProofSheet) -> str:
    days = {
        "since": show(sheet.since),
        "until": show(sheet.until if sheet.is_year else sheet.period.last_day),
    }
    return _say(
        "year" if sheet.is_year else "month",
        month=f"{sheet.period.month:02d}",
        year=sheet.period.year,
        **days,
    )


def _table(sheet: ProofSheet) -> Table:
    columns = (
        Column(_say("order")),
        Column(_say("name"), align=Align.LEFT, flex=14),
        Column(_say("document_kind"), align=Align.LEFT, flex=1),
        Column(_say("number"), flex=3),
        Column(_say("dated"), flex=1),
        Column(_say("issuer"), align=Align.LEFT, flex=4),
        Column(_say("place"), align=Align.LEFT, flex=3),
        Column(_say("file"), flex=1),
        Column(_say("note"), align=Align.LEFT, flex=3),
    )
    rows: list[Row] = []
    place = 0
    for order, one in enumerate(sheet.indicators, 1):
        rows.append(Row((_head(order, one),), RowKind.GROUP))
        if not one.proofs:
            rows.append(Row((_say("no_document"),), RowKind.EMPTY))
        for proof in one.proofs:
            place += 1
            rows.append(Row((place, *_cells(proof))))
    if sheet.untied:
        rows.append(Row((_say("untied"),), RowKind.GROUP))
        rows += [Row((order, *_cells(proof))) for order, proof in enumerate(sheet.untied, place + 1)]
    return Table(columns, tuple(rows) or (Row((_say("none"),), RowKind.EMPTY),))


def _head(order: int, one: Proved) -> str:
    told = show(one.value)
    if isinstance(one.value, int):
        told = f"{told} {one.unit}"
    told += _say("source", source=short(one.source, 80)) if one.source else ""
    told += _say("target", target=_target(one)) if one.target is not None else ""
    return _say("indicator", order=order, name=short(one.name), value=told)


def _target(one: Proved) -> str:
    assert isinstance(one.target, Decimal)
    return f"{number(one.target)}%" if one.unit == "%" else number(one.target)


def _cells(proof: Proof) -> tuple[Any, ...]:
    missing = [WORDS["lacks"][lack] for lack in proof.lacks if lack is not Lack.INDICATOR]
    return (
        short(proof.abstract, ABSTRACT_ROOM),
        WORDS["kinds"][proof.kind],
        short(proof.number, 60) or BLANK,
        proof.dated or BLANK,
        short(proof.issuer, 120) or BLANK,
        short(proof.place, 80),
        proof.file_kind.upper() or BLANK,
        ", ".join(missing) or BLANK,
    )
