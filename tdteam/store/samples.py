"""Samples of visits: the frame, what was drawn, what was found; names only where the scope may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.households import short_id
from tdteam.domain.periods import today
from tdteam.domain.samples import FindingDraft, SampleDraft, draw, frame_of
from tdteam.domain.vocabulary import RecordState
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Account, Assist, Household, Place, Sample, SampleLine, Team, Visit

LISTED = 100


@dataclass(frozen=True)
class SampleHead:
    """A sample in a list."""

    id: int
    place: str
    place_id: int
    since: date
    last_day: date
    seed: str
    size: int
    population: int
    frame: str
    note: str
    drawn_at: datetime
    drawn_by: str | None
    answers: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class SampleVisit:
    """A visit of a sample. `household` is None where names may not be seen or none was named; `state` is the record's
    now, `kinds` what it said when it was drawn."""

    position: int
    visit_id: str
    code: str
    village: str
    team: str
    visited_on: date
    household: str | None
    kinds: tuple[str, ...]
    state: str
    answer: str | None
    note: str
    checked_on: date | None


def read_frame(session: GatedSession, place_id: int, since: date, until: date) -> dict[str, int]:
    """The visits that count in a place and [since, until): id -> team."""
    query = select(Visit.id, Visit.team_id).where(
        col(Visit.village_id).in_(ids_inside(place_id)),
        Visit.state == RecordState.CURRENT,
        Visit.visited_on >= since,
        Visit.visited_on < until,
    )
    return dict(session.exec(query).all())


def add_sample(
    session: GatedSession, place_id: int, draft: SampleDraft, seed: str, frame: Mapping[str, int]
) -> Sample:
    """Draw a sample from its frame and keep it. NotFound outside the scope."""
    session.demand(place_id)
    assert draft.since and draft.until and draft.size
    ids = draw(frame, seed, draft.size)
    row = Sample(
        place_id=place_id,
        since=draft.since,
        until=draft.until + timedelta(days=1),
        seed=seed,
        size=len(ids),
        population=len(frame),
        frame=frame_of(frame),
        note=draft.note.strip(),
        drawn_at=datetime.now(UTC),
        drawn_by=session.scope.actor.account_id,
    )
    session.add(row)
    session.flush()
    query = select(Visit.id, Visit.version, Visit.village_id).where(col(Visit.id).in_(ids))
    known = {visit: (version, village) for visit, version, village in session.exec(query)}
    for position, visit in enumerate(ids, 1):
        version, village = known[visit]
        session.add(
            SampleLine(
                sample_id=row.id or 0, position=position, visit_id=visit, version=version, village_id=village
            )
        )
    session.flush()
    return row


def list_samples(session: GatedSession, place_id: int | None = None) -> list[SampleHead]:
    """The samples of the scope, or of one place and what lies in it, newest first."""
    query = _heads()
    if place_id is not None:
        query = query.where(col(Sample.place_id).in_(ids_inside(place_id)))
    rows = session.exec(query.order_by(col(Sample.id).desc()).limit(LISTED)).all()
    answers: dict[int, list[str | None]] = defaultdict(list)
    asked = select(SampleLine.sample_id, SampleLine.finding).where(
        col(SampleLine.sample_id).in_([row.id for row, _name, _who in rows])
    )
    for sample, answer in session.exec(asked):
        answers[sample].append(answer)
    return [_head(row, name, who, answers[row.id or 0]) for row, name, who in rows]


def get_sample(session: GatedSession, sample_id: int) -> SampleHead:
    """One sample, or NotFound."""
    found = session.exec(_heads().where(Sample.id == sample_id)).first()
    if found is None:
        raise NotFound
    row, place, who = found
    return _head(row, place, who, [])


def _heads() -> Any:
    return (
        select(Sample, Place.name, Account.name)
        .join(Place, col(Place.id) == Sample.place_id)
        .join(Account, col(Account.id) == Sample.drawn_by, isouter=True)
    )


def _head(row: Sample, place: str, who: str | None, answers: Sequence[str | None]) -> SampleHead:
    return SampleHead(
        row.id or 0,
        place,
        row.place_id,
        row.since,
        row.until - timedelta(days=1),
        row.seed,
        row.size,
        row.population,
        row.frame,
        row.note,
        row.drawn_at,
        who,
        tuple(answers),
    )


def list_lines(session: GatedSession, sample_id: int) -> list[SampleVisit]:
    """The visits of a sample as they were drawn, in its order. A visit corrected since shows what it said then."""
    newest = aliased(Visit)
    query = (
        select(SampleLine, Visit, Place.label, Team.name, Household.head, newest.state)
        .join(Visit, col(Visit.id) == SampleLine.visit_id)
        .join(Place, col(Place.id) == SampleLine.village_id)
        .join(Team, col(Team.id) == Visit.team_id, isouter=True)
        .join(Household, col(Household.id) == Visit.household_id, isouter=True)
        .join(newest, newest.id == _newest_id(), isouter=True)
        .where(SampleLine.sample_id == sample_id)
        .order_by(col(SampleLine.position))
    )
    found = session.exec(query).all()
    kinds = _kinds(session, [visit.id for _line, visit, *_rest in found])
    names = session.scope.names
    return [
        SampleVisit(
            line.position,
            visit.id,
            short_id(visit.id),
            village,
            team or "",
            visit.visited_on,
            head if names else None,
            kinds.get(visit.id, ()),
            _state(visit.state, newest_state),
            line.finding,
            line.note,
            line.checked_on,
        )
        for line, visit, village, team, head, newest_state in found
    ]


def _newest_id() -> Any:
    """The newest version of the chain a visit belongs to."""
    other = aliased(Visit)
    return (
        select(other.id)
        .where(other.root_id == Visit.root_id)
        .order_by(other.version.desc())  # type: ignore[attr-defined]
        .limit(1)
        .correlate(Visit)
        .scalar_subquery()
    )


def _state(own: str, newest: str | None) -> str:
    """Voided in the end, corrected, or as it was drawn."""
    if newest == RecordState.VOID or own == RecordState.VOID:
        return str(RecordState.VOID)
    return own


def _kinds(session: GatedSession, visit_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = defaultdict(list)
    query = select(Assist.visit_id, Assist.kind).where(col(Assist.visit_id).in_(visit_ids))
    for visit, kind in session.exec(query.order_by(col(Assist.kind))):
        if kind not in out[visit or ""]:
            out[visit or ""].append(kind)
    return {visit: tuple(found) for visit, found in out.items()}


def write_findings(session: GatedSession, sample_id: int, found: Sequence[FindingDraft]) -> int:
    """Keep what was found; answers how many lines changed. Lines not named stay as they are."""
    rows = {
        row.position: row for row in session.exec(select(SampleLine).where(SampleLine.sample_id == sample_id))
    }
    changed = 0
    for one in found:
        row = rows.get(one.position)
        if row is None or (row.finding, row.note) == (one.answer or None, one.note):
            continue
        row.finding, row.note = one.answer or None, one.note
        row.checked_on = (row.checked_on or today()) if one.answer else None
        row.checked_at, row.checked_by = datetime.now(UTC), session.scope.actor.account_id
        session.add(row)
        changed += 1
    session.flush()
    return changed
