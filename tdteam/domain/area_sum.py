"""What an area's consolidated report adds up: the sealed annex I rows of its own villages, commune by commune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tdteam.domain.area_month import CommuneMonth
from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.report_facts import (
    AreaCommune,
    AreaScope,
    Difficulties,
    FigureLine,
    Organisation,
    ReportFacts,
    VillageLine,
    VillageTable,
    foot,
)
from tdteam.domain.shares import Share, Value
from tdteam.domain.village_sums import VillageSubtotal
from tdteam.domain.vocabulary import Nature, Source

NOT_DONE = "NOT_DONE_SHARE"


@dataclass(frozen=True)
class SealedPart:
    """A commune's place in a consolidated report: its sealed facts, or None where no report came."""

    line: CommuneMonth
    facts: ReportFacts | None


@dataclass(frozen=True)
class Anew:
    """A figure counted anew: in the span, in the one before, in the statutory year so far."""

    now: Value
    previous: Value = None
    cumulative: Value = None


@dataclass(frozen=True)
class Recounted:
    """What was counted anew for exactly the villages of the area, where every one of them is in the report."""

    organisation: Organisation
    figures: Mapping[str, Anew]
    difficulties: Difficulties


def gather_rows(parts: Sequence[SealedPart], village_ids: frozenset[int]) -> tuple[VillageLine, ...]:
    """The sealed rows of the area's own villages, by commune; a village that two seals hold counts once."""
    rows: list[VillageLine] = []
    seen: set[int] = set()
    for part in parts:
        for row in part.facts.villages.rows if part.facts else ():
            if row.village_id in village_ids and row.village_id not in seen:
                seen.add(row.village_id)
                rows.append(replace(row, group=part.line.name))
    return tuple(rows)


def consolidate(
    name: str,
    parts: Sequence[SealedPart],
    rows: tuple[VillageLine, ...],
    villages: int,
    known: Sequence[Indicator],
    recounted: Recounted | None,
    before: ReportFacts | None = None,
) -> ReportFacts:
    """The facts of an area's report.

    What annex I carries is the sum of its rows; everything else is what was `recounted`, else unknown. `before`: the
    area's sealed report of the period before; figures are set beside it only where it speaks of the same villages.
    """
    table = VillageTable(rows=rows, total=foot(rows), subtotals=_subtotals(parts, rows))
    total = dict(zip((c.code for c in table.columns), table.total.values, strict=True)) if table.total else {}
    lines = _lines(
        known,
        total,
        recounted,
        before if _same_villages(rows, before) else None,
        is_counted=not any(row.declared for row in rows),
    )
    told = recounted.organisation if recounted else Organisation()
    members = _count(total.get("members"))
    return ReportFacts(
        organisation=Organisation(
            teams=told.teams,
            villages_with_team=told.villages_with_team,
            members=members,
            women=_count(total.get("women")),
            youth=_count(total.get("youth")),
            trained=told.trained if told.members == members else None,
        ),
        figures=lines,
        villages=table,
        difficulties=recounted.difficulties if recounted else Difficulties(_not_done(lines)),
        area=AreaScope(
            name=name,
            communes=tuple(_commune(part) for part in parts),
            villages=Share(len(rows), villages),
            is_recounted=recounted is not None,
        ),
    )


def _subtotals(parts: Sequence[SealedPart], rows: Sequence[VillageLine]) -> tuple[VillageSubtotal, ...]:
    """A row after each commune's villages; none where there is but one commune, whose sum is the total."""
    lines = {part.line.name: part.line for part in parts}
    groups = list(dict.fromkeys(row.group for row in rows))
    found = []
    for group in groups if len(groups) > 1 else ():
        inside = [row for row in rows if row.group == group]
        total, line = foot(inside), lines.get(group)
        if total:
            villages = Share(len(inside), line.villages.whole if line else None)
            found.append(VillageSubtotal(group, total.values, villages, bool(line and line.is_beyond)))
    return tuple(found)


def _not_done(lines: Sequence[FigureLine]) -> Share:
    found = next((line.now for line in lines if line.code == NOT_DONE), None)
    return found if isinstance(found, Share) else Share(None, None)


def _commune(part: SealedPart) -> AreaCommune:
    received = part.line.received if part.facts else None
    return AreaCommune(
        name=part.line.name,
        villages=part.line.villages,
        is_beyond=part.line.is_beyond,
        version=received.version if received else 0,
        sha256=received.sha256 if received else "",
    )


def _count(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _same_villages(rows: Sequence[VillageLine], before: ReportFacts | None) -> bool:
    return before is not None and {r.village_id for r in before.villages.rows} == {r.village_id for r in rows}


def _lines(
    known: Sequence[Indicator],
    total: Mapping[str, Value],
    recounted: Recounted | None,
    before: ReportFacts | None,
    *,
    is_counted: bool,
) -> tuple[FigureLine, ...]:
    past = {line.code: line for line in before.figures} if before else {}
    shares = _shares(known, total)
    lines = []
    for one in known:
        if not one.in_report or one.source is not Source.COUNTED:
            continue
        anew = recounted.figures.get(one.code) if recounted else None
        is_carried = one.annex in total
        # Rows with figures from paper hold more than the tallies do: the two are never set side by side.
        beside = None if is_carried and not is_counted else anew
        now: Value = total[one.annex] if is_carried else anew.now if anew else shares.get(one.code)
        was = past.get(one.code)
        lines.append(
            FigureLine(
                code=one.code,
                name=one.name,
                unit=one.unit,
                section=one.section,
                nature=one.nature,
                source=Source.COUNTED,
                now=now,
                previous=was.now if was else beside.previous if beside else None,
                cumulative=_cumulative(one, now, was) or (beside.cumulative if beside else None),
                headline=one.is_headline and now is not None,  # a paper of dashes tells nothing
            )
        )
    return tuple(lines)


def _shares(known: Sequence[Indicator], total: Mapping[str, Value]) -> dict[str, Value]:
    """The shares both of whose numbers annex I carries: assists not done of all assists."""
    carried = {
        one.part: _count(total[one.annex]) for one in known if one.whole is None and one.annex in total
    }
    return {
        one.code: Share(carried[one.part], carried[one.whole])
        for one in known
        if one.unit == PERCENT and one.part in carried and one.whole in carried
    }


def _cumulative(one: Indicator, now: Value, was: FigureLine | None) -> Value:
    """A flow goes on from the sealed report before; what cannot be added is not told so."""
    if one.nature is Nature.FLOW and was and isinstance(now, int) and isinstance(was.cumulative, int):
        return now + was.cumulative
    return None
