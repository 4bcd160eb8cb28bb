"""Keeps the tokens of machines: an administrator makes one for an account and takes it back, both noted in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.periods import today
from tdteam.domain.tokens import draw_token, hash_of, hint_of, judge_token
from tdteam.domain.vietnamese import nfc
from tdteam.store import account_lists, audit, tokens
from tdteam.store.gate import GatedSession
from tdteam.store.tables import ApiToken


@dataclass(frozen=True)
class Made:
    """A new token: the row that is kept, and the token itself, which is shown once."""

    row: ApiToken
    token: str


def make(session: GatedSession, account_id: int, name: str, expires_on: date | None) -> Made:
    """A token for an account inside the scope. Raises NotFound beyond it, Refused for what `judge_token` finds, Conflict
    `account_disabled` where the account is closed."""
    account = account_lists.get_kept(session, account_id)
    flaws = judge_token(nfc(name), expires_on, today())
    if flaws or expires_on is None:
        raise Refused(flaws)
    if account.disabled_at is not None:
        raise Conflict("account_disabled")
    token = draw_token()
    row = tokens.add_token(
        session,
        account_id,
        name=nfc(name),
        hint=hint_of(token),
        hashed=hash_of(token),
        expires_on=expires_on,
    )
    audit.append(session, "create", "token", row.id, account=account_id, until=expires_on.isoformat())
    return Made(row, token)


def revoke(session: GatedSession, account_id: int, token_id: int) -> ApiToken:
    """Take a token back; doing so twice changes nothing. NotFound beyond the scope."""
    account_lists.get_kept(session, account_id)
    row = tokens.get_token(session, account_id, token_id)
    if row.revoked_at is None:
        tokens.end_token(session, row)
        audit.append(session, "revoke", "token", row.id, account=account_id)
    return row
