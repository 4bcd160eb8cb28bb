"""The form that takes a signed copy of a report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from tdteam.web.forms.base import Form


class SignedCopyForm(Form):
    """A scan or a digitally signed file."""

    scan = FileField(
        _l("Signed copy"),
        [FileRequired(_l("Choose a file first."))],
        description=_l("The digitally signed PDF, or a scan or photo of the signed paper. Kept as it is."),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"},
    )
