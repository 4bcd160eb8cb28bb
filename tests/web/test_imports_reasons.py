"""Rows to correct come back as a workbook; corrected, exactly they go in, once."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tests.district import XUAN_QUANG
from tests.web.uploading import Desk, both_desks, desk, facts, home, list_of, table, text

__all__ = ["both_desks", "desk"]
FIRST = 7  # the row below the head, as in the file it came from
RIGHT = {
    51: {"C": "Lý Văn Một"},
    86: {"F": 7},
    125: {"G": 1},
    132: {"B": "Hốc Đá"},
    459: {"E": 4},
    613: {"D": 1991},
    702: {"E": 4},
    825: {"C": "Lý Văn Hai"},
    829: {"F": 2},
}


def reasons(desk: Desk, upload: int) -> tuple[Any, str]:
    """The workbook of an upload's bad rows, and its file name."""
    answer = desk.client.get(f"/imports/{upload}/reasons.xlsx")
    assert answer.status_code == 200 and "spreadsheetml" in answer.mimetype
    return openpyxl.load_workbook(io.BytesIO(answer.data)), answer.headers["Content-Disposition"]


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def corrected(book: Any, right: dict[int, dict[str, Any]]) -> bytes:
    """Each row put right by the number its reason names."""
    page = book.worksheets[0]
    for row in range(FIRST, page.max_row + 1):
        why = str(page.cell(row, page.max_column).value)
        for number, fixes in right.items():
            if why.startswith(f"Dòng {number} "):
                for column, value in fixes.items():
                    page[f"{column}{row}"].value = value
    return saved(book)


def test_the_rows_left_out_come_with_their_reasons_and_go_in_once_corrected(both_desks: Desk) -> None:
    desk = both_desks
    first = desk.upload(XUAN_QUANG)
    desk.confirm(first)
    book, name = reasons(desk, first)
    assert "ho-dan-xuan-quang-can-sua.xlsx" in name
    page = book.worksheets[0]
    assert page.title == "Ho dan" and page["C6"].value == "Họ và tên chủ hộ", "the head stands where it stood"
    whys = [str(page.cell(row, page.max_column).value) for row in range(FIRST, page.max_row + 1)]
    left = [why for why in whys if " chưa nhập. " in why]
    assert len(left) == 9 and left[0].startswith("Dòng 51 chưa nhập. C51: Thiếu họ tên.")
    notes = [cell.comment.text for row in page.iter_rows() for cell in row if cell.comment]
    assert len(notes) == 9 and any("Thôn Không Có" in note for note in notes)

    fixed = corrected(book, RIGHT)
    second = desk.upload(fixed, "đã sửa.xlsx")
    dry = desk.look(second)
    assert (facts(dry)["Sẽ thêm"], facts(dry)["Sẽ cập nhật"], facts(dry)["Dòng bỏ lại"]) == ("9", "0", "0")
    desk.confirm(second)
    assert desk.households == 1628
    third = desk.look(desk.upload(fixed, "đã sửa.xlsx"))
    assert facts(third)["Sẽ thêm"] == "0" and "/confirm" not in third.get_data(as_text=True)
    old = desk.look(desk.upload(XUAN_QUANG))
    assert (facts(old)["Sẽ thêm"], facts(old)["Sẽ cập nhật"]) == ("0", "0"), (
        "the old file undoes no correction"
    )
    desk.undo(second)
    assert desk.households == 1619


def test_half_corrected_only_the_corrected_half_goes_in(desk: Desk) -> None:
    first = desk.upload(XUAN_QUANG)
    desk.confirm(first)
    book, _ = reasons(desk, first)
    half = {number: RIGHT[number] for number in (51, 86, 125, 132)}
    second = desk.upload(corrected(book, half))
    dry = desk.look(second)
    assert (facts(dry)["Sẽ thêm"], facts(dry)["Dòng bỏ lại"]) == ("4", "5")
    desk.confirm(second)
    assert desk.households == 1623
    again, _ = reasons(desk, second)
    assert len([row for row in again.worksheets[0].iter_rows(min_row=FIRST) if row[-1].value]) == 5


def test_a_namesake_stands_beside_the_row_to_correct_and_is_not_changed_by_it(desk: Desk) -> None:
    rows = [home("Lý A", 1970, 4, phone="0912345678"), home("Lý A", 1975, 2, adults=3), home("Lý B", 1960)]
    first = desk.upload(list_of(*rows))
    desk.confirm(first)
    assert desk.households == 2
    book, _ = reasons(desk, first)
    page = book.worksheets[0]
    listed = [(row[2].value, row[3].value) for row in page.iter_rows(min_row=4)]
    assert listed == [("Lý A", 1970), ("Lý A", 1975)], "the good one as well, the stranger not"
    page["E5"].value = 5
    second = desk.upload(saved(book))
    assert (facts(desk.look(second))["Sẽ thêm"], facts(desk.look(second))["Giữ nguyên"]) == ("1", "1")
    desk.confirm(second)
    assert desk.district.household("Lý A", 1970).people == 4
    assert desk.district.household("Lý A", 1975).people == 5


def test_a_cell_left_out_of_a_good_row_is_told_and_can_be_put_right(desk: Desk) -> None:
    first = desk.upload(list_of(home("Lý A", phone="12"), home("Lý B", note="CCCD 010203004567")))
    dry = desk.look(first)
    told = table(dry, "warnings")
    assert [(cell, found) for cell, found, _ in told] == [("K4", "12"), ("L5", "—")]
    assert facts(dry)["Dòng bỏ lại"] == "0" and "Tải các dòng cần sửa" in text(dry)
    desk.confirm(first)
    assert desk.households == 2
    book, _ = reasons(desk, first)
    page = book.worksheets[0]
    assert "được nhập, trừ ô này" in str(page.cell(4, page.max_column).value)
    assert "010203004567" not in saved(book).decode("latin-1")
    assert not any("010203004567" in str(cell.value) for row in page.iter_rows() for cell in row)
    page["K4"].value, page["L5"].value = "0912345678", "gọi buổi tối"
    second = desk.upload(saved(book))
    assert facts(desk.look(second))["Sẽ cập nhật"] == "2"
    desk.confirm(second)
    assert desk.district.household("Lý A").phone == "0912345678"
    assert desk.district.household("Lý B").note == "gọi buổi tối"


@pytest.mark.parametrize("formula", ["=1+1", "+84912345678", "@SUM(A1)", "-2", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_comes_back_as_text(desk: Desk, formula: str) -> None:
    first = desk.upload(list_of(home("Lý A", people=0, note=formula)))
    book, _ = reasons(desk, first)
    for row in book.worksheets[0].iter_rows():
        assert not any(cell.data_type == "f" for cell in row)


def test_a_file_without_a_fault_has_no_workbook_of_reasons(desk: Desk) -> None:
    upload = desk.upload(list_of(home("Lý A")))
    assert "reasons.xlsx" not in desk.look(upload).get_data(as_text=True)
    assert desk.client.get(f"/imports/{upload}/reasons.xlsx").status_code == 404
