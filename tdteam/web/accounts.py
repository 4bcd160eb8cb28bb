"""Accounts: kept by administrators inside their own scope."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_account, two_step
from tdteam.domain.accounts import AccountDraft
from tdteam.domain.errors import Flaw, NotAllowed, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.store import account_choices, account_lists, accounts, device_lists, devices
from tdteam.store.tables import Account
from tdteam.web import sign_in
from tdteam.web.forms.accounts import AccountFilter, AccountForm, ChangeForm, HandOverForm, PasswordForm
from tdteam.web.frame import ROLES
from tdteam.web.gate import Visitor, session, visitor
from tdteam.web.records import cursor_links, number_arg, page_size
from tdteam.web.words import say_flaw

pages = Blueprint("accounts", __name__)


@pages.context_processor
def _words() -> dict[str, Any]:
    return {"role_names": ROLES, "now_day": today()}


@pages.get("/accounts/")
def index() -> str:
    """The accounts the visitor keeps."""
    asked = AccountFilter()
    place_id = number_arg("place_id")
    page = account_lists.list_accounts(
        session(),
        q=asked.q.data,
        role=asked.role.data,
        state=asked.state.data,
        place_id=place_id,
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
    )
    place = account_choices.places_by_id(session(), [place_id]) if place_id else []
    newer, older = cursor_links(page)
    return render_template(
        "accounts/index.html",
        lines=page.rows,
        filter=asked,
        newer=newer,
        older=older,
        size=page_size(),
        place=place,
    )


@pages.route("/accounts/new", methods=["GET", "POST"])
def new() -> Any:
    """A new account; its one-time password is shown once, on the page that answers."""
    form = AccountForm()
    if request.method == "POST" and not _finding(form):
        _offer(form)
        if form.validate():
            try:
                slip = keep_account.create(
                    session(), _draft(form, form.username.data), password=form.password.data or None
                )
            except Refused as refused:
                form.put(refused.flaws)
            else:
                return _slip(slip, is_new=True)
    else:
        _offer(form)
    return render_template("accounts/new.html", form=form), _status(form)


@pages.route("/accounts/<int:account_id>", methods=["GET", "POST"])
def show(account_id: int) -> Any:
    """One account: what it is, and the form to change it."""
    row = account_lists.get_kept(session(), account_id)
    roots = accounts.list_roots(session(), [account_id])[account_id]
    form = ChangeForm() if request.method == "POST" else ChangeForm(data=_as_it_is(row, roots))
    if request.method == "POST" and not _finding(form):
        _offer(form)
        if form.validate():
            try:
                changed = keep_account.change(session(), account_id, _draft(form, row.username))
            except Refused as refused:
                form.put(refused.flaws)
            else:
                flash(
                    _("The account is changed.") if changed else _("Nothing was changed."),
                    "ok" if changed else "info",
                )
                return redirect(url_for("accounts.show", account_id=account_id))
    else:
        _offer(form)
    state = account_lists.state_of(row)
    return render_template("accounts/show.html", form=form, account=row, roots=roots, state=state), _status(
        form
    )


@pages.post("/accounts/<int:account_id>/disable")
def disable(account_id: int) -> Any:
    """Close an account at once."""
    row = account_lists.get_kept(session(), account_id)
    try:
        keep_account.disable(session(), account_id)
    except Refused as refused:
        for flaw in refused.flaws:
            flash(say_flaw(flaw), "bad")
    else:
        said = _("%(name)s is signed out everywhere and cannot sign in any more.", name=row.name)
        undo: Any = {"text": said, "undo": url_for("accounts.enable", account_id=account_id)}
        flash(undo, "undo")
    return redirect(url_for("accounts.show", account_id=account_id))


@pages.post("/accounts/<int:account_id>/enable")
def enable(account_id: int) -> Any:
    """Open a disabled account again."""
    keep_account.enable(session(), account_id)
    flash(_("The account can be used again, with the password it had."), "ok")
    return redirect(url_for("accounts.show", account_id=account_id))


@pages.route("/accounts/<int:account_id>/reset", methods=["GET", "POST"])
def reset(account_id: int) -> Any:
    """A new one-time password, after asking."""
    row = account_lists.get_kept(session(), account_id)
    if request.method == "POST":
        return _slip(keep_account.reset(session(), account_id), is_new=False)
    return render_template("accounts/reset.html", account=row)


@pages.route("/accounts/<int:account_id>/hand-over", methods=["GET", "POST"])
def hand_over(account_id: int) -> Any:
    """The places of an account pass to another."""
    row = account_lists.get_kept(session(), account_id)
    form = HandOverForm()
    if form.validate_on_submit():
        try:
            heir = keep_account.hand_over(
                session(),
                account_id,
                str(form.to.data),
                cast(date, form.on.data),
                close=bool(form.close.data),
            )
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The places passed to %(name)s.", name=heir.name), "ok")
            return redirect(url_for("accounts.show", account_id=heir.id))
    roots = accounts.list_roots(session(), [account_id])[account_id]
    return render_template("accounts/hand_over.html", form=form, account=row, roots=roots), form.status


def _as_it_is(row: Account, roots: list[accounts.Root]) -> dict[str, Any]:
    places = [root.place_id for root in roots if root.until is None]
    return {"name": row.name, "role": row.role, "member_id": row.member_id, "places": places}


def _draft(form: ChangeForm, username: object) -> AccountDraft:
    """Only the fields named here reach the account, whatever else was posted."""
    return AccountDraft(
        username=str(username or ""),
        name=str(form.name.data or ""),
        role=str(form.role.data or ""),
        places=tuple(form.chosen()),
        member_id=form.member_id.data,
    )


def _finding(form: ChangeForm) -> bool:
    """Whether words to look for were typed: then their places are offered, and nothing is saved yet."""
    return bool(form.place_q.data)


def _offer(form: ChangeForm) -> None:
    """Fill the choices: places ticked, places found, members of the villages ticked."""
    ticked = account_choices.places_by_id(session(), form.chosen())
    found = account_choices.find_places(session(), form.place_q.data) if _finding(form) else []
    known = {place.id for place in ticked}
    form.offer(
        ticked + [place for place in found if place.id not in known],
        account_choices.members_of(session(), [place.id for place in ticked if place.level == Level.VILLAGE]),
    )
    if found:
        form.place_q.data = (
            ""  # words left standing would turn the next press of the save button into another search
        )
    elif _finding(form):
        form.put([Flaw("place_q", "place_not_found", {"words": form.place_q.data})])


def _status(form: ChangeForm) -> int:
    return 200 if _finding(form) else form.status


def _slip(slip: keep_account.Slip, *, is_new: bool) -> Any:
    """The one-time password: on this page only, never in the address or a cookie."""
    row: Account = slip.account
    roots = accounts.list_roots(session(), [row.id or 0])[row.id or 0]
    address = current_app.config["TDTEAM"].public_url or request.host_url
    return render_template(
        "accounts/slip.html", slip=slip, account=row, roots=roots, is_new=is_new, address=address
    )


def _seen() -> accounts.Seen:
    return cast(Visitor, visitor()).seen


@pages.get("/accounts/me")
def mine() -> str:
    """The visitor's own account, and what its holder can do."""
    row = accounts.get_account(session(), _seen().id)
    roots = accounts.list_roots(session(), [_seen().id])[_seen().id]
    return render_template(
        "accounts/mine.html",
        account=row,
        roots=roots,
        codes_left=two_step.recovery_left(row),
        phones=device_lists.list_own(session(), _seen().id),
        has_pin=devices.find_pin(session(), _seen().id) is not None,
    )


@pages.route("/accounts/me/password", methods=["GET", "POST"])
def password() -> Any:
    """A new password; every other browser is signed out, this one goes on."""
    if _seen().is_demo:
        raise NotAllowed("demo_account")
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, form.status)
    if form.new.data != form.again.data:
        form.put([Flaw("again", "password_differs")])
        return _password_page(form, form.status)
    given = (_seen().id, str(form.current.data), str(form.new.data))
    try:
        sign_in.with_own_password(lambda: keep_account.change_password(session(), *given))
    except Refused as refused:
        form.put(refused.flaws)
        return _password_page(form, refused.status)
    answer = _stay(url_for("home.index") if _seen().must_change else url_for("accounts.mine"))
    flash(_("The password is changed. Other browsers are signed out."), "ok")
    return answer


def _password_page(form: PasswordForm, status: int) -> Any:
    return render_template("accounts/password.html", form=form, due=_seen().must_change), status


@pages.post("/accounts/me/sign-out-everywhere")
def leave_everywhere() -> Any:
    """Sign out on every other device."""
    keep_account.sign_out_everywhere(session(), _seen().id)
    answer = _stay(url_for("accounts.mine"))
    flash(_("You are signed out on every other device."), "ok")
    return answer


def _stay(target: str) -> Response:
    """This browser goes on under the account's new stamp, remembered as before."""
    who = cast(Visitor, visitor())
    seen = cast(accounts.Seen, accounts.find_seen(session(), who.seen.id))
    return sign_in.enter(seen, target, remember=sign_in.is_remembered(), phone=who.phone)
