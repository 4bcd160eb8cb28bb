"""Importing a roster of 50,000 households: read, checked, planned, stored, tallied, in one durable transaction."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.load.harness import Pair, job

HOUSEHOLDS = 50_000
HEAD = (
    *("STT", "Thôn", "Họ và tên chủ hộ", "Năm sinh", "Số khẩu", "Số người từ đủ 14 tuổi trở lên"),
    *("Trong đó đã có định danh mức 2", "Hộ nghèo", "Có điện thoại thông minh", "Điện thoại", "Ghi chú"),
)
INSERT = """
INSERT INTO household (id, village_id, kind, head, head_fold, head_sort, birth_year, people, adults, eid2, poverty, smartphone,
  phone, note, version, created_at, changed_at, ended_why)
VALUES (?, ?, 'household', ?, ?, '', ?, ?, ?, ?, ?, ?, ?, '', 1, '2026-11-23', '2026-11-23', '')"""


def write_workbook(path: Path, rows: int) -> None:
    """A sheet an old commune, with the title and the blanks an office would leave; phones as numbers every other time."""
    import json

    import xlsxwriter

    from tdteam.actions.demonstration.chance import Chance
    from tdteam.actions.demonstration.names import full_name
    from tdteam.domain.people import Sex
    from tdteam.store.places import DATA

    chance = Chance(1)
    communes = json.loads((DATA / "villages_bao_thang.json").read_text("utf-8"))["communes"]
    places = [(commune["name"], village) for commune in communes.values() for village in commune["villages"]]
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, line, number = None, 0, 0
    for index, (commune, village) in enumerate(places):
        if sheet is None or places[index - 1][0] != commune:
            sheet, line = book.add_worksheet(commune.split()[-1] + f" {index}"), 6
            sheet.write(0, 0, f"UBND {commune}")
            sheet.write(2, 2, "BIỂU TỔNG HỢP HỘ DÂN CƯ TRÊN ĐỊA BÀN")
            sheet.write_row(5, 0, HEAD)
        for order in range(rows * (index + 1) // len(places) - rows * index // len(places)):
            number += 1
            people = 1 + chance.randrange(8)
            adults = 1 + chance.randrange(people)
            phone: Any = 900_000_000 + number if number % 2 else f"0{300_000_000 + number}"
            name = full_name(chance, chance.one(("kinh", "tay", "dao", "hmong", "giay", "nung")), Sex.MALE)
            values = (
                number,
                village if order == 0 else "",
                name,
                1940 + chance.randrange(60),
                people,
                adults,
            )
            ticks = ("x" if chance.yes(0.1) else "", "x" if chance.yes(0.8) else "")
            sheet.write_row(line, 0, (*values, chance.randrange(adults + 1), *ticks, phone, ""))
            line += 1
    book.close()


def prepare(folder: Path) -> tuple[Path, Path]:
    """A migrated database with places and catalogue but no household, and the workbook."""
    from tdteam.actions.demonstration.roster import load_teams
    from tdteam.store import migrate
    from tdteam.store.catalogue import load_catalogue
    from tdteam.store.engine import make_engine
    from tdteam.store.gate import EVERYWHERE, open_session
    from tdteam.store.units import load_units

    database, workbook = folder / "template.db", folder / "roster.xlsx"
    url = f"sqlite:///{database}"
    migrate.upgrade(url)
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE, write=True) as session:
        load_units(session)
        load_catalogue(session)
        load_teams(session)
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    write_workbook(workbook, HOUSEHOLDS)
    return database, workbook


@job(
    "roster import",
    f"{HOUSEHOLDS:,} households, .xlsx",
    "≤ 5 s, ≤ 150 MiB",
    "calamine reads the same file, bare driver inserts its rows",
)
def _import(folder: Path) -> Pair:
    from tdteam.actions.import_roster import apply_roster, check_roster
    from tdteam.store.engine import make_engine
    from tdteam.store.gate import EVERYWHERE, open_session

    # made apart: this process's peak of memory shall be the import's
    subprocess.run([sys.executable, "-m", "tests.load.jobs_rosters", str(folder)], check=True)
    template, workbook = folder / "template.db", folder / "roster.xlsx"
    fresh = folder / "fresh.db"

    def ours() -> None:
        shutil.copy(template, fresh)
        engine = make_engine(f"sqlite:///{fresh}")
        with open_session(engine, EVERYWHERE, write=True) as session:
            counts = apply_roster(session, check_roster(session, workbook.read_bytes(), workbook.name))
            assert counts["added"] == HOUSEHOLDS, counts
            session.commit()
        engine.dispose()

    def floor() -> None:
        from python_calamine import CalamineWorkbook

        shutil.copy(template, fresh)
        engine = make_engine(f"sqlite:///{fresh}")
        driver: Any = engine.raw_connection().driver_connection
        book = CalamineWorkbook.from_path(str(workbook))
        village = driver.execute("SELECT min(village_id) FROM team_village").fetchone()[0]
        rows = (
            (f"{name}-{at}", village, row[2], row[2], row[3], row[4], row[5], row[6], None, None, str(row[9]))
            for name in book.sheet_names
            for at, row in enumerate(book.get_sheet_by_name(name).to_python()[4:])
            if isinstance(row[0], float)
        )
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(INSERT, rows)
        driver.execute("COMMIT")
        assert driver.execute("SELECT count(*) FROM household").fetchone()[0] == HOUSEHOLDS
        engine.dispose()

    return Pair(work=ours, floor=floor, rounds=3)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
