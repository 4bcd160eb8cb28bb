"""The forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from tdteam.web.forms.base import Form

_NO_HELP = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SignInForm(Form):
    """Name and password; `next` is where the visitor wanted to go."""

    username = StringField(
        _l("Sign-in name"),
        [InputRequired()],
        render_kw={"autocomplete": "username", "maxlength": 64, **_NO_HELP},
    )
    password = PasswordField(
        _l("Password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    remember = BooleanField(_l("Keep me signed in on this device for 30 days"))
    next = HiddenField()


class CodeForm(Form):
    """The second step: six figures of the app, or a recovery code."""

    code = StringField(
        _l("Code"),
        [InputRequired()],
        render_kw={"autocomplete": "one-time-code", "maxlength": 20, **_NO_HELP},
    )
