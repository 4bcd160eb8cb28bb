"""Templates of both kinds are taken home, filled in and come back without a bad row."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tdteam.store.tables import Household, Member
from tests.web.uploading import Desk, both_desks, desk, facts, table, text

__all__ = ["both_desks", "desk"]


def template(desk: Desk, kind: str) -> tuple[Any, int]:
    """A template's workbook and the row of its head."""
    answer = desk.client.get(f"/imports/template-{kind}.xlsx")
    assert answer.status_code == 200 and "spreadsheetml" in answer.mimetype
    assert answer.headers["Content-Disposition"].isascii()
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    head = next(cell.row for cell in book.worksheets[0]["A"] if cell.value == "STT")
    return book, head


def filled(book: Any, head: int, *rows: dict[str, Any]) -> bytes:
    """The template with rows below its example, each cell by the beginning of its column's head."""
    page = book.worksheets[0]
    heads = [str(cell.value) for cell in page[head]]
    for place, row in enumerate(rows, head + 2):
        for said, value in row.items():
            [column] = [number for number, text in enumerate(heads, 1) if text.startswith(said)]
            page.cell(place, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HOMES = (
    {
        "STT": 1,
        "Thôn": "Thôn Hốc Đá",
        "Họ và tên": "Lý Láo Tả",
        "Năm sinh": 1971,
        "Số khẩu": 5,
        "Số người": 4,
        "Trong đó": 2,
        "Diện hộ": "Hộ cận nghèo",
        "Có điện thoại": "x",
        "Số điện thoại": "0912345678",
        "Loại hộ": "Hộ gia đình",
        "Ghi chú": "cuối bản",
    },
    {"STT": 2, "Họ và tên": "Tạp hóa Số 9", "Loại hộ": "Hộ kinh doanh"},
)
MEMBERS = (
    {
        "STT": 1,
        "Thôn": "Thôn Hốc Đá",
        "Họ và tên": "Chảo Văn Bình",
        "Năm sinh": 1980,
        "Giới tính": "Nam",
        "Chức vụ": "Tổ trưởng",
        "Thành phần": "Trưởng thôn",
        "Số điện thoại": "0912345678",
        "Đã tập huấn": "x",
    },
    {"STT": 2, "Họ và tên": "Bàn Thị An", "Giới tính": "Nữ", "Thành phần": "Phụ nữ"},
)


def test_a_household_template_comes_back_whole(both_desks: Desk) -> None:
    desk = both_desks
    book, head = template(desk, "households")
    upload = desk.upload(filled(book, head, *HOMES))
    dry = desk.look(upload)
    assert (facts(dry)["Sẽ thêm"], facts(dry)["Dòng bỏ lại"]) == ("2", "0"), table(dry, "bad")
    assert table(dry, "warnings") == []
    desk.confirm(upload)
    home = desk.district.household("Lý Láo Tả")
    assert (home.birth_year, home.people, home.adults, home.eid2) == (1971, 5, 4, 2)
    assert (home.poverty, home.smartphone, home.phone, home.note) == (
        "near_poor",
        True,
        "0912345678",
        "cuối bản",
    )
    shop = desk.district.household("Tạp hóa Số 9")
    assert (shop.kind, shop.village_id, shop.people) == ("business", home.village_id, None)


def test_a_team_template_comes_back_whole(both_desks: Desk) -> None:
    desk = both_desks
    book, head = template(desk, "teams")
    upload = desk.upload(filled(book, head, *MEMBERS))
    dry = desk.look(upload)
    assert facts(dry)["Tổ, thành viên"] == "1 Tổ, 2 thành viên" and facts(dry)["Dòng bỏ lại"] == "0"
    assert table(dry, "villages") == [] and table(dry, "warnings") == []
    desk.confirm(upload)
    assert desk.count(Member) == 2


@pytest.mark.parametrize("kind", ["teams", "households"])
def test_an_empty_template_says_that_nothing_is_in_it(desk: Desk, kind: str) -> None:
    book, head = template(desk, kind)
    upload = desk.upload(filled(book, head))
    dry = desk.look(upload)
    assert facts(dry)["Sẽ thêm"] == "0" and facts(dry)["Dòng bỏ lại"] == "0", "the example row is no person"
    assert "/confirm" not in dry.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["teams", "households"])
def test_villages_are_there_to_choose_and_every_column_says_how(desk: Desk, kind: str) -> None:
    book, head = template(desk, kind)
    page = book.worksheets[0]
    assert page["A1"].value == "UBND Xã Xuân Quang"
    assert all(cell.comment and cell.comment.text for cell in page[head] if cell.value)
    hidden = book.worksheets[1]
    offered = {str(cell.value) for row in hidden.iter_rows() for cell in row if cell.value}
    assert hidden.sheet_state == "hidden" and "Hốc Đá" in offered
    assert len([rule for rule in page.data_validations.dataValidation if rule.type == "list"]) >= 2


def test_whoever_keeps_many_communes_names_one_in_each_row(desk: Desk) -> None:
    desk.sit("admin")
    book, head = template(desk, "households")
    rows = [
        {
            "Xã": "Xã Xuân Quang",
            "Thôn": "Hốc Đá",
            "Họ và tên": "Lý A",
            "Năm sinh": 1970,
        },
        {"Thôn": "Nậm Chủ", "Họ và tên": "Lý B", "Năm sinh": 1990},
        {"STT": 3, "Xã": "Xã Bảo Thắng", "Thôn": "Nậm Sò 1", "Họ và tên": "Lý C"},
    ]
    page = desk.client.get("/imports/").get_data(as_text=True)
    province = int(page.split("<option value=")[1].split('"')[1])
    upload = desk.upload(filled(book, head, *rows), place=province)
    dry = desk.look(upload)
    assert facts(dry)["Sẽ thêm"] == "3", table(dry, "bad")
    desk.confirm(upload)
    assert desk.count(Household) == 3


@pytest.mark.parametrize("kind", ["people", "unknown", "teams.xlsx/../households"])
def test_there_is_no_other_template(desk: Desk, kind: str) -> None:
    assert desk.client.get(f"/imports/template-{kind}.xlsx").status_code == 404


def test_the_page_offers_both(desk: Desk) -> None:
    page = desk.client.get("/imports/")
    assert "Mẫu danh sách hộ" in text(page) and "Mẫu danh sách Tổ" in text(page)
    for kind in ("teams", "households"):
        assert f"/imports/template-{kind}.xlsx" in page.get_data(as_text=True)
