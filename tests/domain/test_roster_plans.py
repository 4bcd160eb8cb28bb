"""The same file again changes nothing; a corrected file corrects; nobody is doubled or lost."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.people import Component, MemberRole, Poverty
from tdteam.domain.rosters.plans import Change, Plan, plan_households, plan_members
from tdteam.domain.rosters.rows import HouseholdRow, TeamRow
from tdteam.domain.rosters.stored import StoredHousehold, StoredMember
from tdteam.domain.vietnamese import fold


def home(
    head: str = "Lý A",
    year: int | None = 1970,
    people: int | None = 4,
    phone: str | None = None,
    *,
    village: int = 1,
    **more,
) -> HouseholdRow:
    counts = {"adults": None if people is None else people - 1, "eid2": None if people is None else 1}
    return HouseholdRow(
        "Hộ", 7, "Hốc Đá", village, head, fold(head), year, people, phone=phone, **{**counts, **more}
    )


def stored(row: HouseholdRow, number: int) -> StoredHousehold:
    """The household an import of this row alone makes."""
    return StoredHousehold(
        f"h{number}", row.village_id, row.head, row.folded, row.birth_year, row.people, row.adults, row.eid2,
        row.poverty, row.smartphone, row.phone, row.note, row.kind or "household",
    )  # fmt: skip


def imported(*rows: HouseholdRow) -> list[StoredHousehold]:
    return [stored(row, number) for number, row in enumerate(rows)]


def apply(records: list[StoredHousehold], plan: Plan) -> list[StoredHousehold]:
    """The store after the plan was carried out."""
    changed = {
        record.id: {change.field: change.new for change in changes} for record, _, changes in plan.changed
    }
    out = []
    for record in records:
        fields = changed.get(record.id, {})
        out.append(
            replace(record, **fields, **({"folded": fold(fields["head"])} if "head" in fields else {}))
        )
    return out + [stored(row, len(records) + number) for number, row in enumerate(plan.added)]


def summary(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.added), len(plan.changed), plan.unchanged, plan.absent


def changes(plan: Plan) -> list[tuple[str, tuple[Change, ...]]]:
    return [(record.id, found) for record, _, found in plan.changed]


def test_into_an_empty_store_everything_is_new():
    assert summary(plan_households([], [home(), home("Lý B")])) == (2, 0, 0, 0)


def test_the_same_file_again_changes_nothing():
    rows = [home(), home("Lý B", None), home("Lý C", phone="0912345678"), home(people=5), home(village=2)]
    assert summary(plan_households(imported(*rows), rows)) == (0, 0, 5, 0)


def test_a_corrected_count_is_a_change_and_says_what_changed():
    plan = plan_households(imported(home(people=4)), [home(people=6, adults=3)])
    assert changes(plan) == [("h0", (Change("people", 4, 6),))]


def test_a_corrected_phone_or_spelling_is_a_change():
    before = imported(home("Ly A", phone="0912345678"))
    plan = plan_households(before, [home("Lý A", phone="0987654321")])
    assert changes(plan) == [
        ("h0", (Change("head", "Ly A", "Lý A"), Change("phone", "0912345678", "0987654321")))
    ]


def test_a_blank_cell_erases_nothing():
    before = imported(home(phone="0912345678", note="đi xa", poverty=Poverty.POOR))
    assert summary(plan_households(before, [home(people=None, year=1970)])) == (0, 0, 1, 0)


def test_a_blank_tick_in_a_column_that_is_there_says_no():
    before = imported(home(poverty=Poverty.POOR, smartphone=True))
    plan = plan_households(before, [home(poverty=Poverty.NONE, smartphone=False)])
    assert changes(plan) == [("h0", (Change("poverty", "poor", "none"), Change("smartphone", True, False)))]


def test_correcting_one_twin_leaves_the_other_alone():
    one, other = home(people=3, phone="0911111111"), home(people=5, phone="0922222222")
    for order in ([one, other], [other, one]):
        corrected = [replace(row, people=6) if row is other else row for row in order]
        plan = plan_households(imported(one, other), corrected)
        assert summary(plan) == (0, 1, 1, 0)
        assert changes(plan) == [("h1", (Change("people", 5, 6),))]


def test_a_twin_that_is_new_is_added():
    plan = plan_households(imported(home(people=3)), [home(people=3), home(people=5)])
    assert summary(plan) == (1, 0, 1, 0) and plan.added[0].people == 5


def test_one_of_two_twins_in_the_file_touches_only_its_own():
    plan = plan_households(imported(home(people=3), home(people=5)), [home(people=5)])
    assert summary(plan) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        (home(year=1957, phone="0912345678"), home(year=1975, phone="0912345678"), "birth_year"),
        (home("Lý A", phone="0912345678"), home("Lò Anh", phone="0912345678"), "head"),
        (home(year=1957), home(year=1975), "birth_year"),
        (home("Nguyễn Văn An"), home("Nguyễn Văn Anh"), "head"),
        (home(year=None), home(year=1975, people=6), "birth_year"),
    ],
    ids=[
        "year, by phone",
        "name, by phone",
        "year, all else equal",
        "name, all else equal",
        "year that was missing",
    ],
)
def test_a_corrected_name_or_year_finds_its_household(before, after, field):
    plan = plan_households(imported(before, home("Vàng B", 1950, 7)), [after, home("Vàng B", 1950, 7)])
    assert len(plan.added) == 0 and plan.unchanged == 1
    assert field in [change.field for change in plan.changed[0][2]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (home("Lý A"), home("Vàng B")),
        (home(year=1957, people=3), home(year=1975, people=6)),
        (home(people=None), home(year=1999, people=None)),
        (home(village=1), home(village=2)),
        (home("Lý A", 1950, 4), home("Phàn Tả Mẩy", 1950, 4)),
    ],
    ids=["other name", "other year and counts", "too little to go by", "other village", "unlike names"],
)
def test_two_different_households_stay_two(before, after):
    assert summary(plan_households(imported(before), [after])) == (1, 0, 0, 1)


def test_a_correction_that_could_be_either_of_two_is_no_correction():
    before = imported(home(year=1950), home(year=1951))
    assert summary(plan_households(before, [home(year=1952)])) == (1, 0, 0, 2)


def test_a_partial_file_leaves_the_others_alone():
    assert summary(plan_households(imported(home(), home("Lý B"), home("Lý C")), [home("Lý B")])) == (
        0,
        0,
        1,
        2,
    )


def test_thousands_of_namesakes_are_told_apart_by_phone():
    file = [home(phone=f"09{number:08d}") for number in range(3000)]
    corrected = [replace(file[0], people=7), *file[1:]]
    assert summary(plan_households(imported(*file), corrected[::-1])) == (0, 1, 2999, 0)


names = st.sampled_from(["Lý A", "Lý B", "Ly A", "Vàng Seo Lử", "Giàng A Páo"])
phones = st.sampled_from([None, None, "0912345678", "0987654321"])
rows = st.lists(
    st.builds(
        home,
        names,
        st.sampled_from([None, 1950, 1971]),
        st.sampled_from([None, 3, 4]),
        phones,
        village=st.sampled_from([1, 2]),
    ),
    max_size=12,
)


@given(rows)
def test_importing_any_file_twice_changes_nothing_the_second_time(file):
    assert summary(plan_households(imported(*file), file))[:2] == (0, 0)


@given(rows, rows)
def test_after_a_corrected_file_it_too_changes_nothing_more(first, second):
    store = imported(*first)
    plan = plan_households(store, second)
    assert len(plan.added) + len(plan.changed) + plan.unchanged == len(second)
    after = apply(store, plan)
    assert len(after) == len(first) + len(plan.added)
    again = plan_households(after, second)
    assert not again.added


@given(rows, st.integers())
def test_the_order_of_rows_does_not_matter_to_what_is_recognised(file, seed):
    shuffled = file[:]
    random.Random(seed).shuffle(shuffled)
    assert summary(plan_households(imported(*file), shuffled))[:2] == (0, 0)


# Members


def member(name: str = "Lý A", year: int | None = 1980, phone: str | None = None, **more) -> TeamRow:
    return TeamRow("Tổ", 8, "xã Xuân Quang", "Hốc Đá", "", name, fold(name), year, phone=phone, **more)


def kept(row: TeamRow, team: object = "t1", number: int = 0, **more) -> StoredMember:
    base = StoredMember(
        number, team, row.name, row.folded, row.birth_year, None, "member", None, row.phone, False, None
    )
    return replace(base, **more)


def test_members_are_recognised_by_team_name_and_year():
    rows = [member(), member("Lý B"), member()]
    plan = plan_members([kept(rows[0]), kept(rows[1], number=1)], rows, ["t1", "t1", "t2"])
    assert summary(plan) == (1, 0, 2, 0)


def test_a_new_leader_is_a_change_and_an_unsaid_role_is_none():
    leader = kept(member(), role="leader")
    assert summary(plan_members([leader], [member()], ["t1"])) == (0, 0, 1, 0)
    plan = plan_members([leader], [member(role=MemberRole.DEPUTY, component=Component.TEACHER)], ["t1"])
    assert changes(plan) == [(0, (Change("role", "leader", "deputy"), Change("component", None, "teacher")))]


def test_a_missing_tick_takes_no_training_away():
    assert summary(plan_members([kept(member(), trained=True)], [member(trained=False)], ["t1"])) == (
        0,
        0,
        1,
        0,
    )
    assert len(plan_members([kept(member())], [member(trained=True)], ["t1"]).changed) == 1
