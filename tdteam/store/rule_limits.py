"""Rules as this installation has them: what an administrator set otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlmodel import select

from tdteam.domain.rule_limits import Rule, Standing, stand
from tdteam.store.gate import GatedSession
from tdteam.store.tables import RuleLimit


def read_rules(session: GatedSession, rules: Iterable[Rule]) -> dict[str, Standing]:
    """The rules as they stand here, by code."""
    kept = {row.code: (row.is_active, row.limits or {}) for row in session.exec(select(RuleLimit))}
    return stand(rules, kept)


def write_rule(session: GatedSession, rule: Rule, limits: Mapping[str, int], *, is_active: bool) -> bool:
    """Set a rule; whether that changed anything."""
    row = session.exec(select(RuleLimit).where(RuleLimit.code == rule.code)).first()
    before = stand([rule], {rule.code: (row.is_active, row.limits or {})} if row else None)[rule.code]
    if before.is_active == is_active and dict(before.limits) == dict(limits):
        return False
    row = row or RuleLimit(code=rule.code, changed_at=datetime.now(UTC))
    row.is_active, row.limits = is_active, dict(limits)
    row.changed_at, row.changed_by = datetime.now(UTC), session.scope.actor.account_id
    session.add(row)
    session.flush()
    return True
