"""Lists as files: noted in the audit before they are drawn, named without diacritics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response

from tdteam.actions import export_list
from tdteam.actions.export_list import Kind, ListColumn
from tdteam.domain.periods import today
from tdteam.web.formats import day
from tdteam.web.gate import noting, session, visitor
from tdteam.web.sending import send_file

__all__ = ["Kind", "ListColumn", "export"]


def export(
    ending: str, noun: str, title: str, columns: Sequence[ListColumn], rows: Iterable[Sequence[object]]
) -> Response:
    """A list as `xlsx` or `csv`. `noun` names it in the audit."""
    who = visitor()
    with noting() as writing:
        export_list.note_export(writing, noun, ending, names=session().scope.names)
    taker = [*who.seen.root_names, who.seen.name] if who else []  # a file that strays says whose it was
    subtitle = ", ".join([*taker, day(today())])
    body = export_list.draw(ending, title, subtitle, columns, rows)
    return send_file(body, export_list.file_name(f"{title}-{today().isoformat()}", ending))
