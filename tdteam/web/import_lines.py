"""A dry run as its page shows it: cells that are wrong, what differs from what is stored, possible twins, new villages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from flask_babel import gettext as _

from tdteam.actions.check_roster import Checked
from tdteam.domain.errors import Flaw
from tdteam.domain.rosters.rows import BadCell, HouseholdRow, TeamRow
from tdteam.web.formats import DASH
from tdteam.web.people import word_of
from tdteam.web.words import say_flaw

SHOWN = 200
# Fields whose values are codes, and the vocabulary that has their words.
_WORDS = {"poverty": "poverty", "kind": "subject", "sex": "sex", "role": "role", "component": "component"}
_OF_PEOPLE = {"head", "name", "birth_year", "phone", "note"}


@dataclass(frozen=True)
class FlawLine:
    """One thing wrong, in one cell or in a run of cells below each other: `cell` is "B8" or "B8–B123"."""

    sheet: str
    cell: str
    cells: int
    text: str
    sentence: str


@dataclass(frozen=True)
class Difference:
    """A field the file says otherwise, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeLine:
    """A record that would change."""

    sheet: str
    row: int
    village: str
    name: str
    fields: Sequence[Difference]


@dataclass(frozen=True)
class TwinLine:
    """Two rows of the file that may be the same household or person, and what they differ in."""

    sheet: str
    row: int
    other_sheet: str
    other_row: int
    village: str
    name: str
    birth_year: int | None
    fields: Sequence[Difference]


@dataclass(frozen=True)
class NewVillage:
    """A village the import would make, and known ones it may have been meant to be."""

    village: str
    commune: str
    sheet: str
    row: int
    near: str


def flaw_lines(cells: Iterable[BadCell]) -> list[FlawLine]:
    """The sentences of bad cells, SHOWN at most. The same complaint about the same text in one column is said once for
    all the cells one after the other: a commune that is not known makes every row of a sheet wrong."""
    lines = []
    for _alike, run in islice(groupby(cells, _complaint), SHOWN):
        same = list(run)
        first, last = same[0], same[-1]
        where = first.cell if first is last else f"{first.cell}–{last.cell}"
        sentence = say_flaw(Flaw(first.field, first.code, dict(first.params)))
        lines.append(FlawLine(first.sheet, where, len(same), first.text, sentence))
    return lines


def _complaint(cell: BadCell) -> tuple[object, ...]:
    column = cell.cell.rstrip("0123456789")
    return cell.sheet, column, cell.field, cell.code, sorted(cell.params.items(), key=str), cell.text


def change_lines(checked: Checked, *, names: bool) -> list[ChangeLine]:
    """What would change, in the order of the file, SHOWN at most. Without `names` what is stored of people is not told."""
    changed: list[Any] = [*checked.members.changed, *checked.households.changed]
    changed.sort(key=lambda one: (one[1].sheet, one[1].row))
    return [
        ChangeLine(
            row.sheet,
            row.row,
            row.village,
            _name(row),
            [
                Difference(
                    _label(c.field),
                    _value(c.field, c.old) if names or c.field not in _OF_PEOPLE else "…",
                    _value(c.field, c.new),
                )
                for c in changes
            ],
        )
        for _record, row, changes in changed[:SHOWN]
    ]


def twin_lines(checked: Checked) -> list[TwinLine]:
    """Pairs of rows alike in village, name and birth year, SHOWN at most."""
    reading = checked.reading
    pairs: list[tuple[Any, Any]] = [(reading.members[a], reading.members[b]) for a, b in reading.member_twins]
    pairs += [(reading.households[a], reading.households[b]) for a, b in reading.household_twins]
    return [
        TwinLine(
            first.sheet,
            first.row,
            second.sheet,
            second.row,
            first.village,
            _name(first),
            first.birth_year,
            _unlike(first, second),
        )
        for first, second in pairs[:SHOWN]
    ]


def new_villages(checked: Checked) -> list[NewVillage]:
    """Villages the import would make."""
    return [
        NewVillage(p.found.village, p.found.commune, p.found.sheet, p.found.row, p.near)
        for p in checked.plans
        if p.village_id is None
    ]


def _name(row: HouseholdRow | TeamRow) -> str:
    return row.head if isinstance(row, HouseholdRow) else row.name


_HOUSEHOLD = ("people", "adults", "eid2", "poverty", "smartphone", "phone", "note", "kind")
_MEMBER = ("sex", "role", "component", "phone", "trained", "note")


def _unlike(first: Any, second: Any) -> list[Difference]:
    fields = _HOUSEHOLD if isinstance(first, HouseholdRow) else _MEMBER
    return [
        Difference(_label(name), _value(name, getattr(first, name)), _value(name, getattr(second, name)))
        for name in fields
        if getattr(first, name) != getattr(second, name)
    ]


def _label(field: str) -> str:
    known = {"head": "name", "kind": "subject"}
    return str(_("column:" + known.get(field, field)))


def _value(field: str, value: object) -> str:
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return word_of(_WORDS[field], value) if field in _WORDS else str(value)
