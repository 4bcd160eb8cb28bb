"""Annex I of an area's report: a row of sums after each commune, of exactly the rows above it, on paper and in the workbook."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import Engine

from tdteam.actions.area_sum import add_up
from tdteam.actions.seal_report import compose_sealed, words_of
from tdteam.domain.report_facts import VillageTable
from tdteam.domain.shares import Share
from tdteam.domain.snapshots import snapshot_from
from tdteam.reports.report_xlsx import draw_report_xlsx
from tdteam.store import sealings
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Place
from tests.actions.areas import NOVEMBER, Ground, make_ground
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World

OWN = "Cộng xã Xuân Quang"
PARTLY = "Cộng xã Bảo Thắng (chỉ tính 1/2 thôn, tổ dân phố thuộc địa bàn)"


@pytest.fixture
def ground(engine: Engine, cast: Cast, world: World) -> Ground:
    made = make_ground(engine, cast, world)
    for hamlet, count in ((cast.village, 3), (cast.sibling, 2), (cast.next_village, 4), (made.beyond, 50)):
        made.visits(hamlet, count)
    return made


def annex_rows(body: bytes) -> list[list[Any]]:
    """Every row of the workbook's sheets whose second cell is a word: villages, sums, the total."""
    book = load_workbook(io.BytesIO(body))
    return [
        list(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) if len(row) > 5
    ]


def sums(table: VillageTable, group: str) -> list[int | None]:
    """Column by column the counts of a commune's rows together; a column nobody knows stays unknown."""
    rows = [row.values for row in table.rows if row.group == group]
    known = [[cell for cell in column if isinstance(cell, int)] for column in zip(*rows, strict=True)]
    return [sum(column) if column else None for column in known]


def test_each_commune_s_row_is_the_sum_of_the_rows_above_it_and_they_make_the_total(ground: Ground) -> None:
    ground.issue(ground.cast.commune)
    ground.issue(ground.cast.next_commune)
    with signed_in(ground.engine, ground.cast.giang, write=False) as session:
        table = add_up(session, session.get_one(Place, ground.cast.area.id), NOVEMBER).facts.villages
    assert {one.group: one.villages for one in table.subtotals} == {
        "Xã Xuân Quang": Share(2, 2),
        "Xã Bảo Thắng": Share(1, 2),
    }
    assert [one.is_beyond for one in table.subtotals] == [
        one.group == "Xã Bảo Thắng" for one in table.subtotals
    ]
    visits = [column.code for column in table.columns].index("visits")
    assert {one.group: one.values[visits] for one in table.subtotals} == {
        "Xã Xuân Quang": 5,
        "Xã Bảo Thắng": 4,
    }
    for one in table.subtotals:
        assert list(one.values) == sums(table, one.group)
    assert table.total is not None
    for at, whole in enumerate(table.total.values):
        known = [one.values[at] for one in table.subtotals if isinstance(one.values[at], int)]
        assert whole == (sum(cell for cell in known if isinstance(cell, int)) if known else None)


def test_paper_and_workbook_print_them_and_a_snapshot_from_before_is_drawn_without(ground: Ground) -> None:
    ground.issue(ground.cast.commune)
    ground.issue(ground.cast.next_commune)
    sealed = ground.consolidate()
    with open_session(ground.engine, EVERYWHERE) as session:
        kept = {end: sealings.find_paper(session, sealed.id or 0, end) for end in ("pdf", "xlsx")}
        pdf, xlsx = kept["pdf"], kept["xlsx"]
        assert pdf is not None and xlsx is not None
        text = " ".join(
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.body)).pages).split()
        )
        rows = {str(row[1]): row for row in annex_rows(xlsx.body)}
        words = words_of(session, session.get_one(Place, ground.cast.area.id), NOVEMBER.code)
    assert OWN in text and "(chỉ tính 1/2" in text
    villages = snapshot_from(sealed.snapshot).facts.villages
    for name, group in ((OWN, "Xã Xuân Quang"), (PARTLY, "Xã Bảo Thắng")):
        printed = [None if cell == "-" else cell for cell in rows[name][2 : 2 + len(villages.columns)]]
        assert printed == sums(villages, group), name

    before = json.loads(sealed.snapshot)
    del before["facts"]["villages"]["subtotals"]  # as sealed before there were any
    old = snapshot_from(json.dumps(before))
    assert old.facts.villages.subtotals == ()
    drawn = draw_report_xlsx(compose_sealed(old, words, sealed.sha256))
    assert not any(str(row[1]).startswith("Cộng ") for row in annex_rows(drawn))


def test_one_commune_alone_has_only_the_total(ground: Ground) -> None:
    ground.issue(ground.cast.commune)
    with signed_in(ground.engine, ground.cast.giang, write=False) as session:
        table = add_up(session, session.get_one(Place, ground.cast.area.id), NOVEMBER).facts.villages
    assert table.subtotals == () and table.total is not None
