"""What may never be stored of a resident is stored nowhere, whatever column of whatever file it stood in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tdteam.store.base import metadata
from tests.grids import HOUSEHOLD_HEAD, TEAM_HEAD
from tests.web.uploading import Desk, both_desks, desk, facts, home, list_of, table
from tests.workbook_maker import xlsx

__all__ = ["both_desks", "desk"]
ID, OLD_ID, CARD, SECRET = "010203004567", "063123456", "9704360123456789", "482913"
PRIVATE = ["Số CCCD", "Dân tộc", "Ngày cấp", "Số CMND cũ", "Số tài khoản ngân hàng"]


def everything(desk: Desk) -> str:
    """All that stands in the database, packed files unpacked."""
    out = []
    with desk.district.everywhere() as session:
        for table_ in metadata.sorted_tables:
            for row in session.connection().execute(select(table_)):
                out += [_letters(value) for value in row]
    return "\n".join(out)


def _letters(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return data.decode("utf-8", "replace")
    return str(value)


def absent(desk: Desk, *words: str) -> None:
    found = everything(desk)
    assert "Lý Văn Kín" in found, "the search itself works"
    assert [word for word in words if word in found] == []


def test_columns_of_id_numbers_and_ethnicity_are_kept_nowhere(both_desks: Desk) -> None:
    desk = both_desks
    row = [*home("Lý Văn Kín"), ID, "La Chí", "01/02/2021", OLD_ID, CARD]
    upload = desk.upload(list_of(row, head=[*HOUSEHOLD_HEAD, *PRIVATE]))
    page = desk.look(upload, "/columns").get_data(as_text=True)
    assert "Số CCCD" in page and ID not in page and "La Chí" not in page
    absent(desk, ID, OLD_ID, CARD, "La Chí")
    assert facts(desk.look(upload))["Sẽ thêm"] == "1"
    desk.confirm(upload)
    absent(desk, ID, OLD_ID, CARD, "La Chí")
    desk.undo(upload)
    absent(desk, ID, OLD_ID, CARD, "La Chí")


@pytest.mark.parametrize(
    ("note", "secret"),
    [
        (f"CCCD {ID}", ID),
        (f"số căn cước: {ID[:3]} {ID[3:9]} {ID[9:]}", f"{ID[:3]} {ID[3:9]} {ID[9:]}"),
        (f"CMND {OLD_ID}", OLD_ID),
        (int(ID), ID[1:]),
        (float(ID), ID[1:]),
        (ID[1:], ID[1:]),
        (f"thẻ {CARD}", CARD),
        (f"mật khẩu VNeID {SECRET}", SECRET),
    ],
)
def test_a_number_in_a_remark_is_told_kept_nowhere_and_leaves_the_row_in(
    desk: Desk, note: Any, secret: str
) -> None:
    upload = desk.upload(list_of(home("Lý Văn Kín", note=note)))
    dry = desk.look(upload)
    [[cell, found, sentence]] = table(dry, "warnings")
    assert (cell, found) == ("L4", "—") and sentence
    assert secret not in dry.get_data(as_text=True)
    desk.confirm(upload)
    assert desk.district.household("Lý Văn Kín").note == ""
    absent(desk, secret)


def test_an_id_number_where_a_name_or_phone_should_stand_is_not_kept_either(desk: Desk) -> None:
    rows = [home("Lý Văn Kín", phone=ID), home(f"Lý Văn Mở {OLD_ID}"), home("Lý Văn Hở", phone=int(ID))]
    upload = desk.upload(list_of(*rows))
    dry = desk.look(upload).get_data(as_text=True)
    assert ID not in dry and OLD_ID not in dry
    reasons = desk.client.get(f"/imports/{upload}/reasons.xlsx").data
    assert not any(number in _letters(reasons) for number in (ID, OLD_ID, ID[1:]))
    desk.confirm(upload)
    absent(desk, ID, OLD_ID, ID[1:])


def test_ethnicity_in_a_team_list_is_kept_nowhere(desk: Desk) -> None:
    row = [1, "Hốc Đá", "Lý Văn Kín", 1980, "Nam", "Tổ trưởng", "", "", "", "La Chí", ID]
    title = [["UBND xã Xuân Quang"], ["DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG"]]
    upload = desk.upload(xlsx([*title, [*TEAM_HEAD, "Dân tộc", "CCCD/CMND"], row]))
    assert facts(desk.look(upload))["Tổ, thành viên"] == "1 Tổ, 1 thành viên"
    desk.confirm(upload)
    absent(desk, "La Chí", ID)


def test_a_private_column_somebody_calls_a_remark_is_still_not_kept(desk: Desk) -> None:
    row = [*home("Lý Văn Kín")[:-1], ID, "La Chí"]
    upload = desk.upload(list_of(row, head=[*HOUSEHOLD_HEAD[:-1], "Số CCCD", "Dân tộc"]))
    assert desk.choose(upload, column_0_11="note").status_code in (302, 422)
    desk.choose(upload, column_0_11="ignored", column_0_12="note")
    desk.confirm(upload)
    absent(desk, ID, "La Chí")


def test_the_file_itself_lies_nowhere_in_the_instance(desk: Desk, tmp_path: Path) -> None:
    row = [*home("Lý Văn Kín"), ID]
    upload = desk.upload(list_of(row, head=[*HOUSEHOLD_HEAD, "Số CCCD"]))
    desk.confirm(upload)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert ID.encode() not in path.read_bytes(), path.name
