"""The form of a machine's token."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import DayField


class TokenForm(Form):
    """What the token is for, and its last day."""

    name = StringField(
        _l("What it is for"), [InputRequired()], render_kw={"autocomplete": "off", "maxlength": 100}
    )
    expires_on = DayField(_l("Good until"))
