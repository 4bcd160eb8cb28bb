"""Targets: what share a place is to reach in a statutory year, typed in percent and kept in hundredths of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from tdteam.domain.coverage import board_columns
from tdteam.domain.errors import Flaw
from tdteam.domain.indicators import PERCENT, Indicator

WHOLE = 10_000
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")


def targeted(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The indicators a target can be set for: the shares of the board that should rise."""
    return tuple(one for one in board_columns(indicators) if one.unit == PERCENT and not one.is_falling_good)


def parse_target(text: str, field: str) -> int | None | Flaw:
    """ "82,5" to 8250; nothing typed is None; other text is the flaw `percent_form`, over 100 `percent_over`."""
    typed = text.strip()
    if not typed:
        return None
    found = _PERCENT.fullmatch(typed)
    if not found:
        return Flaw(field, "percent_form")
    value = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    return value if value <= WHOLE else Flaw(field, "percent_over")


def shown(value: int) -> Decimal:
    """A kept target in percent."""
    return Decimal(value) / 100
