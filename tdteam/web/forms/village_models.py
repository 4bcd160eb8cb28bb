"""Forms of model villages, their criteria, sponsoring agencies, and what villages have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.catalogue import CODE_LENGTH
from tdteam.domain.errors import Flaw
from tdteam.domain.sponsors import NAME_LENGTH, GroundDraft, Signal, SponsorDraft
from tdteam.domain.village_models import NOTE_LENGTH, Item, Met, Model, Section, VillageDraft
from tdteam.store.tables import VillageGround
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, CountField, DayField, options, read_day, read_number
from tdteam.web.words import say_flaw

SECTIONS = [
    (Section.INFRASTRUCTURE, _l("Digital infrastructure")),
    (Section.GOVERNMENT, _l("Digital government")),
    (Section.ECONOMY, _l("Digital economy")),
    (Section.SOCIETY, _l("Digital society")),
]
MET = {Met.YES: _l("met"), Met.NO: _l("not met yet"), Met.UNKNOWN: _l("not known")}
SIGNALS = [(Signal.GOOD, _l("good")), (Signal.WEAK, _l("weak")), (Signal.NONE, _l("no signal"))]
YES_NO = [("yes", _l("yes")), ("no", _l("no"))]
COLUMNS = ("has_house", "has_wifi", "signal", "has_fibre")


class ModelFilter(FilterForm):
    """The list's filter."""

    place_id = SelectField(_l("Commune"), validate_choice=False)
    model = SelectField(_l("Model"), validate_choice=False)


class ModelVillageForm(Form):
    """A village chosen for a model."""

    base_version = HiddenField()
    model = ChipsField(_l("Model"), [InputRequired()])
    village_id = SelectField(_l("Village"), [InputRequired()], validate_choice=False)
    planned_on = DayField(_l("Planned for"))
    launched_on = DayField(_l("Launched on"))
    ended_on = DayField(_l("Given up on"))
    note = TextAreaField(_l("Note"), [Length(max=NOTE_LENGTH)])

    def draft(self) -> VillageDraft:
        return VillageDraft(
            village_id=read_number(self.village_id.data),
            model=self.model.data or "",
            planned_on=self.planned_on.data,
            launched_on=self.launched_on.data,
            ended_on=self.ended_on.data,
            note=self.note.data or "",
        )


class TickForm(Form):
    """A word on a criterion."""

    item = HiddenField()
    met = ChipsField(
        _l("Does the village meet it?"),
        [InputRequired()],
        choices=options([("yes", _l("It meets it")), ("no", _l("Not yet"))]),
    )
    document_id = SelectField(_l("Evidence"), validate_choice=False)
    note = StringField(_l("What shows it"), [Length(max=NOTE_LENGTH)])


class ModelForm(Form):
    """A model, kept by the administrator."""

    code = StringField(_l("Code"), [Length(max=CODE_LENGTH)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    source = TextAreaField(_l("Where its criteria come from"), [Length(max=500)])
    sort = CountField(_l("Place in the order"), high=99_999)
    is_active = BooleanField(_l("Offered"), default=True)

    def model(self, code: str | None) -> Model:
        return Model(
            code or (self.code.data or "").strip().upper(),
            self.name.data or "",
            self.source.data or "",
            self.sort.data or 0,
            bool(self.is_active.data),
        )


class ItemForm(Form):
    """A criterion of a model."""

    code = StringField(_l("Code"), [Length(max=CODE_LENGTH)])
    name = TextAreaField(_l("Criterion"), [InputRequired(), Length(max=200)])
    section = ChipsField(_l("Group"), [InputRequired()], choices=options(SECTIONS))
    indicator = SelectField(_l("Filled from the indicator"), validate_choice=False)
    at_least = StringField(_l("Met from"), [Length(max=12)])
    sort = CountField(_l("Place in the order"), high=99_999)
    is_active = BooleanField(_l("Offered"), default=True)

    def item(self, code: str | None, model: str, shares: set[str]) -> Item:
        """The criterion as typed; a share's bound is typed in percent. Raises ValueError for no number."""
        indicator = self.indicator.data or None
        typed = (self.at_least.data or "").strip().rstrip("%").strip().replace(".", "").replace(",", ".")
        bound = None
        if typed:
            bound = round(float(typed) * 100) if indicator in shares else int(typed)
            if not 0 <= bound <= 9_999_999:
                raise ValueError(typed)
        return Item(
            code or (self.code.data or "").strip().upper(),
            model,
            self.section.data or "",
            self.name.data or "",
            indicator,
            bound,
            self.sort.data or 0,
            bool(self.is_active.data),
        )


class SponsorForm(Form):
    """A sponsoring agency."""

    base_version = HiddenField()
    agency = StringField(_l("Agency"), [InputRequired(), Length(max=NAME_LENGTH)])
    village_id = SelectField(_l("Model village it helps"), validate_choice=False)
    contact = StringField(_l("Contact at work"), [Length(max=NAME_LENGTH)])
    since = DayField(_l("Sponsors since"))
    until = DayField(_l("Until (last day)"))
    note = TextAreaField(_l("Note"), [Length(max=NOTE_LENGTH)])

    def draft(self) -> SponsorDraft:
        return SponsorDraft(
            agency=self.agency.data or "",
            village_id=read_number(self.village_id.data),
            contact=(self.contact.data or "") if "contact" in self else "",
            since=self.since.data,
            until=self.until.data,
            note=self.note.data or "",
        )


class GroundForm:
    """The grid of what villages have: one line a village, one source and day for all that change."""

    def __init__(self, village_ids: list[int], typed: Mapping[str, str]) -> None:
        self.village_ids, self.typed = village_ids, dict(typed)
        self.errors: dict[str, str] = {}
        self.as_of: date | None = None

    @classmethod
    def of(
        cls, village_ids: list[int], rows: Mapping[int, VillageGround], source: str, day: str
    ) -> GroundForm:
        """The grid filled from what is stored."""
        typed: dict[str, str] = {"source": source, "as_of": day}
        for village_id, row in rows.items():
            typed[f"{village_id}-version"] = str(row.version)
            typed[f"{village_id}-note"] = row.note
            typed[f"{village_id}-signal"] = row.signal or ""
            for name in ("has_house", "has_wifi", "has_fibre"):
                value = getattr(row, name)
                typed[f"{village_id}-{name}"] = "" if value is None else "yes" if value else "no"
        return cls(village_ids, typed)

    @classmethod
    def posted(cls, village_ids: list[int]) -> GroundForm:
        """The grid as sent; a day that cannot be read is said beside its field."""
        made = cls(village_ids, {key: value[:1000] for key, value in request.form.items()})
        try:
            made.as_of = read_day(made.typed.get("as_of", ""))
            wrong = (
                ""
                if made.as_of or not made.typed.get("as_of")
                else _("Write the day as dd/mm/yyyy, for instance 05/03/2026.")
            )
        except ValueError:
            wrong = _("There is no such day.")
        if wrong:
            made.errors["as_of"] = wrong
        return made

    def drafts(self) -> list[GroundDraft]:
        """One draft a village."""
        return [
            GroundDraft(
                village_id,
                has_house=self._flag(village_id, "has_house"),
                has_wifi=self._flag(village_id, "has_wifi"),
                signal=self.typed.get(f"{village_id}-signal") or None,
                has_fibre=self._flag(village_id, "has_fibre"),
                note=self.typed.get(f"{village_id}-note", ""),
                base_version=read_number(self.typed.get(f"{village_id}-version")) or 0,
            )
            for village_id in self.village_ids
        ]

    def put(self, flaws: Any) -> None:
        """Each flaw's sentence by its field."""
        for flaw in flaws:
            self.errors.setdefault(_cell(flaw), str(say_flaw(flaw)))

    def _flag(self, village_id: int, name: str) -> bool | None:
        return {"yes": True, "no": False}.get(self.typed.get(f"{village_id}-{name}", ""))


def _cell(flaw: Flaw) -> str:
    return flaw.field
