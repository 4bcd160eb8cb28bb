"""A board narrowed: by name without marks, under the target, silent for days, without a report, model villages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tdteam.domain.coverage import LEAD, Line
from tdteam.domain.coverage_filter import Narrowed, Show, is_under
from tdteam.domain.month import TeamStatus
from tdteam.domain.shares import Share

ON = date(2026, 11, 24)


def line(number: int, name: str = "Hốc Đá", level: str = "village", **more: Any) -> Line:
    return Line(place_id=number, name=name, sort=name, values=more.pop("values", {}), level=level, **more)


COMMUNE = line(9, "Xã Xuân Quang", "commune", state="draft")
SILENT = {"statuses": {TeamStatus.SILENT: 1}}


def kept(narrowed: Narrowed, *villages: Line, commune: Line = COMMUNE) -> tuple[bool, list[int]]:
    stays, rows = narrowed.rows(commune, villages, ON)
    return stays, [row.place_id for row in rows]


def test_a_name_is_found_without_marks_and_a_commune_named_keeps_its_villages() -> None:
    villages = line(1, "Hốc Đá"), line(2, "Nậm Dù")
    assert kept(Narrowed(q="hoc da"), *villages) == (True, [1])
    assert kept(Narrowed(q="xuan quang"), *villages) == (True, [1, 2])
    assert kept(Narrowed(q="zzz"), *villages) == (False, [])


def test_under_the_target_asks_the_lead_where_it_has_one() -> None:
    share = {LEAD: Share(50, 100), "EID2_RESIDENTS": Share(1, 100)}
    both = {LEAD: Decimal(40), "EID2_RESIDENTS": Decimal(90)}
    assert not is_under(line(1, values=share, targets=both))
    assert is_under(line(1, values=share, targets={"EID2_RESIDENTS": Decimal(90)}))
    assert not is_under(line(1, values={LEAD: None}, targets={LEAD: Decimal(40)}))


def test_silence_of_so_many_days() -> None:
    narrowed = Narrowed(silent=14)
    assert kept(narrowed, line(1, last_on=date(2026, 11, 10), **SILENT)) == (True, [1])
    assert kept(narrowed, line(1, last_on=date(2026, 11, 11), **SILENT)) == (False, [])
    assert kept(narrowed, line(1, last_on=None, **SILENT)) == (True, [1])
    assert kept(narrowed, line(1, last_on=date(2026, 1, 1))) == (False, [])


def test_a_missing_report_is_the_communes() -> None:
    narrowed = Narrowed(show=frozenset({Show.NO_REPORT}))
    late = line(9, "Xã", "commune", state="none")
    assert kept(narrowed, line(1)) == (False, [])
    assert kept(narrowed, line(1), commune=late) == (True, [])
    silent = Narrowed(show=frozenset({Show.NO_REPORT}), silent=14)
    assert kept(silent, line(1, **SILENT), line(2), commune=late) == (True, [1])


def test_model_villages_are_those_chosen() -> None:
    narrowed = Narrowed(show=frozenset({Show.MODEL}), models=frozenset({2}))
    assert kept(narrowed, line(1), line(2)) == (True, [2])
