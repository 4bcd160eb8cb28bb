"""A village is (old commune, name): found however it is written, never guessed."""

from __future__ import annotations

import pytest

from tdteam.domain.errors import Flaw
from tdteam.domain.rosters.villages import heading_village, village_key, village_name
from tests.grids import bao_thang, communes, fresh_bao_thang, old_id, present_id, village_id, words


@pytest.mark.parametrize(
    "written",
    [
        "Hốc Đá",
        "hốc đá",
        "HỐC ĐÁ",
        "Thôn Hốc Đá",
        "thôn  Hốc  Đá",
        "Hoc Da",
        "Thôn: Hốc Đá",
        "TỔ CNSCĐ THÔN HỐC ĐÁ",
        "Hốc Đá (Xuân Quang cũ)",
    ],
)
def test_a_village_is_found_however_it_is_written(written):
    assert bao_thang().resolve("UBND xã Xuân Quang", written) == village_id("Hốc Đá", "02926")


@pytest.mark.parametrize(
    ("written", "name", "code"),
    [
        ("Tả Hà II", "Tả Hà 2", "02938"),
        ("Tả Hà 02", "Tả Hà 2", "02938"),
        ("Tả Hà2", "Tả Hà 2", "02938"),
        ("TDP Phú Long", "Phú Long", "02908"),
        ("Tổ dân phố số Phú Long", "Phú Long", "02908"),
        ("Hoà Lạc", "Hòa Lạc", "02926"),
        ("Làng Mi", "Làng My", "02917"),
    ],
)
def test_figures_prefixes_and_tone_marks_do_not_matter(written, name, code):
    commune = {"02938": "Sơn Hà", "02908": "TT Tằng Loỏng", "02926": "Xuân Quang", "02917": "xã Thái Niên"}[
        code
    ]
    assert bao_thang().resolve(commune, written) == village_id(name, code)


def test_the_title_picks_the_old_commune():
    assert bao_thang().resolve("UBND xã Phong Niên", "Làng Chưng") == village_id("Làng Chưng", "02920")
    assert bao_thang().resolve("Xã Trì Quang", "Làng Chưng") == village_id("Làng Chưng", "02935")
    assert bao_thang().resolve("TT Phố Lu", "Khe Mụ") == village_id("Khe Mụ", "02905")


@pytest.mark.parametrize(
    ("commune", "village"),
    [
        ("xã Xuân Quang", "Làng Chưng"),
        ("Xã Xuân Quang", "Làng Bông 1"),
        ("xã Bảo Thắng", "Khe Mụ"),
        ("", "Khe Mụ"),
    ],
)
def test_a_name_that_stays_ambiguous_is_a_bad_cell(commune, village):
    found = bao_thang().resolve(commune, village)
    assert isinstance(found, Flaw)
    assert (found.code, found.params) == ("village_ambiguous", {"village": village, "count": 2})


def test_the_old_commune_in_brackets_settles_it():
    assert bao_thang().resolve("xã Xuân Quang", "Làng Chưng (Phong Niên cũ)") == village_id(
        "Làng Chưng", "02920"
    )
    assert bao_thang().resolve("xã Bảo Thắng", "Khe Mụ (Sơn Hà)") == village_id("Khe Mụ", "02938")


def test_a_present_commune_reaches_all_its_villages():
    assert bao_thang().resolve("UBND xã Bảo Thắng", "Tả Hà 2") == village_id("Tả Hà 2", "02938")
    assert bao_thang().resolve("xã Xuân Quang", "Tiến Thắng") == village_id("Tiến Thắng", "02920")


def test_the_marks_tell_villages_apart_where_letters_do_not():
    assert bao_thang().resolve("Gia Phú", "Sả Hồ") == village_id("Sả Hồ", "02923")
    assert bao_thang().resolve("Gia Phú", "Xả Hồ 2") == village_id("Xả Hồ 2", "02923")


def test_an_unknown_village_comes_with_names_that_look_alike():
    assert bao_thang().resolve("xã Xuân Quang", "Thôn Không Có") == Flaw(
        "village", "village_unknown", {"village": "Thôn Không Có"}
    )
    flaw = bao_thang().resolve("xã Xuân Quang", "Hốc Đáo")
    assert (
        isinstance(flaw, Flaw)
        and flaw.code == "village_unknown_near"
        and "Hốc Đá" in str(flaw.params["near"])
    )


def test_an_unknown_commune_is_said_so_and_its_villages_are_not_looked_for_elsewhere():
    assert bao_thang().resolve("xã Đâu Đó", "Hốc Đá") == Flaw(
        "village", "commune_unknown", {"commune": "xã Đâu Đó"}
    )


@pytest.mark.parametrize(
    "written",
    [
        "TT Phong Hải",
        "Thị trấn Phong Hải",
        "THỊ TRẤN NÔNG TRƯỜNG PHONG HẢI",
        "UBND TT. Phong Hải",
        "N.T Phong Hải",
        "T.T Phong Hải",
    ],
)
def test_phong_hai_goes_by_many_names(written):
    assert [commune.commune_id for commune in communes().find(written)][0] == old_id("02902")


def test_the_kind_tells_the_old_township_from_the_present_commune():
    assert [commune.commune_id for commune in communes().find("Xã Phong Hải")] == [present_id("02902")]
    assert [commune.commune_id for commune in communes().find("xã Xuân Quang")] == [
        old_id("02926"),
        present_id("02926"),
    ]
    assert communes().find("Xã Không Có") == []


@pytest.mark.parametrize(
    ("written", "kind", "name"),
    [
        ("Thôn Hốc Đá", "thon", "Hốc Đá"),
        ("THÔN HỐC ĐÁ", "thon", "Hốc Đá"),
        ("Tổ dân phố Phú Long", "tdp", "Phú Long"),
        ("TDP Phú Long", "tdp", "Phú Long"),
        ("Thôn 3", "thon", "Thôn 3"),
        ("Tổ dân phố số 5", "tdp", "Tổ dân phố số 5"),
        ("Bản Pho", "ban", "Bản Pho"),
        ("Tòng Già", "", "Tòng Già"),
    ],
)
def test_a_new_village_is_named_without_its_kind(written, kind, name):
    assert village_name(written, words()) == (kind, name)


@pytest.mark.parametrize(
    ("written", "village"),
    [
        ("Thôn Hốc Đá", "Thôn Hốc Đá"),
        ("II. Thôn Hốc Đá", "Thôn Hốc Đá"),
        ("1) Thôn Hốc Đá: 95 hộ", "Thôn Hốc Đá"),
        ("Thôn Hốc Đá (95 hộ, 400 khẩu)", "Thôn Hốc Đá"),
        ("Thôn Tả Hà 2", "Thôn Tả Hà 2"),
        ("A - Thôn Pẻo", "Thôn Pẻo"),
    ],
)
def test_group_rows_name_a_village(written, village):
    assert heading_village(written) == village


def test_keys_of_a_village_do_not_depend_on_how_it_is_written():
    assert {
        village_key(text, words()) for text in ("Thôn Tả Hà 2", "Tả Hà II", "TDP số Tả Hà 02", "tả hà2")
    } == {"ta ha 2"}
    assert village_key("Thôn 3", words()) == village_key("Tổ 3", words()) == "3"
    assert village_key("Thôn", words()) == "thon"


def test_a_wrong_column_of_names_does_not_cost_a_suggestion_each():
    villages = fresh_bao_thang()
    codes = [villages.resolve("xã Xuân Quang", f"Hốc Đáo {'x' * number}") for number in range(60)]
    assert [flaw.code for flaw in codes[:2] if isinstance(flaw, Flaw)] == ["village_unknown_near"] * 2
    assert {flaw.code for flaw in codes[50:] if isinstance(flaw, Flaw)} == {"village_unknown"}
