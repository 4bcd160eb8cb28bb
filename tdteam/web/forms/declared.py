"""What is typed into the grid of declared figures, and the form of one figure of a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdteam.domain.cells import parse_count
from tdteam.domain.declared import LARGEST, LONGEST_SOURCE
from tdteam.domain.declared_grid import Entry, Grid, GridRow, column_name
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.vietnamese import nfc
from tdteam.web.formats import day, num
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import DAY_FORM, DAY_UNKNOWN, CountField, DayField, read_day
from tdteam.web.forms.imports import ENDINGS
from tdteam.web.words import say_flaw

SCANS = ".pdf,.jpg,.jpeg,.png"
Keep = Callable[[bytes, str], tuple[str, str]]
"""Keeps a scan's bytes under its name; answers (name, hash). Raises Refused."""


@dataclass
class GridForm:
    """The grid as typed: texts as they stand in the inputs, what is wrong beside them, entries once all is well.

    Inputs are named `f-<team>-<indicator>`, `sender-<team>`, `received_on-<team>`, `note-<team>`, `scan-<team>`.
    """

    grid: Grid
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    entries: dict[int, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, grid: Grid, received: date) -> GridForm:
        """The grid as it is stored; a team not told of yet is taken to bring its paper today."""
        typed: dict[str, str] = {}
        for row in grid.rows:
            typed |= {f"f-{row.team_id}-{code}": num(value) for code, value in row.cells.items()}
            typed[f"sender-{row.team_id}"] = row.sender
            typed[f"note-{row.team_id}"] = row.note
            on = row.received_on if row.cells else received
            typed[f"received_on-{row.team_id}"] = day(on) if on else ""
        return cls(grid, typed)

    @classmethod
    def posted(cls, grid: Grid, keep: Keep, scans: dict[str, str]) -> GridForm:
        """The grid as it was sent. `scans`: hash -> name of the scans this browser sent before."""
        form = cls(grid, {name: nfc(value) for name, value in request.form.items()})
        for row in grid.rows:
            entry = form._entry(row, keep, scans)
            if entry:
                form.entries[row.team_id] = entry
        if form.typed.get("seen") != grid.stamp:
            form.whole.append(
                gettext(
                    "Somebody else typed figures here meanwhile. Yours are still below: look again, then save."
                )
            )
        return form

    def _entry(self, row: GridRow, keep: Keep, scans: dict[str, str]) -> Entry | None:
        names = {
            column.code: f"f-{row.team_id}-{column.code}"
            for column in self.grid.columns
            if f"f-{row.team_id}-{column.code}" in self.typed
        }
        is_told = row.cells or any(self.typed[name] for name in names.values())
        sent = request.files.get(f"scan-{row.team_id}")
        about = [self.typed.get(f"{name}-{row.team_id}", "") for name in ("sender", "note", "kept")]
        if not is_told and not any(about) and not (sent and sent.filename):
            return None  # nothing was told of this team, and nothing is
        if not is_told:
            self.errors[f"sender-{row.team_id}"] = gettext("Write at least one figure of this team.")
        values = {code: self._count(name) for code, name in names.items()}
        scan_name, scan_sha256 = self._scan(row, keep, scans)
        return Entry(
            values=values,
            sender=self.typed.get(f"sender-{row.team_id}", ""),
            received_on=self._day(f"received_on-{row.team_id}"),
            note=self.typed.get(f"note-{row.team_id}", ""),
            scan_name=scan_name,
            scan_sha256=scan_sha256,
        )

    def _count(self, name: str) -> int | None:
        value = parse_count(self.typed[name], name, LARGEST)
        if isinstance(value, Flaw):
            self.errors[name] = say_flaw(value)
            return None
        return value

    def _day(self, name: str) -> date | None:
        typed = self.typed.get(name, "")
        if not typed:
            return None
        try:
            found = read_day(typed)
        except ValueError:
            self.errors[name] = gettext(DAY_UNKNOWN)
            return None
        if found is None:
            self.errors[name] = gettext(DAY_FORM)
        return found

    def _scan(self, row: GridRow, keep: Keep, scans: dict[str, str]) -> tuple[str, str | None]:
        """A new scan, one sent with an earlier try of this form, or the one that is there."""
        name = f"scan-{row.team_id}"
        sent = request.files.get(name)
        if sent and sent.filename:
            try:
                kept = keep(sent.read(), sent.filename)
            except Refused as refused:
                self.errors[name] = " ".join(map(say_flaw, refused.flaws))
                return row.scan_name, row.scan_sha256
            self.typed[f"kept-{row.team_id}"] = kept[1]
            return kept
        before = self.typed.get(f"kept-{row.team_id}", "")
        return (scans[before], before) if before in scans else (row.scan_name, row.scan_sha256)

    def put(self, refused: Refused, drafts: list[Any]) -> None:
        """Flaws of drafts beside their inputs: "3.part" is the third draft's figure, "3.note" its team's note."""
        for flaw in refused.flaws:
            place, _, name = flaw.field.partition(".")
            draft = drafts[int(place)] if place.isdecimal() and int(place) < len(drafts) else None
            sentence = say_flaw(flaw)
            if draft is None or name in ("period", "source", "team_id", "indicator"):
                if sentence not in self.whole:
                    self.whole.append(sentence)
            elif name == "part":
                self.errors[f"f-{draft.team_id}-{draft.indicator}"] = sentence
            else:
                self.errors[f"{name}-{draft.team_id}"] = sentence

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.whole)

    @property
    def flaws(self) -> list[tuple[str | None, str]]:
        """(input to jump to, sentence that names its team and column) from top to bottom."""
        places = {row.team_id: row.villages for row in self.grid.rows}
        columns = {column.code: column_name(column) for column in self.grid.columns}
        out: list[tuple[str | None, str]] = [(None, sentence) for sentence in self.whole]
        for name, sentence in self.errors.items():
            word, first, *code = name.split("-", 2)
            team = places.get(int(first), "")
            where = f"{team}, {columns[code[0]]}" if word == "f" and code else team
            out.append((name, f"{where}: {sentence}"))
        return out


class BookForm(Form):
    """A filled template."""

    file = FileField(
        _l("Filled template"), [FileRequired(_l("Choose a file first."))], render_kw={"accept": ENDINGS}
    )


class FigureForm(Form):
    """A figure that an agency counted for a place."""

    place_id = SelectField(_l("Place"), validate_choice=False)
    part = CountField(_l("Figure"), [InputRequired()], high=LARGEST)
    whole = CountField(_l("Of"), high=LARGEST)
    period = SelectField(_l("Period"), validate_choice=False)
    as_of = DayField(_l("As of"))
    source = StringField(
        _l("Who counted"), [InputRequired(), Length(max=LONGEST_SOURCE)], render_kw={"list": "sources"}
    )
    sender = StringField(_l("Sender"), [Length(max=200)])
    received_on = DayField(_l("Received on"))
    note = TextAreaField(_l("Note"), [Length(max=1000)])
    scan = FileField(_l("Scan of the paper"), render_kw={"accept": SCANS})
