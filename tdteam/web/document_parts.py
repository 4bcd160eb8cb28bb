"""What the pages of evidence documents share with others: places to choose from, names and addresses of what a document
belongs to, the card of documents on another thing's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from tdteam.domain.documents import Tie, TieNoun
from tdteam.domain.errors import TdteamError
from tdteam.domain.places import Level
from tdteam.domain.report_spans import span_named
from tdteam.domain.roles import Power
from tdteam.store import documents, places, settings
from tdteam.store.document_ties import Tied
from tdteam.store.documents import DocumentLine
from tdteam.store.own_places import own_places
from tdteam.web import choices
from tdteam.web.formats import day
from tdteam.web.forms.documents import NOUNS
from tdteam.web.gate import may, session
from tdteam.web.verify import span_words

TIE_NOUNS = NOUNS
MANY_VILLAGES = 400
"""Beyond so many villages a list of places offers communes only."""


def register_places(*, wide: bool = False) -> list[tuple[str, str]]:
    """Places to choose from: what the account covers, communes in it, villages. `wide`: communes too that it only touches,
    for reading."""
    found = {str(place.id): place.name for place in own_places(session())}
    for commune in places.list_reached(session(), Level.COMMUNE):
        if wide or session().permits(commune.id or 0):
            found.setdefault(str(commune.id), commune.name)
    villages = choices.village_choices()
    if len(villages) <= MANY_VILLAGES:
        for key, name in villages:
            found.setdefault(key, name)
    return list(found.items())


def tie_name(tied: Tied, *, bare: bool = False) -> str:
    """What a document belongs to, in words; `bare` where its kind is said already."""
    if tied.noun == TieNoun.GATHERING:
        return str(_("Gathering of %(day)s, %(village)s", day=day(tied.day), village=tied.name))
    if tied.noun == TieNoun.REPORT:
        return str(_("Report of %(place)s, %(span)s", place=tied.name, span=_span_words(tied.about)))
    if tied.noun == TieNoun.MODEL:
        return f"{tied.about}: {tied.name}"
    return tied.name


def _span_words(code: str) -> str:
    try:
        return str(span_words(span_named(code, settings.period_start_day(session()))))
    except (TdteamError, ValueError):
        return code


def tie_url(tied: Tied) -> str | None:
    """The page of what a document belongs to, where this account may open it."""
    if tied.noun == TieNoun.VILLAGE and may(Power.SEE_PLACES):
        return url_for("places.show", place_id=tied.place_id)
    if tied.noun == TieNoun.TEAM and may(Power.SEE_TEAMS):
        return url_for("teams.show", team_id=int(tied.target))
    if tied.noun == TieNoun.GATHERING and may(Power.SEE_VISITS):
        return url_for("gatherings.show", gathering_id=tied.target)
    if tied.noun == TieNoun.MODEL and may(Power.SEE_PLACES):
        return url_for("places.show", place_id=tied.place_id, _anchor="models")
    return None


@dataclass(frozen=True)
class Evidence:
    """What `templates/documents/part.html` draws on another thing's page."""

    lines: Sequence[DocumentLine]
    add_url: str | None
    list_url: str | None

    @property
    def is_shown(self) -> bool:
        return bool(self.lines) or self.add_url is not None


def evidence_of(
    noun: str,
    target: object,
    *,
    more: Sequence[str] = (),
    village_id: int | None = None,
    ties: Sequence[Tie] = (),
) -> Evidence:
    """The documents of a thing for its page (`more`: what it was called in earlier versions); of a village also what was
    filed there or belongs to `ties`. Nothing for accounts that do not read the register."""
    if not may(Power.SEE_FIGURES):
        return Evidence((), None, None)
    own: list[Tie] = [(noun, one) for one in dict.fromkeys([str(target), *more])]
    tied = ":".join(own[0])
    add = url_for("documents.new", tie=tied) if may(Power.KEEP_EVIDENCE) else None
    if village_id is not None:
        found = documents.of_village(session(), village_id, ties)
        return Evidence(found, add, url_for("documents.index", place_id=village_id))
    return Evidence(documents.tied_to(session(), own), add, url_for("documents.index", tie=tied))
