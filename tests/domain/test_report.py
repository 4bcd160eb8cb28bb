"""What a report tells, before it has words."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import pytest

from tdteam.domain import report_blocks as blocks
from tdteam.domain.report import Report, compose_report, figure_groups
from tdteam.domain.report_blocks import CauseTable, FigureTable, Sentence, Subheading, Words
from tdteam.domain.report_facts import (
    ChartSeries,
    Difficulties,
    Narrative,
    Organisation,
    ReportFacts,
    Reporting,
    VillageLine,
    VillageTable,
)
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import Share
from tdteam.domain.vocabulary import Source
from tests.reports import samples


def compose(narrative: Narrative | None = None, **own: object) -> Report:
    facts = replace(samples.facts(), **own)  # type: ignore[arg-type]
    return compose_report(samples.settings(), month_span(samples.NOVEMBER), facts, narrative or Narrative())


def chapter(report: Report, code: str) -> list[blocks.Block]:
    return list(next(chapter for chapter in report.chapters if chapter.code == code).blocks)


def sentences(report: Report, code: str) -> list[str]:
    return [block.code for block in chapter(report, code) if isinstance(block, Sentence)]


def test_five_chapters_and_three_annexes_in_their_order() -> None:
    report = compose()
    assert [chapter.code for chapter in report.chapters] == [
        "organisation",
        "results",
        "difficulties",
        "next_steps",
        "proposals",
    ]
    assert [(annex.code, annex.landscape) for annex in report.annexes] == [
        ("villages", True),
        ("causes", False),
        ("teams", False),
    ]


def test_what_nobody_knows_is_left_out_of_the_sentence_and_owned_up_to() -> None:
    report = compose(organisation=Organisation(teams=41, members=284))
    told = chapter(report, "organisation")
    assert isinstance(told[1], Sentence) and told[1].code == "unknown"
    assert told[1].params["figures"] == ("villages", "women", "youth", "trained")
    assert "comings_and_goings" not in sentences(report, "organisation")


def test_nothing_unknown_needs_no_owning_up() -> None:
    assert sentences(compose(), "organisation") == [
        "teams",
        "comings_and_goings",
        "reporting",
        "silent_teams",
    ]
    still = compose(organisation=replace(samples.facts().organisation, joined=0, left=0), reporting=None)
    assert sentences(still, "organisation") == ["teams", "no_comings_and_goings"]
    assert "silent_teams" not in sentences(compose(reporting=Reporting(41, 41, 0)), "organisation")


def test_pillars_follow_each_other_with_the_declared_figure_after_the_counted() -> None:
    groups = figure_groups(reversed(samples.figures()))
    assert [group.code for group in groups] == ["outreach", "government", "economy", "society"]
    government = [(line.code, line.source) for line in groups[1].lines]
    for code in ("filings", "eid2"):
        places = [place for place, (found, _) in enumerate(government) if found == code]
        assert places[1] == places[0] + 1
        assert [government[place][1] for place in places] == [Source.COUNTED, Source.DECLARED]


def test_figures_are_never_added_or_changed_on_the_way() -> None:
    table = next(block for block in chapter(compose(), "results") if isinstance(block, FigureTable))
    assert sorted(map(id, samples.figures())) != []
    assert sorted((line.code, str(line.now)) for group in table.groups for line in group.lines) == sorted(
        (line.code, str(line.now)) for line in samples.figures()
    )


def test_a_pillar_of_the_administrators_own_gets_its_own_place_and_name() -> None:
    own = samples.line("tourism", "Điểm du lịch có mã QR", "điểm", "tourism", 3, section_name="Du lịch số")
    assert [(g.code, g.name) for g in figure_groups([*samples.figures(), own])][-1] == (
        "tourism",
        "Du lịch số",
    )


def test_headlines_are_told_under_numbered_pillars_and_the_table_follows() -> None:
    blocks = chapter(compose(), "results")
    numbers = [block.number for block in blocks if isinstance(block, Subheading)]
    assert numbers == [1, 2, 3, 4, 5]
    told = [block.params["line"] for block in blocks if isinstance(block, Sentence)]
    assert told == [line for line in samples.figures() if line.headline]


def test_a_pillar_without_chosen_headlines_tells_its_first_known_counted_figures() -> None:
    plain = tuple(replace(line, headline=False) for line in samples.figures())
    told = [block for block in chapter(compose(figures=plain), "results") if isinstance(block, Sentence)]
    codes = [block.params["line"].code for block in told]  # type: ignore[attr-defined]
    assert codes == ["gatherings", "attendance", "filings", "paid", "pay", "qr", "health", "safety"]


def test_a_period_without_figures_says_so() -> None:
    assert chapter(compose(figures=()), "results") == [Sentence("no_figures")]


def test_a_chart_without_periods_is_no_chart() -> None:
    blocks = chapter(compose(charts=(ChartSeries("x", "X", "lượt", ()),)), "results")
    assert not [block for block in blocks if isinstance(block, ChartSeries)]


def test_difficulties_name_the_commonest_causes_as_shares_of_what_was_not_done() -> None:
    (told,) = chapter(compose(), "difficulties")
    assert isinstance(told, Sentence) and told.code == "difficulties"
    causes = told.params["causes"]
    assert isinstance(causes, tuple)
    assert [share for _, share in causes] == [
        Share(196, 515),
        Share(139, 515),
        Share(61, 515),
        Share(48, 515),
    ]


@pytest.mark.parametrize(
    ("not_done", "code"),
    [
        (Share(None, None), "difficulties_unknown"),
        (Share(0, 3412), "no_difficulties"),
        (Share(-1, 3412), "no_difficulties"),
        (Share(1, None), "difficulties"),
    ],
)
def test_unknown_is_told_apart_from_none(not_done: Share, code: str) -> None:
    assert sentences(compose(difficulties=Difficulties(not_done)), "difficulties") == [code]


def test_the_cause_table_is_sorted_with_the_unknown_last() -> None:
    table = compose().annexes[1].blocks[0]
    assert isinstance(table, CauseTable)
    counts = [line.now for line in table.lines]
    assert counts == sorted((count for count in counts if count is not None), reverse=True) + [None]
    assert table.whole == 515 and table.total and table.total.now == 515


def test_the_officials_words_follow_the_figures_and_empty_chapters_say_nothing() -> None:
    report = compose(Narrative(difficulties="Sóng yếu.", proposals=" \n "))
    assert chapter(report, "difficulties")[-1] == Words("Sóng yếu.")
    assert chapter(report, "next_steps") == [Sentence("nothing")] == chapter(report, "proposals")


def test_a_village_row_must_have_a_value_a_column() -> None:
    with pytest.raises(ValueError, match="Hốc Đá: 2 values under 18 columns"):
        VillageTable(rows=(VillageLine("Hốc Đá", (1, 2)),))


def test_the_composed_report_is_frozen_all_through() -> None:
    def frozen(value: object) -> bool:
        if isinstance(value, tuple):
            return all(frozen(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return value.__dataclass_params__.frozen and all(
                frozen(getattr(value, f.name)) for f in fields(value)
            )  # type: ignore[attr-defined]
        return not isinstance(value, list | set)

    assert frozen(compose())
    assert compose() == compose() and ReportFacts() == ReportFacts()
