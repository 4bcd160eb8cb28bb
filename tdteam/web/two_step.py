"""Switching the second step of signing in on and off, and new recovery codes, by the holder of the account."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

import segno
from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _

from tdteam.actions import two_step
from tdteam.domain.errors import NotAllowed, Refused
from tdteam.store import accounts
from tdteam.store.tables import Account
from tdteam.web import sign_in
from tdteam.web.forms.accounts import ConfirmForm, SecondStepForm
from tdteam.web.gate import Visitor, session, visitor

pages = Blueprint("two_step", __name__)
_SECRET = "second_step_secret"  # noqa: S105 - the name of a key


def _seen() -> accounts.Seen:
    return cast(Visitor, visitor()).seen


@pages.route("/accounts/me/second-step", methods=["GET", "POST"])
def on() -> Any:
    """Scan the picture, type the code it gives and the present password; then the recovery codes are shown, once."""
    if _seen().is_demo:
        raise NotAllowed("demo_account")
    if _SECRET not in cookie:
        cookie[_SECRET] = two_step.draw_secret()
    form = SecondStepForm()
    status = 0
    if form.validate_on_submit():
        given = (cookie[_SECRET], str(form.code.data), str(form.current.data))
        try:
            codes = sign_in.with_own_password(lambda: two_step.turn_on(session(), _held(), *given))
        except Refused as refused:
            form.put(refused.flaws)
            status = refused.status
        else:
            cookie.pop(_SECRET)
            return _recovery(codes)
    if accounts.get_account(session(), _seen().id).totp_secret:
        return redirect(url_for("accounts.mine"))
    return render_template(
        "accounts/second_step.html", form=form, secret=cookie[_SECRET]
    ), status or form.status


@pages.get("/accounts/me/second-step.svg")
def picture() -> Response:
    """The QR of the secret being set up: a file of its own, for pages hold no pictures in their text."""
    if _SECRET not in cookie:
        abort(404)
    drawn = BytesIO()
    code = segno.make(two_step.address(cookie[_SECRET], _seen().username), error="m")
    code.save(drawn, kind="svg", scale=6, border=4, dark="#000", light="#fff", xmldecl=False)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@pages.route("/accounts/me/second-step/off", methods=["GET", "POST"])
def off() -> Any:
    """Off again, with the present password."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("accounts/second_step_off.html", form=form), form.status
    current = str(form.current.data)
    try:
        sign_in.with_own_password(lambda: two_step.turn_off(session(), _held(), current))
    except Refused as refused:
        form.put(refused.flaws)
        return render_template("accounts/second_step_off.html", form=form), refused.status
    flash(_("The second step is off."), "ok")
    return redirect(url_for("accounts.mine"))


@pages.route("/accounts/me/second-step/codes", methods=["GET", "POST"])
def codes() -> Any:
    """New recovery codes, with the present password; those of before open nothing any more."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        if not accounts.get_account(session(), _seen().id).totp_secret:
            return redirect(url_for("accounts.mine"))
        return render_template("accounts/second_step_codes.html", form=form), form.status
    current = str(form.current.data)
    try:
        drawn = sign_in.with_own_password(lambda: two_step.renew_codes(session(), _held(), current))
    except Refused as refused:
        form.put(refused.flaws)
        return render_template("accounts/second_step_codes.html", form=form), refused.status
    return _recovery(drawn, is_new=False)


def _recovery(drawn: list[str], *, is_new: bool = True) -> Any:
    """The codes, on this page only. None were drawn where another window was faster."""
    if not drawn:
        return redirect(url_for("accounts.mine"))
    return render_template("accounts/recovery.html", codes=drawn, username=_seen().username, is_new=is_new)


def _held() -> Account:
    return accounts.hold_account(session(), _seen().id)
