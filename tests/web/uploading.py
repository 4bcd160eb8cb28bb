"""What tests of imports share: a district with a browser in it, files sent to it, pages read as a person reads them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tdteam import create_app
from tdteam.config import Config
from tdteam.store.tables import Household, Upload
from tests.client import CheckingClient
from tests.conftest import SECRET
from tests.district import District, body
from tests.grids import HOUSEHOLD_HEAD
from tests.workbook_maker import xlsx

COMMUNES = {"official": "02926", "neighbour": "02905"}


def text(answer: Any) -> str:
    """What a page says: tags gone, blanks single, what only readers or only phones get left out."""
    page = re.sub(r"<(script|svg)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return _plain(page)


def _plain(markup: str) -> str:
    markup = re.sub(r'<span class="(near|vh)">.*?</span>', " ", markup, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\xa0", " ").split())


def table(answer: Any, section: str) -> list[list[str]]:
    """The rows of the table in a page's section; no rows where there is no such section."""
    found = re.search(
        rf'aria-labelledby="{section}">.*?<tbody>(.*?)</tbody>', answer.get_data(as_text=True), re.S
    )
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found[1], re.S) if found else []
    return [[_plain(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]


def facts(answer: Any) -> dict[str, str]:
    """The figures under a page's title, by their labels."""
    found = re.findall(
        r"<dt>(.*?)</dt><dd><span class=\"v\">(.*?)</span></dd>", answer.get_data(as_text=True)
    )
    return {_plain(label): _plain(value) for label, value in found}


def form_of(answer: Any) -> dict[str, str]:
    """The columns form as the browser would send it: what is chosen, what is written."""
    page = answer.get_data(as_text=True)
    sent = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input class="in"[^>]* name="(commune-\d+)" value="([^"]*)"', page)
    }
    for name, options in re.findall(r'<select [^>]*name="([\w-]+)">(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@dataclass
class Desk:
    """A district, and a browser somebody sits at."""

    district: District
    app: Flask
    client: CheckingClient
    who: str = ""

    def sit(self, who: str) -> Desk:
        """Be this account from now on."""
        self.who = who
        self.client.sign_in(self.district.account(who))
        return self

    def send(self, data: bytes, name: str = "danh sách.xlsx", place: int | str | None = None) -> Any:
        """Upload a file; the answer, wherever it leads."""
        if place is None:
            place = self.district.commune(COMMUNES[self.who])
        form = {"place_id": str(place), "file": (io.BytesIO(data), name)}
        return self.client.post("/imports/", data=form, content_type="multipart/form-data")

    def upload(self, data: bytes | str, name: str = "", place: int | None = None) -> int:
        """Upload a file that is taken; a real workbook by its name. The upload's id."""
        if isinstance(data, str):
            data, name = body(data), data
        answer = self.send(data, name or "danh sách.xlsx", place)
        assert answer.status_code == 302, text(answer)
        return int(re.fullmatch(r"/imports/(\d+)/columns", answer.location)[1])  # type: ignore[index]

    def look(self, upload_id: int, page: str = "") -> Any:
        """One of an upload's pages: the dry run or what it did, /columns, /progress."""
        answer = self.client.get(f"/imports/{upload_id}{page}")
        assert answer.status_code == 200, (answer.status_code, answer.location)
        return answer

    def choose(self, upload_id: int, **changed: str) -> Any:
        """Send the columns page as it stands but for these fields (`column_0_4="phone"`)."""
        form = form_of(self.look(upload_id, "/columns"))
        form |= {name.replace("_", "-"): value for name, value in changed.items()}
        return self.client.post(f"/imports/{upload_id}/columns", data=form)

    def confirm(self, upload_id: int) -> Any:
        """Import it; the page that says what it did."""
        answer = self.client.post(f"/imports/{upload_id}/confirm")
        assert answer.status_code == 302 and answer.location == f"/imports/{upload_id}"
        return self.look(upload_id)

    def undo(self, upload_id: int) -> Any:
        answer = self.client.post(f"/imports/{upload_id}/undo")
        assert answer.status_code == 302 and answer.location == f"/imports/{upload_id}"
        return self.look(upload_id)

    def count(self, table: Any) -> int:
        with self.district.everywhere() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    @property
    def households(self) -> int:
        return self.count(Household)

    @property
    def uploads(self) -> int:
        return self.count(Upload)


def _desk(district: District, folder: Path) -> Iterator[Desk]:
    url = district.engine.url.render_as_string(hide_password=False)
    app = create_app(Config(folder, url, SECRET, mode="production"))
    app.testing = True
    app.test_client_class = CheckingClient
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    yield Desk(district, app, client).sit("official")
    app.extensions["tdteam_engine"].dispose()


@pytest.fixture
def desk(sqlite_bao_thang: District, tmp_path: Path) -> Iterator[Desk]:
    """The official of Xuan Quang before any import."""
    yield from _desk(sqlite_bao_thang, tmp_path)


@pytest.fixture
def both_desks(bao_thang: District, tmp_path: Path) -> Iterator[Desk]:
    """The same on each engine in turn."""
    yield from _desk(bao_thang, tmp_path)


def home(
    name: str, year: int | str = 1970, people: int | str = 4, village: str = "Hốc Đá", **more: Any
) -> list[Any]:
    """A row of a household list: adults, eid2, phone and note by name."""
    counts = [people, more.get("adults", 3), more.get("eid2", 2)]
    return [1, village, name, year, *counts, "", "", "x", more.get("phone", ""), more.get("note", "")]


def list_of(*rows: list[Any], head: list[str] | None = None, title: str = "UBND xã Xuân Quang") -> bytes:
    """A household list: title in row 1, head in row 3, the rows from row 4 on."""
    return xlsx([[title], [], head or HOUSEHOLD_HEAD, *rows])
