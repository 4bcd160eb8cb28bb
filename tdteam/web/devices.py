"""Phones of the members: which are in use, when they were last in touch, what never came from them; revoking one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_phone
from tdteam.domain.errors import Refused
from tdteam.store import device_lists, devices, members, organisation
from tdteam.web.forms.fields import options
from tdteam.web.forms.joining import PhoneFilter
from tdteam.web.gate import session
from tdteam.web.records import cursor_links, page_size
from tdteam.web.words import say_flaw

pages = Blueprint("devices", __name__, url_prefix="/devices")
NUMBERS_SHOWN = 8


@pages.app_template_global()
def missing_words(missing: list[int] | None) -> str:
    """ "3 records have not arrived: numbers 37, 38, 41"; "" where all came."""
    if not missing:
        return ""
    count, more = len(missing), len(missing) - NUMBERS_SHOWN
    shown = ", ".join(map(str, missing[:NUMBERS_SHOWN]))
    if more > 0:
        return str(
            _(
                "%(num)s records have not come: numbers %(shown)s and %(more)s more",
                num=count,
                shown=shown,
                more=more,
            )
        )
    return str(_("%(num)s records have not come: numbers %(shown)s", num=count, shown=shown))


@pages.get("/")
def index() -> Any:
    """The phones of the scope's members."""
    asked = PhoneFilter()
    asked.team_id.choices = options(
        [(str(team_id), name) for team_id, name in organisation.team_names(session())], _("All teams")
    )
    page = device_lists.list_phones(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
        **asked.wanted(),
    )
    newer, older = cursor_links(page)
    return render_template(
        "devices/index.html",
        lines=page.rows,
        missing=device_lists.missing_numbers(session(), [line.key for line in page.rows]),
        filter=asked,
        newer=newer,
        older=older,
        size=page_size(),
    )


@pages.route("/<int:phone_id>/revoke", methods=["GET", "POST"])
def revoke(phone_id: int) -> Any:
    """A lost phone signs in no more, after asking."""
    phone, account, member = devices.get_kept(session(), phone_id)
    if request.method == "POST":
        keep_phone.revoke(session(), phone_id)
        flash(_("The phone of %(name)s is revoked and signed out.", name=member.name), "ok")
        return redirect(url_for("devices.index"))
    missing = device_lists.missing_numbers(session(), [(phone.account_id, phone.device_id)])
    return render_template(
        "devices/revoke.html",
        phone=phone,
        name=member.name,
        state=device_lists.state_of(phone, account),
        missing=next(iter(missing.values()), None),
        action=url_for("devices.revoke", phone_id=phone_id),
        back=url_for("devices.index"),
        own=False,
    )


@pages.route("/members/<int:member_id>/forget-pin", methods=["GET", "POST"])
def forget_pin(member_id: int) -> Any:
    """A member who no longer knows the PIN chooses another with a new slip."""
    member = members.get_member(session(), member_id)
    if request.method == "POST":
        try:
            keep_phone.forget_pin(session(), member_id)
        except Refused as refused:
            for flaw in refused.flaws:
                flash(say_flaw(flaw), "bad")
        else:
            flash(_("The PIN of %(name)s is forgotten. Print a new slip now.", name=member.name), "ok")
        return redirect(url_for("joining.index"))
    return render_template("devices/forget_pin.html", member=member)
