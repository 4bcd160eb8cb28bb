"""A test client that signs in without a password's cost and checks every page it fetches."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask import session as cookie
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

INPUTS = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
MESSAGE_KEY = re.compile(r">\s*(flaw:\w+)")


class _Page(HTMLParser):
    """What a page must have: one h1, a title, labelled inputs, CSRF in each posted form, no inline style or script."""

    def __init__(self) -> None:
        super().__init__()
        self.h1 = 0
        self.title = False
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self._label_depth = 0
        self._form: dict[str, Any] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {k: v or "" for k, v in attrs}
        if "style" in have or any(k.startswith("on") for k in have):
            self.faults.append(f"inline style or handler on <{tag}>")
        if tag == "h1":
            self.h1 += 1
        elif tag == "title":
            self.title = True
        elif tag == "script" and not have.get("src") and have.get("type") != "application/json":
            self.faults.append("inline script")
        elif tag == "label":
            self._label_depth += 1
            self.labelled.add(have.get("for", ""))
        elif tag == "form":
            self._form = {"method": have.get("method", "get").lower(), "token": False}
            self.forms.append(self._form)
        elif tag in INPUTS:
            if have.get("name") == "csrf_token" and self._form is not None:
                self._form["token"] = True
            labelled = "aria-label" in have or "aria-labelledby" in have or self._label_depth
            if have.get("type") not in NO_LABEL and not labelled:
                self.inputs.append(have)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label_depth -= 1
        elif tag == "form":
            self._form = None


def check_page(html: str) -> list[str]:
    """What is wrong with a page; empty when all is well."""
    page = _Page()
    page.feed(html)
    out = page.faults
    if page.h1 != 1:
        out.append(f"{page.h1} h1")
    if not page.title:
        out.append("no title")
    out += [f"unlabelled {i}" for i in page.inputs if i.get("id", "?") not in page.labelled]
    out += ["a form without token" for f in page.forms if f["method"] == "post" and not f["token"]]
    out += [f"raw message key {found}" for found in MESSAGE_KEY.findall(html)]
    return out


class CheckingClient(FlaskClient):
    """Signs in by account; fetched pages are checked; posts carry the token by themselves."""

    token: str | None = None

    def sign_in(self, account: Any) -> CheckingClient:
        """Be this account from now on."""
        with self.application.test_request_context():
            self.token = generate_csrf()
            raw = cookie["csrf_token"]
        with self.session_transaction() as kept:
            kept.clear()
            kept["csrf_token"] = raw
            kept["_user_id"] = f"{account.id}.{account.session_stamp}"
            kept["_fresh"] = True
        return self

    def sign_out(self) -> CheckingClient:
        with self.session_transaction() as kept:
            kept.clear()
        self.token = None
        return self

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.token and kwargs.get("method", "GET") not in ("GET", "HEAD", "OPTIONS"):
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("X-CSRFToken", self.token)
            kwargs["headers"] = headers
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.data:
            faults = check_page(answer.get_data(as_text=True)) if not answer.location else []
            assert not faults, f"{answer.request.path}: {faults}"
        return answer
