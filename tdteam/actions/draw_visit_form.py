"""Draws a team's blank visit form: its kinds of help, causes and figures as the catalogue has them today."""

from __future__ import annotations

from tdteam.actions.draft_report import Paper
from tdteam.domain.declared_grid import column_name
from tdteam.domain.indicators import PERCENT
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report_spans import month_span
from tdteam.domain.visit_form import VisitForm, lettered, numbered
from tdteam.reports.lists import ascii_filename
from tdteam.reports.tables import BLANK
from tdteam.reports.visit_form import draw_visit_form_pdf
from tdteam.store import catalogue, places, teams
from tdteam.store.declared_grid import team_indicators
from tdteam.store.gate import GatedSession


def draw_visit_form(session: GatedSession, team_id: int, period: Period, *, demo: bool = False) -> Paper:
    """The form of a team and period. NotFound for a team outside the scope."""
    team = teams.get_team(session, team_id)
    villages = [v for v in teams.villages_of(session, [team_id]).get(team_id, []) if v.until is None]
    known = catalogue.read_catalogue(session)
    commune = places.find_above(session, villages[0].id, Level.COMMUNE, today()) if villages else None
    form = VisitForm(
        commune=commune.name if commune else "",
        team=team.name,
        villages=", ".join(village.label for village in villages),
        span=month_span(period),
        kinds=numbered(k.short_name or k.name for k in known.kinds.values() if k.is_active),
        causes=lettered(cause.name for cause in known.causes.values() if cause.is_active),
        figures=tuple(
            (column_name(one), BLANK if one.unit == PERCENT else one.unit) for one in team_indicators(session)
        ),
        demo=demo,
    )
    name = f"phieu-ghi-ho-tro-{team.name}-{period.code}"
    return Paper(draw_visit_form_pdf(form), ascii_filename(name, "pdf"))
