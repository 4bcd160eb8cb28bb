"""A form that could not be taken now (a token of an earlier sign-in, nobody signed in any more, a busy database) keeps
what was typed: the answer carries it, with a button that sends it again under a token of today.

Only for forms that a page of ours sent, as the browser itself says (`Sec-Fetch-Site`, `Origin`): else another site could
have its own form offered here. Secrets are never written back into a page, and files cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

SECRETS = {"password", "current", "new", "again", "code"}
_OURS = {"csrf_token"}


@dataclass(frozen=True)
class Kept:
    """What was typed, to be sent again to the same address. `has_file`: a file must be chosen anew, in the form itself."""

    action: str
    fields: tuple[tuple[str, str], ...]
    has_file: bool


def find_kept() -> Kept | None:
    """The form of this request, or None where nothing may or need be kept."""
    if request.method != "POST" or not _is_ours():
        return None
    names = set(request.form)
    if names & SECRETS or not names - _OURS:
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name not in _OURS)
    query = request.query_string.decode("ascii", "replace")
    has_file = any(upload.filename for _name, upload in request.files.items(multi=True))
    return Kept(f"{request.path}?{query}" if query else request.path, fields, has_file)


def back() -> str:
    """Where to try again: this page without its query, or, after a form, the page of ours it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.path
    came = urlsplit(request.referrer or "")
    is_here = came.netloc == request.host and came.path.startswith("/") and not came.path.startswith("//")
    return came.path if is_here else "/"


def _is_ours() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
