"""The steps of a sealed report: submit, return, sign, issue. Issuing draws the paper once and keeps its bytes."""

from __future__ import annotations

from tdteam.actions.draft_report import DRAW, Paper, draw_draft
from tdteam.actions.seal_parts import Seen
from tdteam.actions.seal_report import compose_sealed, words_of
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.paper_words import words_from
from tdteam.domain.periods import Period
from tdteam.domain.report import Report as Composed
from tdteam.domain.report_life import Stage, Step, demand_step, judge_why
from tdteam.domain.report_spans import ReportSpan, SpanKind
from tdteam.domain.roles import Actor
from tdteam.domain.snapshots import Snapshot, sha256_of, snapshot_from
from tdteam.domain.wire import stored
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, papers, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Paper as PaperRow
from tdteam.store.tables import Place, Report, Sealing

STEPS = (Step.SUBMIT, Step.RETURN, Step.SIGN, Step.ISSUE)


def take_step(
    session: GatedSession,
    place: Place,
    span_code: str,
    step: Step,
    actor: Actor,
    *,
    why: str = "",
    seen: Seen | None = None,
) -> Stage:
    """Take one of STEPS; the stage the report is in then.

    Raises Refused (`why` required), Conflict `stage` (somebody else was faster), NotAllowed (`four_eyes` where the one
    who submitted would sign).
    """
    why = stored(why)
    if flaws := judge_why(step, why):
        raise Refused(flaws)
    session.demand(place.id or 0)
    report = sealings.hold_report(session, place.id or 0, span_code)
    if seen and (seen.stage, seen.sealing_id) != (Stage(report.stage), report.sealing_id):
        raise Conflict("stage", stage=report.stage)
    alone = papers.is_alone(session, place.id or 0)
    submitter = report_steps.submitted_by(session, report)
    stage = demand_step(step, Stage(report.stage), actor, submitted_by=submitter, is_alone=alone)
    is_own = step is Step.SIGN and submitter is not None and submitter == actor.account_id
    kept = _issue(session, place, report, actor) if step is Step.ISSUE else {}
    report_steps.take_step(session, report, step, stage, actor, why=why, alone=is_own)
    audit.append(
        session,
        step.value,
        "report",
        f"{place.id}/{span_code}",
        place_id=place.id,
        sealing=report.sealing_id,
        wording=report.version,
        **({"alone": True} if is_own else {}),
        **kept,
    )
    return stage


def _issue(session: GatedSession, place: Place, report: Report, actor: Actor) -> dict[str, str]:
    """Keep the papers; the hashes of their bytes and words, by form, which the audit tells for good."""
    row = sealings.get_sealing(session, report.sealing_id or 0)
    snapshot, words = snapshot_from(row.snapshot), words_of(session, place, report.period)
    composed = compose_sealed(snapshot, words, row.sha256)
    name = file_stem(snapshot)
    text = words.text()
    hashes = {"words": sha256_of(text)}
    for form, draw in DRAW.items():
        kept = sealings.keep_paper(session, row, form, text, ascii_filename(name, form), draw(composed))
        hashes[form] = kept.sha256
    if row.replaces_id:
        old = sealings.get_sealing(session, row.replaces_id)
        sealings.end_sealing(session, old, "replaced", actor.account_id, row.why)
    return hashes


def file_stem(snapshot: Snapshot) -> str:
    """What a paper's file is called, before its ending; later versions say so."""
    again = f"-lan-{snapshot.version}" if snapshot.version > 1 else ""
    return file_stem_of(snapshot.span, snapshot.place_name) + again


def file_stem_of(span: ReportSpan, place_name: str) -> str:
    """The same of a span and a place, before anything is sealed."""
    match span.kind:
        case SpanKind.MONTH:
            said = f"thang-{span.index:02d}-{span.year}"
        case SpanKind.QUARTER:
            said = f"quy-{span.index}-{span.year}"
        case SpanKind.HALF:
            said = f"6-thang-{span.index}-{span.year}"
        case SpanKind.YEAR:
            said = f"nam-{span.year}"
        case SpanKind.RANGE:
            said = f"nhanh-{span.since:%d-%m-%Y}-{span.last_day:%d-%m-%Y}"
    return f"bao-cao-{said}-{place_name}"


def sealed_report(session: GatedSession, place: Place, row: Sealing) -> Composed:
    """A seal as it would print now: with its issued words, else with those being edited."""
    paper = sealings.find_paper(session, row.id or 0, "pdf")
    words = words_from(paper.words) if paper else words_of(session, place, row.period)
    return compose_sealed(snapshot_from(row.snapshot), words, row.sha256)


def draw_sealed(session: GatedSession, place: Place, row: Sealing, ending: str) -> Paper:
    """The paper of a seal: the stored bytes once it is issued, before that drawn with the words as they stand."""
    if ending not in DRAW:
        raise NotFound
    kept: PaperRow | None = sealings.find_paper(session, row.id or 0, ending)
    if kept:
        return Paper(kept.body, kept.name)
    snapshot = snapshot_from(row.snapshot)
    composed = compose_sealed(snapshot, words_of(session, place, row.period), row.sha256)
    return Paper(DRAW[ending](composed), ascii_filename(file_stem(snapshot), ending))


def draw_report(
    session: GatedSession, commune: Place, period: Period, ending: str, *, demo: bool = False
) -> Paper:
    """A commune's monthly report as it stands: the draft, the sealed figures with its words, or the issued bytes."""
    draft = papers.read_draft(session, commune.id or 0, period.code)
    if draft.sealing_id is None:
        return draw_draft(session, commune, period, ending, demo=demo)
    return draw_sealed(session, commune, sealings.get_sealing(session, draft.sealing_id), ending)
