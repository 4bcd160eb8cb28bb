"""What officials write in passing is read by reviewers who see no names: it names nobody of the place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine

from tdteam.actions.attention_asides import set_aside
from tdteam.actions.keep_sponsor import add_sponsor, save_grounds
from tdteam.actions.keep_village_model import choose_village
from tdteam.actions.record_visit import record_visit
from tdteam.actions.samples import draw_sample, record_findings
from tdteam.domain.errors import Refused
from tdteam.domain.people import SubjectKind
from tdteam.domain.roles import SYSTEM
from tdteam.domain.samples import Answer, FindingDraft, SampleDraft
from tdteam.domain.sponsors import GroundDraft, SponsorDraft
from tdteam.domain.village_models import VillageDraft
from tdteam.store.gate import GatedSession
from tdteam.store.named import names_somebody
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.cast import Cast

DAY = date(2026, 11, 10)
Deed = Callable[[GatedSession, Cast, str], object]


def aside(session: GatedSession, cast: Cast, text: str) -> object:
    key = ("silent_team", f"team:{cast.village.team.id}", "2026-11")
    return set_aside(session, "attention", cast.village.id, key, text, actor_of(cast.chi))


def sample(session: GatedSession, cast: Cast, text: str) -> object:
    draft = SampleDraft(DAY, DAY, 1, note=text)
    return draw_sample(session, cast.commune.id or 0, draft, actor_of(cast.chi))


def finding(session: GatedSession, cast: Cast, text: str) -> object:
    drawn = draw_sample(session, cast.commune.id or 0, SampleDraft(DAY, DAY, 1), actor_of(cast.chi))
    found = [FindingDraft(1, Answer.DIFFERS, text)]
    return record_findings(session, drawn.id or 0, found, actor_of(cast.chi))


def sponsor(session: GatedSession, cast: Cast, text: str) -> object:
    return add_sponsor(session, cast.commune.id or 0, SponsorDraft("VNPT", note=text))


def ground(session: GatedSession, cast: Cast, text: str) -> object:
    draft = GroundDraft(cast.village.id, has_wifi=True, note=text)
    return save_grounds(session, cast.commune.id or 0, [draft], "Xã", DAY)


def model(session: GatedSession, cast: Cast, text: str) -> object:
    return choose_village(session, VillageDraft(cast.village.id, "SMART_VILLAGE", note=text))


@pytest.fixture
def peopled(cast: Cast) -> Cast:
    """A household of Thao Seo Lu with Giang Thi Mai in it, visited once; a shop of the name Hoa Ban."""
    home = cast.village.household(head="Th\u00e0o Seo L\u1eed")
    cast.village.resident(home, name="Gi\u00e0ng Th\u1ecb Mai")
    cast.village.household(kind=SubjectKind.BUSINESS, head="Hoa Ban")
    record_visit(cast.village.world.session, visit_at(cast.village, helped(), visited_on=DAY), SYSTEM)
    cast.village.world.session.commit()
    return cast


@pytest.mark.parametrize("deed", [aside, sample, finding, sponsor, ground, model])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\u0110\u00e3 g\u1eb7p \u00f4ng Th\u00e0o Seo L\u1eed, \u0111\u1ed9i 2", "person_named"),
        ("b\u00e0 GIANG THI MAI v\u1eafng", "person_named"),
        ("CCCD 001203004567", "id_number"),
    ],
)
def test_a_note_names_nobody(engine: Engine, peopled: Cast, deed: Deed, text: str, code: str) -> None:
    with signed_in(engine, peopled.chi) as session, pytest.raises(Refused) as refused:
        deed(session, peopled, text)
    assert [flaw.code for flaw in refused.value.flaws] == [code]


@pytest.mark.parametrize("deed", [aside, sample, finding, sponsor, ground, model])
def test_other_words_stand(engine: Engine, peopled: Cast, deed: Deed) -> None:
    with signed_in(engine, peopled.chi) as session:
        deed(session, peopled, "Qu\u00e1n Hoa Ban, nh\u00e0 s\u1ed1 12; Th\u00e0o Seo v\u1eafng")


def test_members_are_told_too_and_people_of_other_places_are_not(engine: Engine, peopled: Cast) -> None:
    with signed_in(engine, peopled.chi) as session:
        assert names_somebody(
            session, peopled.commune.id or 0, [f"g\u1ecdi {peopled.an_member.name} r\u1ed3i"]
        )
        assert not names_somebody(session, peopled.sibling.id, ["\u00f4ng Th\u00e0o Seo L\u1eed"])
        assert not names_somebody(session, peopled.village.id, ["", "  "])
