"""Brings a report from where it stands to its issued paper in one transaction, as the command line does."""

from __future__ import annotations

from dataclasses import dataclass

from tdteam.actions.report_life import take_step
from tdteam.actions.seal_report import seal_figures
from tdteam.domain.errors import Conflict
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.roles import Actor
from tdteam.store import papers, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sealing


@dataclass(frozen=True)
class Hands:
    """Who seals, submits and issues, and who signs. Without a writer the report must have been submitted."""

    writer: Actor | None
    signer: Actor


def seal_through(
    session: GatedSession, commune: Place, period: Period, hands: Hands, *, address: str, demo: bool = False
) -> Sealing | None:
    """Take every step that is left; the seal, or None where the paper was issued already.

    Raises Conflict `stage` where nobody submitted and there is no writer, and what the steps raise.
    """
    stage = papers.read_draft(session, commune.id or 0, period.code).stage
    if stage is Stage.ISSUED:
        return None
    if stage in (Stage.DRAFT, Stage.SEALED):
        if hands.writer is None:
            raise Conflict("stage", stage=str(stage))
        if stage is Stage.DRAFT:
            seal_figures(session, commune, period, hands.writer, address=address, demo=demo)
        stage = take_step(session, commune, period.code, Step.SUBMIT, hands.writer)
    if stage is Stage.SUBMITTED:
        take_step(session, commune, period.code, Step.SIGN, hands.signer)
    take_step(session, commune, period.code, Step.ISSUE, hands.writer or hands.signer)
    sealed = papers.read_draft(session, commune.id or 0, period.code).sealing_id
    return sealings.get_sealing(session, sealed or 0)
