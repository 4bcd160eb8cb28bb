"""Figures of the parts of a span put together: flows are added, with both their numbers; unknown parts are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tdteam.domain.report_facts import FigureLine
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.vocabulary import Nature


def add_counts(counts: Iterable[int | None]) -> int | None:
    """The sum of the known ones; None where none is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def add_values(values: Iterable[Value]) -> Value:
    """Flows of several spans as one: counts added, shares and averages by their two numbers.

    None where nothing is known, and where the values are of different kinds (an indicator changed its shape).
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    if all(isinstance(value, int) for value in known):
        return sum(value for value in known if isinstance(value, int))
    shares = [value for value in known if isinstance(value, Share)]
    if len(shares) == len(known):
        return Share(add_counts(s.part for s in shares), add_counts(s.whole for s in shares))
    averages = [value for value in known if isinstance(value, Average)]
    if len(averages) == len(known):
        return Average(add_counts(a.total for a in averages), add_counts(a.count for a in averages))
    return None


DeclaredKey = tuple[str, str, str]


def key_of(line: FigureLine) -> DeclaredKey:
    """What makes two declared lines of two periods the same figure."""
    return line.code, line.name, line.origin


def add_declared(lines: Iterable[FigureLine]) -> dict[DeclaredKey, FigureLine]:
    """Declared lines of several periods, oldest first, as one each: flows are added, of a stock the newest stands."""
    out: dict[DeclaredKey, FigureLine] = {}
    for line in lines:
        held = out.get(key_of(line))
        if held and line.nature is Nature.FLOW and line.as_of is None:
            line = replace(line, now=add_values([held.now, line.now]))
        out[key_of(line)] = replace(line, previous=None, cumulative=None)
    return out
