"""What came or was corrected after the seal of a report over other days than a month, and what its figures would be now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tdteam.actions.span_facts import read_span_facts
from tdteam.domain.compare_facts import changes_of
from tdteam.domain.places import Level
from tdteam.domain.report_facts import ReportFacts
from tdteam.domain.report_spans import ReportSpan
from tdteam.domain.snapshots import snapshot_from
from tdteam.reports.tables import Difference, tell_differences
from tdteam.store import late, places
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sealing


@dataclass(frozen=True)
class Since:
    """Records that came or were corrected since; each figure that would differ; `names` of the villages by id."""

    records: Sequence[late.LateRecord]
    changes: Sequence[Difference]
    names: Mapping[int, str]


NOTHING = Since((), (), {})


def list_since(
    session: GatedSession, commune: Place, span: ReportSpan, row: Sealing
) -> list[late.LateRecord]:
    """Records of a span's days that came or were corrected after a seal."""
    return late.list_after(
        session, list(_villages(session, commune, span)), (span.since, span.last_day), row.sealed_at
    )


def read_since(session: GatedSession, commune: Place, span: ReportSpan, row: Sealing) -> Since:
    """Those, and the figures: the span is put together once more as it stands now."""
    sealed: ReportFacts = snapshot_from(row.snapshot).facts
    now = read_span_facts(session, commune.id or 0, span)
    return Since(
        list_since(session, commune, span, row),
        tell_differences(changes_of(sealed, now), now.villages.columns),
        _villages(session, commune, span),
    )


def _villages(session: GatedSession, commune: Place, span: ReportSpan) -> dict[int, str]:
    found = places.list_inside(session, commune.id or 0, Level.VILLAGE, span.last_day, ended=True)
    return {place.id or 0: place.label for place in found}
