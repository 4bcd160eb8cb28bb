"""The stage of the litany: one world an engine, everybody's browser, and what lies inside whose scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.store.accounts import find_seen
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import Account, PlaceAncestor
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import Hamlet


@dataclass
class Stage:
    """One world an engine: the cast, the app, and whoever is signed in."""

    app: Flask
    engine: Engine
    cast: Cast
    instance: Path
    reach: dict[tuple[int, str], frozenset[int]] = field(default_factory=dict)

    def client(self, account: Account | None) -> CheckingClient:
        """A browser of an account, under the stamp it has now; of nobody for None."""
        made: CheckingClient = self.app.test_client()  # type: ignore[assignment]
        if account is not None:
            with open_session(self.engine, EVERYWHERE) as looking:
                seen = find_seen(looking, account.id or 0)
            assert seen
            account.session_stamp = seen.stamp
            made.sign_in(account)
        return made

    def positions(self, account: Account) -> dict[str, Hamlet]:
        """Where a thing may stand: in An's village, in the next village (told apart only by whose scope is a village), in
        the next commune."""
        cast = self.cast
        beside = {"sibling": cast.sibling} if account in (cast.an, cast.binh) else {}
        return {"own": cast.village, **beside, "next commune": cast.next_village}

    def inside(self, account: Account) -> frozenset[int]:
        """Ids of the places inside an account's scope."""
        return self._reached(account, "inside")

    def touching(self, account: Account) -> frozenset[int]:
        """Ids of the places that hold something inside it."""
        return self._reached(account, "touching")

    def _reached(self, account: Account, how: str) -> frozenset[int]:
        key = (account.id or 0, how)
        if key not in self.reach:
            with open_session(self.engine, EVERYWHERE) as looking:
                seen = find_seen(looking, account.id or 0)
                roots = sorted(seen.roots) if seen else []
                inside = {place for root in roots for place in looking.exec(ids_inside(root))}
                query = select(PlaceAncestor.ancestor_id).where(
                    col(PlaceAncestor.place_id).in_(inside), holds_on(PlaceAncestor, today())
                )
                self.reach[account.id or 0, "inside"] = frozenset(inside)
                self.reach[account.id or 0, "touching"] = frozenset(looking.exec(query))
        return self.reach[key]
