"""The real workbooks go in as expected, change nothing the second time, update when corrected, and can be undone."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import func, select

from tdteam.actions import import_roster as verbs
from tdteam.domain.places import REFORM, Level
from tdteam.store import rebuild
from tdteam.store.catalogue import load_catalogue
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Household, Member, Place, Team, Upload
from tdteam.store.units import load_units

DATA = Path(__file__).parent.parent / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))
TEAMS, XUAN_QUANG, BAN_CAM = (
    "to-cong-nghe-so-bao-thang.xlsx",
    "ho-dan-xuan-quang.xlsx",
    "ho-dan-ban-cam-tcvn3.xlsx",
)


@pytest.fixture
def laocai(session: GatedSession) -> GatedSession:
    """Lao Cai as `migrate` loads it."""
    load_units(session)
    load_catalogue(session)
    session.commit()
    return session


def put_in(session: GatedSession, name: str, body: bytes | None = None) -> tuple[Any, Upload]:
    """Import a file as the page does."""
    data = body or (DATA / name).read_bytes()
    home = session.exec(
        select(Place.id).where(Place.level == Level.PROVINCE, Place.code == "15", Place.since == REFORM)
    ).one()
    upload = verbs.take_file(session, home, name, data)
    checked = verbs.check_upload(session, upload)
    verbs.do_upload(session, upload.id or 0)
    session.flush()
    return checked, upload


def count(session: GatedSession, cls: Any) -> int:
    return int(session.exec(select(func.count()).select_from(cls)).one())


def corrected(name: str, cells: dict[str, Any]) -> bytes:
    book = load_workbook(DATA / name)
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_teams_of_the_old_district(laocai: GatedSession) -> None:
    checked, _ = put_in(laocai, TEAMS)
    assert checked.counts["teams"] == EXPECTED["teams"]["teams"] == count(laocai, Team)
    assert checked.counts["members"] == EXPECTED["teams"]["members"] == count(laocai, Member)
    assert not checked.bad
    again, _ = put_in(laocai, TEAMS)
    told = again.counts
    assert (told["added"], told["changed"], told["unchanged"]) == (0, 0, EXPECTED["teams"]["members"])


@pytest.mark.parametrize(
    ("name", "key"), [(XUAN_QUANG, "households_xuan_quang"), (BAN_CAM, "households_ban_cam_tcvn3")]
)
def test_households_as_expected_and_the_same_file_again_changes_nothing(
    laocai: GatedSession, name: str, key: str
) -> None:
    checked, _ = put_in(laocai, name)
    told = checked.counts
    assert told["households"] == EXPECTED[key]["good"] == count(laocai, Household)
    assert told["people"] == EXPECTED[key]["people"]
    assert sorted({cell.row for cell in checked.bad}) == [bad["row"] for bad in EXPECTED[key]["bad"]]
    again, _ = put_in(laocai, name)
    assert again.counts["unchanged"] == EXPECTED[key]["good"]
    assert again.counts["added"] == again.counts["changed"] == 0
    assert not rebuild.compare(laocai)


def test_a_corrected_file_updates_and_undo_gives_back_what_stood_there(laocai: GatedSession) -> None:
    put_in(laocai, XUAN_QUANG)
    row = laocai.exec(
        select(Household).where(
            Household.head == "Hoàng Văn Mẩn", Household.birth_year == 1971, Household.people == 5
        )
    ).one()
    assert row.people == 5
    checked, upload = put_in(laocai, XUAN_QUANG, corrected(XUAN_QUANG, {"E7": 9, "C51": "Lý Thị Thêm"}))
    assert (checked.counts["added"], checked.counts["changed"]) == (1, 1)
    laocai.expire_all()
    assert row.people == 9
    verbs.undo_upload(laocai, upload.id or 0)
    laocai.flush()
    laocai.expire_all()
    assert row.people == 5 and count(laocai, Household) == EXPECTED["households_xuan_quang"]["good"]
    assert not rebuild.compare(laocai)


def test_undo_leaves_what_somebody_changed_since(laocai: GatedSession) -> None:
    _, upload = put_in(laocai, BAN_CAM)
    row = laocai.exec(select(Household).limit(1)).one()
    row.people, row.version = 1, row.version + 1
    laocai.add(row)
    laocai.flush()
    verbs.undo_upload(laocai, upload.id or 0)
    laocai.flush()
    assert (upload.outcome or {})["kept"] == 1 and count(laocai, Household) == 1
