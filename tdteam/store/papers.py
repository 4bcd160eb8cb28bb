"""How a commune's papers read, and the words an official writes for a report. Figures never live here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, func
from sqlalchemy import select as core_select
from sqlmodel import col, select

from tdteam.domain.errors import Closed, Conflict
from tdteam.domain.report_facts import Narrative
from tdteam.domain.report_life import Stage
from tdteam.domain.report_settings import PaperSettings, settings_body, settings_from
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.report_steps import keep_wording
from tdteam.store.scope import unindexed
from tdteam.store.sealings import hold_report
from tdteam.store.tables import PaperSetting, Place, PlaceAncestor, Report


def find_settings(session: GatedSession, commune_id: int) -> tuple[PaperSettings, int] | None:
    """A commune's own settings and their version; None while it has not written any."""
    row = session.exec(select(PaperSetting).where(PaperSetting.commune_id == commune_id)).first()
    return (settings_from(row.body), row.version) if row else None


def save_settings(session: GatedSession, commune_id: int, settings: PaperSettings, base_version: int) -> None:
    """Write a commune's settings; Conflict where they changed since `base_version` (0: none yet)."""
    row = session.exec(select(PaperSetting).where(PaperSetting.commune_id == commune_id)).first()
    if (row.version if row else 0) != base_version:
        raise Conflict
    row = row or PaperSetting(commune_id=commune_id, version=0, changed_at=datetime.now(UTC))
    row.body = settings_body(settings)
    row.version += 1
    row.changed_at = datetime.now(UTC)
    row.changed_by = session.scope.actor.account_id
    session.add(row)
    session.flush()


def is_alone(session: GatedSession, commune_id: int) -> bool:
    """Whether one person both submits and signs here."""
    query = select(PaperSetting.is_alone).where(PaperSetting.commune_id == commune_id)
    return bool(session.exec(query).first())


def set_alone(session: GatedSession, commune_id: int, alone: bool, settings: PaperSettings) -> bool:
    """Say so, or no longer; whether that changed anything. `settings`: what the commune has while it wrote none."""
    row = session.exec(select(PaperSetting).where(PaperSetting.commune_id == commune_id)).first()
    if (row.is_alone if row else False) == alone:
        return False
    row = row or PaperSetting(
        commune_id=commune_id, body=settings_body(settings), changed_at=datetime.now(UTC)
    )
    row.is_alone = alone
    session.add(row)
    session.flush()
    return True


@dataclass(frozen=True)
class Draft:
    """The words of a report in the making."""

    narrative: Narrative
    number: str
    dated: date | None
    version: int
    changed_at: datetime | None
    changed_by: int | None
    stage: Stage = Stage.DRAFT
    sealing_id: int | None = None
    settings: PaperSettings | None = None  # this report's own, where they differ from the commune's
    report_id: int | None = None


NO_DRAFT = Draft(Narrative(), "", None, 0, None, None)


def narrative_from(body: Mapping[str, object]) -> Narrative:
    """A narrative from stored JSON; unknown keys are passed over."""
    return Narrative(**{f.name: str(body.get(f.name, "")) for f in fields(Narrative)})


def _draft(row: Report) -> Draft:
    return Draft(
        narrative_from(row.narrative),
        row.number,
        row.dated,
        row.version,
        row.changed_at,
        row.changed_by,
        Stage(row.stage),
        row.sealing_id,
        settings_from(row.settings) if row.settings else None,
        row.id,
    )


def read_draft(session: GatedSession, commune_id: int, period: str) -> Draft:
    """The draft of a commune's report, an empty one (version 0) while nobody wrote."""
    row = _find(session, commune_id, period)
    return _draft(row) if row else NO_DRAFT


def _find(session: GatedSession, commune_id: int, period: str) -> Report | None:
    return session.exec(
        select(Report).where(Report.commune_id == commune_id, Report.period == period)
    ).first()


def save_draft(
    session: GatedSession,
    commune_id: int,
    period: str,
    narrative: Narrative,
    number: str,
    dated: date | None,
    base_version: int,
    settings: PaperSettings | None = None,
) -> Draft:
    """Write the words of a report, each wording kept; Conflict where somebody else wrote since `base_version`, Closed
    where the paper is issued."""
    row = hold_report(session, commune_id, period)
    if row.version != base_version:
        raise Conflict
    if row.stage == Stage.ISSUED:
        raise Closed("issued")
    row.narrative = {f.name: getattr(narrative, f.name) for f in fields(Narrative)}
    row.number, row.dated = number, dated
    row.settings = settings_body(settings) if settings else None
    row.changed_at, row.changed_by = datetime.now(UTC), session.scope.actor.account_id
    keep_wording(session, row)
    return _draft(row)


def list_drafted(session: GatedSession, commune_ids: Sequence[int], period: str) -> set[int]:
    """Those of some communes of the scope that have begun their report of a period."""
    asked = {"communes": list(commune_ids), "period": period}
    return {commune for (commune,) in _DRAFTED.ask(session, asked, places=())}


def count_drafted(session: GatedSession, roots: Sequence[int], period: str, on: date) -> int:
    """How many communes that stand in some provinces have begun theirs."""
    asked = {"roots": list(roots), "period": period, "day": on}
    return int(_COUNTED.ask(session, asked, places=())[0][0]) if roots else 0


_report: Any = Report.__table__  # type: ignore[attr-defined]
_DRAFTED = Prepared(
    core_select(_report.c.commune_id).where(
        any_of(_report.c.commune_id, "communes"), _report.c.period == bindparam("period")
    )
)
_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_COUNTED = Prepared(
    core_select(func.count(_report.c.commune_id.distinct()))
    .join(_place, _place.c.id == _report.c.commune_id)
    .join(_reach, _reach.c.place_id == _place.c.id)
    .where(
        _report.c.period == bindparam("period"),
        any_of(unindexed(_reach.c.ancestor_id), "roots"),  # or SQLite begins with every village
        *(holds_on(one.c, bindparam("day", type_=Date())) for one in (_place, _reach)),
    )
)


def list_drafts(
    session: GatedSession, commune_ids: Sequence[int], periods: Sequence[str]
) -> dict[tuple[int, str], Draft]:
    """The drafts there are, by commune and period."""
    query = select(Report).where(col(Report.commune_id).in_(commune_ids), col(Report.period).in_(periods))
    return {(row.commune_id, row.period): _draft(row) for row in session.exec(query)}
