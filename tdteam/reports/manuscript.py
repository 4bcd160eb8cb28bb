"""A report in words: every line that stands on the paper, before anyone has measured it.

PDF and DOCX are drawn from this one value, so they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from tdteam.domain import report as composed
from tdteam.domain import report_blocks as blocks
from tdteam.domain.report_facts import ChartSeries, VillageTable
from tdteam.domain.report_settings import (
    LINES_LIMIT,
    SIGNER_LINES,
    TEXT_LIMIT,
    PaperDate,
    PaperSettings,
    SignerForm,
)
from tdteam.reports import tables, wording
from tdteam.reports.figures import show
from tdteam.reports.text import paragraphs

NUMBER_LIMIT = 40
NUMBER, DAY, MONTH, YEAR = (
    "so_van_ban",
    "ngay",
    "thang",
    "nam",
)  # names of form fields, for the clerk's own tool


@dataclass(frozen=True)
class Heading:
    """Level 1 is `I. ...` in capitals, level 2 is `1. ...`; both bold."""

    text: str
    level: int


@dataclass(frozen=True)
class Para:
    text: str


@dataclass(frozen=True)
class Note:
    """A remark under a table, small and italic."""

    text: str


@dataclass(frozen=True)
class Chart:
    caption: str
    series: ChartSeries


Block = Heading | Para | Note | Chart | tables.Table


@dataclass(frozen=True)
class AnnexPaper:
    """An annex: its label (`Phu luc I`), title, the span it speaks of, the paper it belongs to."""

    label: str
    title: str
    span: str
    reference: str
    blocks: tuple[Block, ...]
    landscape: bool


@dataclass(frozen=True)
class Foot:
    """Small lines in the bottom margin of every page, and the address of the code beside them on a sealed paper."""

    lines: tuple[str, ...]
    address: str = ""


@dataclass(frozen=True)
class Manuscript:
    """All words of the paper in order. `number_line` is empty on papers without a number, `kind` and `abstract` on
    letters, which have a `subject` instead. `blanks` names what is left to the clerk, in the order it stands: NUMBER,
    DAY, MONTH, YEAR."""

    title: str
    author: str
    superior: str
    issuing: tuple[str, ...]
    number_line: str
    place_date: str
    kind: str
    abstract: tuple[str, ...]
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    closing: str
    signer: tuple[str, ...]
    signer_name: str
    copies: tuple[str, ...]
    annexes: tuple[AnnexPaper, ...]
    demo: str
    subject: str = ""
    foot: Foot | None = None
    blanks: tuple[str, ...] = ()


def write_manuscript(report: composed.Report) -> Manuscript:
    """The words of a composed report."""
    report = replace(report, settings=fitting(report.settings), number=report.number[:NUMBER_LIMIT])
    settings = report.settings
    abstract = wording.subject(report.span)
    return Manuscript(
        title=f"{wording.KIND} {' '.join(abstract)} - {show(settings.body_name)}",
        kind=wording.KIND,
        abstract=abstract,
        blocks=tuple(_body(report)),
        closing=wording.say(report.closing, report),
        annexes=tuple(_annexes(report)),
        foot=_foot(report.mark),
        blanks=blanks(settings, report.number, report.dated) if report.mark else (),
        **dress(settings, report.number, report.dated),
    )


def dress(settings: PaperSettings, number: str, dated: PaperDate) -> dict[str, Any]:
    """What every paper of a commune has of its settings: letterhead, addressees, signature, copies."""
    signer = settings.signer_lines if settings.signer_form is SignerForm.OTHER else ()
    return {
        "author": _line(settings.body_name),
        "superior": _line(settings.superior_line).upper(),
        "issuing": tuple(line.upper() for line in _lines(settings.issuing_lines, SIGNER_LINES)),
        "number_line": wording.number_line(number, settings.symbol) if settings.numbered else "",
        "place_date": f"{_line(settings.place_name)}, {wording.prose_date(dated)}",
        "addressees": _addressees(settings),
        "signer": tuple(_lines(signer, SIGNER_LINES)) or wording.SIGNERS.get(settings.signer_form, ()),
        "signer_name": _line(settings.signer_name),
        "copies": tuple(_copies(settings)),
        "demo": wording.DEMO if settings.demo else "",
    }


def blanks(settings: PaperSettings, number: str, dated: PaperDate) -> tuple[str, ...]:
    """What the clerk fills in by hand or tool."""
    parts = ((DAY, dated.day), (MONTH, dated.month), (YEAR, dated.year))
    numbers = [NUMBER] if settings.numbered and wording.paper_number(number) == wording.BLANK else []
    return (*numbers, *(name for name, part in parts if part is None))


def _foot(mark: composed.Mark | None) -> Foot:
    """A paper without a mark says that it is a draft, so that nobody takes it for the paper."""
    return Foot(wording.mark_lines(mark), mark.url) if mark else Foot((wording.DRAFT,))


def fitting(settings: PaperSettings) -> PaperSettings:
    """Settings cut where `judge_settings` would refuse them, so that a letterhead always fits its page."""
    values: dict[str, Any] = {field.name: getattr(settings, field.name) for field in fields(settings)}
    cut: dict[str, Any] = {name: value[:TEXT_LIMIT] for name, value in values.items() if type(value) is str}
    return replace(settings, **cut)


def _line(text: str) -> str:
    return show(text) if text.strip() else ""


def _lines(texts: Sequence[str], most: int = LINES_LIMIT) -> list[str]:
    return [line for text in texts[:most] if (line := _line(text[:TEXT_LIMIT]))]


def _addressees(settings: PaperSettings) -> tuple[str, ...]:
    """One stands bare on the line of `Kinh gui:`; several are a list, `- ...;`, the last with a full stop (o 9a)."""
    names = [name.rstrip(".; ") for name in _lines(settings.addressees)]
    if len(names) < 2:
        return tuple(names)
    return (*(f"{name};" for name in names[:-1]), f"{names[-1]}.")


def _copies(settings: PaperSettings) -> Iterator[str]:
    """`Nhu tren` where `Kinh gui` stands, the commune's list, the archive line last (o 9b)."""
    if _lines(settings.addressees):
        yield f"- {wording.AS_ABOVE};"
    for name in _lines(settings.copies):
        yield f"- {name.lstrip('- ').rstrip('.; ')};"
    clerk = ["VT"] if settings.numbered else []
    kept = [*clerk, *_lines((settings.archive,))]
    if kept:
        yield f"- {wording.ARCHIVE}: {', '.join(kept).rstrip('.')}."


def _body(report: composed.Report) -> Iterator[Block]:
    for sentence in report.opening:
        yield Para(wording.say(sentence, report))
    charts = 0
    for place, chapter in enumerate(report.chapters):
        title = wording.chapter_title(chapter.code, report.span)
        yield Heading(f"{wording.ROMAN[place]}. {title}", 1)
        for block in chapter.blocks:
            if isinstance(block, ChartSeries):
                charts += 1
                yield Chart(wording.chart_caption(charts, block), block)
            else:
                yield from _written(block, report)


def _written(block: blocks.Block, report: composed.Report) -> Iterator[Block]:
    match block:
        case blocks.Sentence(code=code):
            if text := wording.say(block, report):
                yield Note(text) if code in wording.NOTES else Para(text)
        case blocks.Words(text=text):
            yield from (Para(part) for part in paragraphs(text))
        case blocks.Subheading():
            yield Heading(wording.subheading(block), 2)
        case blocks.FigureTable():
            yield tables.figure_table(block, report)
            yield Note(wording.say(blocks.Sentence("dash_note"), report))
        case VillageTable():
            yield tables.village_table(block, report)
        case blocks.CauseTable():
            yield tables.cause_table(block, report)
        case blocks.TeamTable():
            yield tables.team_table(block, report)
        case blocks.ChangeTable():
            yield tables.change_table(block, report)
        case blocks.ChangeList():
            yield tables.difference_table(block, report)


def _annexes(report: composed.Report) -> Iterator[AnnexPaper]:
    for place, annex in enumerate(report.annexes):
        pieces = [written for block in annex.blocks for written in _written(block, report)]
        yield AnnexPaper(
            label=wording.annex_label(place, len(report.annexes)),
            title=wording.ANNEXES[annex.code],
            span=f"{wording.FIGURES_OF} {wording.span_days(report.span)}",
            reference=wording.annex_reference(report),
            blocks=tuple(pieces),
            landscape=annex.landscape,
        )
