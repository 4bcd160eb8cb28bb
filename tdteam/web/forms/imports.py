"""The forms of an import: the file, and how its columns are read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired

from tdteam.web.forms.base import Form

ENDINGS = ".xlsx,.xls,.ods,.csv"


class UploadForm(Form):
    """A roster to import."""

    place_id = SelectField(_l("Place the list is about"), [InputRequired()], validate_choice=False)
    file = FileField(
        _l("Roster file"), [FileRequired(_l("Choose a file first."))], render_kw={"accept": ENDINGS}
    )


class PlainForm(Form):
    """A button with its token."""
