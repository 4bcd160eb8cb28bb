"""Forms of households and residents: filter, particulars, consent (never ticked beforehand), what was attained, endings."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length

from tdteam.domain.households import ConsentDraft, HouseholdDraft
from tdteam.domain.people import SubjectKind
from tdteam.domain.residents import AttainedDraft, ResidentDraft
from tdteam.store.household_list import Filters
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, CountField, DayField, YearField, options
from tdteam.web.forms.teams import number
from tdteam.web.people import choices_of

YES_NO = [("yes", _l("Has")), ("no", _l("Has not"))]
UNKNOWN = [("unknown", _l("Not known"))]


class HouseholdFilter(FilterForm):
    """The list's filter; field names are those of `Filters`."""

    q = StringField(_l("Name of the head or phone"))
    commune_id = SelectField(_l("Commune"), validate_choice=False)
    village_id = SelectField(_l("Village"), validate_choice=False)
    reached = SelectField(
        _l("Visits"),
        choices=options([("no", _l("Never visited")), ("yes", _l("Visited"))], _l("All")),
        validate_choice=False,
    )
    level2 = SelectField(
        _l("Level 2"),
        choices=options([("missing", _l("Somebody without"))], _l("All")),
        validate_choice=False,
    )
    kind = SelectField(_l("Kind"), choices=choices_of("subject", "All"), validate_choice=False)
    poverty = SelectField(
        _l("Poverty"),
        choices=options(
            [
                ("any", _l("Poor or near-poor")),
                ("poor", _l("Poor household")),
                ("near_poor", _l("Near-poor household")),
            ],
            _l("All"),
        ),
        validate_choice=False,
    )
    smartphone = SelectField(_l("Smartphone"), choices=options(YES_NO, _l("All")), validate_choice=False)
    consent = SelectField(
        _l("Consent"),
        choices=[*choices_of("consent", "All"), *options([("none", _l("Not asked yet"))])],
        validate_choice=False,
    )
    ended = SelectField(
        _l("State"),
        choices=options([("no", _l("Counted")), ("yes", _l("No longer counted")), ("all", _l("All"))]),
        default="no",
        validate_choice=False,
    )
    order = HiddenField()
    size = HiddenField()

    @property
    def in_force(self) -> bool:
        """Whether anything is narrowed beyond the households that count."""
        left_out = ("order", "size", "ended")
        return any(field.data for field in self if field.name not in left_out) or self.ended.data in (
            "yes",
            "all",
        )

    @property
    def narrowed(self) -> bool:
        """Whether one of the filters under "more" is in force."""
        more = (self.kind, self.poverty, self.smartphone, self.consent)
        return any(field.data for field in more) or self.ended.data in ("yes", "all")

    def wanted(self) -> Filters:
        def known(field: Any) -> str:
            return field.data if field.data in {choice.value for choice in field.choices} else ""

        return Filters(
            commune_id=number(self.commune_id.data) if "commune_id" in self else None,
            village_id=number(self.village_id.data),
            q=self.q.data or "",
            kind=known(self.kind),
            poverty=known(self.poverty),
            smartphone=known(self.smartphone),
            reached=known(self.reached),
            level2=known(self.level2),
            consent=known(self.consent),
            ended=known(self.ended) or "no",
        )


class ConsentPart:
    """The household's word on its data. Nothing is chosen beforehand."""

    consent = ChipsField(
        _l("Does the household agree that its data are kept for this help?"), choices=choices_of("consent")
    )
    method = ChipsField(_l("How it was said"), choices=choices_of("method"))
    consent_on = DayField(_l("Day it was said"))

    def consent_draft(self) -> ConsentDraft:
        said = {"yes": True, "no": False}.get(self.consent.data or "")
        return ConsentDraft(said, self.method.data, self.consent_on.data)

    def was_asked(self) -> bool:
        """Whether any part of it was filled in."""
        return bool(self.consent.data or self.method.data)


class HouseholdForm(ConsentPart, Form):
    """A household."""

    base_version = HiddenField()
    is_other = BooleanField(_l("This is another household, keep both"))
    village_id = SelectField(_l("Village"), [InputRequired()], validate_choice=False)
    kind = ChipsField(_l("Kind"), choices=choices_of("subject"), default=SubjectKind.HOUSEHOLD)
    head = StringField(
        _l("Head of the household, or owner"),
        [InputRequired(), Length(max=120)],
        render_kw={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"},
    )
    birth_year = YearField(_l("Birth year of the head"), render_kw={"maxlength": "4"})
    phone = StringField(_l("Phone"), render_kw={"type": "tel", "autocomplete": "off", "inputmode": "tel"})
    people = CountField(_l("People"), high=9_999)
    adults = CountField(_l("of these, 14 and over"), high=9_999)
    eid2 = CountField(_l("of these, with level 2"), high=9_999)
    poverty = ChipsField(_l("Poverty"), choices=[*choices_of("poverty"), *options(UNKNOWN)])
    smartphone = ChipsField(_l("Smartphone"), choices=options([*YES_NO, *UNKNOWN]))
    note = TextAreaField(_l("Note"), [Length(max=2000)])

    def draft(self) -> HouseholdDraft:
        return HouseholdDraft(
            village_id=number(self.village_id.data),
            head=self.head.data or "",
            kind=self.kind.data or "",
            birth_year=self.birth_year.data,
            people=self.people.data,
            adults=self.adults.data,
            eid2=self.eid2.data,
            poverty=None if self.poverty.data == "unknown" else self.poverty.data,
            smartphone={"yes": True, "no": False}.get(self.smartphone.data or ""),
            phone=self.phone.data,
            note=self.note.data or "",
        )


class ConsentForm(ConsentPart, Form):
    """The household's word, asked by itself."""


class EndForm(Form):
    """Why and since when a household, or a person of it, no longer counts."""

    why = ChipsField(_l("Reason"), [InputRequired()], choices=choices_of("household_end"))
    ended_on = DayField(_l("Since"), [InputRequired()])


class ResidentEndForm(EndForm):
    """The same of a person."""

    why = ChipsField(_l("Reason"), [InputRequired()], choices=choices_of("resident_end"))


class AttainedPart(PlainForm):
    """One thing a person can attain."""

    indicator = HiddenField()
    has = ChipsField(_l("Attained"), choices=options([("yes", _l("Yes")), ("no", _l("No"))]))
    on = DayField(_l("Day, if known"))
    source = StringField(_l("By whose word"), [Length(max=120)])


class ResidentForm(Form):
    """A person of a household."""

    base_version = HiddenField()
    name = StringField(
        _l("Full name"),
        [InputRequired(), Length(max=120)],
        render_kw={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"},
    )
    birth_year = YearField(_l("Birth year"), render_kw={"maxlength": "4"})
    sex = ChipsField(_l("Sex"), choices=choices_of("sex"))
    attained = FieldList(FormField(AttainedPart))

    def draft(self) -> ResidentDraft:
        return ResidentDraft(
            name=self.name.data or "",
            birth_year=self.birth_year.data,
            sex=self.sex.data,
            attained=tuple(
                AttainedDraft(row.form.indicator.data or "", row.form.on.data, row.form.source.data or "")
                for row in self.attained
                if row.form.has.data == "yes"
            ),
        )

    def rows_said(self) -> list[int]:
        """Index of each attained row among the rows on screen, for flaws."""
        return [place for place, row in enumerate(self.attained) if row.form.has.data == "yes"]
