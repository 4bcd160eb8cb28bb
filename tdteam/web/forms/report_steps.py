"""The form before a step of a report: what the page showed, and the reason where one is asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from tdteam.actions.seal_parts import Seen
from tdteam.domain.errors import Conflict
from tdteam.domain.report_life import WHY_LIMIT, Stage
from tdteam.store.papers import Draft
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import read_number


class StepForm(Form):
    """`seen_stage` and `seen_sealing` say which report the page showed: another one by now is a conflict."""

    seen_stage = HiddenField()
    seen_sealing = HiddenField()
    why = TextAreaField(_l("Reason"), [Length(max=WHY_LIMIT)])

    @classmethod
    def of(cls, draft: Draft) -> StepForm:
        """The form of the page as it is shown."""
        return cls(seen_stage=str(draft.stage), seen_sealing=str(draft.sealing_id or ""))

    def seen(self) -> Seen:
        """What the page showed; Conflict for nonsense."""
        if self.seen_stage.data not in set(Stage):
            raise Conflict("stage")
        return Seen(Stage(self.seen_stage.data), read_number(self.seen_sealing.data or "") or None)
