"""Errors become pages or JSON here, and nowhere else. Never a stack trace, never the word alone: what to do next."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tdteam.domain.errors import Refused, TdteamError
from tdteam.web import resend
from tdteam.web.api_problems import PREFIX, problem
from tdteam.web.gate import SignedOut, wants_json
from tdteam.web.words import say_flaw

PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
KEEPING = {"csrf", "signed_out", "503"}
"""Pages of a form that is good and only came at the wrong moment: they keep what was typed."""
RETRY_SECONDS = "5"


def _page(status: int, code: str) -> str:
    if code in KEEPING:
        return code
    if status in PAGES:
        return str(status)
    return "400" if 400 <= status < 500 else "500"


def _answer(status: int, code: str, flaws: tuple[Any, ...] = ()) -> Any:
    g.failed = True
    headers = {"Retry-After": RETRY_SECONDS} if status in (503, 507) else {}
    if request.path.startswith(PREFIX):
        told = [{"name": f.field, "error": f.code} for f in flaws]
        return problem(status, code, told, headers)
    if wants_json():
        body: dict[str, Any] = {"error": code}
        if flaws:
            body["flaws"] = [{"field": f.field, "code": f.code, "message": say_flaw(f)} for f in flaws]
        answer: Any = jsonify(body)
    else:
        page = _page(status, code)
        kept = resend.find_kept() if page in KEEPING else None
        said = [say_flaw(flaw) for flaw in flaws]
        answer = render_template(f"errors/{page}.html", code=code, flaws=said, kept=kept)
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

    @app.errorhandler(SignedOut)
    def gone(error: SignedOut) -> Any:
        if resend.find_kept() is None:
            return redirect(url_for("sign_in.form"))
        return _answer(error.status, error.code)

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
