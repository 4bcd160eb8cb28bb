"""The form of an evidence document as it is filled and what its selects offer."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tdteam.domain.places import Level
from tdteam.store import document_ties, indicators, places
from tdteam.store.document_ties import Tied
from tdteam.store.documents import DocumentLine
from tdteam.web.document_parts import TIE_NOUNS, register_places, tie_name
from tdteam.web.forms.documents import DocumentForm, read_tie
from tdteam.web.forms.fields import options, read_number
from tdteam.web.gate import session


def first_place(tied: Tied | None) -> int | None:
    """Where a new document most likely belongs: the commune of what it is tied to, else the first place offered."""
    if tied:
        place = places.get_place(session(), tied.place_id)
        above = (
            places.find_above(session(), tied.place_id, Level.COMMUNE)
            if place.level == Level.VILLAGE
            else place
        )
        if above and session().permits(above.id or 0):
            return above.id
        if session().permits(tied.place_id):
            return tied.place_id
    asked = read_number(request.args.get("place_id"))
    if asked and session().permits(asked):
        return asked
    return next((int(key) for key, _name in register_places()), None)


def offer(form: DocumentForm, ties: list[Tied]) -> None:
    """What the form's selects offer: places, indicators, what may be tied."""
    form.place_id.choices = options(_with_chosen(form.place_id.data))
    form.indicators.choices = options(
        [(one.code, one.short_name or one.name) for one in indicators.list_indicators(session())]
    )
    chosen = [tie for tie in map(read_tie, form.ties.data or []) if tie]
    known = {one.tie: one for one in ties} | document_ties.find_ties(session(), chosen)
    form.ties.choices = options([(":".join(one.tie), tie_name(one)) for one in known.values()])
    place_id = read_number(form.place_id.data)
    form.more.choices = options([], _("Nothing more"))
    if place_id and session().permits(place_id):
        offered = document_ties.offer_ties(session(), places.get_place(session(), place_id))
        for noun, word in TIE_NOUNS.items():
            pairs = [
                (":".join(one.tie), tie_name(one, bare=True))
                for one in offered
                if one.noun == noun and one.tie not in known
            ]
            form.more.choices += options(pairs, group=str(word))


def _with_chosen(chosen: Any) -> list[tuple[str, str]]:
    """The places offered, the chosen one among them although the list is cut."""
    offered = register_places()
    number = read_number(chosen)
    if number and session().permits(number) and str(number) not in dict(offered):
        offered = [(str(number), places.get_place(session(), number).name), *offered]
    return offered


def form_of(line: DocumentLine) -> DocumentForm:
    """The form filled from what is stored."""
    row = line.row
    form = DocumentForm(
        formdata=None,
        base_version=str(row.version),
        place_id=str(row.place_id),
        indicators=list(line.indicators),
        ties=[":".join(tie) for tie in line.ties],
        **{
            name: getattr(row, name)
            for name in ("kind", "number", "dated", "issuer", "abstract", "since", "until", "has_names")
        },
    )
    offer(form, [])
    return form
