"""The digest of the attention list as a paper of the house."""

from __future__ import annotations

from tdteam.domain.attention_list import Digest
from tdteam.reports.attention_words import say
from tdteam.reports.figures import show
from tdteam.reports.manuscript import Note, Para
from tdteam.reports.plain_paper import PlainPaper, draw_plain_pdf, short
from tdteam.reports.tables import BLANK, Align, Column, Row, RowKind, Table


def draw_digest(digest: Digest) -> bytes:
    """The digest as PDF."""
    return draw_plain_pdf(write_digest(digest))


def write_digest(digest: Digest) -> PlainPaper:
    """The words of the digest."""
    period = digest.period
    count = len(digest.lines) + digest.more
    lead = say("attention_lead" if count else "attention_none", day=show(digest.on), count=count)
    span = {"since": show(period.since), "until": show(period.last_day)}
    return PlainPaper(
        settings=digest.settings,
        kind=say("attention_kind"),
        abstract=(
            say("attention_subject"),
            short(digest.place),
            say("month", month=f"{period.month:02d}/{period.year}", **span),
        ),
        blocks=(
            Para(lead),
            _lines(digest),
            *((Note(say("attention_more", count=digest.more)),) if digest.more else ()),
        ),
        signer=(say("maker"),),
    )


def _lines(digest: Digest) -> Table:
    columns = (
        Column(say("order")),
        Column(say("where"), align=Align.LEFT, flex=4),
        Column(say("severity"), align=Align.LEFT, flex=2),
        Column(say("reason"), align=Align.LEFT, flex=9),
        Column(say("households"), flex=1),
    )
    rows: list[Row] = []
    commune = None
    for order, line in enumerate(digest.lines, 1):
        if line.commune != commune:
            commune = line.commune
            rows.append(Row((short(commune),), RowKind.GROUP))
        name = short(line.name) or BLANK
        rows.append(Row((order, name, line.severity, f"{line.rule}: {line.reason}", line.households)))
    return Table(columns, tuple(rows) or (Row((say("no_lines"),), RowKind.EMPTY),))
