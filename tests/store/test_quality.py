"""Findings about the data over the real store: fifty sown faults, and villages where everything is right."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlmodel import func, select

from tdteam.domain.periods import parse_period
from tdteam.domain.quality import RULES, Finding
from tdteam.domain.rule_limits import stand
from tdteam.store import quality
from tdteam.store.gate import GatedSession
from tdteam.store.tables import AssistKind, Household, Resident, Visit
from tests.quality_faults import Fault, sow
from tests.quality_world import PERIOD, Life
from tests.world import World

SEEDS = [3, 17, 42, 2026]


def live(world: World, seed: int) -> Life:
    kinds = list(world.session.exec(select(AssistKind.code).order_by(AssistKind.code)))[:6]
    return Life(world, seed, kinds)


def found(session: GatedSession, world: World, kept: dict | None = None) -> list[Finding]:
    return quality.find_all(session, world.province.id or 0, parse_period(PERIOD), stand(RULES, kept))


def is_flagged(fault: Fault, findings: list[Finding]) -> bool:
    """By its own rule, and all but one of its records are named (a pair: both)."""
    enough = len(fault.records) if len(fault.records) < 3 else len(fault.records) - 1
    return any(
        one.rule == fault.rule and len({ref.id for ref in one.records} & fault.records) >= enough
        for one in findings
    )


def count_records(session: GatedSession) -> int:
    return sum(
        session.exec(select(func.count()).select_from(table)).one() for table in (Visit, Household, Resident)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_at_least_45_of_50_sown_faults_are_flagged_and_little_that_is_right(
    session: GatedSession, world: World, seed: int
) -> None:
    life = live(world, seed)
    faults = sow(life)
    assert len(faults) == 50
    findings = found(session, world)
    missed = Counter(fault.rule for fault in faults if not is_flagged(fault, findings))
    assert 50 - missed.total() >= 45, missed
    sown = {record for fault in faults for record in fault.records}
    wrong = Counter(one.rule for one in findings if not {ref.id for ref in one.records} & sown)
    flagged = {ref.id for one in findings for ref in one.records} - sown
    assert len(flagged) <= 0.02 * count_records(session), wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_villages_where_everything_is_right_are_left_alone(
    session: GatedSession, world: World, seed: int
) -> None:
    live(world, seed)
    findings = found(session, world)
    flagged = {ref.id for one in findings for ref in one.records}
    by_kind = {
        noun: {r.id for one in findings for r in one.records if r.noun == noun}
        for noun in ("visit", "household", "resident")
    }
    assert len(flagged) <= 0.02 * count_records(session), Counter(one.rule for one in findings)
    for noun, table in (("visit", Visit), ("household", Household), ("resident", Resident)):
        assert len(by_kind[noun]) <= 0.02 * session.exec(select(func.count()).select_from(table)).one(), noun
