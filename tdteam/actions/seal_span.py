"""Seals a report over other days than a month. No period is closed by it: months are sealed by their own reports.

The periods inside are held alone while their figures are read, so that what is printed was so at one moment; they are
left as they were.
"""

from __future__ import annotations

from tdteam.actions.seal_parts import Seen, demand_why, hold_as_seen, keep_seal, settle
from tdteam.actions.span_facts import read_facts_on
from tdteam.actions.span_ground import ground_of
from tdteam.domain.errors import Conflict
from tdteam.domain.periods import period_of, today
from tdteam.domain.report_life import Stage, Step, demand_step
from tdteam.domain.report_spans import ReportSpan, span_code
from tdteam.domain.roles import Actor
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
    report = hold_as_seen(session, commune, span_code(span), seen)
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
    demand_why(Step.UNSEAL, why)
    report = hold_as_seen(session, commune, span_code(span), seen)
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
    demand_why(Step.REPLACE, why)
    report = hold_as_seen(session, commune, span_code(span), seen)
    stage = demand_step(Step.REPLACE, Stage(report.stage), actor)
    old = sealings.get_sealing(session, report.sealing_id or 0)
    replacing = (old, report, why)
    row = _seal(session, commune, span, actor, address=address, demo=demo, replacing=replacing)
    _settle(session, commune, report, Step.REPLACE, stage, row, actor, why=why)
    report.number, report.dated = "", None  # a new paper has a number of its own
    report_steps.keep_wording(session, report)
    return row


def _demand_over(commune: Place, span: ReportSpan) -> None:
    if span.last_day >= today():
        raise Conflict("period_running", last_day=span.last_day)
    if not seals_span(commune, span):
        raise Conflict("place_ended")


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
    settle(session, report, step, stage, row, actor, why)
    audit.append(
        session,
        step.value,
        "report",
        f"{commune.id}/{row.period}",
        place_id=commune.id,
        version=row.version,
        **({"sha256": row.sha256} if step is not Step.UNSEAL else {}),
    )


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
    replacing: tuple[Sealing, ReportRow, str] | None = None,
) -> Sealing:
    """Read everything under the held periods and keep it."""
    if not address:
        raise Conflict("address_missing")
    _hold_periods(session, commune, span)
    ground = ground_of(session, commune.id or 0, span)
    return keep_seal(
        session,
        commune,
        span,
        span_code(span),
        read_facts_on(ground),
        span_sums.counted_in_stretch(session, ground.villages, ground.now),
        actor,
        address=address,
        demo=demo,
        replacing=replacing,
        parts=[ground.seals[one].sha256 for one in ground.now.codes if one in ground.seals],
    )
