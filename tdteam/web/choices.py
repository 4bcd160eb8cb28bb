"""What the selects of forms offer: villages, teams, members, households of the scope, and the catalogue's words."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _

from tdteam.domain.catalogue import FILING_SUBMIT, Catalogue
from tdteam.domain.periods import Period, period_of, today
from tdteam.domain.vocabulary import Outcome, Pillar
from tdteam.store import catalogue, organisation, places, settings
from tdteam.store.own_places import own_areas
from tdteam.web.forms.fields import options
from tdteam.web.gate import session
from tdteam.web.states import N_

Pairs = list[tuple[str, str]]
Choices = list[Any]
PILLARS = {
    Pillar.GOVERNMENT: N_("Digital government"),
    Pillar.ECONOMY: N_("Digital economy"),
    Pillar.SOCIETY: N_("Digital society"),
}
OUTCOMES = {
    Outcome.DONE: N_("Done"),
    Outcome.IN_PROGRESS: N_("In progress"),
    Outcome.REFERRED: N_("Referred"),
    Outcome.NOT_DONE: N_("Not done yet"),
}


def read_catalogue() -> Catalogue:
    """The catalogue, read once a request."""
    if "catalogue" not in g:
        g.catalogue = catalogue.read_catalogue(session())
    found: Catalogue = g.catalogue
    return found


def start_day() -> int:
    """The period's start day of this installation."""
    return settings.period_start_day(session())


def this_period() -> Period:
    """The period that today belongs to."""
    return period_of(today(), start_day())


def villages(inside: int | None = None) -> list[places.VillageLine]:
    """The villages of the scope, asked once a request."""
    key = f"villages_{inside}"
    if key not in g:
        setattr(g, key, places.list_villages(session(), inside))
    found: list[places.VillageLine] = g.get(key)
    return found


def commune_choices() -> Pairs:
    """Communes that villages of the scope stand in."""
    return list({line.commune_id: (str(line.commune_id), line.commune) for line in villages()}.values())


def area_choices() -> Pairs:
    """The areas inside a wider scope; none where the account's own places are areas or less."""
    own = session().scope.roots
    return [(str(area.id), area.name) for area in own_areas(session()) if area.id not in own]


def village_choices(commune: str | None = None) -> Pairs:
    """Villages of the scope, or of one commune (its id); the commune is said where there are several."""
    lines = [line for line in villages() if not commune or str(line.commune_id) == commune]
    several = len({line.commune_id for line in lines}) > 1
    return [(str(v.id), f"{v.label} ({v.commune})" if several else v.label) for v in lines]


def team_choices(village_id: int | None = None, day: date | None = None) -> Pairs:
    """Teams of the scope, or of one village."""
    return [(str(team_id), name) for team_id, name in organisation.team_names(session(), village_id, day)]


def kinds(empty: str) -> Choices:
    """Kinds of help, grouped by pillar; `empty` heads them as "nothing chosen"."""
    known = read_catalogue()
    found = options([], empty)
    for pillar, label in PILLARS.items():
        found += options([(k.code, k.short_name or k.name) for k in known.kinds_of(pillar)], group=_(label))
    return found


def kind_rules() -> dict[str, Any]:
    """What each kind allows, for static/js/depends.js."""
    return {
        kind.code: {
            "outcomes": list(kind.outcomes),
            "words": dict(kind.outcomes),
            "flags": ["filing"] if kind.code == FILING_SUBMIT else [],
        }
        for kind in read_catalogue().kinds.values()
    }


def outcomes() -> Pairs:
    return [(code, _(label)) for code, label in OUTCOMES.items()]


def causes() -> Pairs:
    return [(c.code, c.name) for c in read_catalogue().causes.values() if c.is_active]


def procedures() -> Pairs:
    return [(p.code, p.name) for p in read_catalogue().procedures.values() if p.is_active]


def periods(count: int = 13) -> Pairs:
    """The last periods, newest first."""
    return [
        (p.code, _("Month %(name)s", name=f"{p.month}/{p.year}")) for p in reversed(this_period().back(count))
    ]
