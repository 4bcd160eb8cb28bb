"""The words of a report, and how a commune's papers read."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.report_facts import Narrative
from tdteam.domain.report_settings import PaperSettings, SignerForm
from tdteam.store.papers import Draft
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import DayField, options

LONGEST_TEXT = 6000
SIGNERS = [
    (SignerForm.VICE_CHAIR, _l("KT. Chairman, Vice-chairman")),
    (SignerForm.VICE_CHAIR_FULL, _l("TM. Committee, KT. Chairman, Vice-chairman")),
    (SignerForm.CHAIR, _l("TM. Committee, Chairman")),
    (SignerForm.OFFICE_HEAD, _l("Head of the office")),
    (SignerForm.OFFICE_DEPUTY, _l("KT. Head of the office, Deputy head")),
    (SignerForm.OTHER, _l("Other lines")),
]


class WordsForm(Form):
    """What the official writes beside the figures."""

    base_version = HiddenField()
    organisation = TextAreaField(_l("I. Organisation: more words"), [Length(max=LONGEST_TEXT)])
    results = TextAreaField(_l("II. Results: more words"), [Length(max=LONGEST_TEXT)])
    difficulties = TextAreaField(_l("III. Shortcomings and their causes"), [Length(max=LONGEST_TEXT)])
    next_steps = TextAreaField(_l("IV. What comes next"), [Length(max=LONGEST_TEXT)])
    proposals = TextAreaField(_l("V. Proposals"), [Length(max=LONGEST_TEXT)])
    number = StringField(_l("Number of the paper"), [Length(max=20)])
    dated = DayField(_l("Day of the paper"))

    @classmethod
    def of(cls, draft: Draft) -> WordsForm:
        """The form as the draft stands."""
        told = draft.narrative
        return cls(
            base_version=str(draft.version),
            organisation=told.organisation,
            results=told.results,
            difficulties=told.difficulties,
            next_steps=told.next_steps,
            proposals=told.proposals,
            number=draft.number,
            dated=draft.dated,
        )

    def narrative(self) -> Narrative:
        return Narrative(
            organisation=self.organisation.data or "",
            results=self.results.data or "",
            difficulties=self.difficulties.data or "",
            next_steps=self.next_steps.data or "",
            proposals=self.proposals.data or "",
        )

    def day(self) -> date | None:
        found: date | None = self.dated.data
        return found


class HandsForm(Form):
    """Whether one person both submits and signs."""

    is_alone = BooleanField(_l("One person here both submits and signs reports"))


class SettingsForm(Form):
    """A commune's paper settings; lists are one line each."""

    base_version = HiddenField()
    superior_line = StringField(_l("Body above, where there is one"), [Length(max=300)])
    issuing_lines = TextAreaField(_l("Issuing body, as printed"), [InputRequired(), Length(max=600)])
    body_name = StringField(_l("The same body inside a sentence"), [InputRequired(), Length(max=300)])
    place_name = StringField(_l("Place in the date line"), [InputRequired(), Length(max=100)])
    symbol = StringField(_l("Symbol of the paper"), [Length(max=40)])
    addressees = TextAreaField(_l("Addressed to"), [Length(max=3000)])
    request = StringField(_l("Paper that asks for the report"), [Length(max=300)])
    signer_form = SelectField(_l("Who signs"), choices=options(SIGNERS))
    signer_lines = TextAreaField(_l("Lines above the signature, where others"), [Length(max=600)])
    signer_name = StringField(_l("Name of the signer"), [Length(max=100)])
    copies = TextAreaField(_l("Copies to"), [Length(max=6000)])
    archive = StringField(_l("Drafting unit, after: Luu VT"), [Length(max=60)])

    @classmethod
    def of(cls, settings: PaperSettings, version: int) -> SettingsForm:
        """The form as the settings stand."""
        values = {
            name: "\n".join(value) if isinstance(value, tuple) else value
            for name, value in vars(settings).items()
        }
        return cls(base_version=str(version), **values)

    def settings(self, before: PaperSettings) -> PaperSettings:
        """The settings as typed; what the form does not show stays."""
        typed = {
            name: _lines(field.data) if isinstance(getattr(before, name), tuple) else (field.data or "")
            for name, field in self._fields.items()
            if hasattr(before, name)
        }
        typed["signer_form"] = SignerForm(self.signer_form.data)
        return PaperSettings(**{**vars(before), **typed})


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
