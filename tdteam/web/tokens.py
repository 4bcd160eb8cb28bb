"""Tokens of machines that read figures: made and taken back on the page of the account whose figures they see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_token
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.periods import today
from tdteam.domain.roles import Power, holds
from tdteam.domain.tokens import USED_DAYS, is_live
from tdteam.store import account_lists, accounts, tokens
from tdteam.store.tables import ApiToken
from tdteam.web.forms.tokens import TokenForm
from tdteam.web.frame import ROLES
from tdteam.web.gate import session

pages = Blueprint("tokens", __name__, url_prefix="/accounts/<int:account_id>/tokens")


@pages.route("", methods=["GET", "POST"])
def index(account_id: int) -> Any:
    """An account's tokens, and the form of a new one, which the answer shows once."""
    account = account_lists.get_kept(session(), account_id)
    form = TokenForm() if request.method == "POST" else TokenForm(data={"expires_on": _in_a_year()})
    made = None
    if form.validate_on_submit():
        try:
            made = keep_token.make(session(), account_id, str(form.name.data), form.expires_on.data)
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            flash(_("A disabled account has no tokens: enable it first."), "bad")
            return redirect(url_for("tokens.index", account_id=account_id))
    answer = render_template(
        "accounts/tokens.html",
        account=account,
        roots=accounts.list_roots(session(), [account_id])[account_id],
        role_names=ROLES,
        now_day=today(),
        sees_figures=holds(account.role, Power.SEE_FIGURES),
        form=form,
        made=made,
        lines=[(row, _state(row)) for row in tokens.list_tokens(session(), account_id)],
    )
    return answer, 200 if made else form.status


def _in_a_year() -> Any:
    return today() + timedelta(days=USED_DAYS)


def _state(row: ApiToken) -> str:
    """in use, past its last day, or taken back"""
    if row.revoked_at is not None:
        return _("Taken back")
    return _("In use") if is_live(row.expires_on, False, today()) else _("Out of date")


@pages.post("/<int:token_id>/revoke")
def revoke(account_id: int, token_id: int) -> Any:
    """A token stops working at once."""
    row = keep_token.revoke(session(), account_id, token_id)
    flash(_("The token %(name)s no longer opens anything.", name=row.name), "ok")
    return redirect(url_for("tokens.index", account_id=account_id))
