"""Signed things that addresses name: a signed report, its code, a signed copy of it (`things.py`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlmodel import select

from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Report, SignedCopy
from tests.web.sealed_things import SEALED, sealing

if TYPE_CHECKING:
    from tests.web.things import Things


def code(things: Things) -> str:
    """The code of the sealed November of the position's commune."""
    return sealing(things).code


def period(things: Things) -> str:
    """November, signed."""
    sealing(things)
    with open_session(things.stage.engine, EVERYWHERE, write=True) as opened:
        query = select(Report).where(Report.commune_id == things.commune_id, Report.period == SEALED.code)
        report = opened.exec(query).one()
        report.stage = "signed"
        opened.add(report)
        opened.commit()
    return SEALED.code


def copy(things: Things) -> int:
    """A signed copy, with its file."""
    row = SignedCopy(
        sealing_id=sealing(things).id, commune_id=things.commune_id, name="ban-ky.png", sha256=things["sha256"], size=9,
        kept_at=datetime.now(UTC),
    )  # fmt: skip
    return int(things.row(row))


MAKERS = {"copy_id": copy, "signed_copies.keep:period": period, "verify.show:code": code}
