"""A row of sums in annex I of a consolidated report, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from tdteam.domain.shares import Share, Value


@dataclass(frozen=True)
class VillageSubtotal:
    """What a commune's rows (those of its `group`) add up to in a consolidated report. `villages`: its rows here of all
    villages it has; `is_beyond`: it reaches beyond the area."""

    group: str
    values: tuple[Value, ...]
    villages: Share = Share(None, None)
    is_beyond: bool = False
