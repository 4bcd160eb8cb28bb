"""Forms of the catalogue: a kind of help with the words of its outcomes, a cause, a procedure, an indicator."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.catalogue import CODE_LENGTH, Cause, Kind, Procedure
from tdteam.domain.indicators import Indicator
from tdteam.domain.report_facts import SECTIONS
from tdteam.domain.vocabulary import Nature, Outcome, Pillar, Source
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import ChipsField, CountField, options

PILLARS = [
    (Pillar.GOVERNMENT, _l("Digital government")),
    (Pillar.ECONOMY, _l("Digital economy")),
    (Pillar.SOCIETY, _l("Digital society")),
]
NATURES = [
    (Nature.FLOW, _l("What happened in a period")),
    (Nature.STOCK, _l("How many there are as of a day")),
]
SECTION_CHOICES = list(
    zip(
        SECTIONS,
        (_l("Outreach"), _l("Digital government"), _l("Digital economy"), _l("Digital society")),
        strict=True,
    )
)
_SORT = 99_999


class EntryForm(Form):
    """What every entry of the catalogue has."""

    code = StringField(_l("Code"), [Length(max=CODE_LENGTH)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    sort = CountField(_l("Place in the order"), high=_SORT)
    is_active = BooleanField(_l("Offered"), default=True)

    def the_code(self, code: str | None) -> str:
        """The code of the entry: the one in the address, or the one typed for a new entry."""
        return code if code is not None else (self.code.data or "").strip().upper()


class KindForm(EntryForm):
    """A kind of help. An outcome without words is not offered."""

    short_name = StringField(_l("Short name"), [Length(max=60)])
    pillar = ChipsField(_l("Pillar"), [InputRequired()], choices=options(PILLARS))
    done = StringField(_l("Done"), [Length(max=100)])
    in_progress = StringField(_l("In progress"), [Length(max=100)])
    referred = StringField(_l("Referred"), [Length(max=100)])
    not_done = StringField(_l("Not done yet"), [Length(max=100)])

    @classmethod
    def of(cls, kind: Kind, sort: int) -> KindForm:
        return cls(
            code=kind.code,
            name=kind.name,
            short_name=kind.short_name,
            pillar=kind.pillar,
            sort=sort,
            is_active=kind.is_active,
            **{str(outcome): kind.outcomes.get(outcome, "") for outcome in Outcome},
        )

    def kind(self, code: str | None) -> Kind:
        return Kind(
            self.the_code(code),
            self.name.data or "",
            self.short_name.data or "",
            self.pillar.data or "",
            {str(outcome): self[str(outcome)].data or "" for outcome in Outcome},
            bool(self.is_active.data),
        )


class CauseForm(EntryForm):
    """Why an assist was not done."""

    @classmethod
    def of(cls, cause: Cause, sort: int) -> CauseForm:
        return cls(code=cause.code, name=cause.name, sort=sort, is_active=cause.is_active)

    def cause(self, code: str | None) -> Cause:
        return Cause(self.the_code(code), self.name.data or "", bool(self.is_active.data))


class ProcedureForm(EntryForm):
    """A public-service procedure."""

    is_essential = BooleanField(_l("One of the 25 essential services that take no paper"))

    @classmethod
    def of(cls, one: Procedure, sort: int) -> ProcedureForm:
        return cls(
            code=one.code, name=one.name, sort=sort, is_active=one.is_active, is_essential=one.is_essential
        )

    def procedure(self, code: str | None) -> Procedure:
        return Procedure(
            self.the_code(code), self.name.data or "", bool(self.is_essential.data), bool(self.is_active.data)
        )


class IndicatorForm(EntryForm):
    """An indicator. Unit and nature are asked for once, when it is made."""

    name = TextAreaField(_l("Name"), [InputRequired(), Length(max=200)])
    short_name = StringField(_l("Short name"), [Length(max=60)])
    unit = StringField(_l("Unit"), [Length(max=30)])
    nature = ChipsField(_l("What it tells"), choices=options(NATURES))
    section = SelectField(_l("Section of the report"), choices=options(SECTION_CHOICES))
    part_name = StringField(_l("Numerator"), [Length(max=120)])
    whole_name = StringField(_l("Denominator"), [Length(max=120)])
    is_places = BooleanField(_l("Agencies declare it for a commune or village"))
    is_teams = BooleanField(_l("Teams on paper or Zalo declare it"))
    beside = SelectField(_l("Stands beside"), validate_choice=False)
    in_report = BooleanField(_l("In the monthly report"), default=True)
    is_headline = BooleanField(_l("Told in the report as a sentence too"))
    on_board = BooleanField(_l("A column of the coverage board"))

    @classmethod
    def of(cls, one: Indicator) -> IndicatorForm:
        names = [name for name in cls.__dict__ if hasattr(one, name)]
        return cls(
            code=one.code,
            sort=one.sort,
            is_active=one.is_active,
            **{name: getattr(one, name) or "" for name in names if not name.startswith("is_")},
            **{name: getattr(one, name) for name in names if name.startswith("is_")},
        )

    def indicator(self, before: Indicator | None, code: str | None) -> Indicator:
        """The indicator as typed; what the form does not show stays."""
        nature = self.nature.data if self.nature.data in set(Nature) else Nature.FLOW
        return Indicator(
            code=self.the_code(code),
            name=self.name.data or "",
            unit=(before.unit if before else self.unit.data) or "",
            nature=before.nature if before else Nature(nature),
            source=before.source if before else Source.DECLARED,
            section=self.section.data or "",
            short_name=self.short_name.data or "",
            part=before.part if before else (),
            whole=before.whole if before else None,
            part_name=self.part_name.data or "",
            whole_name=self.whole_name.data or "",
            beside=self.beside.data or None,
            annex=before.annex if before else "",
            is_teams=bool(self.is_teams.data),
            is_places=bool(self.is_places.data),
            in_report=bool(self.in_report.data),
            is_headline=bool(self.is_headline.data),
            on_board=bool(self.on_board.data),
            is_falling_good=before.is_falling_good if before else False,
            is_active=bool(self.is_active.data),
        )
