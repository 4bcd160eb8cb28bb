"""Forms of teams and members: the list's filter, a team, a person, a time of service, a decision, a training."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length

from tdteam.domain.people import Channel
from tdteam.domain.teams import AmendDraft, MemberDraft, ServiceDraft, TeamDraft
from tdteam.web.forms.base import FilterForm, Form
from tdteam.web.forms.fields import ChipsField, DayField, ManyChipsField, YearField, options, read_number
from tdteam.web.people import choices_of


def number(text: Any) -> int | None:
    """A whole number a form carried as text; None for anything else."""
    return read_number(text)


class TeamFilter(FilterForm):
    """The list's filter; field names are `list_teams`' arguments."""

    q = StringField(_l("Team, village, member or decision"))
    commune_id = SelectField(_l("Commune"), validate_choice=False)
    village_id = SelectField(_l("Village"), validate_choice=False)
    active = SelectField(
        _l("State"),
        choices=options([("yes", _l("At work")), ("no", _l("Ended")), ("all", _l("All"))]),
        default="yes",
        validate_choice=False,
    )
    channel = SelectField(_l("How it sends"), choices=choices_of("channel", "All"), validate_choice=False)
    size = HiddenField()

    @property
    def in_force(self) -> bool:
        """Whether anything is narrowed beyond teams at work."""
        return any(field.data for field in self if field.name not in ("active", "size")) or (
            self.active.data in ("no", "all")
        )

    def wanted(self) -> dict[str, Any]:
        """The arguments of `list_teams`."""
        return {
            "q": self.q.data or "",
            "commune_id": number(self.commune_id.data) if "commune_id" in self else None,
            "village_id": number(self.village_id.data),
            "active": self.active.data if self.active.data in ("yes", "no", "all") else "yes",
            "channel": self.channel.data if self.channel.data in set(Channel) else "",
        }


class TeamForm(Form):
    """A team."""

    base_version = HiddenField()
    name = StringField(_l("Name of the team"), [InputRequired(), Length(max=120)])
    village_ids = ManyChipsField(_l("Villages it serves"), validate_choice=False)
    villages_on = DayField(_l("Villages changed on"))
    decision_number = StringField(_l("Number of the founding decision"), [Length(max=60)])
    decision_date = DayField(_l("Date of the decision"))
    decision_by = StringField(_l("Issued by"), [Length(max=120)])
    since = DayField(_l("At work from"))
    channel = ChipsField(
        _l("How the team sends its work"), choices=choices_of("channel"), default=Channel.APP
    )
    note = TextAreaField(_l("Note"), [Length(max=2000)])

    def draft(self) -> TeamDraft:
        return TeamDraft(
            name=self.name.data or "",
            village_ids=tuple(n for n in map(number, self.village_ids.data or []) if n),
            since=self.since.data,
            decision_number=self.decision_number.data or "",
            decision_date=self.decision_date.data,
            decision_by=self.decision_by.data or "",
            channel=self.channel.data or Channel.APP,
            note=self.note.data or "",
        )


class PersonPart:
    """Fields of a person; mixed into the forms that ask for one."""

    name = StringField(
        _l("Full name"),
        [InputRequired(), Length(max=120)],
        render_kw={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"},
    )
    birth_year = YearField(_l("Birth year"), render_kw={"maxlength": "4"})
    sex = ChipsField(_l("Sex"), choices=choices_of("sex"))
    phone = StringField(_l("Phone"), render_kw={"type": "tel", "autocomplete": "off", "inputmode": "tel"})


class ServicePart:
    """Fields of a time of service."""

    role = ChipsField(_l("Role in the team"), choices=choices_of("role"))
    component = SelectField(_l("Stands for"), choices=choices_of("component"), validate_choice=False)
    joined = DayField(_l("In the team from"))
    decision = StringField(_l("By decision number"), [Length(max=60)])

    def service(self) -> ServiceDraft:
        return ServiceDraft(
            role=self.role.data or "",
            component=self.component.data or "",
            joined=self.joined.data,
            decision=self.decision.data or "",
        )


class MemberForm(PersonPart, Form):
    """A person who serves."""

    base_version = HiddenField()
    note = TextAreaField(_l("Note"), [Length(max=2000)])

    def person(self) -> MemberDraft:
        return MemberDraft(
            name=self.name.data or "",
            birth_year=self.birth_year.data,
            sex=self.sex.data,
            phone=self.phone.data,
            note=self.note.data or "",
        )


class JoinForm(ServicePart, PersonPart, Form):
    """A person who comes into a team; `same_as` is chosen when somebody alike is known already."""

    same_as = ChipsField(_l("Is it the same person?"), choices=[], validate_choice=False)

    def person(self) -> MemberDraft:
        return MemberDraft(self.name.data or "", self.birth_year.data, self.sex.data, self.phone.data)


class ServiceForm(ServicePart, Form):
    """A correction of somebody's time in a team."""


class LeaveForm(Form):
    """The day somebody leaves a team."""

    left = DayField(_l("Not in the team from"), [InputRequired()])


class MoveForm(ServicePart, Form):
    """A member goes to another team on a day."""

    to_team_id = SelectField(_l("To the team"), [InputRequired()], validate_choice=False)


class EndForm(Form):
    """The day a team ends."""

    until = DayField(_l("No longer at work from"), [InputRequired()])


class AmendRow(PlainForm):
    """One member under a new decision."""

    service_id = HiddenField()
    stays = ChipsField(
        _l("Stays or leaves"),
        choices=options([("stays", _l("Stays")), ("leaves", _l("Leaves"))]),
        default="stays",
    )
    role = SelectField(_l("Role"), choices=choices_of("role"), validate_choice=False)
    component = SelectField(_l("Stands for"), choices=choices_of("component"), validate_choice=False)


class AmendForm(Form):
    """A decision that settles the composition anew."""

    decision = StringField(_l("Number of the new decision"), [InputRequired(), Length(max=60)])
    on = DayField(_l("In force from"), [InputRequired()])
    rows = FieldList(FormField(AmendRow))

    def draft(self) -> AmendDraft:
        rows = [(number(row.form.service_id.data), row.form) for row in self.rows]
        staying = [(sid, form) for sid, form in rows if sid and form.stays.data != "leaves"]
        return AmendDraft(
            decision=self.decision.data or "",
            on=self.on.data,
            leaving=frozenset(sid for sid, form in rows if sid and form.stays.data == "leaves"),
            roles=tuple((sid, form.role.data or "") for sid, form in staying),
            components=tuple((sid, form.component.data or "") for sid, form in staying),
        )


class TrainForm(Form):
    """A course some members took."""

    course = StringField(_l("Course"), [InputRequired(), Length(max=200)])
    trained_on = DayField(_l("Day of the course"))
    member_ids = ManyChipsField(_l("Who took it"), validate_choice=False)

    def day(self) -> date | None:
        found: date | None = self.trained_on.data
        return found
