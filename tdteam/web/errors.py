"""Errors become pages or JSON here, and nowhere else. Never a stack trace, never the word alone: what to do next."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, jsonify, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tdteam.domain.errors import Refused, TdteamError
from tdteam.web.gate import wants_json
from tdteam.web.words import say_flaw

PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
RETRY_SECONDS = "5"


def _answer(status: int, code: str, flaws: tuple[Any, ...] = ()) -> Any:
    g.failed = True
    if wants_json():
        body: dict[str, Any] = {"error": code}
        if flaws:
            body["flaws"] = [{"field": f.field, "code": f.code, "message": say_flaw(f)} for f in flaws]
        answer: Any = jsonify(body)
    else:
        page = status if status in PAGES else 500
        answer = render_template(f"errors/{page}.html", code=code, flaws=[say_flaw(f) for f in flaws])
    headers = {"Retry-After": RETRY_SECONDS} if status == 503 else {}
    return answer, status, headers


def install(app: Flask) -> None:
    """Our family by its status, werkzeug's by theirs, everything else 500."""

    @app.errorhandler(TdteamError)
    def ours(error: TdteamError) -> Any:
        flaws = error.flaws if isinstance(error, Refused) else ()
        return _answer(error.status, error.code, flaws)

    @app.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> Any:
        return _answer(400, "csrf")

    @app.errorhandler(HTTPException)
    def theirs(error: HTTPException) -> Any:
        if error.code and error.code < 400:
            return error
        return _answer(error.code or 500, error.name.lower().replace(" ", "_"))

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Any:
        if app.testing or app.debug:
            raise error
        app.logger.exception("unexpected")
        return _answer(500, "unexpected")
