"""The audit log: who did what, and whether the chain of entries still holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from tdteam.domain.vietnamese import text_key
from tdteam.store import audit, audit_list
from tdteam.web.audit_details import details
from tdteam.web.forms.audit import AuditFilter
from tdteam.web.forms.fields import options
from tdteam.web.gate import session
from tdteam.web.history import ACTS
from tdteam.web.records import cursor_links, page_size

pages = Blueprint("audit", __name__)

# Codes of actions and nouns as entries carry them; their words are the message ids "act:…" and "thing:…".
ACTIONS = (
    *("sign_in", "sign_in_failed", "sign_out", "sign_out_everywhere", "password_changed"),
    *("password_refused", "two_step_on", "two_step_off", "two_step_codes", "create", "change", "disable"),
    *("enable", "reset", "hand_over", "view", "export", "record", "correct", "void", "declare"),
    *("withdraw", "demonstrate", "write", "upload", "import", "undo", "end", "reopen", "amend"),
    *("change_service", "join", "leave", "move", "stay", "train", "forget_training", "consent"),
    *("alias", "drop_alias", "set", "retire", "reinstate"),
    *("enrol", "revoke", "forget_pin", "pin_changed", "print"),
    *("keep", "remove", "restore"),
    *("confirm", "decide", "propose", "answer", "cancel"),
)
NOUNS = (
    *("account", "household", "households", "resident", "team", "teams", "member", "visit"),
    *("visits", "gathering", "gatherings", "filing", "filings", "declared", "report"),
    *("paper_setting", "roster", "place", "target", "demonstration", "coverage", "cause"),
    *("procedure", "indicator", "assist_kind", "phone", "phone_roster", "slips"),
    *("evidence", "database"),
    *("record", "inbox", "outreach", "proposal", "signed_copy"),
)


@pages.get("/audit/")
def index() -> str:
    """A page of entries, newest first."""
    asked = AuditFilter()
    asked.action.choices = _choices("act", ACTIONS)
    asked.noun.choices = _choices("thing", NOUNS)
    asked.validate()
    page = audit_list.list_entries(
        session(),
        account=asked.account.data,
        action=asked.action.data,
        noun=asked.noun.data,
        target=asked.target.data,
        since=asked.since.data,
        until=asked.until.data,
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
    )
    newer, older = cursor_links(page)
    return render_template(
        "audit/index.html",
        lines=page.rows,
        filter=asked,
        newer=newer,
        older=older,
        size=page_size(),
        word=word,
        words_of=words_of,
        details=details,
    )


@pages.get("/audit/verify")
def verify() -> str:
    """Walk the whole chain and say whether it holds, or where it first breaks."""
    return render_template("audit/verify.html", result=audit.verify(session()))


def words_of(action: str, noun: str) -> str:
    """What was done, as exactly as there are words for it."""
    exact = ACTS.get((noun, action))
    return str(gettext(exact)) if exact else word("act", action)


def word(family: str, code: str) -> str:
    """The words of a code; the code itself where it has none yet."""
    said = str(gettext(f"act:{code}") if family == "act" else gettext(f"thing:{code}"))
    return code if said.startswith((f"{family}:",)) else said


def _choices(family: str, codes: tuple[str, ...]) -> Any:
    named = sorted(((code, word(family, code)) for code in codes), key=lambda one: text_key(one[1]))
    return options(named, gettext("All"))
