"""The form of a filing: a dossier a team helped to file, from the day it was submitted to the day its result came."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.vocabulary import FilingMode, FilingState
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, DayField, options
from tdteam.web.forms.visits import wire_day, wire_number

MODES = [(FilingMode.FULL, _l("Wholly online")), (FilingMode.PARTIAL, _l("Partly online"))]
STATES = [
    (FilingState.SUBMITTED, _l("Submitted, waiting")),
    (FilingState.SUPPLEMENT, _l("More papers asked for")),
    (FilingState.RETURNED, _l("Result returned")),
    (FilingState.REFUSED, _l("Refused")),
    (FilingState.WITHDRAWN, _l("Withdrawn")),
]
YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]


class FilingForm(Form):
    """A filing; what is not known yet stays empty and is counted in nothing."""

    id = HiddenField()
    base_version = HiddenField()
    village_id = HiddenField()
    household_id = SelectField(_l("Household"), validate_choice=False)
    team_id = SelectField(_l("Team"), validate_choice=False)
    code = StringField(_l("Filing code"), [Length(max=60)])
    procedure = SelectField(_l("Procedure"), validate_choice=False)
    submitted_on = DayField(_l("Submitted on"), [InputRequired()])
    mode = ChipsField(_l("How it was filed"), choices=options(MODES))
    fee_due = ChipsField(_l("Is a fee due?"), choices=options(YES_NO))
    paid_online = ChipsField(_l("Was it paid online?"), choices=options(YES_NO))
    due_on = DayField(_l("Result promised for"))
    state = SelectField(_l("State"), choices=options(STATES), validate_choice=False)
    result_on = DayField(_l("Result on"))
    electronic_result = ChipsField(_l("Is the result electronic?"), choices=options(YES_NO))
    note = TextAreaField(_l("Note"), [Length(max=1000)])

    def body(self) -> dict[str, Any]:
        """What was typed, in the wire's shape."""
        return {
            "id": self.id.data,
            "village_id": wire_number(self.village_id.data),
            "team_id": wire_number(self.team_id.data),
            "household_id": self.household_id.data or None,
            "code": self.code.data or None,
            "procedure": self.procedure.data or None,
            "submitted_on": wire_day(self.submitted_on.data),
            "mode": self.mode.data or None,
            "fee_due": _yes(self.fee_due.data),
            "paid_online": _yes(self.paid_online.data),
            "due_on": wire_day(self.due_on.data),
            "state": self.state.data or FilingState.SUBMITTED,
            "result_on": wire_day(self.result_on.data),
            "electronic_result": _yes(self.electronic_result.data),
            "note": self.note.data or "",
        }


def _yes(answer: str | None) -> bool | None:
    return None if answer in (None, "") else answer == "yes"


def said(value: bool | None) -> str | None:
    """A stored yes or no as the chips hold it."""
    return None if value is None else "yes" if value else "no"


class FilingFilter(FilterForm):
    """The list's filter; field names are `list_filings`' arguments."""

    q = StringField(_l("Code or household"))
    area_id = SelectField(_l("Area"), validate_choice=False)
    commune_id = SelectField(_l("Commune"), validate_choice=False)
    village_id = SelectField(_l("Village"), validate_choice=False)
    team_id = SelectField(_l("Team"), validate_choice=False)
    procedure = SelectField(_l("Procedure"), validate_choice=False)
    state = SelectField(_l("State"), choices=options(STATES, _l("All")), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)
    size = HiddenField()
