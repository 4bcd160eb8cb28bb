"""The register of evidence documents: listed by place, days, indicator, kind and what is missing; found by what they
belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from tdteam.domain.documents import PAPERS, Lack, Tie, lacks_of
from tdteam.domain.errors import NotFound
from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, read_page
from tdteam.store.places import ids_inside
from tdteam.store.tables import Document, DocumentIndicator, DocumentTie, Place, PlaceAncestor

MOST = 2_000
"""Documents of one place and span that a paper or a bundle holds."""


@dataclass(frozen=True)
class DocumentLine:
    """A document with the names around it; `ties` are noun and target."""

    row: Document
    place: str
    indicators: tuple[str, ...]
    ties: tuple[Tie, ...]

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What it lacks before it counts."""
        row = self.row
        return lacks_of(
            row.kind,
            row.number,
            row.dated,
            row.issuer,
            has_file=row.sha256 is not None,
            has_indicator=bool(self.indicators),
        )


@dataclass(frozen=True)
class Wanted:
    """What a list asks for; None and "" ask nothing. `missing` is a Lack, or "any"."""

    place_id: int | None = None
    since: date | None = None
    until: date | None = None
    indicator: str | None = None
    kind: str | None = None
    missing: str | None = None
    tie: Tie | None = None
    is_withdrawn: bool = False


def list_documents(
    session: GatedSession,
    wanted: Wanted,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[DocumentLine]:
    """A page of the register, last added first."""
    return read_page(
        lambda asked: _lines(session, asked),
        _narrowed(select(Document.id), session, wanted),
        (col(Document.id),),
        (int,),
        key=lambda line: (str(line.row.id),),
        after=after,
        before=before,
        limit=limit,
    )


def every_document(session: GatedSession, wanted: Wanted) -> list[DocumentLine]:
    """The whole list (at most MOST), by day of the document."""
    query = _narrowed(select(Document.id), session, wanted)
    return _lines(session, query.order_by(col(Document.dated), col(Document.id)).limit(MOST))


def count_documents(session: GatedSession, wanted: Wanted) -> int:
    """How many documents a list asks for."""
    return int(session.execute(_narrowed(select(func.count()), session, wanted)).scalar_one())


def find_row(session: GatedSession, document_id: int) -> Document | None:
    """A document the scope reaches, held until the transaction ends where one writes."""
    query = select(Document).where(Document.id == document_id)
    return session.exec(query.with_for_update() if session.is_writing else query).first()


def get_line(session: GatedSession, document_id: int) -> DocumentLine:
    """A document with the names around it, or NotFound."""
    found = _lines(session, select(Document.id).where(Document.id == document_id))
    if not found:
        raise NotFound
    return found[0]


def get_own(session: GatedSession, document_id: int) -> Document:
    """A document of a place that lies inside the scope (not above it), or NotFound."""
    row = find_row(session, document_id)
    if row is None or not session.permits(row.place_id):
        raise NotFound
    return row


def tied_to(session: GatedSession, ties: Collection[Tie]) -> list[DocumentLine]:
    """The documents in force that belong to any of some things, newest first."""
    if not ties:
        return []
    query = select(Document.id).where(col(Document.withdrawn_at).is_(None), _is_tied(ties))
    return _lines(session, query.order_by(col(Document.dated).desc(), col(Document.id).desc()).limit(MOST))


def of_village(session: GatedSession, village_id: int, more: Collection[Tie]) -> list[DocumentLine]:
    """The documents in force of a village: filed there, or belonging to it, its teams or its models."""
    ties = [("village", str(village_id)), *more]
    query = select(Document.id).where(
        col(Document.withdrawn_at).is_(None), or_(col(Document.place_id) == village_id, _is_tied(ties))
    )
    return _lines(session, query.order_by(col(Document.dated).desc(), col(Document.id).desc()).limit(MOST))


def count_same_file(session: GatedSession, sha256: str, but: int | None = None) -> int:
    """How many other documents in force bear the same file."""
    query = select(func.count()).where(
        Document.sha256 == sha256, col(Document.withdrawn_at).is_(None), Document.id != (but or 0)
    )
    return int(session.execute(query).scalar_one())


def set_indicators(session: GatedSession, document: Document, codes: Collection[str]) -> bool:
    """Make these the indicators a document proves; whether that changed anything."""
    rows = session.exec(select(DocumentIndicator).where(DocumentIndicator.document_id == document.id)).all()
    held = {row.indicator for row in rows}
    for row in rows:
        if row.indicator not in codes:
            session.delete(row)
        elif row.place_id != document.place_id:
            row.place_id = document.place_id
            session.add(row)
    for code in sorted(set(codes) - held):
        session.add(
            DocumentIndicator(document_id=document.id or 0, indicator=code, place_id=document.place_id)
        )
    session.flush()
    return held != set(codes)


def set_ties(session: GatedSession, document: Document, ties: Collection[Tie]) -> bool:
    """Make these the things a document belongs to; whether that changed anything."""
    rows = session.exec(select(DocumentTie).where(DocumentTie.document_id == document.id)).all()
    held = {(row.noun, row.target) for row in rows}
    for row in rows:
        if (row.noun, row.target) not in ties:
            session.delete(row)
        elif row.place_id != document.place_id:
            row.place_id = document.place_id
            session.add(row)
    for noun, target in sorted(set(ties) - held):
        session.add(
            DocumentTie(document_id=document.id or 0, noun=noun, target=target, place_id=document.place_id)
        )
    session.flush()
    return held != set(ties)


def place_condition(session: GatedSession, place_id: int) -> Any:
    """Documents of a place and what lies in it; of an area also those its communes filed."""
    inside = ids_inside(place_id)
    place = session.exec(select(Place).where(Place.id == place_id)).first()
    if place is None or place.level != Level.AREA:
        return col(Document.place_id).in_(inside)
    commune = Place.__table__.alias("filing_commune")  # type: ignore[attr-defined]
    above = (
        select(PlaceAncestor.ancestor_id)
        .join(commune, commune.c.id == PlaceAncestor.ancestor_id)
        .where(commune.c.level == Level.COMMUNE, col(PlaceAncestor.place_id).in_(inside))
    )
    return or_(col(Document.place_id).in_(inside), col(Document.place_id).in_(above))


def _narrowed(query: Any, session: GatedSession, wanted: Wanted) -> Any:
    gone = col(Document.withdrawn_at)
    query = query.where(gone.is_not(None) if wanted.is_withdrawn else gone.is_(None))
    if wanted.place_id:
        query = query.where(place_condition(session, wanted.place_id))
    if wanted.since:
        query = query.where(or_(col(Document.until).is_(None), col(Document.until) >= wanted.since))
    if wanted.until:
        begins = func.coalesce(Document.since, Document.dated)
        query = query.where(or_(begins.is_(None), begins <= wanted.until))
    if wanted.kind:
        query = query.where(Document.kind == wanted.kind)
    if wanted.indicator:
        query = query.where(_proves(DocumentIndicator.indicator == wanted.indicator))
    if wanted.tie:
        query = query.where(_is_tied([wanted.tie]))
    if wanted.missing:
        query = query.where(_is_missing(wanted.missing))
    return query


def _proves(*conditions: Any) -> Any:
    query = select(DocumentIndicator.document_id).where(DocumentIndicator.document_id == Document.id)
    return query.where(*conditions).exists()


def _is_tied(ties: Collection[Tie]) -> Any:
    noun, target = col(DocumentTie.noun), col(DocumentTie.target)
    named = or_(*(and_(noun == one, target == what) for one, what in ties))
    return select(DocumentTie.document_id).where(DocumentTie.document_id == Document.id, named).exists()


def _is_missing(what: str) -> Any:
    is_paper = col(Document.kind).in_(sorted(PAPERS))
    conditions: dict[str, Any] = {
        Lack.FILE: col(Document.sha256).is_(None),
        Lack.NUMBER: and_(is_paper, col(Document.number) == ""),
        Lack.ISSUER: and_(is_paper, col(Document.issuer) == ""),
        Lack.DATED: col(Document.dated).is_(None),
        Lack.INDICATOR: ~_proves(),
    }
    return conditions[what] if what in conditions else or_(*conditions.values())


def _lines(session: GatedSession, ids: Any) -> list[DocumentLine]:
    """The documents whose ids a query finds, in its order."""
    found = [one for (one,) in session.execute(ids)]
    if not found:
        return []
    rows = session.execute(
        select(Document, Place.name)
        .join(Place, col(Place.id) == Document.place_id)
        .where(col(Document.id).in_(found))
    )
    by_id = {row.id: (row, place) for row, place in rows}
    codes = _grouped(
        session.execute(
            select(DocumentIndicator.document_id, DocumentIndicator.indicator)
            .where(col(DocumentIndicator.document_id).in_(found))
            .order_by(DocumentIndicator.indicator)
        )
    )
    ties: dict[int, list[Tie]] = {}
    asked = select(DocumentTie.document_id, DocumentTie.noun, DocumentTie.target).where(
        col(DocumentTie.document_id).in_(found)
    )
    for document_id, noun, target in session.execute(asked.order_by(DocumentTie.noun, DocumentTie.target)):
        ties.setdefault(document_id, []).append((noun, target))
    return [
        DocumentLine(*by_id[one], tuple(codes.get(one, ())), tuple(ties.get(one, ())))
        for one in found
        if one in by_id
    ]


def _grouped(pairs: Iterable[Any]) -> dict[int, list[str]]:
    out: dict[int, list[str]] = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return out
