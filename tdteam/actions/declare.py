"""Declares figures that somebody else counted; a second word on the same cell supersedes the first, which stays to be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tdteam.domain.declared import DeclaredDraft, judge_declared
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Actor
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.store import audit, declared, indicators, periods, places, settings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Declared


@dataclass(frozen=True)
class Stored:
    """What became of a draft: its row, whether it was added now, and the row it superseded."""

    row: Declared
    is_new: bool
    before: Declared | None = None


_TOLD = ("part", "whole", "note", "sender", "received_on", "scan_name", "scan_sha256")


def declare(session: GatedSession, draft: DeclaredDraft, actor: Actor) -> Declared:
    """Store a declared figure. Raises Refused with flaws; NotFound where the place lies outside the scope."""
    flaws = _judge(session, [draft])[0]
    if flaws:
        raise Refused(flaws)
    return _store(session, [draft])[0].row


def declare_all(
    session: GatedSession, drafts: Sequence[DeclaredDraft], actor: Actor, *, gone: Collection[Declared] = ()
) -> list[Stored]:
    """Store declared figures and take `gone` ones back, all or nothing; answers one Stored a draft.

    Raises Refused; the field of a flaw begins with its draft's place in the sequence ("3.part").
    """
    flaws = [
        replace(flaw, field=f"{place}.{flaw.field}")
        for place, found in enumerate(_judge(session, drafts))
        for flaw in found
    ]
    if flaws:
        raise Refused(flaws)
    stored = _store(session, drafts)
    for row in gone:
        withdraw(session, row, actor)
    return stored


def withdraw(session: GatedSession, row: Declared, actor: Actor) -> None:
    """Take a declared figure back: it stays in the history, out of force."""
    session.demand(row.place_id)
    if row.superseded_at is not None:
        return
    declared.supersede(session, [row])
    audit.append(session, "withdraw", "declared", row.id, place_id=row.place_id, indicator=row.indicator)


def _judge(session: GatedSession, drafts: Sequence[DeclaredDraft]) -> list[list[Flaw]]:
    known = {one.code: one for one in indicators.list_indicators(session)}
    now = today()
    running = settings.period_on(session, now)
    served = declared.served(session, {draft.team_id for draft in drafts if draft.team_id})
    book = periods.PeriodBook(session)
    out = []
    for draft in drafts:
        session.demand(draft.place_id)
        flaws = judge_declared(draft, known.get(draft.indicator), now, running)
        if draft.team_id and (draft.team_id, draft.place_id) not in served:
            flaws.append(Flaw("team_id", "team_not_here"))
        elif not flaws and draft.period and not _is_open(session, book, draft.place_id, draft.period):
            flaws.append(Flaw("period", "period_sealed"))
        out.append(flaws)
    return out


def _is_open(session: GatedSession, book: periods.PeriodBook, place_id: int, period: str) -> bool:
    """Whether figures of a period may still come in."""
    if places.get_place(session, place_id).level == Level.VILLAGE:
        return book.is_open(place_id, book.named(period))
    return periods.status_of(session, place_id, period) == PeriodStatus.OPEN


def _store(session: GatedSession, drafts: Sequence[DeclaredDraft]) -> list[Stored]:
    """Supersede and add what changed; what says the same again stays as it is. One entry in the audit."""
    before = declared.find_same(session, drafts)
    same = {
        place
        for place, row in before.items()
        if all(getattr(row, n) == getattr(drafts[place], n) for n in _TOLD)
    }
    fresh = [place for place in range(len(drafts)) if place not in same]
    replaced = [before[place] for place in fresh if place in before]
    declared.supersede(session, replaced)
    rows = dict(zip(fresh, declared.add_declared(session, [drafts[place] for place in fresh]), strict=True))
    if rows:
        added = list(rows.values())
        audit.append(
            session,
            "declare",
            "declared",
            added[0].id,
            place_id=added[0].place_id,
            span=added[0].span_key,
            rows=[row.id for row in added],
            indicators=sorted({row.indicator for row in added}),
            supersedes=[row.id for row in replaced],
        )
    return [
        Stored(rows[place], True, before.get(place)) if place in rows else Stored(before[place], False)
        for place in range(len(drafts))
    ]
