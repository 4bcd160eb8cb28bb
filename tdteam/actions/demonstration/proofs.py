"""Sponsors, model villages, what villages have and evidence documents of the demonstration: a little of each, so that every
page has something and something is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tdteam.actions.demonstration.chance import Chance, told
from tdteam.actions.demonstration.offices import Commune
from tdteam.actions.demonstration.specimens import attach
from tdteam.actions.demonstration.villages import Village
from tdteam.domain.periods import VIETNAM
from tdteam.domain.sponsors import FEW
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Document, DocumentIndicator, DocumentTie, ModelTick, ModelVillage

MODEL = "SMART_VILLAGE"


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), VIETNAM).astimezone(UTC)


def model_villages(communes: Sequence[Commune], villages: Sequence[Village]) -> dict[int, int]:
    """The village each commune picked: commune -> village."""
    out: dict[int, int] = {}
    for village in villages:
        out.setdefault(village.ground.commune_id, village.id)
    return {commune.id: out[commune.id] for commune in communes if commune.id in out}


def sponsors(
    chance: Chance, communes: Sequence[Commune], picked: Mapping[int, int], today: date
) -> list[dict[str, Any]]:
    """Three agencies a commune, but for one that has fewer."""
    words, rows = told("proof"), []
    least = FEW.limits[0].usual
    agencies = words["agencies"]
    for order, commune in enumerate(communes):
        for place in range(least - (order == len(communes) - 1)):
            rows.append(
                {
                    "commune_id": commune.id,
                    "agency": agencies[(order + place) % len(agencies)],
                    "village_id": picked.get(commune.id) if place == 0 else None,
                    "contact": words["contact"].format(number=f"{chance.randrange(10**6):06d}"),
                    "since": date(today.year - 1, 3, 1),
                    "until": None,
                    "note": "",
                    "version": 1,
                    "changed_at": _morning(today - timedelta(days=1)),
                    "changed_by": None,
                }
            )
    return rows


def grounds(
    chance: Chance, communes: Sequence[Commune], villages: Sequence[Village], today: date
) -> list[dict[str, Any]]:
    """What most villages have; of some nothing is known yet."""
    source = {one.id: told("proof")["ground_source"].format(kind=one.kind.lower()) for one in communes}
    rows = []
    for village in villages:
        if not chance.yes(0.85) or village.ground.commune_id not in source:
            continue
        wifi = chance.yes(0.45)
        rows.append(
            {
                "village_id": village.id,
                "has_house": wifi or chance.yes(0.9),
                "has_wifi": wifi,
                "signal": "good" if chance.yes(0.7) else "weak" if chance.yes(0.85) else "none",
                "has_fibre": None if chance.yes(0.1) else chance.yes(0.8),
                "note": "",
                "source": source[village.ground.commune_id],
                "as_of": min(date(today.year, 1, 15), today),
                "version": 1,
                "changed_at": _morning(today - timedelta(days=1)),
                "changed_by": None,
            }
        )
    return rows


def documents(
    session: GatedSession,
    communes: Sequence[Commune],
    picked: Mapping[int, int],
    by: Mapping[int, int],
    today: date,
    instance: Path | None,
) -> int:
    """Cited documents of the communes whose official has an account, and their model villages with what was said of
    them; how many documents. Most have a file, put into the folder of the `instance` where one is named."""
    words, count = told("proof"), 0
    for order, commune in enumerate(one for one in communes if one.id in by):
        name = f"{commune.kind} {commune.name}".lower().replace(commune.name.lower(), commune.name)
        for told_of in words["documents"]:
            dated = min(date(today.year, told_of["month"], 12), today)
            row = Document(
                place_id=commune.id,
                kind=told_of["kind"],
                number=told_of["number"].format(order=order + 3),
                dated=dated,
                issuer=f"UBND {name}",
                abstract=told_of["abstract"].format(name=name, year=today.year),
                has_names=False,
                added_at=_morning(dated),
                changed_at=_morning(dated),
                added_by=by[commune.id],
            )
            if instance and "lines" in told_of:
                attach(session, instance, row, told_of["lines"])
            session.add(row)
            session.flush()
            for code in told_of["indicators"]:
                session.add(DocumentIndicator(document_id=row.id or 0, indicator=code, place_id=commune.id))
            count += 1
        count += _model(session, commune, picked.get(commune.id), by[commune.id], today, instance)
    session.flush()
    return count


def _model(
    session: GatedSession,
    commune: Commune,
    village_id: int | None,
    by: int,
    today: date,
    instance: Path | None,
) -> int:
    if village_id is None:
        return 0
    words = told("proof")
    launched = date(today.year - 1, 10, 10)
    chosen = ModelVillage(
        village_id=village_id,
        model=MODEL,
        planned_on=date(today.year - 1, 6, 1),
        launched_on=launched,
        changed_at=_morning(today - timedelta(days=1)),
        changed_by=by,
    )
    session.add(chosen)
    session.flush()
    for code, is_met in words["ticks"].items():
        tick = ModelTick(
            village_id=village_id,
            item=code,
            is_met=is_met,
            note=words["tick_note"],
            ticked_at=_morning(today - timedelta(days=1)),
        )
        tick.ticked_by = by
        session.add(tick)
    given, where = words["model_document"], f"{commune.kind.lower()} {commune.name}"
    row = Document(
        place_id=commune.id,
        kind=given["kind"],
        dated=launched,
        issuer=f"UBND {where}",
        abstract=given["abstract"].format(village=where),
        has_names=True,
        added_at=_morning(today - timedelta(days=1)),
        changed_at=_morning(today - timedelta(days=1)),
        added_by=by,
    )
    if instance:
        attach(session, instance, row, [line.format(village=where) for line in given["lines"]])
    session.add(row)
    session.flush()
    session.add(
        DocumentTie(document_id=row.id or 0, noun="model", target=str(chosen.id), place_id=commune.id)
    )
    return 1
