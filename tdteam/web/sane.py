"""What no page can mean and no database takes stops at the door: NUL, numbers of rows that are none, ids beyond an
INTEGER column. In a query it is dropped (an odd filter asks for nothing); a form that holds it is refused whole."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import BaseConverter, ValidationError

MACHINES = ("/sync/", "/api/")
"""Where bodies are JSON, read by `domain/wire.py`."""
LARGEST_ID = 2**31 - 1


class IdConverter(BaseConverter):
    """`<int:…>` of every route: beyond what an INTEGER column holds there is nothing to be found."""

    regex = r"[0-9]{1,10}"
    num_convert = int

    def to_python(self, value: str) -> int:
        if int(value) > LARGEST_ID:
            raise ValidationError
        return int(value)

    def to_url(self, value: object) -> str:
        return str(value)


def _texts() -> Iterator[str]:
    yield request.path
    for name, value in request.form.items(multi=True):
        yield name
        yield value
    yield from (upload.filename or "" for _name, upload in request.files.items(multi=True))


def _has_odd_row(name: str) -> bool:
    """Whether a field's name counts rows in digits WTForms cannot read, or in more than it should."""
    return any(part.isdigit() and not (part.isascii() and len(part) < 10) for part in name.split("-"))


def _look() -> None:
    if request.is_json and not request.path.startswith(MACHINES):
        abort(415)  # WTForms would take its lists and objects for the text of fields
    if b"%00" in request.query_string or b"\0" in request.query_string:
        plain = [(name, value.replace("\0", "")) for name, value in request.args.items(multi=True)]
        request.args = ImmutableMultiDict([pair for pair in plain if "\0" not in pair[0]])
    if any("\0" in text for text in _texts()) or any(_has_odd_row(name) for name in request.form):
        abort(400)


def install(app: Flask) -> None:
    """Before the routes are made, for they take their converters when they are."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(_look)
