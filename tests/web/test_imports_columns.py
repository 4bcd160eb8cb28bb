"""The columns of a roster: what they were taken for, put right by whoever knows the file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.district import TEAMS, XUAN_QUANG, cells, edited
from tests.grids import HOUSEHOLD_HEAD, TEAM_HEAD
from tests.web.uploading import Desk, desk, facts, form_of, home, list_of, table, text
from tests.workbook_maker import xlsx

__all__ = ["desk"]
PHONE = HOUSEHOLD_HEAD.index("Điện thoại")
ODD_HEAD = [*HOUSEHOLD_HEAD[:PHONE], "Liên lạc qua máy", "Ghi chú"]


def test_a_column_nobody_knew_is_read_once_somebody_says_what_it_is(desk: Desk) -> None:
    upload = desk.upload(list_of(home("Lý A", phone="0912 345 678"), head=ODD_HEAD))
    page = desk.look(upload, "/columns")
    assert form_of(page)[f"column-0-{PHONE}"] == "ignored" and "đọc 11/12 cột" in text(page)
    assert "0912 345 678" in text(page), "the first values help to say"
    assert desk.choose(upload, **{f"column_0_{PHONE}": "phone"}).status_code == 302
    desk.confirm(upload)
    assert desk.district.household("Lý A").phone == "0912345678"


def test_a_column_taken_for_another_is_left_out_once_somebody_says_so(desk: Desk) -> None:
    upload = desk.upload(XUAN_QUANG)
    assert facts(desk.look(upload))["Dòng bỏ lại"] == "9"
    year = HOUSEHOLD_HEAD.index("Năm sinh")
    desk.choose(upload, **{f"column_0_{year}": "ignored"})
    dry = desk.look(upload)
    assert (
        facts(dry)["Dòng bỏ lại"] != "9"
    )  # without years there are more twins, and the bad year is no fault
    assert not any(cell.startswith("D") for cell, *_ in table(dry, "bad"))
    assert form_of(desk.look(upload, "/columns"))[f"column-0-{year}"] == "ignored", "it is remembered"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"column_0_2": "ignored"}, "Ho dan: "),
        ({"column_0_3": "name"}, "Họ và tên (chủ hộ): "),
        ({"kind_0": ""}, "Hãy chọn ít nhất một trang tính để đọc."),
    ],
)
def test_a_layout_that_cannot_be_read_is_refused_and_nothing_changes(
    desk: Desk, changed: dict[str, str], said: str
) -> None:
    upload = desk.upload(list_of(home("Lý A")))
    before = form_of(desk.look(upload, "/columns"))
    answer = desk.choose(upload, **changed)
    assert answer.status_code == 422 and said in text(answer)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert form_of(desk.look(upload, "/columns")) == before


def test_a_sheet_taken_for_the_other_kind_of_list_is_looked_at_once_more(desk: Desk) -> None:
    upload = desk.upload(list_of(home("Lý A")))
    turned = desk.choose(upload, kind_0="teams")
    assert turned.status_code == 200 and "Hãy xem lại các cột." in text(turned)
    assert form_of(turned)["kind-0"] == "teams" and '<option value="role"' in turned.get_data(as_text=True)
    assert '<option value="people"' not in turned.get_data(as_text=True)
    back = desk.choose(upload, kind_0="households")
    assert back.status_code == 200
    assert desk.choose(upload).status_code == 302
    assert facts(desk.look(upload))["Sẽ thêm"] == "1"


def test_a_commune_the_title_misspells_is_put_right_for_the_whole_sheet(desk: Desk) -> None:
    upload = desk.upload(list_of(home("Lý A"), title="UBND xã Xuân Quag"))
    assert table(desk.look(upload), "bad")[0][1] == "xã Xuân Quag"
    desk.choose(upload, commune_0="  Xuân Quang ")
    assert facts(desk.look(upload))["Sẽ thêm"] == "1"
    desk.choose(upload, commune_0="x" * 5000)
    assert len(form_of(desk.look(upload, "/columns"))["commune-0"]) == 200


def test_a_sheet_can_be_left_out_and_its_rows_are_nowhere(desk: Desk) -> None:
    desk.sit("admin")
    place = desk.district.commune("02905")
    upload = desk.upload(TEAMS, place=place)
    page = desk.look(upload, "/columns")
    sheets = [name for name in form_of(page) if name.startswith("kind-")]
    assert len(sheets) == 14
    left = {name.replace("-", "_"): "" for name in sheets if name != "kind-0"}
    assert desk.choose(upload, **left).status_code == 302
    assert facts(desk.look(upload))["Tổ, thành viên"] == "17 Tổ, 116 thành viên"


def test_a_sheet_that_is_no_list_is_named_with_the_reason(desk: Desk) -> None:
    def note(book: Any) -> None:
        book.create_sheet("Hướng dẫn").append(["Đây chỉ là lời dặn"])
        hidden = book.copy_worksheet(book.worksheets[0])
        hidden.title, hidden.sheet_state = "Bản nháp", "hidden"

    upload = desk.upload(edited(XUAN_QUANG, note), XUAN_QUANG)
    page = text(desk.look(upload, "/columns"))
    assert "Hướng dẫn" in page and "Bản nháp" in page
    assert "Trang không đọc: Hướng dẫn, Bản nháp." in text(desk.look(upload)), (
        "said again before it is confirmed"
    )
    assert facts(desk.look(upload))["Sẽ thêm"] == "1.619"


@pytest.mark.parametrize(
    "sent",
    [
        {"column_0_2": "password", "column_0_99": "name", "column_9_1": "name"},
        {"kind_0": "people", "kind_7": "teams"},
        {"column_0_5": "role"},
        {"commune_0": "\x00\x1b[31m"},
    ],
)
def test_what_no_page_sends_breaks_nothing(desk: Desk, sent: dict[str, str]) -> None:
    upload = desk.upload(list_of(home("Lý A")))
    assert desk.choose(upload, **sent).status_code in (302, 400, 422)
    assert desk.client.get(f"/imports/{upload}/columns").status_code == 200
    assert desk.client.get(f"/imports/{upload}").status_code == 200


def test_two_lists_in_one_file_go_in_together(desk: Desk) -> None:
    people = [1, "Hốc Đá", "Lý Văn Tổ", 1980, "Nam", "Tổ trưởng", "Trưởng thôn", "0912345678", ""]

    def teams(book: Any) -> None:
        page = book.create_sheet("To")
        for row in (["UBND xã Xuân Quang"], ["DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG"], TEAM_HEAD, people):
            page.append(row)

    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(list_of(home("Lý A"))))
    teams(book)
    out = io.BytesIO()
    book.save(out)
    upload = desk.upload(out.getvalue())
    dry = desk.look(upload)
    assert facts(dry) | {"Sẽ thêm": "2"} == facts(dry)
    assert facts(dry)["Tổ, thành viên"] == "1 Tổ, 1 thành viên" and facts(dry)["Hộ"] == "1"
    desk.confirm(upload)
    [line] = table(desk.client.get("/imports/"), "past")
    assert line[1] == "Tổ và hộ" and desk.households == 1


def test_a_head_that_is_missing_altogether_is_told_at_the_upload(desk: Desk) -> None:
    answer = desk.send(xlsx([["Lý A", 1970, 4], ["Lý B", 1980, 3]]))
    assert answer.status_code == 422 and desk.uploads == 0
    assert 'id="file-error"' in answer.get_data(as_text=True) and "tiêu đề" in text(answer)


def test_a_cell_put_right_in_the_file_and_a_column_put_right_on_the_page_go_together(desk: Desk) -> None:
    fixed = edited(XUAN_QUANG, cells({"C51": "Lý Văn Sửa", "G6": "Cột lạ"}))
    upload = desk.upload(fixed, XUAN_QUANG)
    assert form_of(desk.look(upload, "/columns"))["column-0-6"] == "ignored"
    desk.choose(upload, column_0_6="eid2")
    assert facts(desk.look(upload))["Sẽ thêm"] == "1.620"
