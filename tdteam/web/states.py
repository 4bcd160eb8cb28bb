"""The states a reader meets, each with its own glyph, tone and word: `ui.state("team", "silent")`.

A glyph is told by its shape, a tone (ok, info, wait, bad, none) only repeats it in colour. Words are message ids.
"""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    """Icon name in the sprite, tone of the `.st` class, message id of the word."""

    icon: str
    tone: str
    word: str


def N_(message: str) -> str:  # noqa: N802 - the usual name of a marker for the catalogue
    """Marks a message id that is translated where it is shown."""
    return message


STATES: dict[tuple[str, str], State] = {
    # a team in a period
    ("team", "doing"): State("s-doing", "info", N_("Recording")),
    ("team", "done"): State("s-done", "ok", N_("Confirmed")),
    ("team", "zero"): State("s-zero", "info", N_("Nothing to report")),
    ("team", "late"): State("s-late", "wait", N_("Sent late")),
    ("team", "silent"): State("s-silent", "bad", N_("Nothing sent")),
    ("team", "declared"): State("s-paper", "info", N_("On paper, declared")),
    # a report of a commune
    ("report", "none"): State("s-silent", "bad", N_("Not started")),
    ("report", "draft"): State("s-draft", "info", N_("Draft")),
    ("report", "sealed"): State("s-seal", "ok", N_("Figures sealed")),
    ("report", "submitted"): State("s-paper", "info", N_("Submitted for signature")),
    ("report", "signed"): State("pencil-line", "ok", N_("Signed")),
    ("report", "issued"): State("s-done", "ok", N_("Issued")),
    ("report", "replaced"): State("history", "none", N_("Replaced")),
    # a commune's report as its area sees it
    ("area_report", "missing"): State("s-silent", "bad", N_("Not sent")),
    ("area_report", "returned"): State("undo-2", "wait", N_("Returned")),
    ("area_report", "received"): State("s-doing", "info", N_("Received, to be read")),
    ("area_report", "accepted"): State("s-done", "ok", N_("Accepted")),
    # a period
    ("period", "open"): State("s-doing", "info", N_("Open")),
    ("period", "sealed"): State("s-seal", "ok", N_("Sealed")),
    # a version of a visit or a gathering
    ("record", "current"): State("s-done", "ok", N_("In force")),
    ("record", "superseded"): State("history", "none", N_("Corrected later")),
    ("record", "void"): State("s-void", "bad", N_("Voided")),
    # what came of an assist
    ("outcome", "done"): State("s-done", "ok", N_("Done")),
    ("outcome", "in_progress"): State("s-doing", "info", N_("In progress")),
    ("outcome", "referred"): State("arrow-right", "info", N_("Referred")),
    ("outcome", "not_done"): State("s-void", "wait", N_("Not done yet")),
    # whom a visit met
    ("contact", "met"): State("s-done", "ok", N_("Met")),
    ("contact", "nobody_home"): State("s-silent", "none", N_("Nobody home")),
    ("contact", "refused"): State("s-void", "wait", N_("Declined")),
    ("contact", "moved"): State("arrow-right", "none", N_("Moved away")),
    # a filing
    ("filing", "submitted"): State("s-doing", "info", N_("Submitted, waiting")),
    ("filing", "supplement"): State("s-late", "wait", N_("More papers asked for")),
    ("filing", "returned"): State("s-done", "ok", N_("Result returned")),
    ("filing", "refused"): State("s-void", "bad", N_("Turned down")),
    ("filing", "withdrawn"): State("s-void", "none", N_("Withdrawn")),
    # an account
    ("account", "active"): State("s-done", "ok", N_("In use")),
    ("account", "invited"): State("s-silent", "wait", N_("Invited, not yet used")),
    ("account", "disabled"): State("s-void", "bad", N_("Disabled")),
    # an enrolled phone
    ("phone", "open"): State("s-done", "ok", N_("In use")),
    ("phone", "revoked"): State("s-void", "bad", N_("Revoked")),
    ("phone", "closed"): State("s-void", "none", N_("Account closed")),
    # a record from a phone that waits for the commune
    ("waiting", "held"): State("hourglass", "wait", N_("Sent without scope")),
    ("waiting", "conflict"): State("git-merge", "bad", N_("Two different versions")),
    ("waiting", "doubt"): State("calendar-clock", "wait", N_("Day to check")),
    # a proposal of a village
    ("proposal", "sent"): State("s-silent", "wait", N_("Not looked at yet")),
    ("proposal", "seen"): State("s-doing", "info", N_("Seen")),
    ("proposal", "forwarded"): State("arrow-right", "info", N_("Taken up to the report")),
    ("proposal", "settled"): State("s-done", "ok", N_("Settled")),
    ("proposal", "declined"): State("s-void", "none", N_("Not taken up")),
    # a plan of the outreach calendar
    ("outreach", "planned"): State("s-doing", "info", N_("Planned")),
    ("outreach", "over"): State("s-done", "none", N_("Over")),
    ("outreach", "cancelled"): State("s-void", "bad", N_("Called off")),
    # how soon a line of the attention list should be dealt with
    ("severity", "1"): State("octagon-alert", "bad", N_("Urgent")),
    ("severity", "2"): State("circle-alert", "wait", N_("To be dealt with")),
    ("severity", "3"): State("info", "info", N_("To be looked at")),
    # an upload
    ("upload", "waiting"): State("s-silent", "wait", N_("Waiting")),
    ("upload", "reading"): State("s-doing", "info", N_("Being read")),
    ("upload", "checked"): State("s-draft", "info", N_("Checked, not yet imported")),
    ("upload", "imported"): State("s-done", "ok", N_("Imported")),
    ("upload", "undone"): State("undo-2", "none", N_("Undone")),
    ("upload", "refused"): State("s-void", "bad", N_("File refused")),
}


def state_of(noun: str, code: object) -> State:
    """The state of a noun by its code (text or a StrEnum); an unknown pair raises KeyError."""
    return STATES[noun, str(code)]
