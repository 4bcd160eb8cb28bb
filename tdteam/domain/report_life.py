"""The life of a report: draft, figures sealed, submitted, signed, issued; and who may take which step.

After "figures sealed" (chot so lieu) the figures never move; words, signer, number and date stay editable until the
paper is issued. Before issue the figures may be opened again; after issue only a report that replaces it changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tdteam.domain.errors import Conflict, Flaw, NotAllowed
from tdteam.domain.privacy import judge_text
from tdteam.domain.roles import Actor, Power

WHY_LIMIT = 500


class Stage(StrEnum):
    """Where a report stands, in order."""

    DRAFT = "draft"
    SEALED = "sealed"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    ISSUED = "issued"


class Step(StrEnum):
    SEAL = "seal"
    UNSEAL = "unseal"  # before issue: the figures open again, with a reason
    SUBMIT = "submit"  # trinh ky
    RETURN = "return"  # the approver wants other words, with a reason
    SIGN = "sign"
    ISSUE = "issue"  # phat hanh: the paper itself never changes from here on
    REPLACE = "replace"  # after issue: new figures in a new numbered report


@dataclass(frozen=True)
class Rule:
    """From which stages a step leads where, whose it is, and whether it must say why."""

    since: frozenset[Stage]
    to: Stage
    power: Power
    needs_why: bool = False


_S = Stage
RULES: dict[Step, Rule] = {
    Step.SEAL: Rule(frozenset({_S.DRAFT}), _S.SEALED, Power.WRITE_REPORT),
    Step.UNSEAL: Rule(frozenset({_S.SEALED, _S.SUBMITTED, _S.SIGNED}), _S.DRAFT, Power.WRITE_REPORT, True),
    Step.SUBMIT: Rule(frozenset({_S.SEALED}), _S.SUBMITTED, Power.WRITE_REPORT),
    Step.RETURN: Rule(frozenset({_S.SUBMITTED, _S.SIGNED}), _S.SEALED, Power.APPROVE_REPORT, True),
    Step.SIGN: Rule(frozenset({_S.SUBMITTED}), _S.SIGNED, Power.APPROVE_REPORT),
    Step.ISSUE: Rule(frozenset({_S.SIGNED}), _S.ISSUED, Power.WRITE_REPORT),
    Step.REPLACE: Rule(frozenset({_S.ISSUED}), _S.SEALED, Power.WRITE_REPORT, True),
}
_EITHER = frozenset({Step.ISSUE})
"""Steps an approver may take as well: issuing is clerk's work that follows the signature."""


def may_take(step: Step, actor: Actor, *, submitted_by: int | None, is_alone: bool) -> bool:
    """Whether an actor may take a step. Who submitted does not sign, unless the commune has one person for both
    (`is_alone`, a setting; the step then says so)."""
    rule = RULES[step]
    if step in _EITHER and actor.holds(Power.APPROVE_REPORT):
        return True
    if step is Step.SIGN:
        if is_alone:
            return actor.holds(Power.APPROVE_REPORT) or actor.holds(Power.WRITE_REPORT)
        return actor.holds(Power.APPROVE_REPORT) and (
            submitted_by is None or actor.account_id != submitted_by
        )
    if step is Step.RETURN and is_alone and actor.holds(Power.WRITE_REPORT):
        return True
    return actor.holds(rule.power)


def steps_open(stage: Stage, actor: Actor, *, submitted_by: int | None, is_alone: bool) -> tuple[Step, ...]:
    """The steps an actor may take now."""
    return tuple(
        step
        for step, rule in RULES.items()
        if stage in rule.since and may_take(step, actor, submitted_by=submitted_by, is_alone=is_alone)
    )


def demand_step(
    step: Step, stage: Stage, actor: Actor, *, submitted_by: int | None = None, is_alone: bool = False
) -> Stage:
    """The stage a step leads to. Raises Conflict `stage` where it cannot follow, NotAllowed `four_eyes` where the
    one who submitted would sign, NotAllowed otherwise."""
    rule = RULES[step]
    if stage not in rule.since:
        raise Conflict("stage", stage=str(stage))
    if not may_take(step, actor, submitted_by=submitted_by, is_alone=is_alone):
        own = step is Step.SIGN and actor.holds(Power.APPROVE_REPORT)
        raise NotAllowed("four_eyes" if own else "")
    return rule.to


def judge_why(step: Step, why: str) -> list[Flaw]:
    """What is wrong with the reason of a step. Codes: required, and those of free text."""
    if not RULES[step].needs_why:
        return []
    return judge_text("why", why, WHY_LIMIT) if why.strip() else [Flaw("why", "required")]
