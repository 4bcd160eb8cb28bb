"""The two kinds of form, and the bridge from the domain's flaws to the sentence beside a field.

class VisitForm(Form):                      # posted: with a token
    village = SelectField(_l("Village"))
class VisitFilter(FilterForm):              # a list's filter: in the address, no token
    team_id = SelectField(_l("Team"))

form = VisitForm()
if form.validate_on_submit():
    try: …
    except Refused as refused: form.put(refused.flaws)
return render_template(…, form=form), form.status
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, RadioField, StringField
from wtforms import Form as PlainForm
from wtforms.widgets import Select

from tdteam.domain.errors import Flaw
from tdteam.domain.vietnamese import nfc
from tdteam.web.forms.fields import PlainSelect
from tdteam.web.states import N_
from tdteam.web.words import say_flaw

# Sentences WTForms itself says; listed so that the catalogue carries them.
OWN_SENTENCES = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Not a valid choice"),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid integer value."),
    N_("Invalid input."),
    N_("Field cannot be longer than %(max)d characters."),
)


class _Catalogue:
    """The app's catalogue in the shape WTForms asks for."""

    gettext = staticmethod(gettext)

    @staticmethod
    def ngettext(_one: str, many: str, _count: int) -> str:
        """The sentence with its places still open: WTForms fills them, under names of its own."""
        return str(gettext(many))


def _stored(value: object) -> object:
    """Text as it is stored: composed letters, no blanks around; line breaks of long text stay."""
    if not isinstance(value, str):
        return value
    return "\n".join(nfc(line) for line in value.replace("\r\n", "\n").split("\n")).strip("\n")


class _Shared:
    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Catalogue:
            return _Catalogue()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            # Password fields are typed secrets: their own home normalises them, nothing trims them.
            if (
                issubclass(unbound_field.field_class, StringField)
                and "Password" not in unbound_field.field_class.__name__
            ):
                options["filters"] = [_stored, *unbound_field.kwargs.get("filters", ())]
                unbound_field.kwargs.pop("filters", None)
            field = unbound_field.bind(form=form, **options)
            if type(field.widget) is Select:
                field.widget = PlainSelect(multiple=field.widget.multiple)
            return field


class Form(_Shared, FlaskForm):
    """A posted form: token checked, text normalised, flaws placed."""

    @property
    def status(self) -> int:
        """The HTTP status to answer with: 422 once something is wrong, else 200."""
        return 422 if any(True for _ in flaws_of_form(self)) else 200

    def flaw_paths(self) -> list[int]:
        """Index of each sent assist among the rows on screen; of a form without such rows none."""
        return []

    def rows_pressed(self) -> bool:
        """Whether an "add a row" or "remove this row" button was pressed: the row is then added or gone, and the
        view shows the form again instead of saving it."""
        pressed = request.form
        for field in self:
            if not isinstance(field, FieldList):
                continue
            if f"add-{field.name}" in pressed:
                if not field.max_entries or len(field.entries) < field.max_entries:
                    field.append_entry()
                return True
            index = pressed.get(f"drop-{field.name}", "")
            if index:
                kept = [entry for entry in field.entries if entry.name != f"{field.name}-{index}"]
                field.entries = kept if len(kept) >= field.min_entries else field.entries
                return True
        return False

    def put(self, flaws: Iterable[Flaw]) -> None:
        """Each flaw's sentence beside its field (`assists.0.kind` reaches into rows), else at the top."""
        for flaw in flaws:
            sentence = say_flaw(flaw)
            field = find_field(self, flaw.field)
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]


class FilterForm(_Shared, FlaskForm):
    """A list's filter: read from the address, no token; field names are the query's arguments."""

    class Meta(_Shared.Meta):
        csrf = False

    def __init__(self, **defaults: Any) -> None:
        super().__init__(formdata=request.args if request.args else None, **defaults)

    @property
    def in_force(self) -> bool:
        """Whether anything is filtered at all, beyond what a fresh page asks."""
        return any(
            field.data not in (None, "", [], False) and str(field.data) != str(field.default or "")
            for field in self
            if field.name not in ("order", "size")
        )


def find_field(form: PlainForm, path: str) -> Field | None:
    """The field a flaw names: `note`, or `assists.0.kind` within repeated rows."""
    here: Any = form
    for step in path.split("."):
        if isinstance(here, FormField):
            here = here.form
        if isinstance(here, FieldList):
            here = here.entries[int(step)] if step.isdecimal() and int(step) < len(here.entries) else None
        elif isinstance(here, PlainForm):
            here = here._fields.get(step)
        else:
            return None
    return None if here is form else here


def flaws_of(field: Field) -> Iterator[tuple[str, str]]:
    """(id to jump to, sentence) of everything wrong in a field, rows of a FieldList included."""
    if isinstance(field, FormField):
        for inner in field.form:
            yield from flaws_of(inner)
    elif isinstance(field, FieldList):
        for entry in field.entries:
            yield from flaws_of(entry)
        yield from ((field.id, str(error)) for error in field.errors if isinstance(error, str))
    else:
        target = f"{field.id}-0" if isinstance(field, RadioField) else field.id
        yield from ((target, str(error)) for error in field.errors)


def flaws_of_form(form: PlainForm) -> Iterator[tuple[str | None, str]]:
    """Everything wrong in a form, top to bottom; sentences about the whole have no id."""
    for text in form.form_errors:
        yield None, str(text)
    for field in form:
        yield from flaws_of(field)


def blank_row(rows: FieldList) -> Any:
    """An empty subform of a list of rows, numbered `__n__`, from which a script makes new ones."""
    name = f"{rows.name}-__n__"
    entry = rows.unbound_field.bind(
        form=None, name=name, id=name, _meta=rows.meta, translations=rows._translations
    )
    entry.process(None)
    return entry.form
