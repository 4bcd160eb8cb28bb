"""The form of a visit: its fields are the wire's (docs/sync.md), so what is typed and what a phone sends meet the same judge."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length

from tdteam.domain.vocabulary import Contact, RecordState, VisitPlace
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, CountField, DayField, ManyChipsField, options, read_number

PLACES = [
    (VisitPlace.HOME, _l("At home")),
    (VisitPlace.CULTURE_HOUSE, _l("Culture house")),
    (VisitPlace.OFFICE, _l("Commune office")),
    (VisitPlace.PHONE, _l("By phone")),
    (VisitPlace.OTHER, _l("Elsewhere")),
]
CONTACTS = [
    (Contact.MET, _l("Met")),
    (Contact.NOBODY_HOME, _l("Nobody home")),
    (Contact.REFUSED, _l("Declined")),
    (Contact.MOVED, _l("Moved away")),
]
STATES = [
    (RecordState.CURRENT, _l("In force")),
    (RecordState.SUPERSEDED, _l("Corrected later")),
    (RecordState.VOID, _l("Voided")),
]


class FilingPart(PlainForm):
    """The filing an assist made, where its code is at hand."""

    code = StringField(_l("Filing code"), [Length(max=60)])
    procedure = SelectField(_l("Procedure"), validate_choice=False)


class AssistForm(PlainForm):
    """One kind of help. A row left wholly empty is left out."""

    id = HiddenField()
    kind = SelectField(_l("Kind of help"), validate_choice=False)
    outcome = SelectField(_l("Outcome"), validate_choice=False)
    cause = SelectField(_l("Why not yet"), validate_choice=False)
    people = CountField(_l("How many people"), default=1, low=1, high=999)
    resident_id = SelectField(_l("Who"), validate_choice=False)
    filing = FormField(FilingPart)


class VisitForm(Form):
    """A visit at the desk. Village and household are chosen first (the address), the rest depends on them."""

    id = HiddenField()
    base_version = HiddenField()
    village_id = HiddenField()
    household_id = SelectField(
        _l("Household"),
        [InputRequired(_l("Choose a household, or: somebody outside the list."))],
        validate_choice=False,
    )
    team_id = SelectField(_l("Team"), validate_choice=False)
    visited_on = DayField(_l("Day"), [InputRequired()])
    place = ChipsField(_l("Where"), [InputRequired()], choices=options(PLACES), default=VisitPlace.HOME)
    contact = ChipsField(
        _l("Whom you met"), [InputRequired()], choices=options(CONTACTS), default=Contact.MET
    )
    assists = FieldList(FormField(AssistForm), min_entries=1, max_entries=12)
    member_ids = ManyChipsField(_l("Who helped"), validate_choice=False)
    minutes = CountField(_l("Minutes"), low=0, high=600)
    return_on = DayField(_l("Come back on"))
    note = TextAreaField(_l("Note"), [Length(max=1000)])

    def body(self) -> dict[str, Any]:
        """What was typed, in the wire's shape."""
        return {
            "id": self.id.data,
            "village_id": wire_number(self.village_id.data),
            "team_id": wire_number(self.team_id.data),
            "member_ids": [n for n in map(wire_number, self.member_ids.data or []) if n],
            "household_id": chosen_household(self.household_id.data),
            "visited_on": wire_day(self.visited_on.data),
            "place": self.place.data,
            "contact": self.contact.data,
            "minutes": self.minutes.data,
            "return_on": wire_day(self.return_on.data),
            "note": self.note.data or "",
            "assists": [assist_body(entry.form) for entry in self.assists if is_filled(entry.form)],
        }

    def flaw_paths(self) -> list[int]:
        """Index of each sent assist among the rows on screen (empty rows are not sent)."""
        return [place for place, entry in enumerate(self.assists) if is_filled(entry.form)]


OUTSIDE = "-"
"""Somebody outside the list: said, not left open."""


def chosen_household(value: str | None) -> str | None:
    """The household a select names; None for somebody outside the list."""
    return None if value in (None, "", OUTSIDE) else value


def is_filled(row: AssistForm) -> bool:
    """Whether anything was chosen in a row."""
    return bool(row.kind.data or row.outcome.data or row.cause.data or row.filing.form.code.data)


def assist_body(row: AssistForm) -> dict[str, Any]:
    """An assist in the wire's shape."""
    filing = row.filing.form
    has_filing = bool(filing.code.data or filing.procedure.data)
    return {
        "id": row.id.data or None,
        "kind": row.kind.data or "",
        "outcome": row.outcome.data or "",
        "cause": row.cause.data or None,
        "people": row.people.data if row.people.data is not None else 1,
        "resident_id": row.resident_id.data or None,
        "filing": {"code": filing.code.data or None, "procedure": filing.procedure.data or None}
        if has_filing
        else None,
    }


def wire_number(text: Any) -> int | None:
    return read_number(text)


def wire_day(value: Any) -> str | None:
    return value.isoformat() if value else None


class VisitFilter(FilterForm):
    """The list's filter; field names are `list_visits`' arguments."""

    q = StringField(_l("Head of the household or business"))
    area_id = SelectField(_l("Area"), validate_choice=False)
    commune_id = SelectField(_l("Commune"), validate_choice=False)
    village_id = SelectField(_l("Village"), validate_choice=False)
    team_id = SelectField(_l("Team"), validate_choice=False)
    kind = SelectField(_l("Kind of help"), validate_choice=False)
    outcome = SelectField(_l("Outcome"), validate_choice=False)
    contact = SelectField(_l("Contact"), choices=options(CONTACTS, _l("All")), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)
    state = SelectField(
        _l("State"), choices=options(STATES), default=RecordState.CURRENT, validate_choice=False
    )
    household_id = HiddenField()
    member_id = HiddenField()
    since = HiddenField()
    until = HiddenField()
    size = HiddenField()


class WhyForm(Form):
    """A reason, asked before a record is voided."""

    base_version = HiddenField()
    why = StringField(_l("Reason"), [InputRequired(), Length(max=200)])
