"""A snapshot is canonical text, and reads back as the very same values."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from tdteam.domain import report_facts as facts
from tdteam.domain.periods import Period
from tdteam.domain.report_settings import PaperDate, PaperReference
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import Average, Share
from tdteam.domain.snapshots import (
    Counted,
    Replaced,
    Snapshot,
    canonical,
    from_json,
    sha256_of,
    snapshot_from,
    to_json,
)
from tdteam.domain.vocabulary import Nature, Source


def whole() -> Snapshot:
    line = facts.FigureLine(
        "REACHED", "Hộ đã đến", "%", "outreach", Nature.DISTINCT, Source.DECLARED, Share(3, 4), Average(7, 2), 5,
        origin="Công an xã", as_of=date(2026, 11, 10), headline=True,
    )  # fmt: skip
    table = facts.VillageTable(
        (facts.VillageColumn("visits"), facts.VillageColumn("people")),
        (facts.VillageLine("Hốc Đá", (None, 4), declared=True, village_id=9),),
        facts.VillageLine("", (0, 4)),
    )
    chart = facts.ChartSeries(
        "F", "Hồ sơ", "hồ sơ", (facts.ChartPoint(2026, 9, Decimal("12.5")), facts.ChartPoint(2026, 10, None)),
        kind=facts.ChartKind.BAR, target=Decimal("95"),
    )  # fmt: skip
    told = facts.ReportFacts(
        organisation=facts.Organisation(4, Share(3, 4), joined=1),
        reporting=facts.Reporting(4, 3, 1, ("Hốc Đá",)),
        figures=(line,),
        charts=(chart,),
        villages=table,
        difficulties=facts.Difficulties(Share(1, 9), causes=(facts.CauseLine("c", "Máy cũ", 1),)),
        teams=(facts.TeamLine("Tổ 1", decided_on=date(2024, 1, 2)),),
        changes=(facts.TeamChange(date(2026, 11, 1), "Tổ 1", facts.ChangeKind.JOINED, "Lý A"),),
    )
    return Snapshot(
        code="k3j9",
        version=2,
        place_id=7,
        place_name="Xã Xuân Quang",
        place_code="02926",
        span=month_span(Period(2026, 11, 15)),
        span_code="2026-11",
        facts=told,
        sealed_at="2026-11-16T03:00:00+00:00",
        audit_head="a" * 64,
        address="https://to.example",
        counted=Counted(12, 1, 3, "b" * 64),
        replaces=Replaced(PaperReference("05", "BC-UBND", PaperDate(5, 11, 2026)), "đếm sót", "c" * 64),
        changes=(facts.FigureChange("Hốc Đá", "Lượt", "3", "4"),),
    )


def test_a_snapshot_reads_back_as_the_very_same_values() -> None:
    made = whole()
    assert snapshot_from(made.text()) == made
    assert snapshot_from(made.text()).text() == made.text()


def test_keys_are_sorted_and_nothing_is_escaped_that_need_not_be() -> None:
    assert canonical({"b": [1, None, True], "a": 'Đ\n"'}) == '{"a":"Đ\\n\\"","b":[1,null,true]}'
    assert sha256_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"a": [0.1]})


def test_keys_of_later_code_are_passed_over_and_missing_ones_take_their_default() -> None:
    body = to_json(whole())
    body["unheard_of"] = 1
    del body["parts"], body["facts"]["teams"]
    read = from_json(Snapshot, json.loads(json.dumps(body)))
    assert read.parts == () and read.facts.teams == ()


def test_a_snapshot_that_lacks_what_it_must_have_is_refused() -> None:
    body = to_json(whole())
    del body["code"]
    with pytest.raises(ValueError, match="code"):
        from_json(Snapshot, body)
