"""The sheet of a spot check: the visits to look into, room for what is found, and how anybody draws the same again."""

from __future__ import annotations

from tdteam.domain.periods import local_day
from tdteam.domain.sample_papers import SheetLine, SpotSheet
from tdteam.domain.samples import is_by_team
from tdteam.reports.attention_words import say
from tdteam.reports.figures import Cell, show
from tdteam.reports.manuscript import Note, Para
from tdteam.reports.plain_paper import PlainPaper, draw_plain_pdf, draw_plain_xlsx, short
from tdteam.reports.tables import BLANK, Align, Column, Row, Table

NOTE_ROOM = 70.0
"""Points to write a remark in by hand."""
CHANGED = {"void": "sample_voided", "superseded": "sample_corrected"}


def draw_sheet(sheet: SpotSheet, ending: str) -> bytes:
    """The sheet as `pdf` or `xlsx`."""
    paper = write_sheet(sheet)
    return draw_plain_xlsx(paper) if ending == "xlsx" else draw_plain_pdf(paper)


def write_sheet(sheet: SpotSheet) -> PlainPaper:
    """The words of the sheet."""
    lead = say(
        "sample_lead",
        size=len(sheet.lines),
        population=show(sheet.population),
        place=short(sheet.place),
        number=sheet.number,
        day=show(local_day(sheet.drawn_at)),
    )
    return PlainPaper(
        settings=sheet.settings,
        kind=say("sample_kind"),
        abstract=(
            say("sample_subject"),
            short(sheet.place),
            say("sample_days", since=show(sheet.since), until=show(sheet.last_day)),
        ),
        blocks=(
            Para(lead),
            Note(say("sample_key")),
            _lines(sheet),
            Note(say("sample_how")),
            *((Note(say("sample_strata")),) if is_by_team(sheet.seed) else ()),
            Note(say("sample_seed", seed=sheet.seed)),
            Note(say("sample_frame", frame=sheet.frame)),
        ),
        signer=(say("sample_checker"),),
    )


def _lines(sheet: SpotSheet) -> Table:
    named = sheet.has_names
    columns = (
        Column(say("order")),
        Column(say("sample_visit"), flex=1),
        Column(say("sample_day"), flex=1),
        Column(say("sample_village"), align=Align.LEFT, flex=3),
        Column(say("sample_team"), align=Align.LEFT, flex=3),
        *((Column(say("sample_household"), align=Align.LEFT, flex=4),) if named else ()),
        Column(say("sample_kinds"), align=Align.LEFT, flex=5),
        Column(say("sample_finding"), flex=2),
        Column(say("sample_note"), align=Align.LEFT, flex=4, least=NOTE_ROOM),
    )

    def cells(order: int, line: SheetLine) -> tuple[Cell, ...]:
        changed = say(CHANGED[line.state]) if line.state in CHANGED else ""
        told = "; ".join(text for text in (changed, line.note) if text)
        return (
            order,
            line.code,
            line.visited_on,
            short(line.village),
            short(line.team),
            *((short(line.household or "") or BLANK,) if named else ()),
            line.kinds or BLANK,
            say(line.answer) if line.answer else BLANK,
            told or BLANK,
        )

    return Table(columns, tuple(Row(cells(order, line)) for order, line in enumerate(sheet.lines, 1)))
