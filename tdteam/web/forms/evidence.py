"""Why a photo is taken away."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from tdteam.domain.evidence import Removal
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import options

REASONS = (
    (Removal.IDENTITY, _l("It shows an identity card or another paper with numbers")),
    (Removal.ASKED, _l("Somebody in it does not want it kept")),
    (Removal.MISTAKEN, _l("It does not belong to this record")),
    (Removal.OTHER, _l("Another reason")),
)


class RemovalForm(Form):
    """The reason, one of a few: words typed here would be kept for ever in the audit."""

    why = RadioField(_l("Reason"), [InputRequired()], choices=options(REASONS))
