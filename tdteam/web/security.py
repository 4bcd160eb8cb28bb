"""Headers of every answer, CSRF on every form, cookies that scripts and other sites never see."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

CSP = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'self'; "
    "img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
LARGEST_BODY = 25 * 1024 * 1024
LARGEST_FORM = 2 * 1024 * 1024
SIGNED_IN_FOR = timedelta(hours=12)
"""How long a sign-in lasts that did not ask to be remembered, whatever the browser keeps open."""


def _bound() -> None:
    """Werkzeug bounds the fields of multipart forms only; a plain form is read whole."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = LARGEST_FORM


def _protect(response: Response) -> Response:
    here = request.host_url
    if response.location and response.location.startswith(here):
        # A redirect of the router's: what the Host header says is never repeated.
        response.location = response.location[len(here) - 1 :]
        response.set_data("")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Pages hold names and are never kept by a shared browser or a proxy.
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def install(app: Flask, *, https: bool) -> None:
    """Strict by default; `https` makes cookies secure (production)."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # bound to the session, not to an hour
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        SESSION_COOKIE_NAME="__Host-tdteam" if https else "tdteam",
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=https,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=20_000,
    )
    app.before_request_funcs.setdefault(None, []).insert(0, _bound)  # before anybody reads the form
    CSRFProtect(app)
    app.after_request(_protect)
