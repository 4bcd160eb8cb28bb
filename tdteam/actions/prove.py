"""What proves the figures of a place and span: each indicator with numerator, denominator, target, documents and gaps; the
list of documents as paper and workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tdteam.actions.draft_report import Paper
from tdteam.actions.draw_papers import dressed
from tdteam.actions.keep_document import file_name, may_open
from tdteam.actions.keep_scan import read_scan
from tdteam.domain.bundle import Proof, ProofSheet, Proved
from tdteam.domain.documents import Lack
from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import Indicator, pair
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.shares import Value
from tdteam.domain.vocabulary import Source
from tdteam.reports.evidence_sheet import draw_evidence_sheet
from tdteam.reports.lists import ascii_filename
from tdteam.store import declared, documents, indicators, places, targets, team_months
from tdteam.store.documents import DocumentLine, Wanted
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place

ENDINGS = ("pdf", "xlsx")


def read_sheet(
    session: GatedSession,
    place_id: int,
    period: Period,
    *,
    year: bool,
    instance: Path | None = None,
    demo: bool = False,
) -> ProofSheet:
    """Everything the register says of a place in a period, or in the year up to its end. With `instance` each file is read
    and compared with its hash: what is lost or altered counts as missing. NotFound outside the scope."""
    place = places.get_place(session, place_id)
    session.demand(place_id)
    on = team_months.tree_day(period)
    since = Period(period.year, 1, period.start_day).since if year else period.since
    wanted = Wanted(place_id=place_id, since=since, until=period.last_day)
    lines = documents.every_document(session, wanted)
    proofs = {line.row.id or 0: _proof(session, line, instance) for line in lines}
    known = [one for one in indicators.list_indicators(session) if one.in_report or _proves(lines, one.code)]
    values = _values(session, place_id, period, on, known, year=year)
    aims = targets.read_aims(session, [place_id], period, known, on, year=year)[place_id]
    return ProofSheet(
        settings=dressed(session, _issuer(session, place, on), demo=demo),
        place=place.name,
        period=period,
        is_year=year,
        until=min(period.last_day, today()),
        indicators=tuple(
            Proved(
                code=one.code,
                name=one.name,
                unit=one.unit,
                section=one.section,
                value=values.get(one.code, (None, ""))[0],
                source=values.get(one.code, (None, ""))[1],
                target=aims.get(one.code),
                proofs=tuple(proofs[line.row.id or 0] for line in lines if one.code in line.indicators),
            )
            for one in known
        ),
        untied=tuple(proofs[line.row.id or 0] for line in lines if not line.indicators),
    )


def draw_sheet(sheet: ProofSheet, ending: str) -> Paper:
    """The list of documents as `pdf` or `xlsx`; NotFound for another ending."""
    if ending not in ENDINGS:
        raise NotFound
    span = f"nam-{sheet.period.year}" if sheet.is_year else sheet.period.code
    name = ascii_filename(f"bang-ke-tai-lieu-kiem-chung-{span}-{sheet.place}", ending)
    return Paper(draw_evidence_sheet(sheet, ending), name)


def _proves(lines: Sequence[DocumentLine], code: str) -> bool:
    return any(code in line.indicators for line in lines)


def _proof(session: GatedSession, line: DocumentLine, instance: Path | None) -> Proof:
    row = line.row
    opens = may_open(session, row)
    is_whole = row.sha256 is not None and (instance is None or _is_whole(instance, row.sha256))
    lacks = line.lacks if is_whole or row.sha256 is None else (*line.lacks, Lack.FILE)
    return Proof(
        id=row.id or 0,
        kind=row.kind,
        number=row.number,
        dated=row.dated,
        issuer=row.issuer,
        abstract=row.abstract,
        place=line.place,
        lacks=lacks,
        file_kind=row.file_kind if is_whole else "",
        file_name=file_name(row) if opens and is_whole else "",
        sha256=row.sha256 or "",
        is_closed=row.sha256 is not None and not opens,
    )


def _is_whole(instance: Path, sha256: str) -> bool:
    try:
        read_scan(instance, sha256)
    except NotFound:
        return False
    return True


def _values(
    session: GatedSession,
    place_id: int,
    period: Period,
    on: date,
    known: Sequence[Indicator],
    *,
    year: bool,
) -> Mapping[str, tuple[Value, str]]:
    """Each indicator's figure, and who declared it where nobody counts it."""
    found: dict[str, tuple[Value, str]] = {}
    for code, figure in indicators.read_figures(session, place_id, period, on, known).items():
        so_far = figure.cumulative if year and figure.cumulative is not None else figure.now
        found[code] = (so_far, "")
    by_code = {one.code: one for one in known if one.source is Source.DECLARED}
    for row in declared.list_of_place(session, place_id, period):
        if row.indicator in by_code and row.indicator not in found:
            found[row.indicator] = (pair(by_code[row.indicator], row.part, row.whole), row.source)
    return found


def _issuer(session: GatedSession, place: Place, on: date) -> Place | None:
    """Whose head the paper bears: a village's commune, else the place's own."""
    return (
        places.find_above(session, place.id or 0, Level.COMMUNE, on)
        if place.level == Level.VILLAGE
        else place
    )
