"""How long a roster of 50,000 households takes to look at, read and check (no database), and how much memory.

    python scripts/roster_speed.py [ROWS]

Makes a workbook of made-up households in the demonstration villages, 12 columns, then reads it in a fresh process.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))


def villages() -> dict[str, list[str]]:
    """Old commune's name to its villages."""
    data = json.loads((ROOT / "tdteam/data/villages_bao_thang.json").read_text(encoding="utf-8"))
    return {commune["name"]: commune["villages"] for commune in data["communes"].values()}


def workbook(rows: int, more_people: int = 0) -> bytes:
    """A roster of one old commune in the ugly way of the samples: blank villages, phones without their zero.

    `more_people`: as many more in each household than without.
    """
    import xlsxwriter

    dice = random.Random(7)
    commune, names = next(iter(villages().items()))
    words = json.loads((ROOT / "tdteam/data/roster_columns.json").read_text(encoding="utf-8"))["columns"]
    label = {name: listed[0].lstrip("=") for name, listed in words.items()}
    head = [
        "number",
        "village",
        "name",
        "birth_year",
        "people",
        "adults",
        "eid2",
        "poor",
        "near_poor",
        "smartphone",
        "phone",
        "note",
    ]
    family = [
        "Nguy\u1ec5n",
        "L\u00fd",
        "V\u00e0ng",
        "Gi\u00e0ng",
        "Ho\u00e0ng",
        "Tr\u1ea7n",
        "\u0110\u1eb7ng",
    ]
    middle = ["A", "Th\u1ecb", "V\u0103n", "Seo"]
    given = [
        "\u0110\u1ee9c",
        "M\u1ea9y",
        "P\u00e1o",
        "H\u01b0\u01a1ng",
        "S\u01a1n",
        "Th\u1ee7y",
        "Anh",
        "D\u1ebf",
    ]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Ho dan")
    sheet.write(0, 0, f"UBND {commune}")
    sheet.write_row(2, 0, [label[name] for name in head])
    for index in range(rows):
        people = dice.randint(1, 8)
        adults = dice.randint(1, people)
        phone = dice.choice(["", 900_000_000 + index, f"09{index:08d}"])
        first = names[index * len(names) // rows] if index % 50 == 0 else ""
        name = " ".join(map(dice.choice, (family, middle, given)))
        ticks = [dice.choice(["", "", "", "x"]), "", dice.choice(["x", ""])]
        sheet.write_row(
            3 + index,
            0,
            [
                index + 1,
                first,
                name,
                dice.randint(1940, 2000),
                people + more_people,
                adults,
                dice.randint(0, adults),
                *ticks,
                phone,
            ],
        )
    book.close()
    return out.getvalue()


def measure(path: str) -> None:
    """Read and check the file; print the time of each step and the process's peak memory."""
    from tdteam.actions.workbooks import read_workbook, roster_words
    from tdteam.domain.rosters.reading import layouts_of, read_rosters
    from tdteam.domain.rosters.villages import Communes, KnownCommune, KnownVillage, Villages
    from tdteam.domain.rosters.words import roster_words_of

    words = roster_words_of(roster_words())
    communes, known = [], []
    for number, (name, listed) in enumerate(villages().items(), 1):
        communes.append(KnownCommune(number, name, present=False))
        known += [
            KnownVillage(number * 1000 + index, village, number, number)
            for index, village in enumerate(listed)
        ]
    at_rest = peak()
    start = time.perf_counter()
    book = read_workbook(Path(path).read_bytes(), "roster.xlsx")
    opened = time.perf_counter()
    layouts = layouts_of(book, words, date(2026, 11, 23))
    reading = read_rosters(
        book, layouts, Villages(known, Communes(communes, words), words), words, date(2026, 11, 23)
    )
    done = time.perf_counter()
    print(
        f"rows {reading.rows}, good {len(reading.households)}, bad {reading.bad_rows}, twins {len(reading.household_twins)}"
    )
    print(
        f"looked at and opened {opened - start:.2f} s, read and checked {done - opened:.2f} s, together {done - start:.2f} s"
    )
    print(f"memory {at_rest} MiB before, {peak()} MiB at the peak")


def peak() -> int:
    """This process's own peak (`ru_maxrss` would be its parent's where that was larger)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


def main() -> None:
    if sys.argv[1:2] == ["--read"]:
        measure(sys.argv[2])
        return
    if sys.argv[1:2] == ["--make"]:
        Path(sys.argv[2]).write_bytes(workbook(int(sys.argv[3]), int(sys.argv[4])))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        path.write_bytes(workbook(rows))
        print(f"{rows} households, {path.stat().st_size / 2**20:.1f} MiB")
        subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
