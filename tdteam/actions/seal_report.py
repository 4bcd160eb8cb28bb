"""Seals a commune's figures: one transaction holds the period alone, reads the tallies and what they count, and keeps a
snapshot from which every paper is drawn. Opens them again before issue, and replaces them after it.

A writer that came first has its facts in the snapshot; one that comes later finds the period sealed and counts in the
first open one. There is no third way, for both hold the same row (`store/periods`, `store/sealings`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tdteam.actions.draft_report import read_facts, settings_of
from tdteam.actions.seal_parts import Seen, demand_why, hold_as_seen, keep_seal, settle
from tdteam.domain.errors import Conflict
from tdteam.domain.paper_words import PaperWords
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report import Mark, Report, compose_report
from tdteam.domain.report_life import Stage, Step, demand_step
from tdteam.domain.report_settings import PaperDate, PaperSettings
from tdteam.domain.report_spans import month_span
from tdteam.domain.roles import Actor
from tdteam.domain.snapshots import Snapshot
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.domain.wire import stored
from tdteam.store import audit, late, papers, places, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Place, Sealing
from tdteam.store.tables import Report as ReportRow


def villages_of(session: GatedSession, commune_id: int, period: Period) -> list[int]:
    """The villages a commune reports for a period: those it held on the period's last day."""
    on = min(period.last_day, today())
    found = places.list_inside(session, commune_id, Level.VILLAGE, on, ended=True)
    return [place.id or 0 for place in found]


def reports_for(commune: Place, period: Period) -> bool:
    """Whether a commune is the one that reports a period: in force on its last day."""
    return commune.since <= period.last_day and (commune.until is None or commune.until > period.last_day)


def seal_figures(
    session: GatedSession,
    commune: Place,
    period: Period,
    actor: Actor,
    *,
    address: str,
    demo: bool = False,
    seen: Seen | None = None,
) -> Sealing:
    """Seal a commune's figures of a month. Raises Conflict: `stage` (sealed already, or opened meanwhile),
    `period_running`, `place_ended` (it was merged before the period ended), `address_missing`; NotAllowed."""
    report = hold_as_seen(session, commune, period.code, seen)
    stage = demand_step(Step.SEAL, Stage(report.stage), actor)
    if period.until > today():
        raise Conflict("period_running", last_day=period.last_day)
    if not reports_for(commune, period):
        raise Conflict("place_ended")
    state = sealings.hold_alone(session, commune.id or 0, period.code)
    row = _seal(session, commune, period, actor, address=address, demo=demo)
    state.status, state.version = PeriodStatus.SEALED, row.version
    state.sealed_at, state.sealed_by = row.sealed_at, actor.account_id
    session.add(state)
    settle(session, report, Step.SEAL, stage, row, actor)
    _note(session, "seal", commune, period, version=row.version, sha256=row.sha256)
    return row


def unseal(
    session: GatedSession, commune: Place, period: Period, actor: Actor, why: str, *, seen: Seen | None = None
) -> int:
    """Open sealed figures again before the paper is issued: late records and changes count in their own period again.

    How many of them came back. Raises Refused (no reason), Conflict `stage`, NotAllowed.
    """
    demand_why(Step.UNSEAL, why)
    report = hold_as_seen(session, commune, period.code, seen)
    stage = demand_step(Step.UNSEAL, Stage(report.stage), actor)
    row = sealings.get_sealing(session, report.sealing_id or 0)
    if row.replaces_id:
        raise Conflict("replaces_issued")  # else the issued figures would move
    state = sealings.hold_alone(session, commune.id or 0, period.code)
    state.status = PeriodStatus.OPEN
    session.add(state)
    session.flush()
    back = late.take_back(
        session, PeriodBook(session), villages_of(session, commune.id or 0, period), period, None
    )
    sealings.end_sealing(session, row, "unsealed", actor.account_id, stored(why))
    settle(session, report, Step.UNSEAL, stage, row, actor, why=why)
    report.sealing_id = None
    session.add(report)
    session.flush()
    _note(session, "unseal", commune, period, version=row.version, records=back)
    return back


def replace_figures(
    session: GatedSession,
    commune: Place,
    period: Period,
    actor: Actor,
    why: str,
    *,
    address: str,
    keys: Collection[str] | None = None,
    demo: bool = False,
    seen: Seen | None = None,
) -> Sealing:
    """After issue: a new version of the figures with late records (`keys`, None for all) and every change since, sealed
    in the same transaction. The issued paper stands until the replacing one is issued.

    Raises Refused (no reason), Conflict `stage`, NotAllowed.
    """
    demand_why(Step.REPLACE, why)
    report = hold_as_seen(session, commune, period.code, seen)
    stage = demand_step(Step.REPLACE, Stage(report.stage), actor)
    old = sealings.get_sealing(session, report.sealing_id or 0)
    state = sealings.hold_alone(session, commune.id or 0, period.code)
    state.status = PeriodStatus.OPEN  # nobody else sees it open: the row is held until this transaction ends
    session.add(state)
    session.flush()
    back = late.take_back(
        session, PeriodBook(session), villages_of(session, commune.id or 0, period), period, keys
    )
    row = _seal(session, commune, period, actor, address=address, demo=demo, replacing=(old, report, why))
    state.status, state.version = PeriodStatus.SEALED, row.version
    state.sealed_at, state.sealed_by = row.sealed_at, actor.account_id
    session.add(state)
    settle(session, report, Step.REPLACE, stage, row, actor, why=why)
    report.number, report.dated = "", None  # a new paper has a number of its own
    report_steps.keep_wording(session, report)
    _note(session, "replace", commune, period, version=row.version, records=back, sha256=row.sha256)
    return row


def _note(session: GatedSession, action: str, commune: Place, period: Period, **detail: object) -> None:
    target = f"{commune.id}/{period.code}"
    audit.append(session, action, "report", target, place_id=commune.id, **detail)


def _seal(
    session: GatedSession,
    commune: Place,
    period: Period,
    actor: Actor,
    *,
    address: str,
    demo: bool,
    replacing: tuple[Sealing, ReportRow, str] | None = None,
) -> Sealing:
    """Read everything under the held period and keep it."""
    if not address:
        raise Conflict("address_missing")
    commune_id = commune.id or 0
    return keep_seal(
        session,
        commune,
        month_span(period),
        period.code,
        read_facts(session, commune_id, period),
        sealings.counted_in(session, villages_of(session, commune_id, period), [period.code]),
        actor,
        address=address,
        demo=demo,
        replacing=replacing,
    )


def compose_sealed(snapshot: Snapshot, words: PaperWords, sha256: str) -> Report:
    """The report of a seal with its words: nothing else is read, so the same two always give the same paper.

    `sha256`: of the seal's kept text. (Written anew by later code, which may know more fields, it would hash otherwise.)
    """
    settings = replace(words.settings, demo=snapshot.demo)
    blank = PaperDate(month=snapshot.span.last_day.month, year=snapshot.span.last_day.year)
    return compose_report(
        settings,
        snapshot.span,
        snapshot.facts,
        words.narrative,
        number=words.number,
        dated=PaperDate.of(words.dated) if words.dated else blank,
        replaces=snapshot.replaces.reference if snapshot.replaces else None,
        replaces_why=snapshot.replaces.why if snapshot.replaces else "",
        changes=snapshot.changes,
        mark=Mark(snapshot.code, snapshot.address, snapshot.version, sha256, snapshot.audit_head),
    )


def words_of(session: GatedSession, commune: Place, span_code: str) -> PaperWords:
    """The words of a report as they stand: its own paper settings, else the commune's."""
    draft = papers.read_draft(session, commune.id or 0, span_code)
    settings: PaperSettings = draft.settings or settings_of(session, commune)[0]
    return PaperWords(settings, draft.narrative, draft.number, draft.dated)
