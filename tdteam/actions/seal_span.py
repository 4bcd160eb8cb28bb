"""Seals a report over other days than a month. No period is closed by it: months are sealed by their own reports.

The periods inside are held alone while their figures are read, so that what is printed was so at one moment; they are
left as they were.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tdteam.actions.seal_report import Seen, new_code
from tdteam.actions.span_facts import read_facts_on
from tdteam.actions.span_ground import ground_of
from tdteam.domain.compare_facts import changes_of
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.periods import period_of, today
from tdteam.domain.report_life import Stage, Step, demand_step, judge_why
from tdteam.domain.report_settings import PaperDate, PaperReference
from tdteam.domain.report_spans import ReportSpan, span_code
from tdteam.domain.roles import Actor
from tdteam.domain.snapshots import Replaced, Snapshot, snapshot_from
from tdteam.domain.wire import stored
from tdteam.store import audit, report_steps, sealings, settings, span_sums
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sealing
from tdteam.store.tables import Report as ReportRow


def seals_span(commune: Place, span: ReportSpan) -> bool:
    """Whether a commune reports a span by now: it is over, and the commune was in force on its last day."""
    in_force = commune.since <= span.last_day and (commune.until is None or commune.until > span.last_day)
    return in_force and span.last_day < today()


def seal_span(
    session: GatedSession,
    commune: Place,
    span: ReportSpan,
    actor: Actor,
    *,
    address: str,
    demo: bool = False,
    seen: Seen | None = None,
) -> Sealing:
    """Seal a commune's figures of a span. Raises Conflict: `stage`, `period_running` (the span is not over),
    `place_ended`, `address_missing`; NotAllowed."""
    report = _hold(session, commune, span, seen)
    stage = demand_step(Step.SEAL, Stage(report.stage), actor)
    _demand_over(commune, span)
    row = _seal(session, commune, span, actor, address=address, demo=demo)
    _settle(session, commune, report, Step.SEAL, stage, row, actor)
    return row


def unseal_span(
    session: GatedSession,
    commune: Place,
    span: ReportSpan,
    actor: Actor,
    why: str,
    *,
    seen: Seen | None = None,
) -> None:
    """Let the figures of a span move again before its paper is issued. Raises Refused (no reason), Conflict `stage`,
    `replaces_issued`; NotAllowed."""
    _demand_why(Step.UNSEAL, why)
    report = _hold(session, commune, span, seen)
    stage = demand_step(Step.UNSEAL, Stage(report.stage), actor)
    row = sealings.get_sealing(session, report.sealing_id or 0)
    if row.replaces_id:
        raise Conflict("replaces_issued")
    sealings.end_sealing(session, row, "unsealed", actor.account_id, stored(why))
    _settle(session, commune, report, Step.UNSEAL, stage, row, actor, why=why)
    report.sealing_id = None
    session.add(report)
    session.flush()


def replace_span(
    session: GatedSession,
    commune: Place,
    span: ReportSpan,
    actor: Actor,
    why: str,
    *,
    address: str,
    demo: bool = False,
    seen: Seen | None = None,
) -> Sealing:
    """After issue: the span's figures as they stand now, sealed as a new version that says which paper it replaces.

    Raises Refused (no reason), Conflict `stage`, NotAllowed.
    """
    _demand_why(Step.REPLACE, why)
    report = _hold(session, commune, span, seen)
    stage = demand_step(Step.REPLACE, Stage(report.stage), actor)
    old = sealings.get_sealing(session, report.sealing_id or 0)
    replaced = Replaced(_reference(session, old, report), stored(why), old.sha256)
    row = _seal(session, commune, span, actor, address=address, demo=demo, old=old, replaced=replaced)
    _settle(session, commune, report, Step.REPLACE, stage, row, actor, why=why)
    report.number, report.dated = "", None  # a new paper has a number of its own
    report_steps.keep_wording(session, report)
    return row


def _demand_over(commune: Place, span: ReportSpan) -> None:
    if span.last_day >= today():
        raise Conflict("period_running", last_day=span.last_day)
    if not seals_span(commune, span):
        raise Conflict("place_ended")


def _demand_why(step: Step, why: str) -> None:
    if flaws := judge_why(step, stored(why)):
        raise Refused(flaws)


def _hold(session: GatedSession, commune: Place, span: ReportSpan, seen: Seen | None) -> ReportRow:
    session.demand(commune.id or 0)
    report = sealings.hold_report(session, commune.id or 0, span_code(span))
    if seen and (seen.stage, seen.sealing_id) != (Stage(report.stage), report.sealing_id):
        raise Conflict("stage", stage=report.stage)
    return report


def _settle(
    session: GatedSession,
    commune: Place,
    report: ReportRow,
    step: Step,
    stage: Stage,
    row: Sealing,
    actor: Actor,
    why: str = "",
) -> None:
    report.sealing_id = row.id
    report_steps.take_step(session, report, step, stage, actor, why=stored(why))
    audit.append(
        session,
        step.value,
        "report",
        f"{commune.id}/{row.period}",
        place_id=commune.id,
        version=row.version,
        **({"sha256": row.sha256} if step is not Step.UNSEAL else {}),
    )


def _reference(session: GatedSession, old: Sealing, report: ReportRow) -> PaperReference:
    """The issued paper as it names itself."""
    paper = sealings.find_paper(session, old.id or 0, "pdf")
    words = report_steps.words_of_paper(paper) if paper else None
    if words is None:
        return PaperReference(report.number, "", PaperDate.of(report.dated))
    return PaperReference(words.number, words.settings.symbol, PaperDate.of(words.dated))


def _hold_periods(session: GatedSession, commune: Place, span: ReportSpan) -> None:
    """Hold every period the span touches, oldest first: writers of their facts wait until the seal is written."""
    start_day = settings.period_start_day(session)
    period = period_of(span.since, start_day)
    while period.since <= span.last_day:
        sealings.hold_alone(session, commune.id or 0, period.code)
        period = period.plus(1)


def _seal(
    session: GatedSession,
    commune: Place,
    span: ReportSpan,
    actor: Actor,
    *,
    address: str,
    demo: bool,
    old: Sealing | None = None,
    replaced: Replaced | None = None,
) -> Sealing:
    """Read everything under the held periods and keep it."""
    if not address:
        raise Conflict("address_missing")
    _hold_periods(session, commune, span)
    ground = ground_of(session, commune.id or 0, span)
    facts = read_facts_on(ground)
    counted, packed = span_sums.counted_in_stretch(session, ground.villages, ground.now)
    code, now = span_code(span), datetime.now(UTC)
    snapshot = Snapshot(
        code=new_code(),
        version=sealings.next_version(session, commune.id or 0, code),
        place_id=commune.id or 0,
        place_name=commune.name,
        place_code=commune.code or "",
        span=span,
        span_code=code,
        facts=facts,
        sealed_at=now.isoformat(timespec="seconds"),
        audit_head=audit.head(session),
        address=address,
        counted=counted,
        replaces=replaced,
        changes=changes_of(snapshot_from(old.snapshot).facts, facts) if old else (),
        demo=demo,
        parts=tuple(ground.seals[one].sha256 for one in ground.now.codes if one in ground.seals),
    )
    return sealings.keep_sealing(
        session,
        snapshot,
        packed,
        account_id=actor.account_id,
        sealed_at=now,
        replaces_id=old.id if old else None,
        why=replaced.why if replaced else "",
    )
