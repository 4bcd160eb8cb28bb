"""The list of teams: filters, order, pages, and what stands around each team."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from tdteam.domain.vietnamese import fold, text_key
from tdteam.store import teams
from tdteam.store.tables import Team, TeamVillage, Training
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World


@pytest.fixture
def varied(world: World, cast: Cast) -> None:
    """A team on paper for two villages, and one that has ended."""
    for name, channel, until, villages in (
        ("Tổ Tả Hà 10", "paper", None, (cast.village.id, cast.sibling.id)),
        ("Tổ Tả Hà 2", "zalo", None, (cast.sibling.id,)),
        ("Tổ Cũ", "app", date(2025, 1, 1), (cast.village.id,)),
    ):
        team = world.add(
            Team(
                name=name,
                name_fold=fold(name),
                name_sort=text_key(name),
                channel=channel,
                until=until,
                decision_number="99/QĐ-UBND" if channel == "zalo" else "",
            )
        )
        for village_id in villages:
            world.add(TeamVillage(team_id=team.id, village_id=village_id))
    world.add(Training(member_id=cast.an_member.id, course="Kỹ năng số"))
    cast.an_member.sex, cast.an_member.phone = "female", "0911111111"
    cast.binh_member.sex, cast.binh_member.phone = "male", "0922222222"
    world.session.commit()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Tổ Hốc Đá", "Tổ Nậm Dù", "Tổ Tả Hà 2", "Tổ Tả Hà 10"]),
        ({"channel": "paper"}, ["Tổ Tả Hà 10"]),
        ({"active": "no"}, ["Tổ Cũ"]),
        ({"active": "all", "q": "to"}, ["Tổ Cũ", "Tổ Hốc Đá", "Tổ Nậm Dù", "Tổ Tả Hà 2", "Tổ Tả Hà 10"]),
        ({"q": "ta ha"}, ["Tổ Tả Hà 2", "Tổ Tả Hà 10"]),
        ({"q": "hoc da"}, ["Tổ Hốc Đá", "Tổ Tả Hà 10"]),  # by its own name, and by its village's
        ({"q": "99/QĐ"}, ["Tổ Tả Hà 2"]),
        ({"q": "chao van binh"}, ["Tổ Hốc Đá"]),
        ({"q": "_"}, []),
    ],
)
def test_filters_find_what_they_say(
    engine: Engine, cast: Cast, varied: None, wanted: dict[str, str], found: list[str]
) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        page = teams.list_teams(session, **wanted)  # type: ignore[arg-type]
        names = [row.name for row in page.rows]
        assert sorted(names, key=text_key) == found
        assert teams.count_teams(session, **wanted) == len(found)


def test_a_village_and_a_commune_narrow_the_list(engine: Engine, cast: Cast, varied: None) -> None:
    with signed_in(engine, cast.hai, write=False) as session:
        in_village = teams.list_teams(session, village_id=cast.sibling.id).rows
        assert {row.name for row in in_village} == {"Tổ Nậm Dù", "Tổ Tả Hà 10", "Tổ Tả Hà 2"}
        next_commune = teams.list_teams(session, commune_id=cast.next_commune.id).rows
        assert [row.name for row in next_commune] == ["Tổ Tả Hà 2"]


def test_pages_hold_each_team_once_and_go_back(engine: Engine, cast: Cast, varied: None) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        whole = [row.id for row in teams.list_teams(session).rows]
        first = teams.list_teams(session, size=2)
        second = teams.list_teams(session, size=2, after=first.after)
        assert [row.id for row in (*first.rows, *second.rows)] == whole
        assert (first.before, second.after) == (None, None)
        assert [row.id for row in teams.list_teams(session, size=2, before=second.before).rows] == whole[:2]
        assert [row.id for row in teams.list_teams(session, size=2, after="x").rows] == whole[:2]
        assert [row.id for row in teams.every_team(session)] == whole


def test_a_line_says_who_leads_how_many_serve_and_who_is_trained(
    engine: Engine, cast: Cast, varied: None
) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        line = next(row for row in teams.list_teams(session).rows if row.name == "Tổ Hốc Đá")
    assert (line.leader, line.leader_phone) == ("Chảo Văn Bình", "0922222222")
    assert (line.members, line.women, line.trained) == (2, 1, 1)
    assert ([v.label for v in line.villages], line.commune) == (["Hốc Đá"], "Xã Xuân Quang")


def test_women_are_unknown_where_no_sex_was_written_down(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        assert {row.women for row in teams.list_teams(session).rows} == {None}


def test_the_reviewer_sees_leaders_without_phones_and_only_of_the_area(
    engine: Engine, cast: Cast, varied: None
) -> None:
    with signed_in(engine, cast.giang, write=False) as session:
        rows = teams.list_teams(session).rows
        assert {row.leader_phone for row in rows} == {None}
        assert all(village.commune == "Xã Xuân Quang" for row in rows for village in row.villages)


def test_a_search_puts_exact_spellings_first(engine: Engine, world: World, cast: Cast) -> None:
    for name in ("Tổ Ban Hà", "Tổ Bản Hà"):
        team = world.add(Team(name=name, name_fold=fold(name), name_sort=text_key(name)))
        world.add(TeamVillage(team_id=team.id, village_id=cast.village.id))
    world.session.commit()
    with signed_in(engine, cast.chi, write=False) as session:
        assert [row.name for row in teams.search_teams(session, "Bản Hà")] == ["Tổ Bản Hà", "Tổ Ban Hà"]
        assert teams.search_teams(session, " ") == []
