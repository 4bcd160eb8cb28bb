"""What every seal shares, be it of a month, of other days or of an area: the report held as its page showed it, the
reason, the snapshot written down, the paper it replaces.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tdteam.domain.compare_facts import changes_of
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.report_facts import ReportFacts
from tdteam.domain.report_life import Stage, Step, judge_why
from tdteam.domain.report_settings import PaperDate, PaperReference
from tdteam.domain.report_spans import ReportSpan
from tdteam.domain.roles import Actor
from tdteam.domain.snapshots import Counted, Replaced, Snapshot, snapshot_from
from tdteam.domain.wire import stored
from tdteam.store import audit, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Report, Sealing

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


def demand_why(step: Step, why: str) -> None:
    """Raise Refused where a step must say why and does not."""
    if flaws := judge_why(step, stored(why)):
        raise Refused(flaws)


def hold_as_seen(session: GatedSession, place: Place, code: str, seen: Seen | None) -> Report:
    """The report of a place in a span (by its code), held; Conflict `stage` where it is no longer as its page showed it."""
    session.demand(place.id or 0)
    report = sealings.hold_report(session, place.id or 0, code)
    if seen and (seen.stage, seen.sealing_id) != (Stage(report.stage), report.sealing_id):
        raise Conflict("stage", stage=report.stage)
    return report


def settle(
    session: GatedSession,
    report: Report,
    step: Step,
    stage: Stage,
    row: Sealing,
    actor: Actor,
    why: str = "",
) -> None:
    """Note a step of a (held) report upon a seal."""
    report.sealing_id = row.id
    report_steps.take_step(session, report, step, stage, actor, why=stored(why))


def keep_seal(
    session: GatedSession,
    place: Place,
    span: ReportSpan,
    code: str,
    facts: ReportFacts,
    counted: tuple[Counted, bytes],
    actor: Actor,
    *,
    address: str,
    demo: bool,
    replacing: tuple[Sealing, Report, str] | None = None,
    parts: Sequence[str] = (),
) -> Sealing:
    """Write figures down as the next seal of a place's span. `code`: the span's. `replacing`: the issued seal, its
    report and why."""
    now = datetime.now(UTC)
    old, report, why = replacing or (None, None, "")
    told, packed = counted
    snapshot = Snapshot(
        code=new_code(),
        version=sealings.next_version(session, place.id or 0, code),
        place_id=place.id or 0,
        place_name=place.name,
        place_code=place.code or "",
        span=span,
        span_code=code,
        facts=facts,
        sealed_at=now.isoformat(timespec="seconds"),
        audit_head=audit.head(session),
        address=address,
        counted=told,
        replaces=Replaced(_reference(session, old, report), stored(why), old.sha256)
        if old and report
        else None,
        changes=changes_of(snapshot_from(old.snapshot).facts, facts) if old else (),
        demo=demo,
        parts=tuple(parts),
    )
    return sealings.keep_sealing(
        session,
        snapshot,
        packed,
        account_id=actor.account_id,
        sealed_at=now,
        replaces_id=old.id if old else None,
        why=stored(why),
    )


def _reference(session: GatedSession, old: Sealing, report: Report) -> PaperReference:
    """The issued paper as it names itself."""
    paper = sealings.find_paper(session, old.id or 0, "pdf")
    words = report_steps.words_of_paper(paper) if paper else None
    if words is None:
        return PaperReference(report.number, "", PaperDate.of(report.dated))
    return PaperReference(words.number, words.settings.symbol, PaperDate.of(words.dated))
