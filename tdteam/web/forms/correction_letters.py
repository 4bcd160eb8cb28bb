"""The form of a correction letter: what was printed, what should stand there, and why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Length

from tdteam.domain.correction_letters import CORRECTIONS_LIMIT, WORDS_LIMIT, Correction
from tdteam.domain.report_settings import TEXT_LIMIT
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import DayField


class CorrectionForm(PlainForm):
    """One text of the paper. An empty row is left out."""

    where = StringField(_l("Where on the paper"), [Length(max=TEXT_LIMIT)])
    printed = TextAreaField(_l("Printed"), [Length(max=WORDS_LIMIT)])
    correct = TextAreaField(_l("Should be"), [Length(max=WORDS_LIMIT)])


class CorrectionLetterForm(Form):
    """The letter is drawn, kept with the report's documents, printed and signed."""

    corrections = FieldList(FormField(CorrectionForm), min_entries=1, max_entries=CORRECTIONS_LIMIT)
    why = TextAreaField(_l("Reason"), [Length(max=TEXT_LIMIT)])
    symbol = StringField(_l("Symbol of the letter"), [Length(max=40)], default="UBND-VHXH")
    number = StringField(_l("Number of the letter"), [Length(max=20)])
    dated = DayField(_l("Day of the letter"))

    def places(self) -> list[int]:
        """Which rows say anything: what is wrong with the n-th correction stands beside that row."""
        return [
            place
            for place, row in enumerate(self.corrections)
            if any((field.data or "").strip() for field in row.form)
        ]

    def told(self) -> tuple[Correction, ...]:
        """The corrections as typed."""
        rows = [self.corrections[place].form for place in self.places()]
        return tuple(Correction(row.printed.data, row.correct.data, row.where.data or "") for row in rows)
