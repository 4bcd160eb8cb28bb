"""The papers of each commune: settings, words for the reports of some periods, targets of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tdteam.actions.demonstration.calendar import Month
from tdteam.actions.demonstration.chance import Chance, told
from tdteam.actions.demonstration.offices import Commune
from tdteam.domain.periods import VIETNAM
from tdteam.domain.report_facts import Narrative
from tdteam.domain.report_settings import SignerForm, settings_body
from tdteam.reports.wording import usual_settings

WORDS_FOR = 4  # periods back from the current one whose reports have words already


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), VIETNAM).astimezone(UTC)


def paper_settings(
    communes: Sequence[Commune], by: Mapping[int, int], today: date, signers: Mapping[int, str]
) -> list[dict[str, Any]]:
    """How each commune's papers read; `signers`: commune -> the one who signs there."""
    words = told("office")
    rows = []
    for order, commune in enumerate(communes):
        kind = commune.kind.lower()
        settings = usual_settings(
            kind,
            commune.name,
            copies=tuple(copy.format(kind=kind) for copy in words["copies"]),
            signer_form=SignerForm.VICE_CHAIR,
            signer_name=signers.get(commune.id) or words["signers"][order % len(words["signers"])],
            demo=True,
        )
        rows.append(
            {
                "commune_id": commune.id,
                "body": settings_body(settings),
                "version": 1,
                "changed_at": _morning(today - timedelta(days=1)),
                "changed_by": by.get(commune.id),
            }
        )
    return rows


def report_words(
    chance: Chance, communes: Sequence[Commune], by: Mapping[int, int], months: Sequence[Month], today: date
) -> list[dict[str, Any]]:
    """Narratives of reports lately written, by the communes whose official has an account."""
    texts = told("office")["narratives"]
    rows = []
    for commune in communes:
        if commune.id not in by:
            continue
        for order, month in enumerate(months[-1 - WORDS_FOR : -1]):
            day = min(today, month.period.until)
            narrative = Narrative(**texts[order % len(texts)])
            rows.append(
                {
                    "commune_id": commune.id,
                    "period": month.code,
                    "narrative": asdict(narrative),
                    "number": "" if month is months[-2] else str(40 + 9 * order + chance.randrange(6)),
                    "dated": None if month is months[-2] else month.period.until,
                    "version": 1,
                    "changed_at": _morning(day),
                    "changed_by": by[commune.id],
                }
            )
    return rows


def targets(
    chance: Chance, communes: Sequence[Commune], area_id: int, months: Sequence[Month], by: int | None
) -> list[dict[str, Any]]:
    """What the area and its communes are to reach this year (a share in hundredths of a percent)."""
    year = months[-1].period.year_code
    set_on = months[0].period.since
    rows = []
    for indicator, (low, high) in told("office")["targets"].items():
        for place in (area_id, *(commune.id for commune in communes)):
            value = (
                (low + high) // 2 if place == area_id else low + 50 * chance.randrange((high - low) // 50 + 1)
            )
            rows.append(
                {
                    "place_id": place,
                    "indicator": indicator,
                    "span": year,
                    "value": value,
                    "set_on": set_on,
                    "set_by": by,
                }
            )
    return rows
