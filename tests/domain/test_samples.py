"""Spot checks: who has seed, place and days draws the same; what a sample tells of the whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from tdteam.domain import samples as rules
from tdteam.domain.samples import Answer, FindingDraft, SampleDraft

FRAME = {f"visit-{number:04d}": number % 7 for number in range(500)}
DAY = date(2026, 11, 1)


def test_anybody_draws_the_same_with_a_few_lines_of_their_own() -> None:
    by_hand = sorted(FRAME, key=lambda one: hashlib.sha256(f"abc-1|{one}".encode()).hexdigest())[:30]
    assert rules.draw(FRAME, "abc-1", 30) == by_hand
    assert rules.draw(dict(reversed(FRAME.items())), "abc-1", 30) == by_hand
    assert rules.draw(FRAME, "abc-2", 30) != by_hand


def test_every_visit_is_drawn_about_as_often() -> None:
    drawn = Counter(one for seed in range(400) for one in rules.draw(FRAME, f"seed{seed}", 50))
    assert len(drawn) == 500 and max(drawn.values()) < 80 and min(drawn.values()) > 12  # 40 are expected


def test_a_sample_by_team_gives_each_its_part() -> None:
    uneven = {f"v{number}": 1 if number < 60 else 2 if number < 90 else 3 for number in range(100)}
    counts = Counter(uneven[one] for one in rules.draw(uneven, "T-abcd", 20))
    assert counts == {1: 12, 2: 6, 3: 2}
    assert sum(rules.allot({1: 3, 2: 3, 3: 3}, "T-x", 5).values()) == 5
    assert rules.allot({1: 3}, "T-x", 50) == {1: 3} and rules.allot({}, "T-x", 5) == {}


def test_the_mark_of_the_list_tells_when_it_changed() -> None:
    assert rules.frame_of(["b", "a"]) == rules.frame_of(["a", "b"]) == hashlib.sha256(b"a\nb").hexdigest()
    assert rules.frame_of(["a"]) != rules.frame_of(["a", "b"])


@pytest.mark.parametrize(
    ("wrong", "asked", "low", "high"),
    # R: binom::binom.wilson(3, 28), (0, 30), (30, 30), (50, 100)
    [(3, 28, "3.7", "27.2"), (0, 30, "0.0", "11.4"), (30, 30, "88.6", "100.0"), (50, 100, "40.4", "59.6")],
)
def test_the_interval_is_wilsons(wrong: int, asked: int, low: str, high: str) -> None:
    assert rules.wilson(wrong, asked) == (Decimal(low), Decimal(high))


def test_absent_households_say_nothing_of_the_rate() -> None:
    found = rules.outcome(["confirmed"] * 8 + ["differs", "denied", "absent", None])
    assert (found.asked, found.wrong, found.open, found.counts[Answer.ABSENT]) == (10, 2, 1, 1)
    assert found.rate and found.rate.percent == Decimal("20.0")
    nothing = rules.outcome(["absent", None])
    assert nothing.rate is None and nothing.interval is None


@pytest.mark.parametrize(
    ("draft", "flaws"),
    [
        (SampleDraft(DAY, DAY, 30), []),
        (SampleDraft(None, DAY, 30), ["required"]),
        (SampleDraft(DAY, date(2026, 10, 1), 30), ["days_reversed"]),
        (SampleDraft(DAY, date(2027, 1, 1), 30), ["day_ahead"]),
        (SampleDraft(date(2024, 1, 1), DAY, 30), ["sample_span"]),
        (SampleDraft(DAY, DAY, 0), ["sample_size"]),
        (SampleDraft(DAY, DAY, 201), ["sample_size"]),
        (SampleDraft(DAY, DAY, None, seed="số 1"), ["sample_size", "sample_seed"]),
        (SampleDraft(DAY, DAY, 5, note="x" * 301), ["too_long"]),
    ],
)
def test_what_is_wrong_with_a_sample(draft: SampleDraft, flaws: list[str]) -> None:
    assert [flaw.code for flaw in rules.judge(draft, date(2026, 11, 23))] == flaws


def test_the_seed_says_whether_teams_were_told_apart() -> None:
    assert rules.seed_of("", "fresh", by_team=True) == "T-fresh" and rules.is_by_team("T-fresh")
    assert rules.seed_of("T-mine", "fresh", by_team=False) == "mine"


def test_what_was_typed_is_judged() -> None:
    odd = [FindingDraft(1, "maybe"), FindingDraft(2, None, "x"), FindingDraft(3, "absent", "y" * 301)]
    assert [(flaw.field, flaw.code) for flaw in rules.judge_findings(odd)] == [
        ("answer-1", "unknown_choice"),
        ("answer-2", "note_alone"),
        ("note-3", "too_long"),
    ]
