"""Composes a commune's report: which chapters, sentences, tables and annexes its figures call for.

The result is a value without words or millimetres. A `Sentence` is a code with its figures: `reports/wording` says it,
`reports/` lays it out, and the same value always gives the same paper. Skeleton: Decree 30/2020/ND-CP form 1.4 and
`docs` of the field (I organisation, II results, III shortcomings and causes, IV next steps, V proposals).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tdteam.domain.report_blocks import (
    Annex,
    Block,
    CauseTable,
    ChangeList,
    ChangeTable,
    Chapter,
    FigureGroup,
    FigureTable,
    Sentence,
    Subheading,
    TeamTable,
    Words,
)
from tdteam.domain.report_facts import (
    SECTIONS,
    AreaScope,
    CauseLine,
    Difficulties,
    FigureChange,
    FigureLine,
    Narrative,
    Organisation,
    ReportFacts,
    Reporting,
)
from tdteam.domain.report_settings import PaperDate, PaperReference, PaperSettings
from tdteam.domain.report_spans import ReportSpan
from tdteam.domain.shares import Share
from tdteam.domain.vocabulary import Source

MAIN_CAUSES = 4
HEADLINES_IF_NONE_CHOSEN = 2


@dataclass(frozen=True)
class Mark:
    """What a sealed paper bears in the foot of each page: the address its code leads to, and what the figures hash to.

    `audit_head` is the newest audit entry before the seal's own.
    """

    code: str
    address: str
    version: int
    sha256: str
    audit_head: str

    @property
    def url(self) -> str:
        return f"{self.address}/verify/{self.code}"


@dataclass(frozen=True)
class Report:
    """A whole paper before it has words. Without a mark its figures are not sealed yet."""

    settings: PaperSettings
    span: ReportSpan
    number: str
    dated: PaperDate
    opening: tuple[Sentence, ...]
    chapters: tuple[Chapter, ...]
    closing: Sentence
    annexes: tuple[Annex, ...]
    mark: Mark | None = None


def compose_report(
    settings: PaperSettings,
    span: ReportSpan,
    facts: ReportFacts,
    narrative: Narrative = Narrative(),  # noqa: B008 - frozen, without fields of its own
    *,
    number: str = "",
    dated: PaperDate | None = None,
    replaces: PaperReference | None = None,
    replaces_why: str = "",
    changes: Sequence[FigureChange] = (),
    mark: Mark | None = None,
) -> Report:
    """A report from its figures and words. Without number or date the paper keeps blanks for the clerk. `changes`: what
    differs from the report it `replaces`, an annex of its own."""
    opening = [Sentence("opening", {"request": settings.request})]
    if replaces:
        opening.insert(0, Sentence("replaces", {"reference": replaces, "why": replaces_why}))
    return Report(
        settings=settings,
        span=span,
        number=number,
        dated=dated or PaperDate(),
        opening=tuple(opening),
        chapters=(
            Chapter("organisation", (*_organisation(facts), *_own(narrative.organisation))),
            Chapter("results", (*_results(facts), *_own(narrative.results))),
            Chapter("difficulties", (*_difficulties(facts.difficulties), *_own(narrative.difficulties))),
            Chapter("next_steps", _own(narrative.next_steps) or (Sentence("nothing"),)),
            Chapter("proposals", _own(narrative.proposals) or (Sentence("nothing"),)),
        ),
        closing=Sentence("closing"),
        annexes=(*_annexes(facts), *_changes(changes, replaces is not None)),
        mark=mark,
    )


def _changes(changes: Sequence[FigureChange], is_replacing: bool) -> tuple[Annex, ...]:
    if not is_replacing:
        return ()
    blocks: tuple[Block, ...] = (ChangeList(tuple(changes)),) if changes else (Sentence("nothing_changed"),)
    return (Annex("changes", blocks),)


def _own(text: str) -> tuple[Words, ...]:
    return (Words(text),) if text.strip() else ()


def _organisation(facts: ReportFacts) -> tuple[Block, ...]:
    told = facts.organisation
    blocks: list[Block] = [
        *(_area(facts.area) if facts.area else ()),
        Sentence(
            "teams",
            {
                "teams": told.teams,
                "villages": told.villages_with_team,
                "members": told.members,
                "women": Share(told.women, told.members),
                "youth": Share(told.youth, told.members),
                "trained": Share(told.trained, told.members),
                "is_partial": facts.area is not None and not facts.area.is_recounted,
            },
        ),
    ]
    if missing := _unknown(told):
        blocks.append(Sentence("unknown", {"figures": missing}))
    if told.joined is not None and told.left is not None:
        code = "comings_and_goings" if told.joined or told.left else "no_comings_and_goings"
        blocks.append(Sentence(code, {"joined": told.joined, "left": told.left}))
    if facts.reporting:
        blocks += _reporting(facts.reporting)
    return tuple(blocks)


def _area(area: AreaScope) -> list[Sentence]:
    """What a consolidated report adds up, which communes are not in it, and what was counted anew."""
    missing = tuple(one.name for one in area.communes if not one.version)
    partly = tuple(one for one in area.communes if one.is_beyond and one.version)
    params = {
        "name": area.name,
        "received": len(area.communes) - len(missing),
        "expected": len(area.communes),
        "villages": area.villages,
    }
    sentences = [Sentence("area_received", params)]
    if partly:
        sentences.append(Sentence("area_partly", {"communes": partly}))
    if missing:
        sentences.append(Sentence("area_missing", {"names": missing}))
    sentences.append(Sentence("area_recounted" if area.is_recounted else "area_not_recounted"))
    return sentences


def _unknown(told: Organisation) -> tuple[str, ...]:
    """The figures of the first sentence that nobody has: it leaves them out, the next sentence owns up."""
    figures = {
        "teams": told.teams,
        "villages": told.villages_with_team.percent,
        "members": told.members,
        "women": told.women,
        "youth": told.youth,
        "trained": told.trained,
    }
    return tuple(name for name, value in figures.items() if value is None)


def _reporting(told: Reporting) -> list[Sentence]:
    if told.expected is None or told.received is None:
        return []
    params = {"received": told.received, "expected": told.expected, "zero": told.zero}
    sentences = [Sentence("reporting", params)]
    if told.silent:
        sentences.append(Sentence("silent_teams", {"names": told.silent}))
    return sentences


def figure_groups(lines: Iterable[FigureLine]) -> tuple[FigureGroup, ...]:
    """Lines by section in the order of chapter II; a declared line right after the counted one of its code."""
    lines = tuple(lines)
    codes = dict.fromkeys((*SECTIONS, *(line.section for line in lines)))
    groups = []
    for code in codes:
        inside = [line for line in lines if line.section == code]
        order = {line.code: place for place, line in reversed(list(enumerate(inside)))}
        inside.sort(key=lambda line: (order[line.code], line.source is Source.DECLARED))
        if inside:
            name = next((line.section_name for line in inside if line.section_name), "")
            groups.append(FigureGroup(code, name, tuple(inside)))
    return tuple(groups)


def _results(facts: ReportFacts) -> tuple[Block, ...]:
    groups = figure_groups(facts.figures)
    if not groups:
        return (Sentence("no_figures"),)
    blocks: list[Block] = []
    for group in groups:
        told = [line for line in group.lines if line.headline] or _first_known(group)
        if told:
            number = 1 + sum(isinstance(block, Subheading) for block in blocks)
            blocks.append(Subheading(number, group.code, group.name))
            blocks += [Sentence("figure", {"line": line}) for line in told]
    number = 1 + sum(isinstance(block, Subheading) for block in blocks)
    blocks += [Subheading(number, "all_figures"), FigureTable(groups)]
    if facts.parts:
        blocks += [
            Sentence("span_note", {"parts": facts.parts}),
            Sentence("span_parts", {"parts": facts.parts}),
        ]
    blocks += [series for series in facts.charts if series.points]
    return tuple(blocks)


def _first_known(group: FigureGroup) -> list[FigureLine]:
    """What a pillar tells where nobody chose headlines in it: its first figures that the tool counted and knows."""
    known = [line for line in group.lines if line.source is Source.COUNTED and line.now is not None]
    return known[:HEADLINES_IF_NONE_CHOSEN]


def _difficulties(told: Difficulties) -> tuple[Block, ...]:
    if told.not_done.part is None:
        return (Sentence("difficulties_unknown"),)
    if told.not_done.part <= 0:  # less than nothing: only what sealed periods counted was taken back
        return (Sentence("no_difficulties", {"whole": told.not_done.whole}),)
    causes = _by_weight(told.causes)
    main = tuple(cause for cause in causes if (cause.now or 0) > 0)[:MAIN_CAUSES]
    shares = tuple((cause.name, Share(cause.now, told.not_done.part)) for cause in main)
    params = {"not_done": told.not_done, "before": told.not_done_before, "causes": shares}
    return (Sentence("difficulties", params),)


def _by_weight(causes: Iterable[CauseLine]) -> tuple[CauseLine, ...]:
    """The commonest cause first; unknown counts last, ties as they came."""
    return tuple(sorted(causes, key=lambda cause: (cause.now is None, -(cause.now or 0))))


def _annexes(facts: ReportFacts) -> tuple[Annex, ...]:
    difficulties = facts.difficulties
    causes = CauseTable(_by_weight(difficulties.causes), difficulties.total, difficulties.not_done.part)
    villages: list[Block] = [facts.villages, Sentence("dash_note")]
    if any(row.declared for row in facts.villages.rows):
        villages.append(Sentence("declared_note"))
    first = (
        Annex("villages", tuple(villages), landscape=True),
        Annex("causes", (causes, Sentence("dash_note"))),
    )
    if facts.area:  # teams are listed in the communes' own reports
        return first
    return (
        *first,
        Annex(
            "teams",
            (
                Subheading(1, "team_list"),
                TeamTable(facts.teams),
                Subheading(2, "team_changes"),
                ChangeTable(facts.changes, facts.organisation.joined is not None),
            ),
        ),
    )
