"""What a paper beside the report is about: a team, a village or a place, a period or some, how many ranks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from tdteam.web.forms.base import FilterForm


class TeamPaperForm(FilterForm):
    """A team's month."""

    team_id = SelectField(_l("Team"), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)


class VillagePaperForm(FilterForm):
    """A village's page."""

    place_id = SelectField(_l("Village"), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)


class SilentPaperForm(FilterForm):
    """The silent teams of a place."""

    place_id = SelectField(_l("Place"), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)


class ActivePaperForm(FilterForm):
    """The commendation list of a place."""

    place_id = SelectField(_l("Place"), validate_choice=False)
    first = SelectField(_l("From the period"), validate_choice=False)
    last = SelectField(_l("To the period"), validate_choice=False)
    most = StringField(_l("Ranks to list"), default="10", render_kw={"inputmode": "numeric"})
