"""The two buttons under a team's period."""

from __future__ import annotations

from wtforms import HiddenField

from tdteam.web.forms.base import Form


class ConfirmForm(Form):
    """`kind` is the button that was pressed; `seen` the figures the page showed."""

    kind = HiddenField()
    seen = HiddenField()
