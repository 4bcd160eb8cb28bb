"""Sealed reports for machines: which there are, and the figures of one out of its snapshot, never counted anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, url_for

from tdteam.domain.errors import NotFound
from tdteam.domain.paper_words import words_from
from tdteam.domain.report_facts import FigureLine, VillageLine
from tdteam.domain.snapshots import Snapshot
from tdteam.store import api_rows, places
from tdteam.store.sealings import read_sealing
from tdteam.store.tables import Paper, Place, Sealing
from tdteam.web import api_memory
from tdteam.web.api_contract import answer, arguments
from tdteam.web.api_values import day, figure, place_ref
from tdteam.web.gate import session

pages = Blueprint("api_reports", __name__, url_prefix="/api/v1/reports")
pages.before_request(api_memory.before)


@pages.get("")
def index() -> Response:
    """Seals of the scope's communes and areas, newest first."""
    args = arguments()
    if args["place"] is not None:
        places.get_place(session(), args["place"])
    page = api_rows.page_seals(session(), **args)
    return answer({"items": _reports(page.rows), "next": page.after})


@pages.get("/<int:sealing_id>")
def show(sealing_id: int) -> Response:
    """One report's sealed figures, and annex I of the villages the account looks over."""
    arguments()
    row = api_rows.find_seal(session(), sealing_id)
    if row is None:
        raise NotFound
    try:
        held = read_sealing(row)
    except ValueError as unreadable:
        raise NotFound from unreadable
    facts = held.snapshot.facts
    looks_over = session().permits(row.commune_id)
    return answer(
        {
            "report": _reports([row])[0],
            "whole": held.is_whole,
            "figures": [_line(line) for line in facts.figures] if looks_over else None,
            "annex": _annex(held.snapshot, looks_over),
        }
    )


def _reports(rows: Sequence[Sealing]) -> list[dict[str, Any]]:
    papers = api_rows.papers_of(session(), [row.id or 0 for row in rows])
    known = api_rows.places_by_id(session(), {row.commune_id for row in rows})
    return [_report(row, papers[row.id or 0], known) for row in rows]


def _report(row: Sealing, papers: Sequence[Paper], known: Mapping[int, Place]) -> dict[str, Any]:
    words = words_from(papers[0].words) if papers else None
    return {
        "id": row.id,
        "place": place_ref(known[row.commune_id]),
        "span": row.period,
        "version": row.version,
        "code": row.code,
        "sha256": row.sha256,
        "verify": current_app.config["TDTEAM"].public_url.rstrip("/") + url_for("verify.show", code=row.code),
        "sealed_at": row.sealed_at.isoformat(),
        "state": row.ended or ("issued" if papers else "sealed"),
        "number": (words.number or None) if words else None,
        "dated": day(words.dated) if words else None,
        "replaces": row.replaces_id,
        "papers": [{"form": paper.form, "sha256": paper.sha256} for paper in papers],
    }


def _line(line: FigureLine) -> dict[str, Any]:
    """A line of chapter II; who counted a declared one is free text and may name somebody, so it stays behind."""
    return {
        "indicator": line.code,
        "name": line.name,
        "unit": line.unit,
        "section": line.section,
        "nature": line.nature.value,
        "source": line.source.value,
        "as_of": day(line.as_of),
        "now": figure(line.now),
        "previous": figure(line.previous),
        "year": figure(line.cumulative),
    }


def _annex(snapshot: Snapshot, looks_over: bool) -> dict[str, Any]:
    table = snapshot.facts.villages
    seen = [row for row in table.rows if looks_over or session().permits(row.village_id)]
    return {
        "columns": [column.code for column in table.columns],
        "rows": [_annex_row(row) for row in seen],
        "total": _annex_row(table.total) if table.total and looks_over else None,
    }


def _annex_row(row: VillageLine) -> dict[str, Any]:
    return {
        "village": row.village_id or None,
        "name": row.name,
        "declared": row.declared,
        "figures": [figure(value) for value in row.values],
    }
