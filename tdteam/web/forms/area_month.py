"""A reviewer's word on a report, and when reports are due."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.area_month import WHY_LIMIT
from tdteam.domain.deadlines import Calendar
from tdteam.web.formats import day as day_text
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import CountField


class ReviewForm(Form):
    """`seen`: the seal the page showed."""

    seen = HiddenField()
    why = TextAreaField(_l("Why it is returned"), [Length(max=WHY_LIMIT)])


class ReplaceForm(Form):
    """Why an area's issued report is replaced; `seen`: the seal the page showed."""

    seen = HiddenField()
    why = TextAreaField(_l("Why it is replaced"), [Length(max=WHY_LIMIT)])


class DeadlineForm(Form):
    """Working days after the cut-off, and the days off that no fixed date tells."""

    due_days = CountField(_l("Working days after the cut-off"), [InputRequired()])
    days_off = TextAreaField(_l("Other days off"), [Length(max=2000)])

    @classmethod
    def of(cls, calendar: Calendar) -> DeadlineForm:
        """The form as the calendar stands."""
        return cls(
            due_days=calendar.due_days,
            days_off="\n".join(day_text(day) for day in sorted(calendar.days_off)),
        )
