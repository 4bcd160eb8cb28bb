"""What evidence is still missing, indicator by indicator; the list of documents as paper and workbook; all of it as one file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import bundle as verbs
from tdteam.actions import export_list
from tdteam.actions.draw_papers import note_paper
from tdteam.actions.export_list import Kind, ListColumn
from tdteam.actions.prove import draw_sheet, read_sheet
from tdteam.domain.bundle import Gap, ProofSheet, Proved, in_sections
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period, today
from tdteam.domain.report_facts import SECTIONS
from tdteam.domain.roles import Power
from tdteam.domain.shares import Average, Share
from tdteam.store import places
from tdteam.web import choices
from tdteam.web.document_parts import register_places
from tdteam.web.documents import instance
from tdteam.web.formats import num
from tdteam.web.forms.bundle import ProofFilter
from tdteam.web.forms.catalogue import SECTION_CHOICES
from tdteam.web.forms.documents import LACKS, word_of_kind
from tdteam.web.forms.fields import options
from tdteam.web.gate import may, noting, session, visitor
from tdteam.web.records import demand_period, number_arg
from tdteam.web.sending import send_file
from tdteam.web.states import N_

pages = Blueprint("bundle", __name__, url_prefix="/documents")
GAPS = {
    Gap.FIGURE: N_("no figure yet"),
    Gap.DOCUMENT: N_("no document yet"),
    Gap.FILE: N_("no document has a file"),
    Gap.CITED: N_("no document is cited in full"),
}


@pages.get("/missing")
def missing() -> Any:
    """Each indicator of a place with its figure, its documents and what is missing."""
    place_id, period, year = _asked()
    form = ProofFilter(place_id=str(place_id), period=period.code, span="year" if year else "")
    form.place_id.choices = options(_places(place_id))
    form.period.choices = options(choices.periods(25))
    form.place_id.data, form.period.data = str(place_id), period.code
    sheet = read_sheet(session(), place_id, period, year=year)
    only = bool(form.gaps.data)
    kept = {"place_id": place_id, "period": period.code, "span": "year" if year else None}
    return render_template(
        "documents/missing.html",
        form=form,
        sheet=sheet,
        sections=in_sections([one for one in sheet.indicators if one.gaps or not only], SECTIONS),
        section_words=dict(SECTION_CHOICES),
        gaps=GAPS,
        kept=kept,
        place_id=place_id,
        may_keep=may(Power.KEEP_EVIDENCE),
        exports=_exports(kept) if may(Power.EXPORT) else None,
    )


def _places(chosen: int) -> list[tuple[str, str]]:
    offered = register_places()
    if str(chosen) not in dict(offered):
        offered = [(str(chosen), places.get_place(session(), chosen).name), *offered]
    return offered


def _exports(kept: dict[str, Any]) -> dict[str, str]:
    out = {ending: url_for("bundle.paper", ending=ending, **kept) for ending in ("xlsx", "pdf")}
    return {**out, "zip": url_for("bundle.take", **kept)}


def _asked() -> tuple[int, Period, bool]:
    """The place (what the account covers, by default), the period and whether the year is asked for. NotFound outside the
    scope, or for a period that has not begun."""
    who = visitor()
    roots = sorted(who.seen.roots) if who else []
    place_id = number_arg("place_id") or next(iter(roots), None)
    if place_id is None:
        raise NotFound
    session().demand(place_id)
    code = request.args.get("period")
    period = demand_period(code) if code else choices.this_period()
    if period.since > today():
        raise NotFound
    return place_id, period, request.args.get("span") == "year"


def _is_demo() -> bool:
    return bool(current_app.config["TDTEAM"].is_demo)


@pages.get("/register.<ending>")
def paper(ending: str) -> Response:
    """The list of documents of a place and span as PDF or workbook."""
    place_id, period, year = _asked()
    sheet = read_sheet(session(), place_id, period, year=year, demo=_is_demo())
    made = draw_sheet(sheet, ending)
    with noting() as writing:
        note_paper(writing, "evidence_documents", ending, place_id=place_id, names=False)
    return send_file(made.body, made.file_name, inline=ending == "pdf")


@pages.get("/bundle.zip")
def take() -> Response:
    """Everything in one zip, streamed: index page, list, figures, files, hashes."""
    place_id, period, year = _asked()
    sheet = read_sheet(session(), place_id, period, year=year, instance=instance(), demo=_is_demo())
    parts = verbs.list_parts(sheet, _drawn(sheet))
    with noting() as writing:
        note_paper(writing, "evidence_documents", "zip", place_id=place_id, names=session().scope.names)
    stream = verbs.write_zip(parts, instance(), datetime.now(UTC))
    headers = {
        "Content-Disposition": f'attachment; filename="{verbs.bundle_name(sheet)}"',
        "Cache-Control": "no-store",
    }
    return Response(stream, content_type="application/zip", headers=headers)


def _drawn(sheet: ProofSheet) -> list[verbs.Part]:
    """What is drawn for the bundle itself, the index page first."""
    index = render_template(
        "documents/bundle.html",
        sheet=sheet,
        sections=in_sections(sheet.indicators, SECTIONS),
        section_words=dict(SECTION_CHOICES),
        gaps=GAPS,
        lacks=dict(LACKS),
        folder=verbs.FILES,
        made=today(),
        target_of=target_of,
    )
    return [
        verbs.Part(verbs.INDEX, index.encode()),
        verbs.Part("bang-ke.pdf", draw_sheet(sheet, "pdf").body),
        verbs.Part("bang-ke.xlsx", draw_sheet(sheet, "xlsx").body),
        verbs.Part("chi-tieu.csv", _figures(sheet)),
    ]


def target_of(one: Any) -> str | None:
    """The target of an indicator (a Proved, or a line with its indicator) in words; None where none is set."""
    unit = one.unit if isinstance(one, Proved) else one.indicator.unit
    if one.target is None:
        return None
    return f"{num(one.target)}%" if unit == "%" else num(one.target)


pages.add_app_template_global(target_of)


def _figures(sheet: ProofSheet) -> bytes:
    """Each indicator with numerator, denominator, target, documents and gaps as CSV."""
    columns = [
        ListColumn(_("Code")),
        ListColumn(_("Indicator")),
        ListColumn(_("Unit")),
        ListColumn(_("Numerator"), Kind.INT),
        ListColumn(_("Denominator"), Kind.INT),
        ListColumn(_("Share"), Kind.PERCENT),
        ListColumn(_("Target")),
        ListColumn(_("Source")),
        ListColumn(_("Evidence documents")),
        ListColumn(_("Still missing")),
    ]
    rows = ([*_row(one)] for one in sheet.indicators)
    return export_list.draw("csv", "", "", columns, rows)


def _row(one: Proved) -> list[object]:
    value = one.value
    part, whole = value if isinstance(value, int) else None, None
    if isinstance(value, Share):
        part, whole = value.part, value.whole
    elif isinstance(value, Average):
        part, whole = value.total, value.count
    told = [f"{word_of_kind(proof.kind)} {proof.number or proof.abstract}" for proof in one.proofs]
    return [
        one.code,
        one.name,
        one.unit,
        part,
        whole,
        value if isinstance(value, Share) else None,
        target_of(one),
        one.source,
        "; ".join(told),
        ", ".join(_(GAPS[gap]) for gap in one.gaps),
    ]
