"""A roster's road at the desk: uploaded, looked at, tried out, confirmed, undone; and who may not walk it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tdteam.actions.check_roster import READING
from tdteam.store.tables import Audit, Household, Team, Upload
from tdteam.store.uploads import remove_old
from tdteam.web.import_progress import telling
from tests.district import BAN_CAM, FILES, TEAMS, XUAN_QUANG, District, cells, edited
from tests.web.uploading import Desk, both_desks, desk, facts, home, list_of, table, text

__all__ = ["both_desks", "desk"]
EXPECTED = json.loads((FILES / "expected.json").read_text("utf-8"))["households_xuan_quang"]


def audited(district: District) -> list[str]:
    with district.everywhere() as session:
        return list(session.scalars(select(Audit.action).where(Audit.noun == "roster").order_by(Audit.id)))


def test_the_commune_list_goes_in_whole_but_for_its_nine_bad_rows_and_comes_out_again(
    both_desks: Desk,
) -> None:
    desk = both_desks
    before = desk.district.rows()
    upload = desk.upload(XUAN_QUANG)
    columns = text(desk.look(upload, "/columns"))
    assert "Dòng tiêu đề 6, danh sách bắt đầu từ dòng 7" in columns and "đọc 12/12 cột" in columns
    assert "Hoàng Văn Mẩn · Bùi Thu Chi · Dương Thị Thủy" in columns
    assert desk.choose(upload).location == f"/imports/{upload}"
    dry = desk.look(upload)
    assert facts(dry) == {
        "Hộ": "1.619",
        "Sẽ thêm": "1.619",
        "Sẽ cập nhật": "0",
        "Giữ nguyên": "0",
        "Dòng bỏ lại": "9",
    }
    bad = table(dry, "bad")
    assert [int(cell[1:]) for cell, _, _ in bad] == [row["row"] for row in EXPECTED["bad"]]
    assert bad[1] == ["F86", "11", "Số này lớn hơn số người của hộ (8). Xem lại."]
    assert bad[3][:2] == ["B132", "Thôn Không Có"] and "Hãy sửa lại tên thôn cho đúng" in bad[3][2]
    assert bad[6] == [
        "E702",
        "bốn",
        "Ô này cần một con số nhưng lại ghi bằng chữ. Hãy ghi bằng chữ số, ví dụ 4.",
    ]
    assert desk.district.rows() == before, "nothing before the confirmation"
    done = desk.confirm(upload)
    assert "Đã nhập danh sách." in text(done) and facts(done)["Thêm mới"] == "1.619"
    assert "9 dòng chưa được nhập" in text(done)
    assert desk.households == EXPECTED["good"]
    [line] = table(desk.client.get("/imports/"), "past")
    assert line[:7] == [XUAN_QUANG, "Hộ", "Xã Xuân Quang", "Đã nhập", "1.619", "0", "9"]
    undone = text(desk.undo(upload))
    assert "Đã hoàn tác: gỡ 1.619 dòng" in undone
    assert desk.district.rows() == before
    assert audited(desk.district) == ["upload", "view", "import", "undo"]


def test_nothing_is_imported_twice_nor_undone_twice(desk: Desk) -> None:
    upload = desk.upload(list_of(home("Lý A")))
    desk.confirm(upload)
    assert desk.client.post(f"/imports/{upload}/confirm").status_code == 409
    assert desk.households == 1
    desk.undo(upload)
    assert desk.client.post(f"/imports/{upload}/undo").status_code == 409
    assert desk.client.post(f"/imports/{upload}/confirm").status_code == 409
    assert desk.households == 0
    assert desk.client.get(f"/imports/{upload}/columns").location == f"/imports/{upload}"


def test_the_same_file_again_says_so_and_offers_nothing_to_confirm(desk: Desk) -> None:
    desk.confirm(desk.upload(XUAN_QUANG))
    dry = desk.look(desk.upload(XUAN_QUANG))
    assert facts(dry)["Giữ nguyên"] == "1.619"
    assert "các dòng đúng đã có, các dòng sai để lại đến khi sửa tệp" in text(dry)
    assert "Chính tệp này đã nhập lúc" in text(dry) and "/confirm" not in dry.get_data(as_text=True)


def test_a_corrected_file_shows_what_it_says_otherwise_and_writes_just_that(desk: Desk) -> None:
    desk.confirm(desk.upload(XUAN_QUANG))
    corrected = edited(XUAN_QUANG, cells({"E7": 6, "K7": "0912 345 678", "D8": 1981}))
    upload = desk.upload(corrected, "sửa.xlsx")
    dry = desk.look(upload)
    assert (facts(dry)["Sẽ thêm"], facts(dry)["Sẽ cập nhật"]) == ("0", "2")
    assert table(dry, "changes") == [
        [
            "dòng 7",
            "Hốc Đá",
            "Hoàng Văn Mẩn",
            "Số khẩu: 5 → 6 Điện thoại: 0357682718 → 0912345678",
        ],
        ["dòng 8", "Hốc Đá", "Bùi Thu Chi", "Năm sinh: 1980 → 1981"],
    ]
    assert "Cập nhật 2 dòng" in text(dry)
    desk.confirm(upload)
    head = desk.district.household("Hoàng Văn Mẩn", 1971)
    assert (head.people, head.phone, head.adults) == (6, "0912345678", 5)
    desk.undo(upload)
    again = desk.district.household("Hoàng Văn Mẩn", 1971)
    assert (again.people, again.phone) == (5, "0357682718")


def test_possible_twins_are_shown_side_by_side_with_what_they_differ_in(desk: Desk) -> None:
    rows = [home("Lý A", 1970, 4, phone="0912345678"), home("LÝ  A", 1970, 6), home("Lý A", 1971, 6)]
    upload = desk.upload(list_of(*rows))
    dry = desk.look(upload)
    assert table(dry, "twins") == [
        ["dòng 4", "dòng 5", "Hốc Đá", "Lý A", "1970", "Số khẩu: 4 / 6 Điện thoại: 0912345678 / —"]
    ]
    desk.confirm(upload)
    assert desk.households == 3


def test_a_team_file_shows_the_villages_it_would_make_and_what_they_resemble(desk: Desk) -> None:
    desk.sit("admin")
    province = table(desk.client.get("/imports/"), "past")
    assert province == []
    villages = edited(TEAMS, cells({"B15": "Nậm Sồi 1"}, "TT Phố Lu"))
    upload = desk.upload(villages, "tổ.xlsx", desk.district.commune("02905"))
    dry = desk.look(upload)
    assert table(dry, "villages") == [
        ["Nậm Sồi 1", "Thị trấn Phố Lu", "TT Phố Lu, dòng 15", "Tổ dân phố Nậm Sò 1"]
    ]
    assert "Trong địa bàn đã chọn không có xã nào tên “Xã Xuân Quang”" in text(dry)
    [line] = [row for row in table(dry, "bad") if row[0].startswith("Xuân Quang")]
    assert line[0] == "Xuân Quang B9–B150 (125 ô)", "said once, not a hundred and twenty-five times"
    desk.confirm(upload)
    assert desk.district.village("Nậm Sồi 1", "Phố Lu").origin_id
    assert "Mở danh sách Tổ" in text(desk.look(upload))


def test_the_whole_workbook_of_teams_goes_in_for_whoever_keeps_the_province(desk: Desk) -> None:
    desk.sit("admin")
    page = desk.client.get("/imports/").get_data(as_text=True)
    first = page.split("<option value=")[1]
    assert "Tỉnh Lào Cai" in first, "the widest first"
    upload = desk.upload(TEAMS, place=int(first.split('"')[1]))
    assert facts(desk.look(upload))["Tổ, thành viên"] == "188 Tổ, 1.297 thành viên"
    desk.confirm(upload)
    assert desk.count(Team) == 188


@pytest.mark.parametrize("stranger", ["neighbour", "leader", "reviewer"])
def test_nobody_else_finds_an_import_of_the_commune(both_desks: Desk, stranger: str) -> None:
    desk = both_desks
    kept, done = desk.upload(XUAN_QUANG), desk.upload(list_of(home("Lý A")))
    desk.confirm(done)
    before = desk.district.rows()
    desk.sit(stranger)
    seen = 404 if stranger == "neighbour" else 403
    for upload in (kept, done):
        for page in ("", "/columns", "/progress", "/reasons.xlsx"):
            assert desk.client.get(f"/imports/{upload}{page}").status_code == seen, page
        for verb in ("columns", "confirm", "undo"):
            assert desk.client.post(f"/imports/{upload}/{verb}").status_code == seen, verb
    if stranger == "neighbour":
        assert table(desk.client.get("/imports/"), "past") == []
    else:
        assert desk.client.get("/imports/").status_code == 403
        assert desk.client.get("/imports/template-teams.xlsx").status_code == 403
    assert desk.send(list_of(home("Lý B")), place=desk.district.commune("02926")).status_code == seen
    assert desk.district.rows() == before and desk.uploads == 2


@pytest.mark.parametrize("place", ["", "0", "99999999999999999999", "-1", "abc", "1 OR 1=1"])
def test_a_place_that_is_none_takes_no_file(desk: Desk, place: str) -> None:
    answer = desk.send(list_of(home("Lý A")), place=place)
    assert answer.status_code in (404, 422) and desk.uploads == 0


def test_without_a_file_the_field_says_so(desk: Desk) -> None:
    answer = desk.client.post("/imports/", data={"place_id": desk.district.commune("02926")})
    assert answer.status_code == 422 and "Hãy chọn tệp trước." in text(answer)


def test_progress_is_told_while_the_import_runs_and_leads_to_its_end(desk: Desk) -> None:
    upload = desk.upload(list_of(home("Lý A")))
    asked = f"/imports/{upload}/progress"
    waiting = {"done": 0, "total": 1000, "said": "", "next": None}
    assert desk.client.get(asked).get_json() == waiting
    with desk.app.app_context():
        with telling(upload) as told:
            told(1500, 1500, READING)
            half = desk.client.get(asked).get_json()
        assert half == {"done": 500, "total": 1000, "said": "Đọc các dòng (1.500/1.500)", "next": None}
        with pytest.raises(RuntimeError), telling(upload) as told:
            told(1500, 1500, READING)
            raise RuntimeError
    assert desk.client.get(asked).get_json() == waiting, "an import that failed leaves nothing behind"
    desk.confirm(upload)
    assert desk.client.get(asked).get_json()["next"] == f"/imports/{upload}"
    assert list((desk.app.config["TDTEAM"].instance / "progress").iterdir()) == []


def test_rows_no_longer_kept_are_asked_for_again(desk: Desk) -> None:
    from datetime import UTC, datetime, timedelta

    upload = desk.upload(list_of(home("Lý A")))
    with desk.district.everywhere(write=True) as session:
        assert remove_old(session, datetime.now(UTC) + timedelta(days=31)) == 1
    for page in ("", "/columns"):
        answer = desk.client.get(f"/imports/{upload}{page}")
        assert answer.status_code == 302 and answer.location == "/imports/"
    assert "Hãy tải tệp lên lần nữa" in text(desk.client.get("/imports/"))
    assert desk.client.post(f"/imports/{upload}/confirm").status_code == 404
    assert desk.client.get(f"/imports/{upload}/reasons.xlsx").status_code == 404


def test_a_list_of_another_commune_says_so_once(desk: Desk) -> None:
    dry = desk.look(desk.upload(BAN_CAM))
    [[cell, found, sentence]] = table(dry, "bad")
    assert (cell, found) == ("B7–B797 (783 ô)", "xã Bản Cầm")
    assert "Trong địa bàn đã chọn không có xã nào tên “xã Bản Cầm”" in sentence
    assert "không dòng nào trong tệp đúng" in text(dry) and "/confirm" not in dry.get_data(as_text=True)


def test_names_stand_on_pages_as_text_never_as_markup(desk: Desk) -> None:
    nasty = list_of(home("Lý A", village="<script>alert(1)</script>"), home("Lý B", "<b>1970</b>"))
    upload = desk.upload(nasty, '<img src=x onerror="alert(1)">.xlsx')
    for page in ("", "/columns"):
        shown = desk.look(upload, page).get_data(as_text=True)
        assert "<script>alert" not in shown and "<img" not in shown and "<b>1970" not in shown
    with desk.district.everywhere() as session:
        assert "<" in session.scalars(select(Upload.file_name)).one()
    assert desk.count(Household) == 0
