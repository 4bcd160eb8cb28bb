"""What differs between two sealed sets of figures: the list a replacing report prints."""

from __future__ import annotations

from collections.abc import Iterator

from tdteam.domain.report_facts import FigureChange, FigureLine, ReportFacts, VillageLine
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.vocabulary import Source

UNKNOWN = "-"


def changes_of(old: ReportFacts, new: ReportFacts) -> tuple[FigureChange, ...]:
    """Every figure of this period that is not what it was: the place's own first, then village by village.

    Cumulative figures and figures of the period before are not listed: they follow from these.
    """
    return (*_own(old, new), *_villages(old, new))


def _own(old: ReportFacts, new: ReportFacts) -> Iterator[FigureChange]:
    before = {_key(line): line for line in old.figures}
    after = {_key(line): line for line in new.figures}
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        first, second = said(was.now) if was else UNKNOWN, said(now.now) if now else UNKNOWN
        if first != second:
            line = now or was
            assert line is not None
            name = f"{line.name} ({line.origin})" if line.origin else line.name
            yield FigureChange("", name, first, second, code=line.code)


def _key(line: FigureLine) -> tuple[str, Source, str]:
    return line.code, line.source, line.origin


def _villages(old: ReportFacts, new: ReportFacts) -> Iterator[FigureChange]:
    before = {row.village_id or row.name: row for row in old.villages.rows}
    after = {row.village_id or row.name: row for row in new.villages.rows}
    for key in dict.fromkeys((*after, *before)):
        was, now = _cells(old, before.get(key)), _cells(new, after.get(key))
        row = after.get(key) or before[key]
        for code in dict.fromkeys((*was, *now)):
            first, second = said(was.get(code)), said(now.get(code))
            if first != second:
                where = f"{row.name} ({row.group})" if row.group else row.name
                yield FigureChange(where, "", first, second, code=code)


def _cells(facts: ReportFacts, row: VillageLine | None) -> dict[str, Value]:
    if row is None:
        return {}
    return {column.code: cell for column, cell in zip(facts.villages.columns, row.values, strict=True)}


def said(value: Value) -> str:
    """A figure as both numbers it stands on, in plain digits; the paper words it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Share):
        return f"{_number(value.part)}/{_number(value.whole)}"
    if isinstance(value, Average):
        return f"{_number(value.total)}/{_number(value.count)}"
    return str(value)


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else str(value)
