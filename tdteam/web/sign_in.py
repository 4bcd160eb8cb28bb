"""Signing in and out. The password is looked at between two short transactions; both are committed before the answer."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from tdteam.actions import passwords, sign_in
from tdteam.actions.sign_in import Caller, Verdict
from tdteam.config import Config
from tdteam.domain.accounts import DEMO_PASSWORD
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.roles import Actor
from tdteam.store import accounts, devices
from tdteam.web import frame
from tdteam.web.forms.sign_in import CodeForm, SignInForm
from tdteam.web.gate import Visitor, actor, aside, session, visitor

pages = Blueprint("sign_in", __name__)
REMEMBER = timedelta(days=30)
CODE_SECONDS = 300
_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")
_PENDING = "second_step"
_T = TypeVar("_T")
_SAID = {
    Verdict.WRONG: "sign_in_wrong",
    Verdict.DISABLED: "sign_in_disabled",
    Verdict.EXPIRED: "sign_in_expired",
}


@pages.route("/sign-in", methods=["GET", "POST"])
def form() -> Any:
    """Name and password."""
    asked = SignInForm(next=request.args.get("next", ""))
    if request.method == "GET" and visitor() is not None:
        return redirect(safe_target(request.args.get("next")))
    if not asked.validate_on_submit():
        return _page(asked, asked.status)
    username, password = str(asked.username.data), str(asked.password.data)
    with aside() as counting:
        door = sign_in.knock(counting, username, caller(), demo=_config().is_demo)
    if door.wait_until:
        return _wait(asked, "username", door.wait_until, "sign_in/form.html")
    right = passwords.check_password(door.password_hash, password)
    new_hash = passwords.rehashed(door.password_hash, password) if right and door.password_hash else None
    with aside(_by(door.account_id) if right else _by(None)) as writing:
        verdict = sign_in.settle(writing, door, caller(), right=right, new_hash=new_hash)
        seen = accounts.find_seen(writing, door.account_id) if right and door.account_id else None
    if verdict is Verdict.OK and seen is not None:
        return enter(seen, asked.next.data, remember=bool(asked.remember.data))
    if verdict is Verdict.SECOND_STEP and seen is not None:
        cookie.clear()
        cookie[_PENDING] = {
            "id": seen.id,
            "stamp": seen.stamp,
            "until": int(time.time()) + CODE_SECONDS,
            "next": safe_target(asked.next.data),
            "remember": bool(asked.remember.data),
        }
        return redirect(url_for("sign_in.code"))
    asked.put([Flaw("password", _SAID[verdict])])
    return _page(asked, 422)


@pages.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Any:
    """The second step, within five minutes of the first."""
    pending = cookie.get(_PENDING)
    if not pending or pending["until"] < time.time():
        cookie.pop(_PENDING, None)
        return redirect(url_for("sign_in.form"))
    asked = CodeForm()
    if not asked.validate_on_submit():
        return render_template("sign_in/code.html", form=asked), asked.status
    with aside() as counting:
        until = sign_in.knock_code(counting, pending["id"], caller())
    if until:
        return _wait(asked, "code", until, "sign_in/code.html")
    with aside(_by(pending["id"])) as writing:
        verdict = sign_in.settle_code(
            writing, pending["id"], pending["stamp"], str(asked.code.data), caller()
        )
        seen = accounts.find_seen(writing, pending["id"])
    if verdict is Verdict.OK and seen is not None:
        return enter(seen, pending["next"], remember=pending["remember"])
    if verdict is Verdict.DISABLED:
        cookie.clear()
        return redirect(url_for("sign_in.form"))
    asked.put([Flaw("code", "code_wrong")])
    return render_template("sign_in/code.html", form=asked), 422


@pages.post("/sign-out")
def leave() -> Any:
    """Out, on this browser."""
    leave_here()
    flash(_("You are signed out."), "ok")
    return redirect(url_for("sign_in.form"))


def enter(
    seen: accounts.Seen,
    target: str | None = None,
    *,
    remember: bool = False,
    phone: devices.Phone | None = None,
) -> Response:
    """Let an account in: a fresh session (nothing set before it survives), and on to the page asked for."""
    _forget()
    login_user(Visitor(seen, phone), remember=remember, duration=REMEMBER)
    return _remember_device(make_response(redirect(safe_target(target))))


def enter_on_phone(seen: accounts.Seen, phone: devices.Phone) -> None:
    """Let an account in on an enrolled phone: remembered, and tied to it."""
    _forget()
    login_user(Visitor(seen, phone), remember=True, duration=REMEMBER)


def leave_here() -> None:
    """Out, on this browser: written down, and nothing of the session stays."""
    with aside(actor()) as writing:
        sign_in.leave(writing, cast(Visitor, visitor()).seen.id)
    logout_user()
    _forget()


def is_remembered() -> bool:
    """Whether this browser holds the 30-day cookie, of whatever account."""
    return "remember_token" in request.cookies


class Wait(Refused):
    """Too many wrong passwords: the sentence beside the field says for how long."""

    status = 429


def with_own_password(act: Callable[[], _T]) -> _T:
    """What the holder's present password opens, done; flaws of it stand on `current`. Raises Refused, or Wait.

    A try is counted before the password is looked at: an open session is no place to guess from.
    """
    mine = cast(Visitor, visitor()).seen.id
    with aside() as counting:
        until = sign_in.knock_own(counting, mine, caller())
    if until:
        raise Wait([Flaw("current", "own_password_wait", {"wait": how_long(_seconds(until))})])
    try:
        done = act()
    except Refused as refused:
        if all(flaw.field != "current" for flaw in refused.flaws):
            sign_in.settle_own(session(), mine, caller())
        raise
    sign_in.settle_own(session(), mine, caller())
    return done


def _forget() -> None:
    """Nothing of whoever used this browser before stays, their 30-day cookie neither."""
    cookie.clear()
    if is_remembered():
        cookie["_remember"] = "clear"  # flask-login drops the cookie when it sees this


def safe_target(target: str | None) -> str:
    """A path of this site to go to; anything that could lead elsewhere becomes the first page."""
    home = url_for("home.index")
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return home
    if "\\" in target or any(ord(letter) < 33 or ord(letter) == 127 for letter in target):
        return home
    parts = urlsplit(target)
    return (
        home if parts.scheme or parts.netloc or parts.path.startswith(("/sign-in", "/sign-out")) else target
    )


def caller() -> Caller:
    """Who knocks, as far as a stranger can be told: the address, and the token of this browser (a fresh one at first)."""
    if "device" not in g:
        token = request.cookies.get(_device_cookie(), "")
        # 128 bits: nobody guesses a browser that succeeded before.
        g.device = token if _DEVICE.fullmatch(token) else secrets.token_urlsafe(16)
    return Caller(request.remote_addr or "", g.device, _config().secret_key)


def _config() -> Config:
    return cast(Config, current_app.config["TDTEAM"])


def _device_cookie() -> str:
    return "__Host-tdteam-device" if current_app.config["SESSION_COOKIE_SECURE"] else "tdteam-device"


def _remember_device(answer: Response) -> Response:
    """Keep the browser's token for another year: its tries are counted by themselves, strangers cannot use them up."""
    answer.set_cookie(
        _device_cookie(),
        caller().device,
        max_age=400 * 24 * 3600,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _by(account_id: int | None) -> Actor:
    return Actor(account_id, "", "")


def _page(asked: SignInForm, status: int) -> Any:
    """The page; in demo mode with the accounts anybody may use."""
    return _drawn("sign_in/form.html", asked), status


def _drawn(template: str, asked: Any) -> str:
    shown = _demo_accounts() if _config().is_demo else []
    return render_template(
        template, form=asked, demo=shown, demo_password=DEMO_PASSWORD, role_names=frame.ROLES
    )


def _demo_accounts() -> list[Any]:
    with aside(write=False) as reading:
        return accounts.list_demo(reading)


def _wait(asked: Any, field: str, until: datetime, template: str) -> Any:
    """Too many tries: how long to wait, in words and in the header."""
    seconds = _seconds(until)
    asked.put([Flaw(field, "sign_in_wait", {"wait": how_long(seconds)})])
    return _drawn(template, asked), 429, {"Retry-After": str(seconds)}


def _seconds(until: datetime) -> int:
    return max(1, ceil((until - datetime.now(UTC)).total_seconds()))


def how_long(seconds: int) -> str:
    """40 seconds, 3 minutes."""
    if seconds < 60:
        return str(_("%(num)s seconds", num=seconds))
    return str(_("%(num)s minutes", num=ceil(seconds / 60)))
