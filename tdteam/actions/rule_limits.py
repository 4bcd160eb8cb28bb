"""Sets the thresholds of rules and which of them are asked, with one entry in the audit for each that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tdteam.domain.errors import NotAllowed, Refused
from tdteam.domain.roles import Actor, Power
from tdteam.domain.rule_limits import Rule, judge_limits
from tdteam.store import audit
from tdteam.store.gate import GatedSession
from tdteam.store.rule_limits import write_rule


@dataclass(frozen=True)
class Wanted:
    """What somebody typed for a rule; a threshold left empty or unreadable is None."""

    rule: Rule
    is_active: bool
    limits: Mapping[str, int | None]


def set_rules(session: GatedSession, wanted: Sequence[Wanted], actor: Actor) -> int:
    """Set them all or none; answers how many changed. Raises Refused, NotAllowed."""
    if not actor.holds(Power.KEEP_CATALOGUE):
        raise NotAllowed
    if flaws := [flaw for one in wanted for flaw in judge_limits(one.rule, one.limits)]:
        raise Refused(flaws)
    changed = 0
    for one in wanted:
        limits = {name: value for name, value in one.limits.items() if value is not None}
        if write_rule(session, one.rule, limits, is_active=one.is_active):
            changed += 1
            audit.append(session, "set", "rule_limit", one.rule.code, is_active=one.is_active, **limits)
    return changed
