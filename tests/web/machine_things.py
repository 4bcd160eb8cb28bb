"""Tokens of machines, and the seals they read, that addresses name (`things.py`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tdteam.domain.tokens import draw_token, hash_of, hint_of
from tdteam.store.tables import ApiToken
from tests.web.sealed_things import sealing

if TYPE_CHECKING:
    from tests.web.things import Things


def token(things: Things) -> int:
    """A token of the account that the address names."""
    drawn = draw_token()
    row = ApiToken(
        name="Trung tâm điều hành",
        hint=hint_of(drawn),
        hash=hash_of(drawn),
        account_id=things["account_id"],
        made_at=datetime(2026, 11, 20, tzinfo=UTC),
        expires_on=date(2027, 11, 1),
    )
    return int(things.row(row))


MAKERS = {"token_id": token, "sealing_id": lambda things: sealing(things).id}
