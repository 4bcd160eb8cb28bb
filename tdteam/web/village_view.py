"""What `templates/places/village.html` draws on a village's page; its numbers lead to their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tdteam.actions.village_view import VillageView, read_village
from tdteam.domain.outreach import ProposalState
from tdteam.domain.roles import Power
from tdteam.store import proposals
from tdteam.store.proposals import ProposalLine
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.document_parts import Evidence, evidence_of
from tdteam.web.forms.village_models import SIGNALS
from tdteam.web.gate import may, session
from tdteam.web.village_ground import pages

OPEN = (ProposalState.SENT, ProposalState.SEEN, ProposalState.FORWARDED)


@dataclass(frozen=True)
class VillagePart:
    """The village, its open proposals (None for accounts that read no plans), its documents."""

    view: VillageView
    proposals: list[ProposalLine] | None
    evidence: Evidence
    may_keep: bool

    @property
    def chart(self) -> Markup:
        """The drawing: our own marks, every text in it escaped by `reports/charts.py`."""
        return Markup(self.view.chart)  # noqa: S704 - escaped there


def village_part(place: Place) -> VillagePart | None:
    """Everything the page of a village tells beyond its unit; None for accounts that see no figures."""
    place_id = place.id or 0
    if not may(Power.SEE_FIGURES) or not session().permits(place_id):
        return None
    view = read_village(session(), place, choices.this_period())
    waiting = None
    if may(Power.SEE_PLANS):
        page = proposals.list_proposals(session(), village_id=place_id, limit=20)
        waiting = [line for line in page.rows if line.row.state in OPEN]
    ties = [("model", str(line.row.id)) for line, _progress in view.models]
    return VillagePart(
        view,
        waiting,
        evidence_of("village", place_id, village_id=place_id, ties=ties),
        may(Power.KEEP_MODELS),
    )


def signal_word(code: str) -> Any:
    """Mobile signal in words."""
    return dict(SIGNALS)[code]


pages.add_app_template_global(signal_word)
