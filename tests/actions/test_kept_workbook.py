"""What is kept of an uploaded roster reads as the file did, and holds nothing that may not be kept."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from tdteam.actions.kept_workbook import pack, unpack
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.legacy_text import Encoding
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.reading import layouts_of, read_rosters
from tdteam.domain.rosters.rows import Reading
from tdteam.domain.rosters.sheets import Workbook
from tests.district import BAN_CAM, TEAMS, XUAN_QUANG, body
from tests.grids import HOUSEHOLD_HEAD, TODAY, bao_thang, words
from tests.workbook_maker import xlsx


def kept(data: bytes, name: str = "a.xlsx") -> tuple[Workbook, list[SheetLayout], bytes]:
    """A file packed and unpacked: workbook, layouts, the bytes that are stored."""
    book = read_workbook(data, name)
    stored, layouts = pack(book, layouts_of(book, words(), TODAY))
    return unpack(stored), layouts, stored


def letters(stored: bytes) -> str:
    """Everything that stands in the stored bytes."""
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def reading(book: Workbook, layouts: list[SheetLayout]) -> Reading:
    return read_rosters(book, layouts, bao_thang(), words(), TODAY)


@pytest.mark.parametrize("name", [TEAMS, XUAN_QUANG, BAN_CAM])
def test_the_real_workbooks_read_the_same_from_what_is_kept(name: str) -> None:
    book = read_workbook(body(name), name)
    first = reading(book, layouts_of(book, words(), TODAY))
    again, layouts, stored = kept(body(name), name)
    assert reading(again, layouts) == first and reading(again, layouts) == first, "as often as one likes"
    assert all(layout.encoding is Encoding.UNICODE for layout in layouts)
    assert len(stored) < len(body(name))


def test_ethnicity_in_the_real_team_workbook_is_not_kept() -> None:
    *_, stored = kept(body(TEAMS), TEAMS)
    assert not any(f'"{word}"' in letters(stored) for word in ("HMông", "Nùng", "Tày", "Giáy"))
    assert '"Dân tộc"' in letters(stored), "only its head, so that the columns can be shown"


HEAD = [*HOUSEHOLD_HEAD, "Số CCCD", "Nơi cấp"]


def row(note: object = "", cccd: object = "", issued: object = "", **more: object) -> list[Any]:
    values = [
        1,
        "Hốc Đá",
        "Nguyễn Văn Đức",
        1970,
        4,
        3,
        2,
        "",
        "",
        "x",
        more.get("phone", "0912345678"),
        note,
    ]
    return [*values, cccd, issued]


@pytest.mark.parametrize(
    ("cells", "secret"),
    [
        ({"cccd": "010203004567"}, "010203004567"),
        ({"cccd": 10203004567}, "10203004567"),
        ({"cccd": "063 123 456"}, "063 123 456"),
        ({"issued": "Tày"}, None),
        ({"issued": 10203004567.0}, "10203004567"),
        ({"issued": "CMND 063123456 cấp 2010"}, "063123456"),
        ({"note": "CCCD 010203004567"}, "010203004567"),
        ({"note": 10203004567}, "10203004567"),
        ({"note": 1099004567.0}, "1099004567"),
        ({"note": "10203004567"}, "10203004567"),
        ({"note": "mật khẩu 482913"}, "482913"),
        ({"note": 9704360123456789}, "9704360123456789"),
        ({"phone": "010203004567"}, "010203004567"),
    ],
)
def test_numbers_that_may_not_be_kept_are_not(cells: dict[str, object], secret: str | None) -> None:
    data = xlsx([["UBND xã Xuân Quang"], HEAD, row(**cells)])
    again, layouts, stored = kept(data)
    if secret:
        assert secret not in letters(stored) and secret.replace(" ", "") not in letters(stored)
    book = read_workbook(data, "a.xlsx")
    first, second = (
        [(bad.cell, bad.code) for bad in reading(one, how).bad]
        for one, how in ((book, layouts_of(book, words(), TODAY)), (again, layouts))
    )
    assert second == first, "what is wrong with the cell is told all the same"
    [household] = reading(again, layouts).households
    assert (household.head, household.people) == ("Nguyễn Văn Đức", 4)


def test_phones_and_counts_stay_whatever_their_column_was_taken_for() -> None:
    data = xlsx(
        [
            ["UBND xã Xuân Quang"],
            [*HOUSEHOLD_HEAD[:10], "Liên lạc", "Ghi chú", "Số tài khoản định danh đã cấp", "Khác"],
            [1, "Hốc Đá", "Lý A", 1970, 4, 3, 2, "", "", "x", 912345678, "gọi 0987 654 321", 3, "0912345678"],
        ]
    )
    again, layouts, stored = kept(data)
    [sheet] = again.sheets
    values = sheet.head(3)[2]
    assert values[10:] == [912345678.0, "gọi 0987 654 321", 3.0, "0912345678"]
    assert layouts[0].columns[12].value == "private", (
        "taken for a bank account by mistake: a person may say otherwise"
    )


def test_dates_marks_and_blanks_come_back_as_they_were() -> None:
    cells = [
        1,
        "Hốc Đá",
        "Lý A",
        date(1970, 3, 5),
        4.5,
        True,
        None,
        "",
        "",
        "x",
        datetime(2026, 3, 5, 8, 30),
        "",
    ]
    book = Workbook("a.xlsx", "xlsx", [])
    from tests.grids import grid

    book.sheets = [grid(["UBND xã Xuân Quang"], HOUSEHOLD_HEAD, cells, name="Ho dan")]
    stored, _ = pack(book, layouts_of(book, words(), TODAY))
    assert unpack(stored).sheets[0].head(3)[2] == cells


def test_a_sheet_that_is_no_list_keeps_its_name_only() -> None:
    from tests.grids import grid

    book = Workbook(
        "a.xlsx",
        "xlsx",
        [
            grid(["UBND xã Xuân Quang"], HOUSEHOLD_HEAD, [1, "Hốc Đá", "Lý A", 1970], name="Ho dan"),
            grid(["Bệnh án của bà Lý Thị B"], name="Riêng"),
        ],
    )
    stored, _ = pack(book, layouts_of(book, words(), TODAY))
    again = unpack(stored)
    assert [sheet.name for sheet in again.sheets] == ["Ho dan", "Riêng"]
    assert list(again.sheets[1].rows()) == [] and "Lý Thị B" not in letters(stored)
