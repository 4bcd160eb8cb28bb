"""Rules that stand twice, in Python for the server and in JavaScript for the phone: what one says the other says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tdteam.domain import filings, gatherings, visits
from tdteam.domain.indicators import Row, selectors, total
from tdteam.domain.periods import Period, period_of
from tdteam.domain.tallies import TallyKey, deltas_of_filing, deltas_of_gathering, deltas_of_visit
from tdteam.domain.todo import todo
from tests.browser.modules import Modules, modules
from tests.browser.site import ROOT
from tests.domain.todo_worlds import CONTACTS, KINDS, OUTCOMES, WORLD, days, maybe

BATCHES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
INDICATORS = {
    one["code"]: one for one in json.loads((ROOT / "tdteam/data/indicators.json").read_text("utf-8"))
}
SOME_ID = "01920000-0000-7000-8000-00000000000a"


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Modules]:
    with modules(browser) as found:
        yield found


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


@BATCHES
@given(st.lists(WORLD, min_size=15, max_size=30))
def test_server_and_phone_give_the_same_list_of_things_to_do(
    phone: Modules, worlds: list[dict[str, Any]]
) -> None:
    theirs = phone.call("todo.js", "todo", [[world] for world in worlds])
    assert theirs == [plain(todo(world)) for world in worlds]


FILING = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just(SOME_ID),
        "procedure": maybe(st.sampled_from(["BIRTH", "OTHER"])),
        "mode": st.sampled_from([None, "full", "partial"]),
        "fee_due": maybe(st.booleans()),
        "paid_online": maybe(st.booleans()),
    },
)
ASSIST = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*KINDS, "PAY_QR", "SAFETY", "SKILL"]),
        "outcome": st.sampled_from(OUTCOMES),
        "cause": st.sampled_from([None, "NO_OTP"]),
        "people": maybe(st.integers(1, 40)),
        "filing": maybe(FILING),
    }
)
VISIT = st.fixed_dictionaries(
    {
        "contact": st.sampled_from([None, *CONTACTS]),
        "return_on": maybe(days(1, 9)),
        "assists": st.lists(ASSIST, max_size=5),
    }
)
HEADS = st.none() | st.integers(0, 30)
GATHERING = st.fixed_dictionaries(
    {
        "attended": maybe(st.integers(1, 30)),
        "women": HEADS,
        "youth": HEADS,
        "elders": HEADS,
        "assists": st.lists(ASSIST, max_size=5),
    }
)


def joined(deltas: Mapping[TallyKey, int]) -> dict[str, int]:
    return {"|".join(key): value for key, value in deltas.items()}


@BATCHES
@given(
    st.lists(VISIT, min_size=1, max_size=30), st.lists(GATHERING, max_size=30), st.lists(FILING, max_size=9)
)
def test_a_visit_a_gathering_and_a_filing_add_the_same_on_both_sides(
    phone: Modules, some: list[Any], crowds: list[Any], papers: list[Any]
) -> None:
    theirs = phone.call("month.js", "deltasOfVisit", [[body] for body in some])
    assert theirs == [joined(deltas_of_visit(visits.draft_from_json(body)[0])) for body in some]
    theirs = phone.call("month.js", "deltasOfGathering", [[body] for body in crowds])
    assert theirs == [joined(deltas_of_gathering(gatherings.draft_from_json(body)[0])) for body in crowds]
    theirs = phone.call("month.js", "deltasOfFiling", [[body] for body in papers])
    assert theirs == [joined(deltas_of_filing(filings.draft_from_json(body)[0])) for body in papers]


def figures_of_the_phone(phone: Modules) -> dict[str, Any]:
    found: dict[str, Any] = phone.page.evaluate(
        "async () => (await import('/static/js/phone/month.js')).FIGURES"
    )
    return found


def test_figures_of_the_phone_are_those_of_the_catalogue(phone: Modules) -> None:
    found = figures_of_the_phone(phone)
    assert {code: selectors(INDICATORS[code]["part"]) for code in found} == {
        code: selectors(told) for code, told in found.items()
    }
    teams = {code for code, one in INDICATORS.items() if one.get("is_teams") and one["source"] == "counted"}
    assert teams == set(found)


@BATCHES
@given(st.lists(VISIT, min_size=1, max_size=20))
def test_figures_are_summed_alike(phone: Modules, some: list[Any]) -> None:
    tallies = [deltas_of_visit(visits.draft_from_json(body)[0]) for body in some]
    codes = list(figures_of_the_phone(phone))
    asked = [[code, joined(deltas)] for deltas in tallies for code in codes]
    ours = [
        total(
            [Row(key.measure, key.kind, key.outcome, value) for key, value in deltas.items()],
            selectors(INDICATORS[code]["part"]),
        )
        for deltas in tallies
        for code in codes
    ]
    assert phone.call("month.js", "evaluate", asked) == ours


@BATCHES
@given(
    st.lists(st.dates(date(2015, 1, 1), date(2095, 12, 31)), min_size=1, max_size=60),
    st.sampled_from([15, 1, 10, 28]),
    st.integers(-30, 30),
)
def test_periods_begin_and_end_alike(phone: Modules, some: list[date], start: int, months: int) -> None:
    ours = [period_of(day, start) for day in some]
    assert phone.call("periods.js", "periodOf", [[str(day), start] for day in some]) == [p.code for p in ours]

    def told(name: str) -> list[Any]:
        return phone.call("periods.js", name, [[period.code, start] for period in ours])

    assert told("since") == [str(period.since) for period in ours]
    assert told("until") == [str(period.until) for period in ours]
    assert told("lastDay") == [str(period.last_day) for period in ours]
    moved = phone.call("periods.js", "plus", [[period.code, months] for period in ours])
    assert moved == [period.plus(months).code for period in ours]
    years = phone.call("periods.js", "ofYearSoFar", [[period.code] for period in ours])
    assert years == [[one.code for one in period.of_year_so_far()] for period in ours]


def test_the_period_of_the_decree_ends_on_the_fourteenth(phone: Modules) -> None:
    """Said once in plain figures, so that both sides cannot be wrong together."""
    asked = [["2026-11-14", 15], ["2026-11-15", 15], ["2026-12-15", 15], ["2026-11-30", 1]]
    assert phone.call("periods.js", "periodOf", asked) == ["2026-11", "2026-12", "2027-01", "2026-11"]
    assert Period(2026, 11).last_day == date(2026, 11, 14)
