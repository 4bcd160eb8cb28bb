"""A sample to be drawn for a spot check."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tdteam.domain.samples import NOTE_LIMIT, Answer, SampleDraft
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import CountField, DayField
from tdteam.web.states import N_

ANSWERS = {
    Answer.CONFIRMED: N_("Right as recorded"),
    Answer.DIFFERS: N_("Other than recorded"),
    Answer.DENIED: N_("Did not happen"),
    Answer.ABSENT: N_("Nobody could be asked"),
}


class SampleForm(Form):
    """Where, which days, how many; an empty seed asks for a fresh one."""

    place_id = SelectField(_l("Place of the check"), validate_choice=False)
    since = DayField(_l("Visits from"), [InputRequired()])
    until = DayField(_l("Visits to"), [InputRequired()])
    size = CountField(_l("How many visits"), [InputRequired()])
    by_team = BooleanField(_l("Divide them by team"))
    seed = StringField(_l("Seed"), [Length(max=30)])
    note = StringField(_l("Note"), [Length(max=NOTE_LIMIT)])

    def draft(self) -> SampleDraft:
        """What was typed."""
        return SampleDraft(
            since=self.since.data,
            until=self.until.data,
            size=self.size.data,
            seed=self.seed.data or "",
            by_team=bool(self.by_team.data),
            note=self.note.data or "",
        )
