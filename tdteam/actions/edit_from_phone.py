"""Edits of households, residents and filings from phones: merged field by field, what clashes kept for the commune to choose.

A body says `base` (what the phone saw) and `set` (what it wants). Fields that merge are written even where others clash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import date
from typing import Any

from tdteam.actions import keep_household, keep_resident
from tdteam.actions.receive_note import Note, Outcome, named, refuse
from tdteam.actions.record_filing import change_filing
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.filings import FilingDraft
from tdteam.domain.filings import draft_from_json as read_filing
from tdteam.domain.households import ConsentDraft, HouseholdDraft
from tdteam.domain.merging import Merged, merge, together
from tdteam.domain.residents import AttainedDraft, ResidentDraft
from tdteam.domain.sync import Doubt, Verdict
from tdteam.domain.wire import Reader
from tdteam.store import filing_rows, households, residents
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Filing, Household, Resident

HOUSEHOLD_FIELDS = tuple(one.name for one in fields_of(HouseholdDraft))
_ATTAINED = "attained."
_RESULT = ("state", "result_on", "electronic_result")
"""What a filing's result is told by: half of one person's word and half of another's is nobody's."""


def household_of(body: Mapping[str, Any]) -> tuple[HouseholdDraft, ConsentDraft | None, list[Flaw]]:
    """A household's draft and consent from JSON, and what is wrong with their shape."""
    reader = Reader(body)
    draft = HouseholdDraft(
        village_id=reader.integer("village_id"),
        head=reader.text("head"),
        kind=reader.word("kind") or "household",
        birth_year=reader.integer("birth_year"),
        people=reader.integer("people"),
        adults=reader.integer("adults"),
        eid2=reader.integer("eid2"),
        poverty=reader.word("poverty"),
        smartphone=reader.flag("smartphone"),
        phone=reader.word("phone"),
        note=reader.text("note"),
    )
    return draft, _consent(reader), reader.flaws


def _consent(reader: Reader) -> ConsentDraft | None:
    inner = reader.object("consent")
    return ConsentDraft(inner.flag("consent"), inner.word("method"), inner.day("on")) if inner else None


def _parts(
    body: Mapping[str, Any], known: tuple[str, ...], prefix: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`base` and `set` of an edit; Refused where they are none, or name a field that cannot be edited."""
    base, sent = body.get("base"), body.get("set")
    if not isinstance(base, dict) or not isinstance(sent, dict) or not sent or len(sent) > 60:
        raise Refused([Flaw("set", "shape")])
    strange = [name for name in sent if name not in known and not (prefix and str(name).startswith(prefix))]
    if strange:
        raise Refused([Flaw(f"set.{str(strange[0])[:40]}", "field_unknown")])
    return base, sent


def _outcome(merged: Merged, version: int, target: str, village_id: int) -> Outcome:
    state = Verdict.CONFLICT if merged.clash else Verdict.ACCEPTED
    clash = {"fields": merged.clash} if merged.clash else None
    return Outcome(state, version, clash=clash, target=target, village_id=village_id)


def edit_household(note: Note) -> Outcome:
    """Merge an edit of a household."""
    row = households.get_household(note.session, named(note, "household_id"))
    base, sent = _parts(note.body, (*HOUSEHOLD_FIELDS, "consent", "ended"))
    merged = merge(household_values(row), base, sent)
    set_household(note, row, merged.values)
    return _outcome(merged, row.version, row.id, row.village_id)


def household_values(row: Household) -> dict[str, Any]:
    """A household as phones see it, field by field."""
    values = {name: getattr(row, name) for name in HOUSEHOLD_FIELDS}
    consent = {"consent": row.consent, "method": row.consent_method, "on": _text(row.consent_on)}
    values["consent"] = None if row.consent is None else consent
    values["ended"] = {"why": row.ended_why, "on": _text(row.ended_on)} if row.ended_on else None
    return values


def set_household(note: Note, row: Household, values: Mapping[str, Any]) -> None:
    """Write fields of a household."""
    session = note.session
    plain = {name: value for name, value in values.items() if name in HOUSEHOLD_FIELDS}
    if plain:
        draft, _none, flaws = household_of({**household_values(row), **plain, "consent": None})
        refuse(flaws)
        keep_household.change(session, row.id, draft, row.version)
    if "consent" in values:
        reader = Reader(values)
        consent = _consent(reader)
        refuse(reader.flaws or ([] if consent else [Flaw("consent", "required")]))
        assert consent
        keep_household.give_consent(session, row.id, consent)
    if "ended" in values:
        why, on = _ending(values)
        if on is None:
            keep_household.reopen(session, row.id)
        else:
            keep_household.end(session, row.id, why, on)


def _ending(values: Mapping[str, Any]) -> tuple[str | None, date | None]:
    reader = Reader(values)
    inner = reader.object("ended")
    why, on = (inner.word("why"), inner.day("on")) if inner else (None, None)
    refuse(reader.flaws)
    return why, on


def edit_resident(note: Note) -> Outcome:
    """Merge an edit of a resident; each attainment is a field of its own."""
    household_id, resident_id = named(note, "household_id"), named(note, "resident_id")
    row = residents.get_resident(note.session, household_id, resident_id)
    base, sent = _parts(note.body, ("name", "birth_year", "sex", "ended"), _ATTAINED)
    merged = merge(resident_values(note.session, row), base, sent)
    set_resident(note, row, merged.values)
    return _outcome(merged, row.version, row.id, row.village_id)


def resident_values(session: GatedSession, row: Resident) -> dict[str, Any]:
    """A resident as phones see it, field by field."""
    values: dict[str, Any] = {"name": row.name, "birth_year": row.birth_year, "sex": row.sex}
    values["ended"] = {"why": row.ended_why, "on": _text(row.ended_on)} if row.ended_on else None
    for one in residents.attainments_of(session, row.id):
        values[_ATTAINED + one.indicator] = {"on": _text(one.attained_on), "source": one.source}
    return values


def set_resident(note: Note, row: Resident, values: Mapping[str, Any]) -> None:
    """Write fields of a resident."""
    now = {**resident_values(note.session, row), **values}
    ending = "ended" in values
    if set(values) - {"ended"}:
        reader = Reader({name: now[name] for name in ("name", "birth_year", "sex")})
        attained = [
            _attained(name.removeprefix(_ATTAINED), value)
            for name, value in now.items()
            if _is_held(name, value)
        ]
        draft = ResidentDraft(
            reader.text("name"), reader.integer("birth_year"), reader.word("sex"), tuple(attained)
        )
        refuse(reader.flaws)
        keep_resident.change(note.session, row.household_id, row.id, draft, row.version)
    if ending:
        why, on = _ending(values)
        if on is None:
            keep_resident.reopen(note.session, row.household_id, row.id)
        else:
            keep_resident.end(note.session, row.household_id, row.id, why, on)


def _is_held(name: str, value: Any) -> bool:
    return name.startswith(_ATTAINED) and value is not None


def _attained(code: str, value: Any) -> AttainedDraft:
    reader = Reader(value, f"{_ATTAINED}{code}.")
    draft = AttainedDraft(code, reader.day("on"), reader.text("source"))
    refuse(reader.flaws)
    return draft


def edit_filing(note: Note) -> Outcome:
    """Merge an edit of a filing."""
    row = filing_rows.get_filing_row(note.session, named(note, "filing_id"))
    if row.voided_at:
        raise NotFound
    names = tuple(
        one.name for one in fields_of(FilingDraft) if one.name not in ("id", "village_id", "team_id")
    )
    base, sent = _parts(note.body, names)
    sent, doubt = _days_told(note, sent)
    stored = filing_values(filing_rows.draft_of(row))
    merged = together(merge(stored, base, sent), stored, base, _RESULT)
    row = set_filing(note, row, merged.values)
    outcome = _outcome(merged, row.version, row.id, row.village_id)
    if outcome.state is Verdict.CONFLICT:
        return outcome
    return replace(outcome, state=Verdict.LATE if _is_late(note, row, merged) else outcome.state, doubt=doubt)


def _days_told(note: Note, sent: Mapping[str, Any]) -> tuple[dict[str, Any], Doubt | None]:
    """What a phone sent of a filing, its days by our clock; what is doubtful about them. `due_on` is the office's own."""
    told, doubts = dict(sent), []
    for name in ("submitted_on", "result_on"):
        day, doubt = note.day(Reader(sent).day(name))
        if day:
            told[name] = day.isoformat()
            doubts.append(doubt)
    return told, next((doubt for doubt in doubts if doubt), None)


def _is_late(note: Note, row: Filing, merged: Merged) -> bool:
    """Whether a day this edit set counts in another period than its own, which is sealed."""
    book = PeriodBook(note.session)
    counted = (
        ("submitted_on", row.submitted_on, row.period),
        ("result_on", row.result_on, row.result_period),
    )
    return any(
        name in merged.values and day and period and book.natural(day).code != period
        for name, day, period in counted
    )


def set_filing(note: Note, row: Filing, values: Mapping[str, Any]) -> Filing:
    """Write fields of a filing."""
    if not values:
        return row
    draft, flaws = read_filing({**filing_values(filing_rows.draft_of(row)), **values})
    refuse(flaws)
    return change_filing(note.session, row.id, replace(draft, id=row.id), row.version, note.actor)


def filing_values(draft: FilingDraft) -> dict[str, Any]:
    """A filing as phones see it, field by field."""
    return {
        one.name: _text(value) if isinstance(value := getattr(draft, one.name), date) else value
        for one in fields_of(FilingDraft)
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
