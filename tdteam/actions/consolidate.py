"""An area's consolidated report: its words, the seal of its sum (`area_sum`), its issued paper, and what replaces it.

The seal names the seals it added (`Snapshot.parts`), so a report that replaces one of them later does not move it. One
reviewer seals and issues: four eyes were on each report that is in the sum.
"""

from __future__ import annotations

import zlib

from tdteam.actions.area_sum import add_up, consolidated_stem
from tdteam.actions.draft_report import DRAW
from tdteam.actions.report_life import file_stem
from tdteam.actions.seal_parts import Seen, demand_why, hold_as_seen, keep_seal, settle
from tdteam.actions.seal_report import compose_sealed, words_of
from tdteam.domain.errors import Conflict, NotAllowed
from tdteam.domain.periods import Period, today
from tdteam.domain.report_facts import ReportFacts
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.report_spans import ReportSpan, as_span, span_code
from tdteam.domain.roles import Actor, Power
from tdteam.domain.snapshots import Counted, canonical, sha256_of, snapshot_from
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sealing
from tdteam.store.tables import Report as ReportRow


def issue_consolidated(
    session: GatedSession,
    place: Place,
    at: Period | ReportSpan,
    actor: Actor,
    *,
    address: str,
    demo: bool = False,
    seen: Seen | None = None,
) -> Sealing:
    """Seal the sum (unless a replacing one is sealed already) and issue its papers, in one act.

    Raises NotAllowed, Conflict: `stage`, `period_running`, `nothing_received`, `address_missing`.
    """
    demand_reviewer(session, place, actor)
    span = as_span(at)
    report = hold_as_seen(session, place, span_code(span), seen)
    stage = Stage(report.stage)
    if stage is Stage.DRAFT:
        row = _seal(session, place, span, actor, address=address, demo=demo)
        settle(session, report, Step.SEAL, Stage.SEALED, row, actor)
    elif stage is Stage.SEALED:
        row = sealings.get_sealing(session, report.sealing_id or 0)
    else:
        raise Conflict("stage", stage=str(stage))
    snapshot, words = snapshot_from(row.snapshot), words_of(session, place, span_code(span))
    composed = compose_sealed(snapshot, words, row.sha256)
    text = words.text()
    hashes = {"words": sha256_of(text)}
    for form, draw in DRAW.items():
        name = ascii_filename(consolidated_stem(file_stem(snapshot)), form)
        hashes[form] = sealings.keep_paper(session, row, form, text, name, draw(composed)).sha256
    if row.replaces_id:
        old = sealings.get_sealing(session, row.replaces_id)
        sealings.end_sealing(session, old, "replaced", actor.account_id, row.why)
    report_steps.take_step(session, report, Step.ISSUE, Stage.ISSUED, actor)
    _note(session, "issue", place, span, row, **hashes)
    return row


def replace_consolidated(
    session: GatedSession,
    place: Place,
    at: Period | ReportSpan,
    actor: Actor,
    why: str,
    *,
    address: str,
    demo: bool = False,
    seen: Seen | None = None,
) -> Sealing:
    """After issue: seal what has been issued by now as a new version, which replaces the issued paper once it is issued
    itself; its words may be written until then. Raises Refused (no reason), and as `issue_consolidated`."""
    demand_reviewer(session, place, actor)
    demand_why(Step.REPLACE, why)
    span = as_span(at)
    report = hold_as_seen(session, place, span_code(span), seen)
    if Stage(report.stage) is not Stage.ISSUED:
        raise Conflict("stage", stage=report.stage)
    old = sealings.get_sealing(session, report.sealing_id or 0)
    row = _seal(session, place, span, actor, address=address, demo=demo, replacing=(old, report, why))
    settle(session, report, Step.REPLACE, Stage.SEALED, row, actor, why)
    report.number, report.dated = "", None  # a new paper has a number of its own
    report_steps.keep_wording(session, report)
    _note(session, "replace", place, span, row)
    return row


def demand_reviewer(session: GatedSession, place: Place, actor: Actor) -> None:
    """Raise NotAllowed, or NotFound for a place outside the scope, unless the actor reviews it."""
    if not actor.holds(Power.REVIEW_REPORT):
        raise NotAllowed
    session.demand(place.id or 0)


def _note(
    session: GatedSession, action: str, place: Place, span: ReportSpan, row: Sealing, **papers: str
) -> None:
    """Tell the audit the seal's hash and, of issued `papers`, those of their bytes and words (`store/proofs`)."""
    detail = {"version": row.version, "sha256": row.sha256, **papers}
    audit.append(session, action, "report", f"{place.id}/{span_code(span)}", place_id=place.id, **detail)


def _seal(
    session: GatedSession,
    place: Place,
    span: ReportSpan,
    actor: Actor,
    *,
    address: str,
    demo: bool,
    replacing: tuple[Sealing, ReportRow, str] | None = None,
) -> Sealing:
    if not address:
        raise Conflict("address_missing")
    if span.last_day >= today():
        raise Conflict("period_running", last_day=span.last_day)
    summed = add_up(session, place, span)
    if not summed.facts.villages.rows:
        raise Conflict("nothing_received")
    listed = canonical({"parts": list(summed.parts)})
    return keep_seal(
        session,
        place,
        span,
        span_code(span),
        summed.facts,
        (_counted(summed.facts, listed), zlib.compress(listed.encode(), 6)),
        actor,
        address=address,
        demo=demo,
        replacing=replacing,
        parts=summed.parts,
    )


def _counted(facts: ReportFacts, listed: str) -> Counted:
    """How many visits, gatherings and filings stand in the rows, and the hash of the list of seals they come from."""
    total = facts.villages.total
    cells = dict(zip((c.code for c in facts.villages.columns), total.values, strict=True)) if total else {}
    counts = [cells.get(code) for code in ("visits", "gatherings", "filings")]
    visits, gatherings, filings = (count if isinstance(count, int) else 0 for count in counts)
    return Counted(visits, gatherings, filings, sha256_of(listed))
