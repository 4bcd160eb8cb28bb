"""Two versions of one thing: what somebody saved meanwhile beside what was just typed, to be chosen field by field.

A form is filled from a version. When a newer one is stored by then, nothing is overwritten: the page comes back with
every differing field, and the next submit carries a choice for each (`take-<field>` = stored or mine).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectMultipleField

from tdteam.web import formats
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import CountField, DayField, YearField

STORED = "stored"


@dataclass(frozen=True)
class Clash:
    """A field with two values, as the page shows them."""

    name: str
    label: str
    mine: str
    stored: str


def settle(form: Form, stored: Form) -> None:
    """Put the stored value into each field for which it was chosen."""
    theirs = dict(_flat(stored))
    for name, field in _flat(form):
        if request.form.get(f"take-{name}") == STORED and name in theirs:
            field.data = theirs[name].data


def clashes_of(form: Form, stored: Form) -> list[Clash]:
    """The fields in which two forms differ, in the order of the form, repeated rows included."""
    theirs = dict(_flat(stored))
    return [
        Clash(name, _label(form, field), shown(field), shown(theirs[name]))
        for name, field in _flat(form)
        if not isinstance(field, HiddenField | BooleanField)
        and name in theirs
        and _plain(field) != _plain(theirs[name])
    ]


def _flat(form: Any) -> Iterator[tuple[str, Field]]:
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                yield from _flat(entry.form if isinstance(entry, FormField) else [entry])
        else:
            yield field.name, field


def _label(form: Form, field: Field) -> str:
    """A field's label; within a row its first label says which row."""
    for rows in form:
        if isinstance(rows, FieldList):
            for entry in rows:
                inner = [one for one in entry.form if not isinstance(one, HiddenField)]
                if field in inner and field is not inner[0]:
                    return f"{inner[0].label.text}: {field.label.text}"
    return str(field.label.text)


def _plain(field: Field) -> Any:
    if isinstance(field, SelectMultipleField):
        return sorted(map(str, field.data or []))
    return None if field.data in (None, "") else str(field.data)


def shown(field: Field) -> str:
    """A field's value in words."""
    if field.data in (None, "", []):
        return formats.DASH
    if isinstance(field, DayField):
        return formats.day(field.data)
    if isinstance(field, CountField) and not isinstance(field, YearField):
        return formats.num(field.data)
    words = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or []}
    if isinstance(field, SelectMultipleField):
        return ", ".join(words.get(str(code), str(code)) for code in field.data)
    return words.get(str(field.data), str(field.data))
