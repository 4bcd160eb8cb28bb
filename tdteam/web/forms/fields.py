"""Fields that read what Vietnamese officials type: 5/3/2026, 1.234, chips. Sentences are message ids of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, Select, TextInput

from tdteam.web.formats import day as day_text
from tdteam.web.formats import num
from tdteam.web.states import N_

_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+|\d+")

DAY_FORM = N_("Write the day as dd/mm/yyyy, for instance 05/03/2026.")
DAY_UNKNOWN = N_("There is no such day.")
COUNT_FORM = N_("Write a whole number, for instance 1.234.")
COUNT_RANGE = N_("The number must be from %(low)s to %(high)s.")


def options(
    pairs: Iterable[tuple[object, str]], empty: str | None = None, group: str | None = None
) -> list[SelectChoice]:
    """Choices of a select or of chips from (value, label) pairs; `empty` heads them as "nothing chosen"."""
    found = [SelectChoice(value=str(value), label=label, optgroup=group) for value, label in pairs]
    return found if empty is None else [SelectChoice(value="", label=empty), *found]


def read_day(typed: str) -> date | None:
    """5/3/2026, 05-03-26, 05.03.2026, 05032026 or 2026-03-05; None for another form; ValueError: no such day."""
    typed = typed.strip()
    if found := _ISO.fullmatch(typed):
        return date(int(found[1]), int(found[2]), int(found[3]))
    found = _DAY.fullmatch(typed) or _RUN.fullmatch(typed)
    if not found:
        return None
    year = int(found[3])
    return date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))


def read_number(typed: object) -> int | None:
    """A whole number that an address or a hidden field carries: up to nine digits, as every id of the database has.
    None for anything else."""
    text = str(typed or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def demand_number(typed: object) -> int:
    """The same, for selects: ValueError where `read_number` finds none."""
    found = read_number(typed)
    if found is None:
        raise ValueError(typed)
    return found


class DayField(Field):
    """A day, typed; a calendar button stands beside it where scripts run. `data` is a date or None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return day_text(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = read_day(valuelist[0])
        except ValueError as no_such_day:
            raise ValueError(self.gettext(DAY_UNKNOWN)) from no_such_day
        if self.data is None:
            raise ValueError(self.gettext(DAY_FORM))


class CountField(Field):
    """A whole number >= 0; 1.234 is one thousand two hundred and thirty-four. `data` is an int or None (not 0)."""

    widget = TextInput()

    def __init__(self, *args: Any, low: int = 0, high: int = 9_999_999, **kwargs: Any) -> None:
        shown = {"inputmode": "numeric", "autocomplete": "off", **(kwargs.pop("render_kw", None) or {})}
        super().__init__(*args, render_kw=shown, **kwargs)
        self.low, self.high = low, high

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return num(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        if not _GROUPED.fullmatch(typed) or len(typed) > 12:
            raise ValueError(self.gettext(COUNT_FORM))
        self.data = int(typed.replace(".", ""))

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not self.low <= self.data <= self.high:
            raise ValidationError(self.gettext(COUNT_RANGE) % {"low": num(self.low), "high": num(self.high)})


class YearField(CountField):
    """A year, written without a thousands mark. Which years make sense is the domain's affair."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class ChipsField(RadioField):
    """One of a few, as large boxes; nothing is chosen beforehand and nothing chosen is None, unless required."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([v for v in valuelist if v])

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data != "":
            super().pre_validate(form)


class PlainSelect(Select):
    """A select as WTForms draws it, in a tenth of the time: a list's filter offers hundreds of villages and teams."""

    @classmethod
    def render_option(cls, choice: SelectChoice) -> Markup:
        """One option."""
        if choice.render_kw or isinstance(choice.value, bool):
            drawn: Markup = super().render_option(choice)
            return drawn
        chosen = "selected " if choice.selected else ""
        value, label = escape(choice.value), escape(choice.label or choice.value)
        return Markup(f'<option {chosen}value="{value}">{label}</option>')  # noqa: S704 - escaped above


class ManyChipsField(SelectMultipleField):
    """Several of a few, as large boxes. `data` is a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def shape_of(field: Field) -> str:
    """Which way `parts/forms.html` draws a field: hidden, day, chips, check, file, area or line."""
    if isinstance(field, DayField):
        return "day"
    if isinstance(field, RadioField) or isinstance(field.widget, ListWidget):
        return "chips"
    if isinstance(field, TextAreaField):
        return "area"
    kind = getattr(field.widget, "input_type", "")
    return {"hidden": "hidden", "checkbox": "check", "file": "file", "submit": "submit"}.get(kind, "line")
