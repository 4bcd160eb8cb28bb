"""A record from a phone in plain words: what it is, what it says field by field, what is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tdteam.domain.ids import is_id
from tdteam.domain.sync import RecordKind
from tdteam.store import inbox_queue, residents
from tdteam.web import choices, formats
from tdteam.web.forms.filings import MODES
from tdteam.web.forms.filings import STATES as FILING_STATES
from tdteam.web.forms.visits import CONTACTS, PLACES
from tdteam.web.gate import session
from tdteam.web.people import word_of
from tdteam.web.states import N_

KINDS = {
    RecordKind.VISIT: N_("Visit to a household"),
    RecordKind.GATHERING: N_("Gathering"),
    RecordKind.HOUSEHOLD: N_("Household"),
    RecordKind.RESIDENT: N_("Resident"),
    RecordKind.FILING: N_("Filing"),
    RecordKind.CONFIRMATION: N_("Word on the month"),
    RecordKind.PROPOSAL: N_("Proposal"),
}
LABELS = {
    "household_id": N_("Household"),
    "visited_on": N_("Day"),
    "held_on": N_("Day"),
    "topic": N_("Topic"),
    "contact": N_("Whom you met"),
    "assists": N_("Help"),
    "minutes": N_("Minutes"),
    "return_on": N_("Come back on"),
    "attended": N_("People present"),
    "women": N_("of these, women"),
    "youth": N_("of these, young people"),
    "elders": N_("of these, older people"),
    "head": N_("Head of the household, or owner"),
    "name": N_("Full name"),
    "kind": N_("Kind"),
    "birth_year": N_("Birth year"),
    "sex": N_("Sex"),
    "people": N_("People"),
    "adults": N_("of these, 14 and over"),
    "eid2": N_("of these, with level 2"),
    "poverty": N_("Poverty"),
    "smartphone": N_("Smartphone"),
    "phone": N_("Phone"),
    "consent": N_("Consent"),
    "ended": N_("No longer counted"),
    "code": N_("Filing code"),
    "procedure": N_("Procedure"),
    "submitted_on": N_("Submitted on"),
    "mode": N_("How it was filed"),
    "fee_due": N_("Is a fee due?"),
    "paid_online": N_("Was it paid online?"),
    "due_on": N_("Result promised for"),
    "state": N_("State"),
    "result_on": N_("Result on"),
    "electronic_result": N_("Is the result electronic?"),
    "period": N_("Period"),
    "place": N_("Where"),
    "text": N_("Proposal"),
    "note": N_("Note"),
    "why": N_("Reason"),
}
DAYS = {"visited_on", "held_on", "return_on", "submitted_on", "due_on", "result_on"}
YEARS = {"birth_year"}
ATTAINED = "attained."


@dataclass(frozen=True)
class Names:
    """Names that bodies speak of by id."""

    heads: Mapping[str, str]
    people: Mapping[str, str]


def names_in(bodies: list[Mapping[str, Any]]) -> Names:
    """The households and residents these bodies name, of the scope."""

    def ids(name: str) -> list[str]:
        return [str(body[name]) for body in bodies if is_id(str(body.get(name) or ""))]

    return Names(
        inbox_queue.heads_of(session(), ids("household_id")),
        inbox_queue.names_of(session(), ids("resident_id")),
    )


def title_of(kind: str, body: Mapping[str, Any]) -> str:
    """What a record is: new, a change, a correction, a taking out."""
    if kind not in KINDS:
        return str(_("Record"))
    word = _(KINDS[RecordKind(kind)])
    if "voids" in body:
        return str(_("%(thing)s: taken out", thing=word))
    if "corrects" in body:
        return str(_("%(thing)s: correction", thing=word))
    if "set" in body:
        return str(_("%(thing)s: change", thing=word))
    return str(word)


def summary_of(kind: str, body: Mapping[str, Any], names: Names) -> str:
    """A line: whom it is about, the day, the kinds of help or the fields."""
    parts = [_whom(body, names)]
    day = body.get("visited_on") or body.get("held_on") or body.get("submitted_on")
    parts.append(value_of("visited_on", day, names) if day else "")
    parts += [
        value_of(name, body[name], names) for name in ("topic", "text", "code", "period") if body.get(name)
    ]
    if body.get("assists"):
        parts.append(value_of("assists", body["assists"], names))
    if isinstance(body.get("set"), dict):
        parts.append(", ".join(label_of(name) for name in body["set"]))
    return " · ".join(part for part in parts if part)


def _whom(body: Mapping[str, Any], names: Names) -> str:
    if body.get("resident_id"):
        return names.people.get(str(body["resident_id"]), "")
    if body.get("household_id") and "name" not in body:
        return names.heads.get(str(body["household_id"]), "")
    return str(body.get("head") or body.get("name") or "")


def pairs_of(body: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """A body field by field: (label, words), what is empty left out."""
    return [
        (label_of(name), value_of(name, body[name], names))
        for name in LABELS
        if name in body and body[name] not in (None, "", [], {})
    ]


def label_of(name: str) -> str:
    """A field's label."""
    if name.startswith(ATTAINED):
        code = name.removeprefix(ATTAINED)
        return str(residents.attainable(session()).get(code, code))
    return str(_(LABELS[name])) if name in LABELS else name


def value_of(name: str, value: Any, names: Names) -> str:
    """A value as people read it; the dash for nothing."""
    if value in (None, "", []):
        return formats.DASH
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if name == "household_id":
        return names.heads.get(str(value), str(_("A household that is not in the list")))
    if name == "assists":
        return _assists(value)
    if isinstance(value, dict):
        return _compound(name, value)
    if name in DAYS:
        return _day(value)
    if isinstance(value, int):
        return str(value) if name in YEARS else formats.num(value)
    return _coded(name, str(value))


def _coded(name: str, code: str) -> str:
    nouns = {"poverty": "poverty", "sex": "sex", "kind": "subject"}
    if name in nouns:
        return word_of(nouns[name], code)
    words: dict[str, Any] = {
        "contact": dict(CONTACTS),
        "place": dict(PLACES),
        "mode": dict(MODES),
        "state": dict(FILING_STATES),
    }.get(name, {})
    if name == "procedure":
        words = {one.code: one.name for one in choices.read_catalogue().procedures.values()}
    return str(words.get(code, code))


def _compound(name: str, value: Mapping[str, Any]) -> str:
    if name == "consent":
        said = word_of("consent", "yes" if value.get("consent") else "no")
        return ", ".join(
            part for part in (said, word_of("method", value.get("method")), _day(value.get("on"), "")) if part
        )
    if name == "ended":
        why = str(value.get("why") or "")
        word = word_of("household_end", why)
        word = word_of("resident_end", why) if word == why else word
        return ", ".join(part for part in (word, _day(value.get("on"), "")) if part)
    if name.startswith(ATTAINED):
        return ", ".join(
            part
            for part in (_("Attained"), _day(value.get("on"), ""), str(value.get("source") or ""))
            if part
        )
    return formats.DASH


def _assists(value: Any) -> str:
    known = choices.read_catalogue()
    parts = []
    for one in value if isinstance(value, list | tuple) else []:
        if not isinstance(one, dict):
            continue
        kind, outcome = str(one.get("kind") or ""), str(one.get("outcome") or "")
        name = known.kinds[kind].short_name or known.kinds[kind].name if kind in known.kinds else kind
        done = known.outcome_name(kind, outcome) if kind in known.kinds else outcome
        people = one.get("people")
        many = _("%(num)s people", num=people) if isinstance(people, int) and people > 1 else ""
        parts.append(", ".join(part for part in (f"{name}: {done}", many) if part))
    return "; ".join(parts) or formats.DASH


def _day(value: Any, nothing: str = formats.DASH) -> str:
    try:
        return formats.day(date.fromisoformat(str(value)))
    except ValueError:
        return nothing


def body_of(draft: Any) -> dict[str, Any]:
    """A stored thing's draft in the shape of a body."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(draft).items()
    }
