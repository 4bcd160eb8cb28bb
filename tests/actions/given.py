"""Short words for the tests of recording: a session as somebody, a plain visit, a figure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from tdteam.domain.assists import AssistDraft
from tdteam.domain.roles import Actor
from tdteam.domain.visits import VisitDraft
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.tables import Account, AccountPlace, PeriodState, Place, Tally
from tests.world import Hamlet

DAY = date(2026, 11, 10)
PERIOD = "2026-11"


def actor_of(account: Account) -> Actor:
    return Actor(account.id, account.name, account.role)


@contextmanager
def signed_in(engine: Engine, account: Account, *, write: bool = True) -> Iterator[GatedSession]:
    """A session inside the account's own scope, committed at the end."""
    from tdteam.store.gate import EVERYWHERE

    with open_session(engine, EVERYWHERE) as looking:
        query = select(AccountPlace.place_id).where(AccountPlace.account_id == account.id)
        roots = frozenset(looking.scalars(query))
    scope = Scope(roots=roots, names=account.role != "reviewer", actor=actor_of(account))
    with open_session(engine, scope, write=write) as session:
        session.expire_on_commit = False  # rows are looked at after the commit
        yield session
        session.commit()


def visit_at(village: Hamlet, *assists: AssistDraft, **values: Any) -> VisitDraft:
    given = {"village_id": village.id, "team_id": village.team.id, "visited_on": DAY, **values}
    return VisitDraft(**given, assists=assists)


def helped(kind: str = "EID2_ACTIVATE", outcome: str = "done", **values: Any) -> AssistDraft:
    return AssistDraft(kind=kind, outcome=outcome, **values)


def figure(session: GatedSession, village: Hamlet, measure: str, *key: str, span: str = PERIOD) -> int | None:
    """A tally's value; None where there is no row. `key`: kind, outcome."""
    kind, outcome = (*key, "", "")[:2]
    return session.scalar(
        select(Tally.value).where(
            Tally.village_id == village.id,
            Tally.span == span,
            Tally.measure == measure,
            Tally.kind == kind,
            Tally.outcome == outcome,
        )
    )


def seal(session: GatedSession, commune: Place, period: str) -> None:
    """Seal a commune's period (the work of a later action)."""
    assert commune.id is not None
    session.merge(PeriodState(commune_id=commune.id, period=period, status="sealed", version=1))
    session.flush()
