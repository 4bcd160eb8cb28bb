"""Sealed things that addresses name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tdteam.actions.seal_report import seal_figures
from tdteam.domain.periods import Period
from tdteam.domain.roles import Actor, Role
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.sealings import find_version
from tdteam.store.tables import Place, Sealing

if TYPE_CHECKING:
    from tests.web.things import Things

SEALED = Period(2026, 11, 15)
WRITER = Actor(None, "maker", Role.OFFICIAL)


def sealing(things: Things) -> Sealing:
    """The seal of the position's commune in November: made once, then found."""
    with open_session(things.stage.engine, EVERYWHERE, write=True) as opened:
        opened.expire_on_commit = False
        commune = opened.get_one(Place, things.commune_id)
        row = find_version(opened, things.commune_id, SEALED.code, 1)
        row = row or seal_figures(opened, commune, SEALED, WRITER, address="https://to.example")
        opened.commit()
        return row


def version(things: Things) -> int:
    """The number of that seal."""
    return sealing(things).version
