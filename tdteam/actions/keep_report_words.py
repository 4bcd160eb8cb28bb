"""Keeps what an official writes for a report: words, number and day, this report's own settings, who signs here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tdteam.actions.draft_report import settings_of
from tdteam.domain.errors import Refused
from tdteam.domain.privacy import judge_text
from tdteam.domain.report_facts import Narrative
from tdteam.domain.report_settings import PaperSettings
from tdteam.store import audit, papers
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place

TEXT_LIMIT = 6000


class HasCode(Protocol):
    """What a report speaks of, by its code: a period, or another span."""

    @property
    def code(self) -> str: ...


@dataclass(frozen=True)
class Coded:
    """A code alone."""

    code: str


def keep_words(
    session: GatedSession,
    commune: Place,
    period: HasCode,
    narrative: Narrative,
    number: str,
    dated: date | None,
    base_version: int,
) -> papers.Draft:
    """Keep what the official wrote. Raises Conflict where somebody else wrote meanwhile, Refused for forbidden digits."""
    session.demand(commune.id or 0)
    flaws = [flaw for name, text in vars(narrative).items() for flaw in judge_text(name, text, TEXT_LIMIT)]
    if flaws:
        raise Refused(flaws)
    before = papers.read_draft(session, commune.id or 0, period.code)
    if (before.narrative, before.number, before.dated) == (narrative, number, dated):
        return before
    kept = papers.save_draft(
        session, commune.id or 0, period.code, narrative, number, dated, base_version, before.settings
    )
    audit.append(
        session, "write", "report", f"{commune.id}/{period.code}", place_id=commune.id, version=kept.version
    )
    return kept


def keep_report_settings(
    session: GatedSession, commune: Place, period: HasCode, settings: PaperSettings, base_version: int
) -> papers.Draft:
    """Keep paper settings for this one report. Raises Conflict where somebody else wrote meanwhile, Closed once issued."""
    session.demand(commune.id or 0)
    before = papers.read_draft(session, commune.id or 0, period.code)
    kept = papers.save_draft(
        session,
        commune.id or 0,
        period.code,
        before.narrative,
        before.number,
        before.dated,
        base_version,
        settings,
    )
    audit.append(
        session,
        "change",
        "report_setting",
        f"{commune.id}/{period.code}",
        place_id=commune.id,
        version=kept.version,
    )
    return kept


def keep_paper_settings(
    session: GatedSession, place: Place, settings: PaperSettings, base_version: int
) -> None:
    """Keep how a place's papers read. Raises Conflict where somebody else changed it since `base_version`."""
    session.demand(place.id or 0)
    papers.save_settings(session, place.id or 0, settings, base_version)
    audit.append(session, "change", "paper_setting", place.id, place_id=place.id)


def set_alone(session: GatedSession, commune: Place, alone: bool) -> None:
    """Note that one person both submits and signs in a commune, or no longer."""
    session.demand(commune.id or 0)
    if papers.set_alone(session, commune.id or 0, alone, settings_of(session, commune)[0]):
        audit.append(session, "change", "four_eyes", commune.id, place_id=commune.id, alone=alone)
