"""Forms of the outreach calendar and of answers to proposals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.outreach import (
    PLACE_LENGTH,
    PROPOSAL_LENGTH,
    TITLE_LENGTH,
    OutreachDraft,
    ProposalState,
)
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, DayField, ManyChipsField, options, read_number

ANSWERS = [
    (ProposalState.SEEN, _l("Seen")),
    (ProposalState.FORWARDED, _l("Taken up to the report")),
    (ProposalState.SETTLED, _l("Settled")),
    (ProposalState.DECLINED, _l("Not taken up")),
]


class OutreachFilter(FilterForm):
    """The calendar's filter."""

    period = HiddenField()
    village_id = SelectField(_l("Village"), validate_choice=False)

    @property
    def in_force(self) -> bool:
        """The month shown is no filter."""
        return bool(self.village_id.data)


class OutreachForm(Form):
    """A plan for villages."""

    base_version = HiddenField()
    title = StringField(_l("What is brought to the villages"), [InputRequired(), Length(max=TITLE_LENGTH)])
    held_on = DayField(_l("Day"), [InputRequired()])
    starts = StringField(_l("From (hour)"), [Length(max=5)], render_kw={"placeholder": "14:00"})
    ends = StringField(_l("To (hour)"), [Length(max=5)], render_kw={"placeholder": "16:30"})
    place = StringField(_l("Where"), [Length(max=PLACE_LENGTH)])
    all_villages = BooleanField(_l("All villages of the commune"))
    village_ids = ManyChipsField(_l("Villages"), validate_choice=False)
    note = TextAreaField(_l("Note"), [Length(max=1000)])

    def draft(self) -> OutreachDraft:
        """The plan as typed; hours "8:30" are written "08:30"."""
        chosen = [choice.value for choice in self.village_ids.choices or []]
        picked = chosen if self.all_villages.data else self.village_ids.data or []
        return OutreachDraft(
            title=self.title.data or "",
            held_on=self.held_on.data,
            starts=_hour(self.starts.data),
            ends=_hour(self.ends.data),
            place=self.place.data or "",
            note=self.note.data or "",
            village_ids=tuple(dict.fromkeys(read_number(one) or 0 for one in picked)),
        )


def _hour(typed: str | None) -> str:
    text = (typed or "").strip().lower().replace("h", ":").replace(".", ":")
    hour, _, minute = text.partition(":")
    if hour.isdecimal() and len(hour) <= 2 and (minute.isdecimal() or not minute) and len(minute) <= 2:
        return f"{int(hour):02d}:{int(minute or 0):02d}"
    return text


class ProposalFilter(FilterForm):
    """The list's filter; field names are `list_proposals`' arguments."""

    state = SelectField(
        _l("State"),
        choices=options([(ProposalState.SENT, _l("Not looked at yet")), *ANSWERS], _l("All")),
        validate_choice=False,
    )
    village_id = SelectField(_l("Village"), validate_choice=False)
    period = SelectField(_l("Period"), validate_choice=False)
    size = HiddenField()


class AnswerForm(Form):
    """The commune's word on a proposal."""

    base_version = HiddenField()
    state = ChipsField(_l("What becomes of it"), [InputRequired()], choices=options(ANSWERS))
    answer = TextAreaField(_l("Answer to the village"), [Length(max=PROPOSAL_LENGTH)])
