"""Steps a report takes and the wordings it had: written once, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from tdteam.domain.paper_words import PaperWords, words_from
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.roles import Actor
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Paper, Report, ReportStep, ReportWording


def take_step(
    session: GatedSession,
    report: Report,
    step: Step,
    stage: Stage,
    actor: Actor,
    *,
    why: str = "",
    alone: bool = False,
) -> None:
    """Note a step and bring the (held) report to its new stage."""
    report.stage = stage
    session.add(report)
    session.add(
        ReportStep(
            report_id=report.id or 0,
            commune_id=report.commune_id,
            sealing_id=report.sealing_id,
            step=step,
            wording=report.version,
            why=why,
            alone=alone,
            at=datetime.now(UTC),
            taken_by=actor.account_id,
        )
    )
    session.flush()


def submitted_by(session: GatedSession, report: Report) -> int | None:
    """Who brought the figures and words in force to signature."""
    query = select(ReportStep.taken_by).where(
        ReportStep.report_id == report.id, ReportStep.step == Step.SUBMIT
    )
    return session.exec(query.order_by(col(ReportStep.id).desc())).first()


def keep_wording(session: GatedSession, report: Report) -> None:
    """Keep the words as they now stand, as the next version."""
    report.version += 1
    session.add(report)
    body: dict[str, Any] = {
        "narrative": report.narrative,
        "number": report.number,
        "dated": report.dated.isoformat() if report.dated else None,
        "settings": report.settings,
    }
    session.add(
        ReportWording(
            report_id=report.id or 0,
            version=report.version,
            commune_id=report.commune_id,
            body=body,
            changed_at=report.changed_at,
            changed_by=report.changed_by,
        )
    )
    session.flush()


def list_wordings(session: GatedSession, report_id: int) -> Sequence[ReportWording]:
    """Every wording a report had, newest first."""
    query = select(ReportWording).where(ReportWording.report_id == report_id)
    return session.exec(query.order_by(col(ReportWording.version).desc())).all()


def words_of_paper(paper: Paper) -> PaperWords:
    """The words an issued paper was drawn with."""
    return words_from(paper.words)


@dataclass(frozen=True)
class StepLine:
    """A step with the name of who took it."""

    step: Step
    at: datetime
    who: str
    why: str
    alone: bool
    sealing_id: int | None
    wording: int


def list_step_lines(session: GatedSession, report_id: int) -> list[StepLine]:
    """The steps a report took, oldest first, each with who took it."""
    query = (
        select(ReportStep, Account.name)
        .outerjoin(Account, col(Account.id) == ReportStep.taken_by)
        .where(ReportStep.report_id == report_id)
        .order_by(col(ReportStep.id))
    )
    return [
        StepLine(Step(row.step), row.at, name or "", row.why, row.alone, row.sealing_id, row.wording)
        for row, name in session.exec(query)
    ]


@dataclass(frozen=True)
class WordingLine:
    """A wording with who wrote it; `body` as it was kept: narrative, number, dated, settings."""

    version: int
    at: datetime
    who: str
    body: dict[str, Any]


def list_wording_lines(session: GatedSession, report_id: int) -> list[WordingLine]:
    """Every wording a report had, newest first, each with who wrote it."""
    query = (
        select(ReportWording, Account.name)
        .outerjoin(Account, col(Account.id) == ReportWording.changed_by)
        .where(ReportWording.report_id == report_id)
        .order_by(col(ReportWording.version).desc())
    )
    return [
        WordingLine(row.version, row.changed_at, name or "", row.body) for row, name in session.exec(query)
    ]
