"""Draws a sample of visits for a spot check, keeps what was found there, and draws its sheet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from tdteam.actions.draft_report import Paper
from tdteam.actions.draw_papers import demand_ending, dressed
from tdteam.domain.errors import Flaw, NotAllowed, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Actor, Power
from tdteam.domain.sample_papers import SheetLine, SpotSheet
from tdteam.domain.samples import FindingDraft, SampleDraft, judge, judge_findings, seed_of
from tdteam.reports.lists import ascii_filename
from tdteam.reports.samples import draw_sheet
from tdteam.store import audit, catalogue, places, samples
from tdteam.store.gate import GatedSession
from tdteam.store.named import judge_named
from tdteam.store.tables import Sample


def draw_sample(session: GatedSession, place_id: int, draft: SampleDraft, actor: Actor) -> Sample:
    """Draw a sample of a place's counted visits. Refused with flaws (`sample_empty`: no visit counts there), NotAllowed,
    NotFound."""
    if not actor.holds(Power.SPOT_CHECK):
        raise NotAllowed
    session.demand(place_id)
    if flaws := judge(draft, today()) or judge_named(session, place_id, {"note": draft.note}):
        raise Refused(flaws)
    assert draft.since and draft.until
    seed = seed_of(draft.seed.strip(), secrets.token_hex(8), by_team=draft.by_team)
    frame = samples.read_frame(session, place_id, draft.since, draft.until + timedelta(days=1))
    if not frame:
        raise Refused([Flaw("until", "sample_empty")])
    row = samples.add_sample(session, place_id, draft, seed, frame)
    audit.append(session, "create", "sample", row.id, place_id=place_id, size=row.size, count=row.population)
    return row


def record_findings(
    session: GatedSession, sample_id: int, found: Sequence[FindingDraft], actor: Actor
) -> int:
    """Keep what was found; answers how many lines changed. Refused with flaws, NotAllowed, NotFound."""
    if not actor.holds(Power.SPOT_CHECK):
        raise NotAllowed
    head = samples.get_sample(session, sample_id)
    notes = {f"note-{one.position}": one.note for one in found if one.note}
    if flaws := judge_findings(found) or judge_named(session, head.place_id, notes):
        raise Refused(flaws)
    changed = samples.write_findings(session, sample_id, found)
    if changed:
        audit.append(session, "record", "sample", sample_id, place_id=head.place_id, rows=changed)
    return changed


def draw_check_sheet(session: GatedSession, sample_id: int, ending: str, *, demo: bool = False) -> Paper:
    """The sheet that goes along, as `pdf` or `xlsx`; with households' names only for who may see them."""
    demand_ending(ending)
    head = samples.get_sample(session, sample_id)
    place = places.get_place(session, head.place_id)
    is_village = place.level == Level.VILLAGE
    issuer = places.find_above(session, head.place_id, Level.COMMUNE) if is_village else place
    known = catalogue.read_catalogue(session)
    sheet = SpotSheet(
        settings=dressed(session, issuer, demo=demo),
        number=head.id,
        place=head.place,
        since=head.since,
        last_day=head.last_day,
        seed=head.seed,
        frame=head.frame,
        population=head.population,
        drawn_at=head.drawn_at,
        has_names=session.scope.names,
        lines=tuple(
            SheetLine(
                line.code,
                line.village,
                line.team,
                line.household,
                line.visited_on,
                ", ".join(known.kind_name(kind) for kind in line.kinds),
                line.state,
                line.answer,
                line.note,
            )
            for line in samples.list_lines(session, sample_id)
        ),
    )
    name = ascii_filename(f"phieu-kiem-tra-{head.id}-{head.place}", ending)
    return Paper(draw_sheet(sheet, ending), name)
