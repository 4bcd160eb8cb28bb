"""The real workbooks yield exactly what `expected.json` says, in every format they may come in."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tdteam.actions.workbooks import read_workbook
from tdteam.domain.legacy_text import TCVN3
from tdteam.domain.rosters.reading import layouts_of, read_rosters
from tdteam.domain.rosters.rows import Reading
from tests.grids import TODAY, bao_thang, communes, village_id, words

SAMPLES = Path(__file__).parent.parent / "data"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
WHY = {
    "no name": "name_missing",
    "adults > people": "adults_over_people",
    "eid > adults": "eid2_over_adults",
    "village unknown": "village_unknown",
    "people negative": "count_negative",
    "year in future": "year_future",
    "text in number": "count_text",
}


def reading_of(data: bytes, filename: str) -> Reading:
    book = read_workbook(data, filename)
    return read_rosters(book, layouts_of(book, words(), TODAY), bao_thang(), words(), TODAY)


def sample(name: str) -> Reading:
    return reading_of((SAMPLES / name).read_bytes(), name)


def test_team_workbook_yields_its_188_teams_and_1297_members():
    reading = sample("to-cong-nghe-so-bao-thang.xlsx")
    expected = EXPECTED["teams"]
    assert (len(reading.teams), len(reading.members), reading.bad) == (
        expected["teams"],
        expected["members"],
        [],
    )
    teams = Counter(team.commune for team in reading.teams.values())
    people = Counter(member.commune for member in reading.members)
    found = {communes().find(commune)[0].commune_id: [teams[commune], people[commune]] for commune in teams}
    wanted = {
        communes().find(commune)[0].commune_id: counts for commune, counts in expected["per_commune"].items()
    }
    assert found == wanted
    assert all(
        team.members
        == sum(1 for m in reading.members if (m.commune, m.village) == (team.commune, team.village))
        for team in reading.teams.values()
    )


def test_team_workbook_tells_everything_about_a_member():
    reading = sample("to-cong-nghe-so-bao-thang.xlsx")
    by_row = {(member.sheet, member.row): member for member in reading.members}
    first = by_row[("TT Phố Lu", 8)]
    assert (
        first.village,
        first.name,
        first.birth_year,
        first.sex,
        first.role,
        first.component,
        first.phone,
    ) == (*("Ná Ó", "Phan Văn Dến", 1980, "male", "leader", "village_head", "0860008984"),)
    woman = by_row[("TT Phong Hải", 10)]
    assert (woman.village, woman.birth_year, woman.sex, woman.trained, woman.phone) == (
        "Phìn Hồ 1",
        1999,
        "female",
        True,
        "0968337106",
    )
    capitals = by_row[("Bản Phiệt", 8)]
    assert (capitals.name, capitals.birth_year) == ("Ma Văn Ỏm", 1966)
    spaced = by_row[("TT Tằng Loỏng", 15)]
    assert (spaced.name, spaced.village, spaced.village_kind) == ("Sùng Seo Sình", "Phú Long", "tdp")
    decomposed = by_row[("Phong Niên", 8)]
    assert decomposed.name == unicodedata.normalize("NFC", decomposed.name) == "Lê Quang Quyên"
    assert not any(member.note for member in reading.members)


def test_founding_decision_is_read_from_the_title_block():
    teams = sample("to-cong-nghe-so-bao-thang.xlsx").teams.values()
    decision = {
        (team.commune, team.decision_number, team.decision_on.isoformat())
        for team in teams
        if team.decision_on
    }
    assert len(decision) == 14
    assert ("Thị trấn Phố Lu", "153/QĐ-UBND", "2022-04-10") in decision


def test_every_village_of_the_team_workbook_is_one_of_the_188():
    found = {
        bao_thang().resolve(team.commune, team.village)
        for team in sample("to-cong-nghe-so-bao-thang.xlsx").teams.values()
    }
    assert len(found) == 188 and all(isinstance(village, int) for village in found)


def test_xuan_quang_yields_its_good_rows_and_names_the_nine_bad_ones():
    reading = sample("ho-dan-xuan-quang.xlsx")
    expected = EXPECTED["households_xuan_quang"]
    assert len(reading.households) == expected["good"]
    assert sum(household.people or 0 for household in reading.households) == expected["people"]
    assert [(bad.row, bad.code) for bad in reading.bad] == [
        (bad["row"], WHY[bad["why"]]) for bad in expected["bad"]
    ]
    assert reading.bad_rows == len(expected["bad"]) and all(bad.refused for bad in reading.bad)
    assert [bad.cell for bad in reading.bad] == [
        "C51",
        "F86",
        "G125",
        "B132",
        "E459",
        "D613",
        "E702",
        "C825",
        "F829",
    ]


def test_a_household_is_read_whole():
    by_row = {household.row: household for household in sample("ho-dan-xuan-quang.xlsx").households}
    first, tenth, near = by_row[7], by_row[10], by_row[23]
    assert (first.head, first.folded, first.village_id) == (
        "Hoàng Văn Mẩn",
        "hoang van man",
        village_id("Hốc Đá", "02926"),
    )
    assert (first.birth_year, first.people, first.adults, first.eid2) == (1971, 5, 5, 2)
    assert (first.poverty, first.smartphone, first.phone) == ("none", True, "0357682718")
    assert (tenth.poverty, tenth.smartphone, near.poverty) == ("poor", False, "near_poor")
    assert by_row[8].phone == "0367682996"
    assert by_row[133].village_id == village_id("Tiến Lập", "02926")


def test_ban_cam_in_tcvn3_reads_as_its_typist_saw_it():
    reading = sample("ho-dan-ban-cam-tcvn3.xlsx")
    expected = EXPECTED["households_ban_cam_tcvn3"]
    assert (len(reading.households), reading.bad) == (expected["good"], [])
    assert sum(household.people or 0 for household in reading.households) == expected["people"]
    assert [household.head for household in reading.households[:4]] == [
        "Bàn Láo Pết",
        "La Thị Pảo",
        "Cư Seo Dế",
        "Hầu Chứ Chu",
    ]
    assert reading.households[0].village_id == village_id("Thái Vô 2", "02914")
    heads = {household.head for household in reading.households}
    assert {"Lê Đức Ánh", "Vi Thị Ỏm", "Lương Văn Ướm", "Vi Thị Ơn"} <= heads, (
        "TCVN3 has no accented capitals"
    )
    assert not any(word[0].islower() for head in heads for word in head.split())


def as_csv(name: str, separator: str, encoding: str, back: dict[str, str] | None = None) -> bytes:
    """The first sheet of a sample as a CSV file; `back` puts letters into a legacy encoding."""
    sheet = read_workbook((SAMPLES / name).read_bytes(), name).sheets[0]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    for _, row in sheet.rows():
        writer.writerow(
            [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]
        )
    return "".join((back or {}).get(char, char) for char in out.getvalue()).encode(encoding)


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")]
)
def test_the_same_roster_as_csv_yields_the_same(separator, encoding):
    reading = reading_of(as_csv("ho-dan-xuan-quang.xlsx", separator, encoding), "ho-dan.csv")
    assert len(reading.households) == EXPECTED["households_xuan_quang"]["good"]
    assert [(bad.row, bad.code) for bad in reading.bad] == [
        (b["row"], WHY[b["why"]]) for b in EXPECTED["households_xuan_quang"]["bad"]
    ]


def test_a_csv_in_tcvn3_is_known_by_its_letters():
    back = {letter: chr(code) for code, letter in TCVN3.items()}
    data = as_csv("ho-dan-ban-cam-tcvn3.xlsx", ",", "latin-1", back)
    reading = reading_of(data, "ho-dan.csv")
    assert (len(reading.households), reading.bad) == (EXPECTED["households_ban_cam_tcvn3"]["good"], [])


def test_a_csv_in_windows_1258_is_read():
    text = "UBND xã Xuân Quang\nSTT,Thôn,Họ và tên chủ hộ,Năm sinh,Số khẩu\n1,Hốc Đá,Nguyễn Văn Đức,1970,4\n"
    parts = "".join(
        unicodedata.normalize("NFC", base) + tones
        for base, tones in (_split(char) for char in unicodedata.normalize("NFC", text))
    )
    [household] = reading_of(parts.encode("cp1258"), "a.csv").households
    assert (household.head, household.village_id) == ("Nguyễn Văn Đức", village_id("Hốc Đá", "02926"))


def _split(char: str) -> tuple[str, str]:
    """Letter and tone apart, as keyboards of Windows-1258 type them."""
    parts = unicodedata.normalize("NFD", char)
    tones = "".join(part for part in parts if part in "\u0300\u0309\u0303\u0301\u0323")
    return "".join(part for part in parts if part not in tones), tones
