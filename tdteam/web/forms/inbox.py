"""Forms of the inbox: the queue's filter, a file of unsent records, a reason, a day."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from tdteam.domain.decisions import LONGEST_WHY
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import DayField, options
from tdteam.web.record_words import KINDS

WHYS = [
    ("held", _l("Sent without scope")),
    ("conflict", _l("Two different versions")),
    ("doubt", _l("Day to check")),
]


class WaitingFilter(FilterForm):
    """The queue's filter; field names are `list_waiting`'s arguments."""

    why = SelectField(_l("Why it waits"), choices=options(WHYS, _l("All")), validate_choice=False)
    kind = SelectField(
        _l("What"),
        choices=options([(code, _l(word)) for code, word in KINDS.items()], _l("All")),
        validate_choice=False,
    )
    village_id = SelectField(_l("Village"), validate_choice=False)
    size = HiddenField()


class FileForm(Form):
    """A file that a phone saved because it could not send."""

    file = FileField(
        _l("File of unsent records"),
        [FileRequired(_l("Choose a file first."))],
        render_kw={"accept": ".json,application/json"},
    )


class DecisionForm(Form):
    """What is decided: a button's name, and what some of them need."""

    do = HiddenField()
    seen = HiddenField()
    sides = HiddenField()
    why = StringField(_l("Why not (the member reads this)"), [Length(max=LONGEST_WHY)])
    day = DayField(_l("The right day"))
