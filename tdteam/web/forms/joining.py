"""The forms of slips and phones."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired

from tdteam.domain.slips import CALL_LENGTH
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ManyChipsField, demand_number, options, read_number

STATES = [
    ("open", _l("In use")),
    ("revoked", _l("Revoked")),
    ("closed", _l("Account closed")),
]
_PIN = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 6, "pattern": "[0-9]{6}"}


class SlipFilter(FilterForm):
    """One team, or all of them."""

    team_id = SelectField(_l("Team"), validate_choice=False)

    @property
    def chosen(self) -> int | None:
        return read_number(self.team_id.data) if self.team_id.data else None


class SlipForm(Form):
    """For whom slips are printed. `whole` and `rest` are buttons: a whole team (its id), all who have no phone yet."""

    member_ids = ManyChipsField(_l("Members"), coerce=demand_number, validate_choice=False)
    whole = StringField()
    rest = StringField()
    call = StringField(
        _l("Whom to call for help (name and phone, printed on the slip)"),
        [InputRequired()],
        render_kw={"maxlength": CALL_LENGTH, "autocomplete": "off"},
    )


class PhoneFilter(FilterForm):
    """The list of phones."""

    q = StringField(_l("Name or phone"))
    team_id = SelectField(_l("Team"), validate_choice=False)
    state = SelectField(_l("State"), choices=options(STATES, _l("All states")), validate_choice=False)

    def wanted(self) -> dict[str, Any]:
        """The arguments of the list's query."""
        team_id = read_number(self.team_id.data) if self.team_id.data else None
        return {"q": self.q.data or None, "team_id": team_id, "state": self.state.data or None}


class OwnPinForm(Form):
    """The holder's own new PIN, beside the present password."""

    current = PasswordField(
        _l("Present password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    pin = PasswordField(_l("New PIN, six digits"), [InputRequired()], render_kw=_PIN)
    again = PasswordField(_l("The PIN once more"), [InputRequired()], render_kw=_PIN)
