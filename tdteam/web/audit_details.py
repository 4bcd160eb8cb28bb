"""What an entry of the audit carries, in words: its keys, field names, roles and reasons; ids and counts as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from tdteam.web.formats import day, num, size
from tdteam.web.frame import ROLES
from tdteam.web.history import field_words
from tdteam.web.people import WORDS, word_of
from tdteam.web.states import N_

KEYS = {
    "board": N_("which list"),
    "is_active": N_("switched on"),
    "rule": N_("which rule"),
    "absent": N_("not in the file"),
    "alone": N_("submitted and signed by one person"),
    "days_off": N_("days off"),
    "records": N_("records taken back or in"),
    "wording": N_("wording no."),
    "account": N_("account no."),
    "added": N_("added"),
    "bad_rows": N_("rows to correct"),
    "changed": N_("changed"),
    "closed": N_("old account disabled"),
    "count": N_("how many"),
    "decision": N_("decided"),
    "docx": N_("SHA-256 of the Word file"),
    "decisions": N_("decisions"),
    "fields": N_("what was changed"),
    "figures": N_("figures"),
    "given": N_("consent given"),
    "household": N_("household no."),
    "households": N_("households"),
    "how": N_("by"),
    "indicator": N_("indicator"),
    "indicators": N_("indicators"),
    "kind": N_("kind"),
    "kept": N_("left as they are"),
    "known": N_("known from another team"),
    "left": N_("members who left"),
    "member": N_("member no."),
    "made_at": N_("made at"),
    "members": N_("members"),
    "names": N_("with names"),
    "new_pin": N_("new PIN"),
    "new_teams": N_("new teams"),
    "new_villages": N_("new villages"),
    "on": N_("from the day"),
    "pdf": N_("SHA-256 of the PDF"),
    "people": N_("people"),
    "period": N_("period"),
    "phone": N_("phone no."),
    "places": N_("places no."),
    "record": N_("record no."),
    "removed": N_("taken away"),
    "replaced_entries": N_("entries of the replaced audit"),
    "replaced_head": N_("head of the replaced audit"),
    "restored": N_("set back"),
    "role": N_("role"),
    "rows": N_("rows"),
    "sealing": N_("seal no."),
    "sha256": N_("SHA-256"),
    "size": N_("size"),
    "span": N_("period"),
    "state": N_("state"),
    "step": N_("step"),
    "supersedes": N_("in place of"),
    "targets": N_("targets"),
    "until": N_("good until the day"),
    "teams": N_("teams"),
    "to": N_("to no."),
    "twins": N_("possible twins"),
    "unchanged": N_("unchanged"),
    "version": N_("version"),
    "villages": N_("for villages"),
    "warnings": N_("warnings"),
    "why": N_("reason"),
    "words": N_("SHA-256 of the words"),
    "xlsx": N_("SHA-256 of the workbook"),
}
CODES = {
    "code": N_("code of the second step"),
    "pin": N_("PIN of the phone"),
    "slip": N_("slip"),
    "password": N_("password"),
    "disabled": N_("disabled account"),
    "expired": N_("one-time password past its time"),
}


def details(noun: str, found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(what, value) of an entry, in words. Counts of 0 are left out where others stand beside them."""
    shown = {key: value for key, value in found.items() if value != 0 or value is False or len(found) < 3}
    return [(_key(key), _value(noun, key, value)) for key, value in shown.items()]


def _key(key: str) -> str:
    return str(gettext(KEYS[key])) if key in KEYS else key


def _value(noun: str, key: str, value: Any) -> str:
    if key == "why" and f"{noun}_end" in WORDS:
        return word_of(f"{noun}_end", value)
    if key in _SPECIAL:
        return _SPECIAL[key](value)
    if value is None:
        return str(gettext("no answer"))
    if isinstance(value, bool):
        return str(gettext("yes")) if value else str(gettext("no"))
    if isinstance(value, int):
        return num(value)
    if isinstance(value, Mapping):
        return num(sum(value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    return str(value)


def _code(value: Any) -> str:
    code = str(value)
    return str(gettext(CODES[code])) if code in CODES else code


def _day(value: Any) -> str:
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


_SPECIAL: dict[str, Callable[[Any], str]] = {
    "fields": field_words,
    "role": lambda value: str(gettext(ROLES[value])) if value in ROLES else str(value),
    "why": _code,
    "step": _code,
    "how": _code,
    "on": _day,
    "size": lambda value: size(value) if isinstance(value, int) else str(value),
}
