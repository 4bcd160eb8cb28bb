"""Rules as this installation has them: what an administrator set otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlmodel import select

from tdteam.domain.rule_limits import Rule, Standing, stand
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import RuleLimit

_limit = RuleLimit.__table__  # type: ignore[attr-defined]


def read_rules(session: GatedSession, rules: Iterable[Rule]) -> dict[str, Standing]:
    """The rules as they stand here, by code."""
    kept = {row.code: (row.is_active, row.limits or {}) for row in session.exec(select(RuleLimit))}
    return stand(rules, kept)


def write_rule(session: GatedSession, rule: Rule, limits: Mapping[str, int], *, is_active: bool) -> bool:
    """Set a rule; whether that changed anything."""
    before = read_rules(session, [rule])[rule.code]
    if before.is_active == is_active and dict(before.limits) == dict(limits):
        return False
    row = _hold(session, rule)
    row.is_active, row.limits = is_active, dict(limits)
    row.changed_at, row.changed_by = datetime.now(UTC), session.scope.actor.account_id
    session.add(row)
    session.flush()
    return True


def _hold(session: GatedSession, rule: Rule) -> RuleLimit:
    """A rule's row, made where nobody set the rule before (two may do so at once), held until the transaction ends."""
    row = {"code": rule.code, "limits": {}, "changed_at": datetime.now(UTC)}
    bulk.run(session, bulk.insert(session, _limit).on_conflict_do_nothing(), row, places=())
    query = select(RuleLimit).where(RuleLimit.code == rule.code)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one()
