"""Forms of places: the day of the tree, and another spelling of a name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tdteam.domain.periods import today
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import DayField


class TreeFilter(FilterForm):
    """The day whose units are shown."""

    on = DayField(_l("Units as of"))

    @property
    def in_force(self) -> bool:
        """Whether another day than today was asked for."""
        return bool(self.on.data and self.on.data != today())


class AliasForm(Form):
    """Another spelling under which lists name a place."""

    name = StringField(_l("Another spelling"), [InputRequired(), Length(max=120)])
