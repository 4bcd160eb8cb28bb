"""The filter of the view of missing evidence."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from tdteam.web.forms.base import FilterForm
from tdteam.web.forms.fields import options


class ProofFilter(FilterForm):
    """Which place and span."""

    place_id = SelectField(_l("Place"), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)
    span = SelectField(
        _l("Figures"),
        choices=options([("", _l("of the month")), ("year", _l("of the year so far"))]),
        validate_choice=False,
    )
    gaps = BooleanField(_l("Only what is missing"))
