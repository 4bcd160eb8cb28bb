"""The forms of accounts: kept by an administrator, and the holder's own."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired

from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.store.account_choices import MemberChoice, PlaceChoice
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import DayField, ManyChipsField, demand_number, options
from tdteam.web.frame import ROLES

_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "autocomplete": "off"}
_NEW = {"autocomplete": "new-password"}
STATES = [
    ("active", _l("In use")),
    ("invited", _l("Invited, not yet used")),
    ("disabled", _l("Disabled")),
]


def _roles() -> list[tuple[str, Any]]:
    return [(str(role), _l(ROLES[role])) for role in Role]


class AccountFilter(FilterForm):
    """The list's filter."""

    q = StringField(_l("Name or sign-in name"))
    role = SelectField(_l("Role"), choices=lambda: options(_roles(), _l("All roles")), validate_choice=False)
    state = SelectField(_l("State"), choices=options(STATES, _l("All states")), validate_choice=False)
    place_id = HiddenField()


class ChangeForm(Form):
    """Whose the account is, its role and its places. Places are found by name and then ticked; no script is needed."""

    name = StringField(
        _l("Full name"),
        [InputRequired()],
        render_kw={"autocapitalize": "words", "autocomplete": "off", "maxlength": 100},
    )
    role = SelectField(
        _l("Role"), choices=lambda: options(_roles(), _l("Choose…")), validators=[InputRequired()]
    )
    places = ManyChipsField(_l("Places of this account"), coerce=demand_number, validate_choice=False)
    place_q = StringField(_l("Find a place"), render_kw={"autocomplete": "off", "maxlength": 60})
    member_id = SelectField(
        _l("Member of a team"), coerce=lambda v: demand_number(v) if v else None, validate_choice=False
    )

    def chosen(self) -> list[int]:
        """Ids of the ticked places."""
        return list(dict.fromkeys(self.places.data or []))

    def offer(self, places: list[PlaceChoice], members: list[MemberChoice]) -> None:
        """The choices of this moment: places ticked or found, members of the villages ticked."""
        self.places.choices = [(place.id, _place_words(place)) for place in places]
        self.member_id.choices = [("", _l("Nobody"))] + [
            (one.id, f"{one.name} ({one.team})") for one in members
        ]


class AccountForm(ChangeForm):
    """A new account."""

    username = StringField(_l("Sign-in name"), [InputRequired()], render_kw={"maxlength": 32, **_PLAIN})
    password = PasswordField(_l("First password"), render_kw=_NEW)


class HandOverForm(Form):
    """To whom the places of an account pass, and when."""

    to = StringField(
        _l("Sign-in name of the one who takes over"), [InputRequired()], render_kw={"maxlength": 32, **_PLAIN}
    )
    on = DayField(_l("From the day"), [InputRequired()], default=today)
    close = BooleanField(_l("Disable the old account at once"))


class PasswordForm(Form):
    """The holder's own new password."""

    current = PasswordField(
        _l("Present password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(_l("New password"), [InputRequired()], render_kw=_NEW)
    again = PasswordField(_l("New password once more"), [InputRequired()], render_kw=_NEW)


class SecondStepForm(Form):
    """The first code of the app, which proves that it has the secret, and the present password."""

    code = StringField(
        _l("Code"),
        [InputRequired()],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 10},
    )
    current = PasswordField(
        _l("Present password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )


class ConfirmForm(Form):
    """The present password, before something weakens the account."""

    current = PasswordField(
        _l("Present password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )


def _place_words(place: PlaceChoice) -> str:
    return f"{place.name} ({', '.join(place.above)})" if place.above else place.name
