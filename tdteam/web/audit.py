"""The audit log: who did what, and whether the chain of entries still holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from tdteam.domain.places import Level
from tdteam.domain.vietnamese import text_key
from tdteam.store import audit, audit_list, places
from tdteam.web.audit_details import details
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.formats import moment
from tdteam.web.forms.audit import AuditFilter
from tdteam.web.forms.fields import options, read_number
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
    *("seal", "unseal", "replace", "submit", "return", "sign", "issue", "accept"),
)
NOUNS = (
    *("account", "household", "households", "resident", "team", "teams", "member", "visit"),
    *("visits", "gathering", "gatherings", "filing", "filings", "declared", "report"),
    *("paper_setting", "roster", "place", "target", "demonstration", "coverage", "cause"),
    *("procedure", "indicator", "assist_kind", "phone", "phone_roster", "slips"),
    *("evidence", "database"),
    *("record", "inbox", "outreach", "proposal", "signed_copy"),
    *("api", "token"),
    *("report_setting", "four_eyes", "deadlines", "paper", "audit", "correction_letter"),
    *("document", "documents", "village_model", "model_item", "model_village", "model_villages"),
    *("sponsor", "sponsors", "village_ground"),
    *("set_aside", "rule_limit", "sample", "samples", "attention", "quality"),
    *("shapes",),
)


@pages.get("/audit/")
def index() -> str:
    """A page of entries, newest first."""
    asked = _filter()
    page = audit_list.list_entries(
        session(),
        **_wanted(asked),
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
        exports={
            ending: url_for("audit.export_list", ending=ending, **_kept()) for ending in ("xlsx", "csv")
        },
    )


def _filter() -> AuditFilter:
    asked = AuditFilter()
    asked.action.choices = _choices("act", ACTIONS)
    asked.noun.choices = _choices("thing", NOUNS)
    found = [
        place
        for level in (Level.PROVINCE, Level.AREA, Level.COMMUNE)
        for place in places.list_reached(session(), level)
        if session().permits(place.id or 0)
    ]
    asked.place_id.choices = options([(place.id, place.name) for place in found], gettext("All"))
    asked.validate()
    return asked


def _wanted(asked: AuditFilter) -> dict[str, Any]:
    """What the filter asks for, as arguments of the store."""
    place = read_number(asked.place_id.data)
    if place is not None:
        session().demand(place)
    names = ("account", "action", "noun", "target", "text", "since", "until")
    return {**{name: asked[name].data for name in names}, "place_id": place}


def _kept() -> dict[str, Any]:
    """The filter of this address, for the address of its export."""
    gone = {"after", "before", "size", "ending", "endpoint"}
    return {key: value for key, value in request.args.items() if key not in gone and not key.startswith("_")}


@pages.get("/audit/export.<ending>")
def export_list(ending: str) -> Any:
    """The filtered entries as a workbook or CSV, in the same words."""
    columns = [
        ListColumn(gettext("Entry no."), Kind.INT),
        ListColumn(gettext("When it was done"), wide=18),
        ListColumn(gettext("Who did it")),
        ListColumn(gettext("Sign-in name"), wide=16),
        ListColumn(gettext("What was done"), wide=28),
        ListColumn(gettext("To what"), wide=22),
        ListColumn(gettext("Number or code of the thing"), wide=38),
        ListColumn(gettext("Where it was done")),
        ListColumn(gettext("Details of the entry"), wide=60),
    ]
    rows = (
        (
            line.id,
            moment(line.at),
            line.who or ("" if line.action == "sign_in_failed" else gettext("the program")),
            line.username,
            words_of(line.action, line.noun),
            word("thing", line.noun),
            line.target,
            line.place,
            "; ".join(f"{key}: {value}" for key, value in details(line.noun, line.detail)),
        )
        for line in audit_list.every_entry(session(), **_wanted(_filter()))
    )
    return export(ending, "audit", gettext("Audit log"), columns, rows)


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
