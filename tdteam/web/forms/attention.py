"""The word on a line that was dealt with, or on a finding that is dismissed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from tdteam.domain.attention_list import WHY_LIMIT
from tdteam.web.forms.base import Form


class AsideForm(Form):
    """Why something is set aside."""

    why = TextAreaField(_l("What was done, or why not"), [Length(max=WHY_LIMIT)])
