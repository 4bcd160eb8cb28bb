"""What anyone who holds a printed report may ask: is its code good, does its paper still stand, is this its file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from math import ceil
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions.sign_in import Caller
from tdteam.actions.verify_paper import Checked, Verdict, check_paper, plain_code
from tdteam.domain import throttle as rules
from tdteam.domain.errors import TdteamError
from tdteam.domain.report import figure_groups
from tdteam.domain.report_facts import VillageTable
from tdteam.domain.report_settings import PaperReference
from tdteam.domain.report_spans import ReportSpan, SpanKind
from tdteam.domain.shares import Average, Share, Value
from tdteam.store import throttle
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.proofs import Fault
from tdteam.web.formats import DASH, day, frac, num
from tdteam.web.gate import aside, engine, wants_json
from tdteam.web.sign_in import caller
from tdteam.web.states import N_

pages = Blueprint("verify", __name__, url_prefix="/verify")
TYPED_LIMIT = 80
ROMAN = ("I", "II", "III", "IV")
# Why a paper is not to be relied on.
FAULTS = {
    Fault.SNAPSHOT: N_("The figures kept here were altered after they were sealed."),
    Fault.UNREADABLE: N_("The figures kept here can no longer be read."),
    Fault.ROW: N_("The figures kept here do not belong to this code."),
    Fault.HEAD: N_("The audit no longer has the entry that the paper names."),
    Fault.ENTRY: N_("The audit knows of no such seal."),
    Fault.PAPER: N_("The paper kept here was altered after it was issued."),
    Fault.COPY: N_("A signed copy is gone or was altered."),
}
# The columns of annex I that are shown for each village.
COLUMNS = {
    "households": N_("Number of households"),
    "gatherings": N_("Gatherings held"),
    "visits": N_("Visits to households"),
    "people": N_("People helped, each time"),
    "filings": N_("Filings online"),
    "done": N_("Done"),
}


@pages.get("/")
def index() -> Any:
    """Type the code of a paper."""
    typed = request.args.get("code", "")[:TYPED_LIMIT]
    if not typed.strip():
        return render_template("verify/index.html")
    plain = plain_code(typed)
    return redirect(url_for("verify.show", code=plain)) if plain else _unknown(typed, 0)


@pages.get("/<code>")
def show(code: str) -> Any:
    """One verdict of one paper. An unknown code names nobody; too many of them from one address wait."""
    plain = plain_code(code)
    found = None
    if plain:
        with open_session(engine(), EVERYWHERE) as reading:
            found = check_paper(reading, plain)
    if found is None:
        return _unknown(code, _charge(caller()) if plain else 0)
    return render_template(
        f"verify/{found.verdict}.html",
        found=found,
        code=grouped(found.code),
        span=span_words(found.snapshot.span) if found.snapshot else "",
        paper=_paper_words(found),
        faults=[str(_(FAULTS[fault])) for fault in found.faults],
        file_marks=[asdict(one) for one in found.files],
        **(_figures(found) if found.verdict is Verdict.RIGHT and found.snapshot else {}),
    )


def _unknown(typed: str, seconds: int) -> Any:
    """404, or 429 while the address must wait."""
    status, headers = (429, {"Retry-After": str(seconds)}) if seconds else (404, {})
    if wants_json():
        return {"error": "too_many_requests" if seconds else "not_found"}, status, headers
    page = render_template("verify/unknown.html", typed=typed[:TYPED_LIMIT], seconds=seconds)
    return page, status, headers


def _charge(who: Caller) -> int:
    """Count a code that nobody has; for how many seconds the address waits (0: it may go on). While it waits nothing is
    written, so that what a stranger makes us write is bounded."""
    key = who.verify_key()
    with open_session(engine(), EVERYWHERE) as reading:
        until = throttle.waits_until(reading, key)
    if until is None:
        with suppress(TdteamError), aside() as counting:  # a database that takes no writes still answers
            until = throttle.charge(counting, {key: rules.ADDRESS})
    return max(1, ceil((until - datetime.now(UTC)).total_seconds())) if until else 0


def grouped(code: str) -> str:
    """A code as it is printed: 7f3a 92c2 d34e k2m9."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def span_words(span: ReportSpan) -> str:
    """What stretch of time a report speaks of: month 11/2026, quarter IV/2026, first half of 2026."""
    if span.kind is SpanKind.MONTH:
        return str(_("Month %(name)s", name=f"{span.index:02d}/{span.year}"))
    if span.kind is SpanKind.QUARTER:
        return str(_("Quarter %(num)s of %(year)s", num=ROMAN[span.index - 1], year=span.year))
    if span.kind is SpanKind.HALF:
        said = N_("First half of %(year)s") if span.index == 1 else N_("Second half of %(year)s")
        return str(_(said, year=span.year))
    if span.kind is SpanKind.YEAR:
        return str(_("Year %(year)s", year=span.year))
    return str(_("Quick report"))


def number_words(number: str, symbol: str, dated: str | None) -> str:
    """47/BC-UBND, 17/11/2026; a part the clerk writes by hand has its dash."""
    return ", ".join([f"{number or DASH}/{symbol}" if symbol else number or DASH, dated or DASH])


def _paper_words(found: Checked) -> dict[str, str | None]:
    """Number and day of the paper, of the one that stands instead, and of the one it replaces."""
    words, newer = found.words, found.newer
    symbol = words.settings.symbol if words and words.settings.numbered else ""
    replaces = found.snapshot.replaces if found.snapshot else None
    return {
        "number": number_words(words.number, symbol, day(words.dated)) if words else None,
        "newer": number_words(newer.number, newer.symbol, day(newer.dated)) if newer else None,
        "replaces": _reference(replaces.reference) if replaces else None,
    }


def _reference(paper: PaperReference) -> str:
    at = paper.dated
    told = f"{at.day:02d}/{at.month:02d}/{at.year}" if at.day and at.month and at.year else None
    return number_words(paper.number, paper.symbol, told)


def _figures(found: Checked) -> dict[str, Any]:
    """What is compared with the paper: the figures told as sentences first, then all of them, then the villages."""
    assert found.snapshot
    facts = found.snapshot.facts
    groups = figure_groups(facts.figures)
    lines = [line for group in groups for line in group.lines]
    main = [line for line in lines if line.headline] or lines
    rest = [line for line in lines if line not in main]
    return {"main": main, "rest": rest, "villages": _villages(facts.villages)}


def _cell(value: Value) -> str:
    """A village's figure in words, here and not in the template: there are hundreds."""
    if isinstance(value, Share):
        return frac(value)
    return num(value.value if isinstance(value, Average) else value)


def _villages(table: VillageTable) -> dict[str, Any]:
    """Heads and rows of the columns shown, the total last."""
    at = [place for place, column in enumerate(table.columns) if column.code in COLUMNS]
    heads = [table.columns[place].name or str(_(COLUMNS[table.columns[place].code])) for place in at]
    rows = [(row.name, [_cell(row.values[place]) for place in at]) for row in table.rows]
    total = [_cell(table.total.values[place]) for place in at] if table.total else None
    return {"heads": heads, "rows": rows, "total": total}
