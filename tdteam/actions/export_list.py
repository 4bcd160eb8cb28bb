"""Draws a list as a workbook or CSV and notes in the audit that it left the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tdteam.domain.errors import NotFound
from tdteam.reports.lists import Kind, ListColumn, ListRow, ascii_filename, draw_list_csv, draw_list_xlsx
from tdteam.store import audit
from tdteam.store.gate import GatedSession

__all__ = ["Kind", "ListColumn", "draw", "file_name", "note_export"]

_DRAW: dict[str, Callable[[str, str, Sequence[ListColumn], Iterable[ListRow]], bytes]] = {
    "xlsx": draw_list_xlsx,
    "csv": draw_list_csv,
}


def draw(
    ending: str, title: str, subtitle: str, columns: Sequence[ListColumn], rows: Iterable[ListRow]
) -> bytes:
    """The list as `xlsx` or `csv`; NotFound for another ending."""
    if ending not in _DRAW:
        raise NotFound
    return _DRAW[ending](title, subtitle, columns, rows)


def file_name(title: str, ending: str) -> str:
    """A file name without diacritics."""
    return ascii_filename(title, ending)


def note_export(session: GatedSession, noun: str, ending: str, *, names: bool) -> None:
    """One audit entry: which list, in which form, with names or without."""
    audit.append(session, "export", noun, ending, names=names)
