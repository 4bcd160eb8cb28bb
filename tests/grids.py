"""Grids as a commune's clerk makes them, and the old Bảo Thắng they speak of."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from tdteam.domain.rosters.layout import layout_of
from tdteam.domain.rosters.reading import read_rosters
from tdteam.domain.rosters.rows import Reading
from tdteam.domain.rosters.sheets import Sheet, Workbook
from tdteam.domain.rosters.villages import Communes, KnownCommune, KnownVillage, Villages
from tdteam.domain.rosters.words import RosterWords, roster_words_of

TODAY = date(2026, 11, 23)
DATA = Path(__file__).parent.parent / "tdteam" / "data"
HOUSEHOLD_HEAD = ["STT", "Thôn", "Họ và tên chủ hộ", "Năm sinh", "Số khẩu", "Số người từ đủ 14 tuổi trở lên"]
HOUSEHOLD_HEAD += [
    "Trong đó đã có định danh mức 2",
    "Hộ nghèo",
    "Hộ cận nghèo",
    "Có điện thoại thông minh",
    "Điện thoại",
    "Ghi chú",
]
TEAM_HEAD = [
    "STT",
    "Thôn, bản, TDP",
    "Họ và tên",
    "Năm sinh",
    "Giới tính",
    "Chức vụ trong tổ",
    "Thành phần",
    "Số điện thoại",
    "Ghi chú",
]


@cache
def words() -> RosterWords:
    return roster_words_of(json.loads((DATA / "roster_columns.json").read_text(encoding="utf-8")))


@cache
def communes() -> Communes:
    """All communes, old (10…) and present (20…), with the aliases we ship."""
    units = json.loads((DATA / "laocai_units.json").read_text(encoding="utf-8"))
    aliases = json.loads((DATA / "place_aliases.json").read_text(encoding="utf-8"))["old_communes"]
    known = [
        KnownCommune(old_id(unit["old_code"]), unit["old_name"], present=False)
        for unit in units["old_to_new"]
    ]
    known += [
        KnownCommune(present_id(unit["code"]), unit["name"], present=True) for unit in units["new_units"]
    ]
    return Communes(
        known, words(), [(alias, old_id(code)) for code, listed in aliases.items() for alias in listed]
    )


def old_id(code: str) -> int:
    return 1_000_000 + int(code)


def present_id(code: str) -> int:
    return 2_000_000 + int(code)


@cache
def bao_thang() -> Villages:
    """The 188 villages; the id of one is told by `village_id`."""
    return fresh_bao_thang()


def fresh_bao_thang() -> Villages:
    """The same, having answered nothing yet."""
    return Villages(_known(), communes(), words())


@cache
def _known() -> tuple[KnownVillage, ...]:
    units = json.loads((DATA / "laocai_units.json").read_text(encoding="utf-8"))
    present = {unit["old_code"]: present_id(unit["new_code"]) for unit in units["old_to_new"]}
    listed = json.loads((DATA / "villages_bao_thang.json").read_text(encoding="utf-8"))["communes"]
    pairs = [(code, name) for code, commune in listed.items() for name in commune["villages"]]
    return tuple(
        KnownVillage(number, name, old_id(code), present[code])
        for number, (code, name) in enumerate(pairs, 1)
    )


def village_id(name: str, old_code: str) -> int:
    return next(v.village_id for v in _known() if v.name == name and v.old_commune_id == old_id(old_code))


def grid(*rows: list, name: str = "Sheet1", merged: list | None = None, hidden: bool = False) -> Sheet:
    """A sheet of these rows, the first being Excel's row 1."""
    wide = max((len(row) for row in rows), default=0)
    return Sheet(name, len(rows), wide, lambda: iter([list(row) for row in rows]), merged or [], hidden)


def read(*sheets: Sheet) -> Reading:
    """Read the sheets as they seem to be laid out."""
    layouts = [layout_of(sheet, words(), TODAY) for sheet in sheets]
    return read_rosters(Workbook("roster.xlsx", "xlsx", list(sheets)), layouts, bao_thang(), words(), TODAY)


def households(*rows: list, head: list | None = None, title: str = "UBND xã Xuân Quang") -> Reading:
    """A household roster: title in row 1, head in row 3, the given rows from row 4 on."""
    return read(grid([title], [], head or HOUSEHOLD_HEAD, *rows))


def members(*rows: list, head: list | None = None, title: str = "UBND xã Xuân Quang") -> Reading:
    """A team roster: titles in rows 1 and 2, head in row 3, the given rows from row 4 on."""
    return read(grid([title], ["DANH SÁCH THÀNH VIÊN TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG"], head or TEAM_HEAD, *rows))


def wrong(reading: Reading) -> list[tuple[str, str]]:
    """(cell, code) of every bad cell."""
    return [(bad.cell, bad.code) for bad in reading.bad]
