"""One figure is the same figure wherever it stands: board, its files, map, ranking, trends, API, paper."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from tdteam.actions.record_gathering import record_gathering
from tdteam.actions.record_visit import record_visit
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.roles import SYSTEM
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.vocabulary import Source
from tdteam.store import indicators, stocks
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.client import CheckingClient

KINDS = (
    ("EID2_ACTIVATE", "done"),
    ("HEALTH_BOOK", "done"),
    ("FILING_SUBMIT", "done"),
    ("PAY_QR", "done"),
)
CAUSED = ("VNEID_INSTALL", "not_done")
LAST = Period(2026, 11)
Cell = tuple[str, str]


@pytest.fixture(params=[1, 2])
def lived(request: pytest.FixtureRequest, cast: Cast) -> Cast:
    """Three villages whose households, visits and gatherings of three months are drawn by a seed."""
    chance = random.Random(request.param)
    session = cast.village.world.session
    for hamlet in (cast.village, cast.sibling, cast.next_village):
        homes = [
            hamlet.household(f"Hộ {n}", people=(adults := chance.randint(1, 6)) + 1, adults=adults,
                             eid2=chance.randint(0, adults))
            for n in range(chance.randint(2, 7))
        ]  # fmt: skip
        stocks.touch(session, [hamlet.id], on=date(2026, 9, 20))
        for _ in range(chance.randint(0, 12)):
            day = date(2026, 9, 16) + timedelta(days=chance.randint(0, 59))
            kind, outcome = chance.choice(KINDS)
            assists = [helped(kind, outcome, people=chance.randint(1, 3))]
            if chance.random() < 0.3:
                assists.append(helped(*CAUSED, cause="NO_NETWORK"))
            where = {"household_id": chance.choice(homes).id, "visited_on": day}
            record_visit(session, visit_at(hamlet, *assists, **where), SYSTEM)
        for _ in range(chance.randint(0, 2)):
            told = GatheringDraft(
                village_id=hamlet.id, team_id=hamlet.team.id, held_on=date(2026, 11, 3), attended=9, women=4,
                topic="VNeID", assists=(helped("SAFETY", people=5),),
            )  # fmt: skip
            record_gathering(session, told, SYSTEM)
    session.commit()
    return cast


def shown(value: Value, one: Indicator) -> Cell:
    """Part and whole as files write them; "-" for what nobody knows."""
    if isinstance(value, Share):
        return (_text(value.part), _text(value.whole))
    if isinstance(value, Average):
        return (_text(value.total), _text(value.count))
    return (_text(value), _text(value) if one.has_whole else "")


def _text(number: int | None) -> str:
    return "-" if number is None else str(number)


def truth(cast: Cast, code: str) -> dict[str, dict[int, Cell]]:
    """Indicator -> place -> both numbers, straight from the tallies."""
    session = cast.village.world.session
    counted = [one for one in indicators.list_indicators(session) if one.source is Source.COUNTED]
    area, on = cast.area.id or 0, date.today()
    period = Period(int(code[:4]), int(code[5:]))
    by = indicators.by_place(session, area, on)
    found = indicators.read_by(session, area, period, on, counted, by)
    session.commit()  # the world's own session would keep every writer waiting
    return {
        one.code: {place: shown(values[one.code], one) for place, values in found.items()} for one in counted
    }


def table(client: CheckingClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def of_file(row: list[str], at: int, one: Indicator) -> Cell:
    return (row[at] or "-", row[at + 1] or "-") if one.has_whole else (row[at] or "-", "")


def places_of(cast: Cast) -> dict[str, int]:
    found = [cast.commune, cast.next_commune, cast.village.place, cast.sibling.place, cast.next_village.place]
    return {place.label if place.level == "village" else place.name: place.id or 0 for place in found}


def columns(cast: Cast) -> list[Indicator]:
    found = indicators.list_indicators(cast.village.world.session)
    cast.village.world.session.commit()
    return [one for one in found if one.source is Source.COUNTED]


@pytest.mark.parametrize("period", ["2026-11", "2026-10"])
def test_board_files_map_ranking_trends_api_and_paper_tell_the_same(
    client: CheckingClient, lived: Cast, period: str
) -> None:
    named = places_of(lived)
    everything = columns(lived)
    should = truth(lived, period)
    client.sign_in(lived.giang)
    seen = 0
    for source in (from_board, from_ranking, from_api, from_trends):
        for code, place, cell in source(client, named, everything, period):
            if place in should[code] or cell[0] not in ("-", ""):
                assert cell == should[code].get(place), (source.__name__, code, place)
                seen += 1
    assert seen > len(everything) * 8


def from_board(
    client: CheckingClient, named: dict[str, int], everything: list[Indicator], period: str
) -> Iterator[tuple[str, int, Cell]]:
    """The board with every column and every village open, as a file."""
    opened = ",".join(str(place) for place in named.values())
    for start in range(0, len(everything), 12):
        some = everything[start : start + 12]
        cols = ",".join(one.code for one in some)
        listed = table(client, f"/coverage/export.csv?period={period}&open={opened}&cols={cols}")
        order = {name: at for at, name in enumerate(listed[0])}
        for row in listed[1:]:
            if row[0] in named:
                for one in some:
                    first = one.part_name or one.short_name if one.has_whole else one.short_name
                    if first in order and listed[0].count(first) == 1:
                        yield one.code, named[row[0]], of_file(row, order[first], one)


def from_ranking(
    client: CheckingClient, named: dict[str, int], everything: list[Indicator], period: str
) -> Iterator[tuple[str, int, Cell]]:
    """Ranking and map, of communes and of villages, as files and as PDF."""
    for one in everything:
        for level, at in (("commune", 2), ("village", 3)):
            for view in ("ranking", "map"):
                asked = f"period={period}&level={level}&indicator={one.code}"
                for row in table(client, f"/coverage/{view}/csv?{asked}")[1:]:
                    yield one.code, named[row[1]], of_file(row, at, one)
    for view in ("ranking", "map"):
        pdf = client.get(
            f"/coverage/{view}/pdf?period={period}&level=village&indicator=HOUSEHOLDS_REACHED"
        ).data
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        for name, place in named.items():
            found = re.search(rf"{re.escape(name)}\s+Xã \w+ \w+\s+(\d+)/(\d+) ", text)
            if found:
                yield "HOUSEHOLDS_REACHED", place, (found[1], found[2])


def from_api(
    client: CheckingClient, named: dict[str, int], everything: list[Indicator], period: str
) -> Iterator[tuple[str, int, Cell]]:
    """What machines read: coverage and tallies."""
    known = {one.code: one for one in everything}
    codes = ",".join(known)
    for rows in ("communes", "villages"):
        for address in (
            f"/api/v1/coverage?rows={rows}&period={period}&indicators={codes}",
            f"/api/v1/tallies?rows={rows}&from={period}&to={period}&indicators={codes}",
        ):
            answer: Any = client.get(address)
            assert answer.status_code == 200, answer.json
            for row in answer.json["rows"]:
                for figure in row["figures"]:
                    one = known[figure["indicator"]]
                    part = figure["part"] if one.has_whole else figure["value"]
                    cell = (_text(part), _text(figure["whole"]) if one.has_whole else "")
                    if row["place"]["id"] in named.values():
                        yield one.code, row["place"]["id"], cell


def from_trends(
    client: CheckingClient, named: dict[str, int], everything: list[Indicator], period: str
) -> Iterator[tuple[str, int, Cell]]:
    """The last of thirteen periods."""
    month = f"{period[5:]}/{period[:4]}"
    by_name = {one.name: one for one in everything}
    for start in range(0, len(everything), 12):
        asked = "".join(f"&indicator={one.code}" for one in everything[start : start + 12])
        for place in named.values():
            try:
                listed = table(client, f"/coverage/trends/csv?period={period}&place={place}{asked}")
            except AssertionError:
                continue  # a commune that reaches beyond the reviewer's area is not hers to open
            for row in listed[1:]:
                if row[2] == month:
                    one = by_name[row[0]]
                    yield one.code, place, of_file(row, 3, one)
