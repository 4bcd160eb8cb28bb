"""The words of a paper: narrative, number, day and paper settings. They stay editable until the paper is issued."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from tdteam.domain.report_facts import Narrative
from tdteam.domain.report_settings import PaperSettings
from tdteam.domain.snapshots import canonical, from_json, to_json


@dataclass(frozen=True)
class PaperWords:
    """Everything of a report that is not a figure. Without a day the clerk writes it by hand."""

    settings: PaperSettings
    narrative: Narrative = Narrative()  # noqa: RUF009 - frozen, without fields of its own
    number: str = ""
    dated: date | None = None

    def text(self) -> str:
        """Canonical JSON, as it is kept with the paper drawn from it."""
        return canonical(to_json(self))


def words_from(text: str) -> PaperWords:
    """Words from their kept text."""
    return from_json(PaperWords, json.loads(text))
