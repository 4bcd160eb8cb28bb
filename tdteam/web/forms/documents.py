"""Forms of evidence documents: the register's filter, a document, its withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.documents import (
    ABSTRACT_LENGTH,
    ISSUER_LENGTH,
    NUMBER_LENGTH,
    DocumentDraft,
    DocumentKind,
    Lack,
    Tie,
    TieNoun,
)
from tdteam.store.documents import Wanted
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, DayField, ManyChipsField, options, read_number

KINDS = [
    (DocumentKind.DECISION, _l("Decision (paper)")),
    (DocumentKind.PLAN, _l("Plan (paper)")),
    (DocumentKind.REPORT, _l("Report (paper)")),
    (DocumentKind.LETTER, _l("Official letter")),
    (DocumentKind.MINUTES, _l("Minutes of a meeting")),
    (DocumentKind.LIST, _l("List of names")),
    (DocumentKind.PHOTO, _l("Photo (document)")),
    (DocumentKind.SCREEN, _l("Picture of a screen")),
    (DocumentKind.OTHER, _l("Another document")),
]
LACKS = [
    (Lack.FILE, _l("no file")),
    (Lack.NUMBER, _l("no number")),
    (Lack.DATED, _l("no date")),
    (Lack.ISSUER, _l("no issuer")),
    (Lack.INDICATOR, _l("proves no indicator")),
]
NOUNS = {
    TieNoun.VILLAGE: _l("Village"),
    TieNoun.TEAM: _l("Team"),
    TieNoun.GATHERING: _l("Gathering"),
    TieNoun.REPORT: _l("Report"),
    TieNoun.MODEL: _l("Model village"),
}


def read_tie(text: str | None) -> Tie | None:
    """ "team:12" as noun and target; None for anything else."""
    noun, mark, target = (text or "").partition(":")
    return (noun, target) if mark and noun in set(TieNoun) and 0 < len(target) <= 40 else None


class DocumentFilter(FilterForm):
    """The register's filter."""

    place_id = SelectField(_l("Place"), validate_choice=False)
    kind = SelectField(_l("Kind of document"), choices=options(KINDS, _l("All")), validate_choice=False)
    indicator = SelectField(_l("Proves the indicator"), validate_choice=False)
    missing = SelectField(
        _l("Still missing"),
        choices=options([("any", _l("anything")), *LACKS], _l("All")),
        validate_choice=False,
    )
    since = DayField(_l("From the day"))
    until = DayField(_l("To the day"))
    state = SelectField(
        _l("State"),
        choices=options([("", _l("In the register")), ("withdrawn", _l("Withdrawn documents"))]),
        validate_choice=False,
    )
    tie = HiddenField()
    size = HiddenField()

    def wanted(self) -> Wanted:
        """What the list asks for; nonsense asks nothing."""
        missing = self.missing.data if self.missing.data in {"any", *Lack} else None
        return Wanted(
            place_id=read_number(self.place_id.data),
            since=self.since.data,
            until=self.until.data,
            indicator=str(self.indicator.data or "")[:60] or None,
            kind=self.kind.data if self.kind.data in set(DocumentKind) else None,
            missing=missing,
            tie=read_tie(self.tie.data),
            is_withdrawn=self.state.data == "withdrawn",
        )


class DocumentForm(Form):
    """A document."""

    base_version = HiddenField()
    kind = ChipsField(_l("Kind of document"), [InputRequired()], choices=options(KINDS))
    number = StringField(_l("Number and symbol"), [Length(max=NUMBER_LENGTH)])
    dated = DayField(_l("Date of the document"))
    issuer = StringField(_l("Issuing body"), [Length(max=ISSUER_LENGTH)])
    abstract = TextAreaField(_l("Abstract"), [InputRequired(), Length(max=ABSTRACT_LENGTH)])
    place_id = SelectField(_l("Place it belongs to"), [InputRequired()], validate_choice=False)
    since = DayField(_l("Speaks of days from"))
    until = DayField(_l("to (last day)"))
    file = FileField(
        _l("File"),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.xlsx,.docx"},
    )
    has_names = BooleanField(_l("People are named or can be recognised in the file"), default=True)
    indicators = ManyChipsField(_l("Indicators it proves"), validate_choice=False)
    ties = ManyChipsField(_l("Belongs to"), validate_choice=False)
    more = SelectField(_l("Tie it to one more"), validate_choice=False)

    def draft(self) -> DocumentDraft:
        """The document as typed."""
        named = [*(self.ties.data or []), self.more.data]
        ties: Sequence[Tie] = [tie for tie in map(read_tie, named) if tie]
        return DocumentDraft(
            place_id=read_number(self.place_id.data),
            kind=self.kind.data or "",
            number=self.number.data or "",
            dated=self.dated.data,
            issuer=self.issuer.data or "",
            abstract=self.abstract.data or "",
            since=self.since.data,
            until=self.until.data,
            has_names=bool(self.has_names.data),
            indicators=tuple(str(one)[:60] for one in self.indicators.data or []),
            ties=tuple(dict.fromkeys(ties)),
        )


def word_of_kind(code: str) -> Any:
    """A kind of document in words."""
    return dict(KINDS)[DocumentKind(code)]
