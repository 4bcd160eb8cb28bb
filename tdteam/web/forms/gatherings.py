"""The form of a gathering: head-counts, and what was done for how many people. Thirty people helped is one form."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length

from tdteam.domain.vocabulary import RecordState, VisitPlace
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, CountField, DayField, ManyChipsField, options
from tdteam.web.forms.visits import PLACES, STATES, wire_day, wire_number


class GatheringAssistForm(PlainForm):
    """What was done for how many people. An empty row is left out."""

    id = HiddenField()
    kind = SelectField(_l("Kind of help"), validate_choice=False)
    outcome = SelectField(_l("Outcome"), validate_choice=False)
    people = CountField(_l("How many people"), low=1, high=9_999)


class GatheringForm(Form):
    """A gathering at the culture house, a field, a school."""

    id = HiddenField()
    base_version = HiddenField()
    village_id = HiddenField()
    team_id = SelectField(_l("Team"), validate_choice=False)
    held_on = DayField(_l("Day"), [InputRequired()])
    place = ChipsField(
        _l("Where"), [InputRequired()], choices=options(PLACES), default=VisitPlace.CULTURE_HOUSE
    )
    topic = StringField(_l("Topic"), [InputRequired(), Length(max=200)])
    attended = CountField(_l("People present"), [InputRequired()], low=1, high=99_999)
    women = CountField(_l("of these, women"), high=99_999)
    youth = CountField(_l("of these, young people"), high=99_999)
    elders = CountField(_l("of these, older people"), high=99_999)
    assists = FieldList(FormField(GatheringAssistForm), min_entries=1, max_entries=20)
    household_ids = ManyChipsField(_l("Households present"), validate_choice=False)
    note = TextAreaField(_l("Note"), [Length(max=1000)])

    def body(self) -> dict[str, Any]:
        """What was typed, in the wire's shape."""
        return {
            "id": self.id.data,
            "village_id": wire_number(self.village_id.data),
            "team_id": wire_number(self.team_id.data),
            "held_on": wire_day(self.held_on.data),
            "place": self.place.data,
            "topic": self.topic.data or "",
            "attended": self.attended.data,
            "women": self.women.data,
            "youth": self.youth.data,
            "elders": self.elders.data,
            "household_ids": list(self.household_ids.data or []),
            "note": self.note.data or "",
            "assists": [_body(entry.form) for entry in self.assists if _filled(entry.form)],
        }

    def flaw_paths(self) -> list[int]:
        """Index of each sent assist among the rows on screen."""
        return [place for place, entry in enumerate(self.assists) if _filled(entry.form)]


def _filled(row: GatheringAssistForm) -> bool:
    return bool(row.kind.data or row.outcome.data or row.people.data is not None)


def _body(row: GatheringAssistForm) -> dict[str, Any]:
    return {
        "id": row.id.data or None,
        "kind": row.kind.data or "",
        "outcome": row.outcome.data or "",
        "people": row.people.data,
    }


class GatheringFilter(FilterForm):
    """The list's filter; field names are `list_gatherings`' arguments."""

    q = StringField(_l("Topic or note"))
    area_id = SelectField(_l("Area"), validate_choice=False)
    commune_id = SelectField(_l("Commune"), validate_choice=False)
    village_id = SelectField(_l("Village"), validate_choice=False)
    team_id = SelectField(_l("Team"), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)
    state = SelectField(
        _l("State"), choices=options(STATES), default=RecordState.CURRENT, validate_choice=False
    )
    size = HiddenField()
