"""What the pages of visits, gatherings and filings share: paging by cursor, row paths, reasons, exports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import request

from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.ids import is_id
from tdteam.domain.periods import Period
from tdteam.store import settings
from tdteam.store.paging import Page
from tdteam.web.frame import here
from tdteam.web.gate import session

SIZES = (20, 50, 100)
_ROW = re.compile(r"assists\.(\d+)(.*)")


def page_size() -> int:
    """Rows a page: 20, 50 (default) or 100."""
    asked = request.args.get("size", "")
    return int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[1]


def cursor_links(page: Page[Any]) -> tuple[str | None, str | None]:
    """Addresses of the page before and the page after in this list."""
    return (here(before=page.before) if page.before else None, here(after=page.after) if page.after else None)


def demand_id(text: str) -> str:
    """A record's id from the address, or NotFound: other text never reaches the database."""
    if not is_id(text):
        raise NotFound
    return text


def on_screen(flaws: Iterable[Flaw], rows: list[int]) -> list[Flaw]:
    """Flaws of sent assists moved to their rows on screen (empty rows were not sent)."""
    out = []
    for flaw in flaws:
        found = _ROW.fullmatch(flaw.field)
        if found and int(found[1]) < len(rows):
            flaw = replace(flaw, field=f"assists.{rows[int(found[1])]}{found[2]}")
        out.append(flaw)
    return out


def number_arg(name: str) -> int | None:
    """A whole number from the address; None where absent or something else."""
    text: Any = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def demand_period(text: str) -> Period:
    """A period from the address, or NotFound."""
    try:
        return settings.period_named(session(), text)
    except Refused as other:
        raise NotFound from other
