"""What a village's page on screen tells: figures against target and period before, the trend as a drawing, network, sponsors,
models. The same figures as the paper's (`draw_village`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tdteam.actions.draw_village import chart_of
from tdteam.domain.coverage import board_columns
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.shares import Value
from tdteam.domain.village_models import Progress
from tdteam.reports.charts import draw_chart_svg
from tdteam.store import indicators, sponsors, targets, team_months, village_ground, village_models
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sponsor, VillageGround
from tdteam.store.village_models import ModelLine


@dataclass(frozen=True)
class FigureLine:
    """An indicator of the village now, in the period before, and what it is to reach."""

    indicator: Indicator
    now: Value
    before: Value
    target: Decimal | None


@dataclass(frozen=True)
class VillageView:
    """Everything the page tells. `chart` is an inline SVG that tells itself in words too."""

    period: Period
    figures: tuple[FigureLine, ...]
    chart: str
    ground: VillageGround | None
    sponsors: Sequence[Sponsor]
    models: tuple[tuple[ModelLine, Progress], ...]


def read_village(session: GatedSession, place: Place, period: Period) -> VillageView:
    """A village's page in a period."""
    place_id, on = place.id or 0, team_months.tree_day(period)
    columns = board_columns(indicators.list_indicators(session))
    found = indicators.read_figures(session, place_id, period, on, columns)
    aims = targets.read_aims(session, [place_id], period, columns, on, year=False)[place_id]
    series = chart_of(session, place_id, period, on)
    lines = village_models.list_villages(session, village_id=place_id)
    progress = village_models.progress_of(session, place_id, period, on, lines) if lines else {}
    return VillageView(
        period=period,
        figures=tuple(
            FigureLine(one, found[one.code].now, found[one.code].previous, aims.get(one.code))
            for one in columns
            if one.code in found
        ),
        chart=draw_chart_svg(series) if series else "",
        ground=village_ground.read_grounds(session, [place_id]).get(place_id),
        sponsors=sponsors.of_village(session, place_id, on),
        models=tuple((line, progress[line.row.id or 0]) for line in lines),
    )
