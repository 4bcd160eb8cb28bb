"""Reads a JSON body into a draft: every error of shape becomes a flaw beside its field, never an exception.

Unknown fields are left alone (the inbox keeps them). Text is stored composed (NFC) with single blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tdteam.domain.errors import Flaw
from tdteam.domain.ids import is_id
from tdteam.domain.vietnamese import nfc

_LONGEST = 20_000
_LARGEST = 2**31 - 1  # what an INTEGER column takes on PostgreSQL
_MOST_ITEMS = 500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def stored(text: str) -> str:
    """A text of several lines as it is kept: each line composed, single blanks, no blanks at the ends, no NUL (which
    PostgreSQL does not take)."""
    return "\n".join(nfc(line) for line in text.replace("\x00", "").split("\n")).strip()


@dataclass
class Reader:
    """Fields of one JSON object. `prefix` stands before the names in flaws ("assists.0.")."""

    body: Any
    prefix: str = ""
    flaws: list[Flaw] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not isinstance(self.body, dict):
            self.flaws.append(Flaw(self.prefix.rstrip("."), "shape"))
            self.body = {}

    def _bad(self, name: str, code: str) -> None:
        self.flaws.append(Flaw(self.prefix + name, code))

    def text(self, name: str) -> str:
        """Text, "" where nothing is given."""
        value = self.body.get(name)
        if value is None or value == "":
            return ""
        if type(value) is str and len(value) <= _LONGEST and value.isascii() and value.isprintable():
            return " ".join(value.split())  # one line of plain letters: nothing to compose
        if not isinstance(value, str) or len(value) > _LONGEST or "\x00" in value:
            self._bad(name, "text_form")
            return ""
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a surrogate pair, which no database stores
            self._bad(name, "text_form")
            return ""
        return stored(value)

    def word(self, name: str) -> str | None:
        """A code of a vocabulary, None where nothing is given."""
        return self.text(name) or None

    def integer(self, name: str) -> int | None:
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not -_LARGEST <= value <= _LARGEST:
            self._bad(name, "number_form")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        value = self.body.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._bad(name, "flag_form")
        return None

    def day(self, name: str) -> date | None:
        value = self.body.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # 30 February
        self._bad(name, "date_form")
        return None

    def id(self, name: str) -> str | None:
        """A record's id (UUID), None where nothing is given."""
        value = self.body.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and is_id(value.lower()):
            return value.lower()
        self._bad(name, "id_form")
        return None

    def _items(self, name: str) -> list[Any]:
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > _MOST_ITEMS:
            self._bad(name, "list_form")
            return []
        return value

    def integers(self, name: str) -> tuple[int, ...]:
        """Whole numbers, each once, in the order given."""
        items = self._items(name)
        good = [item for item in items if isinstance(item, int) and not isinstance(item, bool)]
        if len(good) != len(items) or any(abs(item) > _LARGEST for item in good):
            self._bad(name, "list_form")
            return ()
        return tuple(dict.fromkeys(good))

    def ids(self, name: str) -> tuple[str, ...]:
        """Ids of records, each once, in the order given."""
        items = self._items(name)
        good = [item.lower() for item in items if isinstance(item, str) and is_id(item.lower())]
        if len(good) != len(items):
            self._bad(name, "id_form")
            return ()
        return tuple(dict.fromkeys(good))

    def objects(self, name: str) -> Iterable[Reader]:
        """A reader for each object of a list, its flaws collected here."""
        for place, item in enumerate(self._items(name)):
            yield Reader(item, f"{self.prefix}{name}.{place}.", self.flaws)

    def object(self, name: str) -> Reader | None:
        """A reader for an object, None where nothing is given."""
        if self.body.get(name) is None:
            return None
        return Reader(self.body[name], f"{self.prefix}{name}.", self.flaws)
