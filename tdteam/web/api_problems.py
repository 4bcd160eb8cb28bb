"""What the API says when it cannot answer: problem JSON (RFC 9457) with the house's own codes under `error`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, json

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"
CHALLENGE = 'Bearer realm="tdteam"'


def problem(
    status: int,
    code: str,
    arguments: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer of a status other than success. `arguments`: each argument of the query that is wrong, and why."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "error": code,
    }
    told = list(arguments)
    if told:
        body["arguments"] = told
    answer = Response(json.dumps(body) + "\n", status, mimetype="application/problem+json")
    answer.headers.update(headers or {})
    if status == 401:
        answer.headers.setdefault("WWW-Authenticate", CHALLENGE)
    if status == 405:
        answer.headers["Allow"] = METHODS
    answer.headers["Cache-Control"] = "no-store"
    return answer
