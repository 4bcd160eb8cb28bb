"""The API's description (`tdteam/data/openapi.json`) is what the routes obey: arguments are read by it, and refused by it.

An argument the description does not have, or has in another form, is a 400: a misspelt filter never answers for
everything. Answers carry a strong ETag of their bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, abort, request

from tdteam.web import api_memory
from tdteam.web.api_memory import PRIVATE, VARY
from tdteam.web.api_problems import problem

FILE = Path(__file__).parent.parent / "data" / "openapi.json"
SQUEEZED_FROM = 500
"""Bytes from which an answer is worth squeezing."""
_WHOLE = re.compile(r"[0-9]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@cache
def description() -> dict[str, Any]:
    """The description as data."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


@cache
def described() -> dict[str, bytes]:
    """Its bytes as they are served, without the blanks of the file."""
    return {"body": _bytes(description())}


@cache
def parameters(endpoint: str) -> dict[str, dict[str, Any]]:
    """The arguments of an endpoint's query: name -> schema."""
    for path in description()["paths"].values():
        operation = path["get"]
        if operation["operationId"] == endpoint:
            told = [resolved(one) for one in operation["parameters"]]
            return {one["name"]: one["schema"] for one in told if one["in"] == "query"}
    raise KeyError(endpoint)


def resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` into the description stands for; anything else as it is."""
    if "$ref" not in part:
        return part
    found: Any = description()
    for step in str(part["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def arguments() -> dict[str, Any]:
    """The query of this request, read by the description; what is left out has its default, or is None.

    Integers are numbers, days dates, lists lists. Answers 400 and ends the request for anything else."""
    known = parameters(request.endpoint or "")
    wrong = []
    out: dict[str, Any] = {name: schema.get("default") for name, schema in known.items()}
    for name, values in request.args.lists():
        if name not in known:
            wrong.append({"name": name[:100], "error": "unknown_argument"})
        elif len(values) > 1:
            wrong.append({"name": name, "error": "repeated_argument"})
        else:
            try:
                out[name] = _read(known[name], values[0])
            except ValueError:
                wrong.append({"name": name, "error": "bad_argument"})
    if wrong:
        refuse(wrong[0]["error"], wrong)
    return out


def refuse(code: str, wrong: list[dict[str, str]]) -> None:
    """End the request with 400."""
    abort(problem(400, code, wrong))


def _read(schema: Mapping[str, Any], text: str) -> Any:
    """A value of the query in its schema's type; ValueError where it does not fit."""
    kind = schema.get("type", "string")
    if kind == "array":
        found = [_read(schema["items"], part) for part in text.split(",")]
        if len(found) > schema["maxItems"]:
            raise ValueError
        return list(dict.fromkeys(found))
    if kind == "integer":
        if not _WHOLE.fullmatch(text) or not text.isascii():
            raise ValueError
        number = int(text)
        if not schema.get("minimum", 0) <= number <= schema["maximum"]:
            raise ValueError
        return number
    if "enum" in schema and text not in schema["enum"]:
        raise ValueError
    if "pattern" in schema and not re.fullmatch(schema["pattern"].strip("^$"), text):
        raise ValueError
    if len(text) > schema.get("maxLength", 200):
        raise ValueError
    if schema.get("format") != "date":
        return text
    if not _DAY.fullmatch(text):  # `fromisoformat` takes other spellings, too
        raise ValueError
    return date.fromisoformat(text)


def _bytes(body: Any) -> bytes:
    return (json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def answer(body: Any, *, public: bool = False) -> Response:
    """A body as JSON, squeezed where the asker takes that, or 304 where it has these very bytes."""
    data = body if isinstance(body, bytes) else _bytes(body)
    tag = hashlib.sha256(data).hexdigest()[:40]
    made = Response(data, mimetype="application/json")
    if len(data) >= SQUEEZED_FROM and request.accept_encodings["gzip"] > 0:
        made.set_data(gzip.compress(data, 6, mtime=0))
        made.headers["Content-Encoding"] = "gzip"
        tag = f"{tag}-gz"
    made.set_etag(tag)
    made.headers["Cache-Control"] = "public, no-cache" if public else PRIVATE
    made.headers["Vary"] = "Accept, Accept-Encoding" if public else VARY
    if not public:
        api_memory.keep(tag)
    made.make_conditional(request)
    return made
