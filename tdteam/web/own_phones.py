"""One's own phones and PIN, from a desk."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_phone
from tdteam.domain.errors import Flaw, NotAllowed, NotFound, Refused
from tdteam.store import accounts, device_lists, devices
from tdteam.store.accounts import Seen
from tdteam.web import sign_in
from tdteam.web.forms.fields import read_number
from tdteam.web.forms.joining import OwnPinForm
from tdteam.web.gate import Visitor, session, visitor

pages = Blueprint("own_phones", __name__, url_prefix="/accounts/me")


def _who() -> Visitor:
    return cast(Visitor, visitor())


@pages.route("/phones/revoke", methods=["GET", "POST"])
def revoke() -> Any:
    """A phone of the own account signs in no more, after asking; this browser goes on."""
    who = _who()
    phone_id = read_number(request.args.get("phone_id"))
    if phone_id is None:
        raise NotFound
    phone = devices.get_own(session(), who.seen.id, phone_id)
    if request.method == "GET":
        missing = device_lists.missing_numbers(session(), [(phone.account_id, phone.device_id)])
        return render_template(
            "devices/revoke.html",
            phone=phone,
            name=who.seen.name,
            state="revoked" if phone.revoked_at else "open",
            missing=next(iter(missing.values()), None),
            action=url_for("own_phones.revoke", phone_id=phone_id),
            back=url_for("accounts.mine"),
            own=True,
        )
    keep_phone.revoke_own(session(), who.seen.id, phone_id)
    if who.phone and who.phone.id == phone_id:
        return redirect(url_for("accounts.mine"))  # its own session: it ends here
    seen = cast(Seen, accounts.find_seen(session(), who.seen.id))
    answer = sign_in.enter(seen, url_for("accounts.mine"), remember=sign_in.is_remembered(), phone=who.phone)
    flash(_("The phone is revoked and signed out."), "ok")
    return answer


@pages.route("/pin", methods=["GET", "POST"])
def pin() -> Any:
    """Another PIN, where the present one is forgotten: the password opens it."""
    who = _who()
    if who.seen.is_demo:
        raise NotAllowed("demo_account")
    form = OwnPinForm()
    if not form.validate_on_submit():
        return render_template("devices/pin.html", form=form), form.status
    if form.pin.data != form.again.data:
        form.put([Flaw("again", "pin_differs")])
        return render_template("devices/pin.html", form=form), form.status
    given = (who.seen.id, str(form.current.data), str(form.pin.data))
    try:
        sign_in.with_own_password(lambda: keep_phone.set_own_pin(session(), *given))
    except Refused as refused:
        form.put(refused.flaws)
        return render_template("devices/pin.html", form=form), refused.status
    flash(_("The PIN is changed. Every phone of this account asks for the new one."), "ok")
    return redirect(url_for("accounts.mine"))
