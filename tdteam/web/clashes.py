"""Two versions of one thing: what somebody saved meanwhile beside what was just typed, to be chosen field by field.

A form is filled from a version. When a newer one is stored by then, nothing is overwritten: the page comes back with
every differing field, and the next submit carries a choice for each (`take-<field>` = stored or mine).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import BooleanField, Field, HiddenField, SelectMultipleField

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
    for field in form:
        if request.form.get(f"take-{field.name}") == STORED and field.name in stored:
            field.data = stored[field.name].data


def clashes_of(form: Form, stored: Form) -> list[Clash]:
    """The fields in which two forms differ, in the order of the form."""
    return [
        Clash(field.name, str(field.label.text), shown(field), shown(stored[field.name]))
        for field in form
        if not isinstance(field, HiddenField | BooleanField)
        and field.name in stored
        and _plain(field) != _plain(stored[field.name])
    ]


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
    words = {str(code): str(word) for code, word in getattr(field, "choices", None) or []}
    if isinstance(field, SelectMultipleField):
        return ", ".join(words.get(str(code), str(code)) for code in field.data)
    return words.get(str(field.data), str(field.data))
