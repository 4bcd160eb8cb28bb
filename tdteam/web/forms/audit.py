"""The filter of the audit log."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField

from tdteam.web.forms.base import FilterForm
from tdteam.web.forms.fields import DayField


class AuditFilter(FilterForm):
    """Who did what to which kind of thing, and when. `target` narrows to one thing; it comes from a link."""

    account = StringField(_l("Sign-in name"), render_kw={"autocapitalize": "none", "autocomplete": "off"})
    action = SelectField(_l("What was done"), validate_choice=False)
    noun = SelectField(_l("To what"), validate_choice=False)
    since = DayField(_l("From the day"))
    until = DayField(_l("To the day"))
    place_id = SelectField(_l("Where it was done"), validate_choice=False)
    text = StringField(_l("Number or code of the thing"), render_kw={"autocomplete": "off"})
    target = HiddenField()
