"""Templates of rosters to fill in, with the villages of whoever asks to choose from (`data/roster_template.json`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from tdteam.domain.periods import today
from tdteam.domain.rosters.words import RosterKind
from tdteam.reports.lists import ascii_filename
from tdteam.reports.roster_template import Template, TemplateColumn, draw_template
from tdteam.store import places
from tdteam.store.gate import GatedSession

MOST_VILLAGES = 3_000
_DATA = Path(__file__).parent.parent / "data" / "roster_template.json"


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return words


def draw_roster_template(session: GatedSession, kind: RosterKind) -> tuple[str, bytes]:
    """(file name, workbook) of a template. Where the scope is one commune it is named in the title; where it is
    several, each row names its own."""
    said = _words()
    own = said[kind]
    villages = places.list_villages(session, on=today())
    communes = list(dict.fromkeys(village.commune for village in villages))
    lines = [said["office"].format(commune=communes[0])] if len(communes) == 1 else []
    lines += [own["title"], *([own["decision"]] if "decision" in own else [])]
    labels = [village.label for village in villages] if len(villages) <= MOST_VILLAGES else []
    columns = [
        _column(one, communes, labels)
        for one in own["columns"]
        if one["key"] != "commune" or len(communes) != 1
    ]
    drawn = draw_template(Template(own["sheet"], lines, said["guide"], columns))
    return ascii_filename(own["file"], "xlsx"), drawn


def _column(one: dict[str, Any], communes: Sequence[str], villages: Sequence[str]) -> TemplateColumn:
    offered = {"commune": communes, "village": list(dict.fromkeys(villages))}
    choices = offered.get(one["key"], one.get("choices", ()))
    examples = {"number": _words()["number"], "commune": communes[:1], "village": villages[:1]}
    example = examples.get(one["key"], one["example"])
    if isinstance(example, list):
        example = example[0] if example else ""
    head = f"{one['head']} *" if one.get("required") else one["head"]
    return TemplateColumn(
        head, one["hint"], example, one["wide"], choices, one.get("text", False), one.get("low")
    )
