"""The tabs over the pages of coverage: one place, period and tree of units, seen several ways.

A tab stands there once its endpoint answers and the account holds its power, so a page needs only its line here.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from tdteam.web.access import ACCESS
from tdteam.web.gate import may
from tdteam.web.states import N_

TABS: tuple[tuple[str, str], ...] = (
    ("coverage.index", N_("Board")),
    ("coverage_map.index", N_("Map")),
    ("coverage_trends.index", N_("Trends")),
    ("coverage_ranking.index", N_("Ranking")),
    ("attention.index", N_("Worth a look")),
    ("quality.index", N_("Quality of the data")),
    ("documents.index", N_("Evidence documents")),
)
KEPT = ("place", "period", "units")
"""What a reader has chosen stays chosen from one tab to the next."""


def coverage_tabs() -> list[tuple[str, str, bool, None]]:
    """The tabs this account may open, as `ui.tabs` takes them; the page's own stands marked."""
    kept: dict[str, Any] = {key: request.args[key] for key in KEPT if request.args.get(key)}
    return [
        (url_for(endpoint, **kept), str(_(label)), request.blueprint == endpoint.partition(".")[0], None)
        for endpoint, label in TABS
        if endpoint in current_app.view_functions and may(ACCESS[endpoint])
    ]
