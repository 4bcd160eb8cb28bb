"""Seals a commune's figures: one transaction holds the period alone, reads the tallies and what they count, and keeps a
snapshot from which every paper is drawn. Opens them again before issue, and replaces them after it.

A writer that came first has its facts in the snapshot; one that comes later finds the period sealed and counts in the
first open one. There is no third way, for both hold the same row (`store/periods`, `store/sealings`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tdteam.actions.draft_report import read_facts, settings_of
from tdteam.domain.compare_facts import changes_of
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.paper_words import PaperWords
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report import Mark, Report, compose_report
from tdteam.domain.report_life import Stage, Step, demand_step, judge_why
from tdteam.domain.report_settings import PaperDate, PaperReference, PaperSettings
from tdteam.domain.report_spans import month_span
from tdteam.domain.roles import Actor
from tdteam.domain.snapshots import Replaced, Snapshot, snapshot_from
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.domain.wire import stored
from tdteam.store import audit, late, papers, places, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Place, Sealing
from tdteam.store.tables import Report as ReportRow

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that reads like something else on paper
CODE_LENGTH = 16  # 79 bits


@dataclass(frozen=True)
class Seen:
    """What the page showed that somebody acts on: another stage or seal by now is a Conflict."""

    stage: Stage
    sealing_id: int | None = None


def new_code() -> str:
    """A random code for a paper: 16 letters and digits of 31."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


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
    report = _hold(session, commune, period, seen)
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
    _settle(session, report, Step.SEAL, stage, row, actor)
    _note(session, "seal", commune, period, version=row.version, sha256=row.sha256)
    return row


def unseal(
    session: GatedSession, commune: Place, period: Period, actor: Actor, why: str, *, seen: Seen | None = None
) -> int:
    """Open sealed figures again before the paper is issued: late records and changes count in their own period again.

    How many of them came back. Raises Refused (no reason), Conflict `stage`, NotAllowed.
    """
    _demand_why(Step.UNSEAL, why)
    report = _hold(session, commune, period, seen)
    stage = demand_step(Step.UNSEAL, Stage(report.stage), actor)
    row = sealings.get_sealing(session, report.sealing_id or 0)
    if row.replaces_id:
        raise Conflict(
            "replaces_issued"
        )  # the issued figures would move: a replacing report is sealed at once
    state = sealings.hold_alone(session, commune.id or 0, period.code)
    state.status = PeriodStatus.OPEN
    session.add(state)
    session.flush()
    back = late.take_back(
        session, PeriodBook(session), villages_of(session, commune.id or 0, period), period, None
    )
    sealings.end_sealing(session, row, "unsealed", actor.account_id, stored(why))
    _settle(session, report, Step.UNSEAL, stage, row, actor, why=why)
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
    _demand_why(Step.REPLACE, why)
    report = _hold(session, commune, period, seen)
    stage = demand_step(Step.REPLACE, Stage(report.stage), actor)
    old = sealings.get_sealing(session, report.sealing_id or 0)
    state = sealings.hold_alone(session, commune.id or 0, period.code)
    state.status = PeriodStatus.OPEN  # nobody else sees it open: the row is held until this transaction ends
    session.add(state)
    session.flush()
    back = late.take_back(
        session, PeriodBook(session), villages_of(session, commune.id or 0, period), period, keys
    )
    replaced = Replaced(_reference(session, old, report), stored(why), old.sha256)
    row = _seal(
        session,
        commune,
        period,
        actor,
        address=address,
        demo=demo,
        old=old,
        replaced=replaced,
        why=stored(why),
    )
    state.status, state.version = PeriodStatus.SEALED, row.version
    state.sealed_at, state.sealed_by = row.sealed_at, actor.account_id
    session.add(state)
    _settle(session, report, Step.REPLACE, stage, row, actor, why=why)
    report.number, report.dated = "", None  # a new paper has a number of its own
    report_steps.keep_wording(session, report)
    _note(session, "replace", commune, period, version=row.version, records=back, sha256=row.sha256)
    return row


def _note(session: GatedSession, action: str, commune: Place, period: Period, **detail: object) -> None:
    target = f"{commune.id}/{period.code}"
    audit.append(session, action, "report", target, place_id=commune.id, **detail)


def _demand_why(step: Step, why: str) -> None:
    if flaws := judge_why(step, stored(why)):
        raise Refused(flaws)


def _hold(session: GatedSession, commune: Place, period: Period, seen: Seen | None) -> ReportRow:
    session.demand(commune.id or 0)
    report = sealings.hold_report(session, commune.id or 0, period.code)
    if seen and (seen.stage, seen.sealing_id) != (Stage(report.stage), report.sealing_id):
        raise Conflict("stage", stage=report.stage)
    return report


def _settle(
    session: GatedSession,
    report: ReportRow,
    step: Step,
    stage: Stage,
    row: Sealing,
    actor: Actor,
    why: str = "",
) -> None:
    report.sealing_id = row.id
    report_steps.take_step(session, report, step, stage, actor, why=stored(why))


def _reference(session: GatedSession, old: Sealing, report: ReportRow) -> PaperReference:
    """The issued paper as it names itself."""
    paper = sealings.find_paper(session, old.id or 0, "pdf")
    words = report_steps.words_of_paper(paper) if paper else None
    if words is None:
        return PaperReference(report.number, "", PaperDate.of(report.dated))
    return PaperReference(words.number, words.settings.symbol, PaperDate.of(words.dated))


def _seal(
    session: GatedSession,
    commune: Place,
    period: Period,
    actor: Actor,
    *,
    address: str,
    demo: bool,
    old: Sealing | None = None,
    replaced: Replaced | None = None,
    why: str = "",
) -> Sealing:
    """Read everything under the held period and keep it."""
    if not address:
        raise Conflict("address_missing")
    commune_id = commune.id or 0
    facts = read_facts(session, commune_id, period)
    counted, packed = sealings.counted_in(session, villages_of(session, commune_id, period), [period.code])
    now = datetime.now(UTC)
    snapshot = Snapshot(
        code=new_code(),
        version=sealings.next_version(session, commune_id, period.code),
        place_id=commune_id,
        place_name=commune.name,
        place_code=commune.code or "",
        span=month_span(period),
        span_code=period.code,
        facts=facts,
        sealed_at=now.isoformat(timespec="seconds"),
        audit_head=audit.head(session),
        address=address,
        counted=counted,
        replaces=replaced,
        changes=changes_of(snapshot_from(old.snapshot).facts, facts) if old else (),
        demo=demo,
    )
    return sealings.keep_sealing(
        session,
        snapshot,
        packed,
        account_id=actor.account_id,
        sealed_at=now,
        replaces_id=old.id if old else None,
        why=why,
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
