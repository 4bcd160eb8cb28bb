"""What was done to one thing, newest first: the audit's entries about it, with the names of the accounts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Audit


@dataclass(frozen=True)
class HistoryLine:
    """One act. `by` is None for the command line; `detail` holds field names and counts, never values."""

    at: datetime
    by: str | None
    action: str
    noun: str
    detail: dict[str, Any] = field(default_factory=dict)


def list_history(
    session: GatedSession, things: Iterable[tuple[str, object]], limit: int = 30
) -> list[HistoryLine]:
    """The newest acts on things named (noun, id). Ask only for things the scope has shown: the audit has no scope."""
    about = [and_(col(Audit.noun) == noun, col(Audit.target) == str(target)) for noun, target in things]
    if not about:
        return []
    query = (
        select(Audit.at, Account.name, Audit.action, Audit.noun, Audit.detail)
        .join(Account, col(Account.id) == Audit.account_id, isouter=True)
        .where(or_(*about), Audit.action != "view")
        .order_by(col(Audit.id).desc())
        .limit(limit)
    )
    return [
        HistoryLine(at, by, action, noun, json.loads(detail))
        for at, by, action, noun, detail in session.exec(query)
    ]


def find_account_name(session: GatedSession, account_id: int | None) -> str | None:
    """Whose account an id is; None for the command line."""
    if account_id is None:
        return None
    return session.exec(select(Account.name).where(Account.id == account_id)).first()
