"""Tokens of machines: found by their hash, listed for who keeps the account, their use noted.

The table has no scope of its own, as that of accounts has none: who keeps an account keeps its tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.tokens import is_live
from tdteam.store import audit
from tdteam.store.gate import GatedSession
from tdteam.store.tables import ApiToken, Audit

NOTED = timedelta(minutes=audit.VIEW_MINUTES)


def find_live(session: GatedSession, hashed: str, today: date) -> ApiToken | None:
    """The token of a hash while it opens; whether its account does is another matter."""
    row = session.exec(select(ApiToken).where(ApiToken.hash == hashed)).first()
    return row if row and is_live(row.expires_on, row.revoked_at is not None, today) else None


def list_tokens(session: GatedSession, account_id: int) -> Sequence[ApiToken]:
    """An account's tokens, newest first, those taken back too."""
    query = select(ApiToken).where(ApiToken.account_id == account_id)
    return session.exec(query.order_by(col(ApiToken.id).desc())).all()


def get_token(session: GatedSession, account_id: int, token_id: int) -> ApiToken:
    """A token of an account, or NotFound."""
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account_id)
    row = session.exec(query).first()
    if row is None:
        raise NotFound
    return row


def add_token(
    session: GatedSession, account_id: int, *, name: str, hint: str, hashed: str, expires_on: date
) -> ApiToken:
    """Keep a new token's hash."""
    row = ApiToken(
        name=name,
        hint=hint,
        hash=hashed,
        account_id=account_id,
        made_at=datetime.now(UTC),
        made_by=session.scope.actor.account_id,
        expires_on=expires_on,
    )
    session.add(row)
    session.flush()
    return row


def end_token(session: GatedSession, row: ApiToken) -> None:
    """Take a token back."""
    row.revoked_at, row.revoked_by = datetime.now(UTC), session.scope.actor.account_id
    session.add(row)
    session.flush()


def noted_lately(session: GatedSession, token_id: int, endpoint: str) -> bool:
    """Whether this token's use of an endpoint was noted within the last ten minutes."""
    query = select(Audit.id).where(
        Audit.at > datetime.now(UTC) - NOTED,
        Audit.action == "view",
        Audit.noun == "api",
        Audit.target == _target(token_id, endpoint),
    )
    return session.scalar(query.limit(1)) is not None


def note_use(session: GatedSession, token_id: int, endpoint: str) -> None:
    """One audit entry by the session's actor, and when the token was last used."""
    if noted_lately(session, token_id, endpoint):
        return  # another request was first
    row = session.exec(select(ApiToken).where(ApiToken.id == token_id)).one()
    row.last_used_at = datetime.now(UTC)
    session.add(row)
    audit.append(session, "view", "api", _target(token_id, endpoint))


def _target(token_id: int, endpoint: str) -> str:
    return f"{token_id} {endpoint}"
