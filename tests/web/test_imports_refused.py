"""Files that must not come in get a sentence beside the field and leave nothing behind; other formats come in alike."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest

from tdteam.actions.workbook_guard import MAX_BYTES
from tdteam.actions.workbooks import read_workbook
from tdteam.store.tables import Audit, UploadFile
from tdteam.web.security import LARGEST_BODY
from tests.actions.test_workbook_guard import HOSTILE, biff
from tests.district import XUAN_QUANG, body
from tests.web.uploading import Desk, desk, facts, home, list_of, table
from tests.workbook_maker import ods, ods_row, packed, with_parts, xls, xlsx

__all__ = ["desk"]
GOOD = list_of(home("Lý A"))
SAID = {
    "file_bomb": "Tệp khi mở ra quá lớn (trên 64 MB) nên không nhận. Hãy chép riêng",
    "file_cells": "Bảng quá rộng hoặc quá dài (nhận nhiều nhất 900 nghìn ô có dữ liệu). Hãy xóa",
    "file_macros": "Tệp có chứa macro (mã lệnh) nên không nhận. Hãy chọn Lưu thành",
    "file_links": "Tệp có liên kết lấy số liệu từ tệp khác nên không nhận. Trong Excel:",
    "file_damaged": "Tệp bị hỏng hoặc không đúng chuẩn. Hãy mở bằng Excel",
    "file_type": "Không đọc được loại tệp này. Hãy mở danh sách bằng Excel",
    "file_empty": "Tệp không có dữ liệu. Hãy mở lại tệp",
    "file_encrypted": "Tệp có đặt mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu",
    "file_large": "Tệp lớn hơn 16 MB. Hãy xóa hình ảnh trong tệp",
}


def said_beside_the_field(answer: Any) -> str:
    """The sentence under the file field, which must point to it for those who cannot see."""
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    field = re.search(r'<input[^>]*type="file"[^>]*>', page)
    assert field and 'aria-invalid="true"' in field[0] and "file-error" in field[0]
    found = re.search(r'id="file-error">(.*?)</span></span>', page, re.S)
    assert found
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


def nothing_came_of_it(desk: Desk) -> None:
    assert desk.uploads == desk.count(UploadFile) == desk.count(Audit) == 0


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_workbooks_are_refused_with_a_sentence_beside_the_field(desk: Desk, what: str) -> None:
    change, code = HOSTILE[what]
    answer = desk.send(with_parts(GOOD, change()))
    assert said_beside_the_field(answer).startswith(SAID[code])
    nothing_came_of_it(desk)


OTHERS: dict[str, tuple[str, bytes, str]] = {
    "a PDF": ("danh sách.pdf", b"%PDF-1.7\n%%EOF", "file_type"),
    "a picture named .xlsx": ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(64), "file_type"),
    "a Word file": ("a.docx", packed({"word/document.xml": "<a/>"}), "file_type"),
    "a binary workbook": ("a.xlsb", packed({"xl/workbook.bin": b"x"}), "file_type"),
    "a web page named .xls": ("a.xls", b"<html><table><tr><td>1", "file_type"),
    "a program": ("a.exe", b"MZ\x90\x00" + bytes(64), "file_type"),
    "nothing": ("a.xlsx", b"", "file_empty"),
    "blanks": ("a.csv", b" \r\n \r\n", "file_empty"),
    "a workbook without cells": ("a.xlsx", xlsx([]), "file_empty"),
    "half a workbook": ("a.xlsx", GOOD[:3000], "file_damaged"),
    "an old workbook with a password": ("a.xls", biff((0x002F, b"\x01\x00")), "file_encrypted"),
    "seventeen megabytes": ("a.csv", b"a,b\n" * (MAX_BYTES // 4 + 1), "file_large"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_files_that_are_no_lists_are_refused_with_a_sentence_beside_the_field(desk: Desk, what: str) -> None:
    name, data, code = OTHERS[what]
    assert said_beside_the_field(desk.send(data, name)).startswith(SAID[code])
    nothing_came_of_it(desk)


def test_a_body_beyond_all_bounds_is_answered_with_a_page(desk: Desk) -> None:
    answer = desk.send(bytes(LARGEST_BODY + 1))
    assert answer.status_code == 413 and "<h1" in answer.get_data(as_text=True)
    nothing_came_of_it(desk)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.xlsx",
        "C:\\Users\\a\\danh sách.xlsx",
        "x" * 500 + ".xlsx",
        "a\x1b[31mb.xlsx",
        ".xlsx",
    ],
)
def test_a_mad_file_name_is_only_a_name(desk: Desk, name: str) -> None:
    upload = desk.upload(list_of(home("Lý A", people=0)), name)
    assert facts(desk.look(upload))["Dòng bỏ lại"] == "1"
    sent = desk.client.get(f"/imports/{upload}/reasons.xlsx").headers["Content-Disposition"]
    assert sent.isascii() and ".." not in sent and "\\" not in sent and len(sent) < 300


def grid() -> list[list[Any]]:
    """The real list of Xuan Quang as bare rows."""
    return [row for _, row in read_workbook(body(XUAN_QUANG), XUAN_QUANG).sheets[0].rows()]


def as_csv(rows: list[list[Any]], encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(
        [int(cell) if isinstance(cell, float) else cell for cell in row] for row in rows
    )
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.xls", xls),
        ("a.ods", lambda rows: ods(*(ods_row(*row) for row in rows))),
        ("a.csv", lambda rows: as_csv(rows, "utf-8-sig")),
        ("b.csv", lambda rows: as_csv(rows, "utf-16")),
    ],
)
def test_the_same_list_in_another_format_gives_the_same(desk: Desk, name: str, make: Any) -> None:
    desk.confirm(desk.upload(XUAN_QUANG))
    dry = desk.look(desk.upload(make(grid()), name))
    found = facts(dry)
    assert (found["Hộ"], found["Giữ nguyên"], found["Dòng bỏ lại"]) == ("1.619", "1.619", "9")
    assert [int(cell[1:]) for cell, *_ in table(dry, "bad")] == [51, 86, 125, 132, 459, 613, 702, 825, 829]
