"""From what people record to the figures everybody reads: shares with both numbers, and missing that is not 0."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tdteam.actions.record_filing import record_filing
from tdteam.actions.record_gathering import record_gathering
from tdteam.actions.record_visit import record_visit
from tdteam.domain.filings import FilingDraft
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.ids import new_id
from tdteam.domain.indicators import Indicator, Row, evaluate, selectors, total
from tdteam.domain.periods import VIETNAM, Period
from tdteam.domain.roles import SYSTEM
from tdteam.domain.shares import Average, Share
from tdteam.domain.tallies import nature_of
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import stocks
from tdteam.store.catalogue import shipped
from tdteam.store.gate import GatedSession
from tdteam.store.indicators import list_indicators, read_causes, read_figures, read_groups, read_series
from tdteam.store.sums import by_village
from tdteam.store.tables import Attainment, Confirmation
from tests.actions.given import helped, visit_at
from tests.cast import Cast

NOVEMBER = Period(2026, 11)
OCTOBER = Period(2026, 10)
ON = date(2026, 11, 14)


def figures(session: GatedSession, place_id: int | None, period: Period = NOVEMBER) -> dict[str, Any]:
    assert place_id is not None
    return read_figures(session, place_id, period, ON, list_indicators(session))


def visit(session: GatedSession, village: Any, on: date, *assists: Any, **values: Any) -> None:
    record_visit(session, visit_at(village, *assists, visited_on=on, **values), SYSTEM)


def test_every_shipped_indicator_reads_measures_that_are_tallied() -> None:
    codes = {row["code"] for row in shipped("indicators")}
    for row in shipped("indicators"):
        natures = {nature_of(one["measure"]) for one in row.get("part", ())}
        if row["source"] == Source.DECLARED:
            assert not row.get("part") and not row.get("whole") and row["part_name"], row["code"]
            assert row.get("is_places") or row.get("is_teams"), row["code"]
        else:
            assert natures == {row["nature"]}, row["code"]
        assert (row["unit"] == "%") == ("whole_name" in row and row["unit"] != "ngày"), row["code"]
        assert row.get("beside") is None or row["beside"] in codes
        wholes = {nature_of(one["measure"]) for one in row.get("whole", ())}
        assert wholes <= {Nature.STOCK if row["nature"] == Nature.DISTINCT else row["nature"]}, row["code"]


def test_each_column_of_annex_one_has_one_indicator_and_the_groups_of_help_make_up_the_whole() -> None:
    annex = [row["annex"] for row in shipped("indicators") if row.get("annex")]
    assert len(annex) == len(set(annex))
    rows = [Row("people", kind["code"], "done", 1) for kind in shipped("assist_kinds")]
    rows.append(Row("people", "A_KIND_OF_TOMORROW", "done", 1))
    by_code = {row["code"]: selectors(row.get("part")) for row in shipped("indicators")}
    groups = ("HELP_EID", "HELP_PAYMENT", "HELP_HEALTH", "HELP_COMMERCE", "HELP_SAFETY", "HELP_OTHER")
    filed = 1  # filings have a column of their own, which counts dossiers
    assert sum(total(rows, by_code[code]) or 0 for code in groups) + filed == len(rows)
    assert total(rows, by_code["PEOPLE"]) == len(rows)


def test_a_month_of_a_commune(cast: Cast) -> None:
    session, village = cast.village.world.session, cast.village
    homes = [village.household(people=4, adults=3, eid2=1).id for _ in range(4)]
    cast.sibling.household(people=2, adults=2, eid2=None)
    stocks.touch(session, [village.id, cast.sibling.id], on=ON)
    visit(session, village, date(2026, 10, 1), helped(people=5), household_id=homes[0])
    visit(session, village, date(2026, 11, 1), helped(), household_id=homes[0])
    visit(session, village, date(2026, 11, 2), helped("FILING_SUBMIT"), household_id=homes[1])
    visit(
        session,
        cast.sibling,
        date(2026, 11, 3),
        helped("EID2_ACTIVATE", "not_done", cause="NO_OTP", people=2),
    )
    record_gathering(
        session,
        GatheringDraft(None, village.id, village.team.id, date(2026, 11, 5), attended=30, women=18),
        SYSTEM,
    )
    for paid, result in ((True, date(2026, 11, 6)), (False, date(2026, 11, 12)), (None, None)):
        record_filing(
            session,
            FilingDraft(
                village_id=village.id,
                team_id=village.team.id,
                submitted_on=date(2026, 11, 2),
                fee_due=paid is not None,
                paid_online=paid,
                due_on=date(2026, 11, 10),
                result_on=result,
            ),
            SYSTEM,
        )
    found = figures(session, cast.commune.id)
    now = {code: figure.now for code, figure in found.items()}
    assert now["HOUSEHOLDS_REACHED"] == Share(2, 5)
    assert found["HOUSEHOLDS_REACHED"].previous == Share(1, 5)
    assert found["HOUSEHOLDS_REACHED"].cumulative == Share(2, 5)  # ten visits to one household are one
    assert now["PEOPLE"] == 4 and found["PEOPLE"].previous == 5 and found["PEOPLE"].cumulative == 9
    assert now["NOT_DONE_SHARE"] == Share(2, 4)
    assert (now["GATHERINGS"], now["ATTENDED"], now["ATTENDED_WOMEN"]) == (1, 30, Share(18, 30))
    assert now["FILINGS"] == 4  # three listed, one that a visit filed without listing it
    assert now["FILINGS_PAID"] == Share(1, 2)
    assert now["FILINGS_ON_TIME"] == Share(1, 2)
    assert now["FILING_DAYS"] == Average(14, 2)
    assert now["EID2_RESIDENTS"] == Share(4, 12)
    causes, whole = read_causes(session, cast.commune.id or 0, NOVEMBER, ON, "causes")
    assert causes == {"NO_OTP": (2, 0, 2, 1)} and whole == (2, 0, 2, 1)
    assert figures(session, cast.area.id)["PEOPLE"].now == 4
    assert figures(session, cast.next_commune.id)["PEOPLE"].now is None


def test_missing_is_not_zero_and_a_confirmed_nothing_is(cast: Cast) -> None:
    session = cast.village.world.session
    visit(session, cast.village, date(2026, 11, 1))
    session.add(
        Confirmation(
            id=new_id(),
            team_id=cast.sibling.team.id or 0,
            period="2026-11",
            kind="zero",
            confirmed_at=datetime(2026, 11, 14, tzinfo=VIETNAM),
        )
    )
    session.flush()
    indicators = list_indicators(session)
    groups = read_groups(
        session, cast.village.world.province.id or 0, [NOVEMBER, OCTOBER], ON, indicators, by_village()
    )
    november = groups["2026-11"]
    assert november[cast.village.id]["GATHERINGS"] == 0  # it worked, and held none
    assert november[cast.sibling.id]["VISITS"] == 0  # it said so
    assert cast.next_village.id not in november or november[cast.next_village.id]["VISITS"] is None
    assert not groups["2026-10"].get(cast.village.id, {}).get("VISITS")
    assert read_series(session, cast.commune.id or 0, [OCTOBER, NOVEMBER], ON, indicators)["VISITS"] == [
        None,
        1,
    ]


def test_households_reached_since_the_year_began_are_right_for_past_periods_too(cast: Cast) -> None:
    session = cast.village.world.session
    homes = [cast.village.household().id for _ in range(3)]
    stocks.touch(session, [cast.village.id], on=date(2026, 8, 20))
    for on, home in (
        (date(2025, 12, 1), homes[0]),  # the statutory year 2025
        (date(2026, 9, 1), homes[0]),
        (date(2026, 10, 1), homes[0]),
        (date(2026, 10, 2), homes[1]),
        (date(2026, 11, 1), homes[2]),
    ):
        visit(session, cast.village, on, household_id=home)
    reached = {
        month: figures(session, cast.commune.id, Period(2026, month))["HOUSEHOLDS_REACHED"].cumulative
        for month in (9, 10, 11)
    }
    assert reached == {9: Share(1, 3), 10: Share(2, 3), 11: Share(3, 3)}


def test_a_registry_that_never_asked_is_unknown_not_none(cast: Cast) -> None:
    session = cast.village.world.session
    home = cast.village.household(people=None, adults=None, eid2=None)
    stocks.touch(session, [cast.village.id], on=ON)
    now = {code: figure.now for code, figure in figures(session, cast.commune.id).items()}
    assert now["HOUSEHOLDS"] == 1
    assert now["BUSINESSES"] == 0
    assert now["POOR_HOUSEHOLDS"] is None
    assert now["EID2_RESIDENTS"] in (None, Share(None, None))
    assert now["HEALTH_BOOK_RESIDENTS"] in (None, Share(None, None))
    cast.village.resident(home)
    stocks.touch(session, [cast.village.id], on=ON)
    assert figures(session, cast.commune.id)["HEALTH_BOOK_RESIDENTS"].now == Share(0, 1)


def test_who_turned_fourteen_counts_in_the_new_year_though_nobody_touched_the_registry(cast: Cast) -> None:
    session = cast.village.world.session
    home = cast.village.household()
    cast.village.resident(home, birth_year=1980)
    young = cast.village.resident(home, birth_year=2013)
    session.add(Attainment(resident_id=young.id, village_id=cast.village.id, indicator="EID2"))
    stocks.touch(session, [cast.village.id], on=ON)
    assert figures(session, cast.commune.id)["EID2_RESIDENTS"].now == Share(0, 1)
    january = read_figures(
        session, cast.commune.id or 0, Period(2027, 1), date(2027, 1, 14), list_indicators(session)
    )
    assert january["EID2_RESIDENTS"].now == Share(1, 2)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (None, None),
        ([], 0),
        ([Row("people", "SAFETY", "done", 3)], 3),
        ([Row("people", "X", "not_done", 3)], 0),
    ],
)
def test_a_count_picks_its_rows(rows: list[Row] | None, value: int | None) -> None:
    told = [{"measure": "people", "outcome": ["done"]}]
    one = Indicator("X", "X", "", Nature.FLOW, Source.COUNTED, part=selectors(told))
    assert evaluate(one, rows) == value
