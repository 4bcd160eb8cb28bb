"""An area's consolidated report: a sum of exactly its villages, sealed once, replaced never silently."""

from __future__ import annotations

import io
import json
import zlib
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.area_sum import add_up, compose_area, draw_area, list_moved
from tdteam.actions.consolidate import issue_consolidated, replace_consolidated
from tdteam.actions.keep_report_words import keep_words
from tdteam.actions.seal_parts import Seen
from tdteam.actions.seal_through import Hands, seal_through
from tdteam.domain.errors import Closed, Conflict, NotAllowed, Refused
from tdteam.domain.periods import Period
from tdteam.domain.report_facts import Narrative, ReportFacts
from tdteam.domain.report_life import Stage
from tdteam.domain.report_spans import SpanKind, span_of
from tdteam.domain.shares import Share
from tdteam.domain.snapshots import sha256_of, snapshot_from
from tdteam.store import area_month, audit, papers, sealings
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Paper, Place, Sealing
from tests.actions.areas import NOVEMBER, URL, Ground, make_ground
from tests.actions.given import actor_of, signed_in
from tests.actions.sealed import all_is_well
from tests.cast import Cast
from tests.world import World


@pytest.fixture
def ground(engine: Engine, cast: Cast, world: World) -> Ground:
    return make_ground(engine, cast, world)


def area_of(session: GatedSession, ground: Ground) -> Place:
    return session.get_one(Place, ground.cast.area.id)


def figure(facts: ReportFacts, code: str) -> Any:
    return next(line for line in facts.figures if line.code == code)


def test_the_sum_holds_the_areas_own_villages_and_not_one_more(ground: Ground) -> None:
    cast = ground.cast
    for hamlet, count in ((cast.village, 3), (cast.sibling, 2), (cast.next_village, 4), (ground.beyond, 50)):
        ground.visits(hamlet, count)
    ground.issue(cast.commune)
    ground.issue(cast.next_commune)
    with signed_in(ground.engine, cast.giang, write=False) as session:
        summed = add_up(session, area_of(session, ground), NOVEMBER)
    facts = summed.facts
    assert {row.name for row in facts.villages.rows} == {"Hốc Đá", "Nậm Dù", "Tả Hà 2"}
    assert {row.group for row in facts.villages.rows} == {"Xã Xuân Quang", "Xã Bảo Thắng"}
    assert figure(facts, "VISITS").now == 9
    assert facts.area is not None and facts.area.is_recounted
    assert figure(facts, "NOT_DONE_SHARE").now == Share(0, 9)  # counted anew for these three villages alone
    assert facts.area.villages == Share(3, 3)
    assert set(summed.parts) == {ground.issued(c).sha256 for c in (cast.commune, cast.next_commune)}


def test_figures_equal_themselves_wherever_they_stand(ground: Ground) -> None:
    cast = ground.cast
    for hamlet, count in ((cast.village, 3), (cast.next_village, 4), (ground.beyond, 5)):
        ground.visits(hamlet, count)
    ground.issue(cast.commune)
    ground.issue(cast.next_commune)
    with signed_in(ground.engine, cast.giang, write=False) as session:
        facts = add_up(session, area_of(session, ground), NOVEMBER).facts
        report = compose_area(session, area_of(session, ground), NOVEMBER)
    total = facts.villages.total
    assert total is not None
    cells = dict(zip((c.code for c in facts.villages.columns), total.values, strict=True))
    for code, column in (("VISITS", "visits"), ("PEOPLE", "people"), ("GATHERINGS", "gatherings")):
        assert figure(facts, code).now == cells[column]
    assert facts.organisation.members == cells["members"]
    share = figure(facts, "NOT_DONE_SHARE").now
    assert (share.part, share.whole) == (cells["not_done"], cells["people"])
    assert facts.difficulties.not_done == share
    assert [annex.code for annex in report.annexes] == ["villages", "causes"]


def test_while_a_commune_is_missing_it_is_named_and_nothing_is_guessed(ground: Ground) -> None:
    cast = ground.cast
    ground.visits(cast.village, 3)
    ground.visits(cast.next_village, 7)
    ground.issue(cast.commune)
    with signed_in(ground.engine, cast.giang, write=False) as session:
        place = area_of(session, ground)
        facts = add_up(session, place, NOVEMBER).facts
        report = compose_area(session, place, NOVEMBER)
    assert figure(facts, "VISITS").now == 3
    assert figure(facts, "NOT_DONE_SHARE").now == Share(0, 3)  # both numbers stand in annex I
    assert figure(facts, "HOUSEHOLDS_REACHED").now is None
    said = {block.code: block.params for block in report.chapters[0].blocks if hasattr(block, "code")}
    assert said["area_missing"]["names"] == ("Xã Bảo Thắng",)
    assert "area_not_recounted" in said and "area_recounted" not in said


def test_a_consolidated_report_is_sealed_issued_and_kept(ground: Ground) -> None:
    cast = ground.cast
    ground.visits(cast.village, 3)
    ground.issue(cast.commune)
    before = audit_head(ground)
    row = ground.consolidate()
    snapshot = snapshot_from(row.snapshot)
    assert (row.commune_id, row.version, row.sha256) == (cast.area.id, 1, sha256_of(row.snapshot))
    assert snapshot.parts == (ground.issued(cast.commune).sha256,)
    assert snapshot.audit_head == before
    assert json.loads(zlib.decompress(row.counted)) == {"parts": list(snapshot.parts)}
    with signed_in(ground.engine, cast.giang, write=False) as session:
        draft = papers.read_draft(session, cast.area.id or 0, "2026-11")
        assert (draft.stage, draft.sealing_id) == (Stage.ISSUED, row.id)
        for form in ("pdf", "xlsx"):
            kept = sealings.find_paper(session, row.id or 0, form)
            assert kept is not None
            assert kept.name == f"bao-cao-tong-hop-thang-11-2026-bao-thang-cu.{form}"
            assert draw_area(session, area_of(session, ground), NOVEMBER, form).body == kept.body
    all_is_well(ground.engine)


def audit_head(ground: Ground) -> str:
    with open_session(ground.engine, EVERYWHERE) as session:
        return audit.head(session)


def test_a_later_replacing_report_does_not_move_the_sum_and_is_told(ground: Ground) -> None:
    cast = ground.cast
    ground.visits(cast.village, 3)
    ground.issue(cast.commune)
    row = ground.consolidate()
    ground.visits(cast.village, 2)  # late
    ground.replace(cast.commune)
    ground.issue(cast.next_commune)
    with signed_in(ground.engine, cast.giang, write=False) as session:
        place = area_of(session, ground)
        kept = session.get_one(Sealing, row.id)
        assert kept.snapshot == row.snapshot
        communes = tuple(area_month.list_communes(session, place, NOVEMBER))
        assert list_moved(communes, kept) == (["Xã Xuân Quang"], ["Xã Bảo Thắng"])
    with signed_in(ground.engine, cast.giang) as session:
        place = area_of(session, ground)
        giang = actor_of(cast.giang)
        with pytest.raises(Refused):
            replace_consolidated(session, place, NOVEMBER, giang, " ", address=URL)
        again = replace_consolidated(session, place, NOVEMBER, giang, "Đủ hai xã", address=URL)
        told = snapshot_from(again.snapshot)
        assert (again.version, told.replaces is not None and told.replaces.sha256) == (2, row.sha256)
        assert ("Lượt hộ được đến thăm", "3", "5") in {(c.name, c.old, c.new) for c in told.changes} or any(
            (change.code, change.old, change.new) == ("VISITS", "3", "5") for change in told.changes
        )
        assert session.get_one(Sealing, row.id).ended is None  # stands until the other is issued
    with signed_in(ground.engine, cast.giang) as session:
        place = area_of(session, ground)
        issue_consolidated(session, place, NOVEMBER, actor_of(cast.giang), address=URL)
        assert session.get_one(Sealing, row.id).ended == "replaced"
        assert list_moved(tuple(area_month.list_communes(session, place, NOVEMBER)), again) == ([], [])
    all_is_well(ground.engine)


def test_words_are_kept_until_the_paper_is_issued(ground: Ground) -> None:
    cast = ground.cast
    ground.issue(cast.commune)

    def write(text: str, version: int) -> None:
        with signed_in(ground.engine, cast.giang) as session:
            keep_words(
                session, area_of(session, ground), NOVEMBER, Narrative(next_steps=text), "", None, version
            )

    write("Đôn đốc các xã", 0)
    with pytest.raises(Conflict):
        write("Khác", 0)
    with pytest.raises(Refused):
        write("Gọi 001088012345", 1)
    ground.consolidate()
    with pytest.raises(Closed):
        write("Sau khi phát hành", 1)
    with open_session(ground.engine, EVERYWHERE) as session:
        paper = session.exec(select(Paper).where(Paper.commune_id == cast.area.id, Paper.form == "pdf")).one()
        assert "Đôn đốc các xã" in paper.words


def test_nothing_is_issued_without_a_report_an_address_or_the_power(ground: Ground) -> None:
    cast = ground.cast

    def act(who: Any, period: Period = NOVEMBER, address: str = URL, seen: Seen | None = None) -> None:
        with signed_in(ground.engine, who) as session:
            place = Place(id=cast.area.id, name=cast.area.name, short_name="Bảo Thắng", level="area")
            issue_consolidated(session, place, period, actor_of(who), address=address, seen=seen)

    with pytest.raises(Conflict, match="nothing_received"):
        act(cast.giang)
    ground.issue(cast.commune)
    with pytest.raises(Conflict, match="address_missing"):
        act(cast.giang, address="")
    with pytest.raises(Conflict, match="period_running"):
        act(cast.giang, Period(2026, 12))
    for who in (cast.chi, cast.hai, cast.khoa):
        with pytest.raises(NotAllowed):
            act(who)
    ground.consolidate()
    with pytest.raises(Conflict, match="stage"):
        act(cast.giang, seen=Seen(Stage.DRAFT))
    with pytest.raises(Conflict, match="stage"):
        act(cast.giang)


def test_the_paper_says_what_it_adds_up(ground: Ground) -> None:
    from pypdf import PdfReader

    cast = ground.cast
    ground.visits(cast.village, 3)
    ground.visits(cast.next_village, 4)
    ground.issue(cast.next_commune)
    row = ground.consolidate()
    with open_session(ground.engine, EVERYWHERE) as session:
        kept = sealings.find_paper(session, row.id or 0, "pdf")
        assert kept is not None
        pages = PdfReader(io.BytesIO(kept.body)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Sở Khoa học và Công nghệ tỉnh Lào Cai báo cáo" in text
    assert "Có 1/2 xã, phường đã phát hành báo cáo" in text
    assert "Xã Bảo Thắng 1/2" in text
    assert "Còn 1 xã, phường chưa gửi báo cáo: Xã Xuân Quang" in text
    assert "Các thôn, tổ dân phố đã có báo cáo có 1 thành viên" in text  # and not the whole area
    assert "Khe Sáu" not in text and "Tả Hà 2" in text


def test_a_quarter_adds_up_the_sealed_months_and_leaves_out_who_lacks_one(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, quarter = ground.cast, span_of(SpanKind.QUARTER, 2026, 4)
    third = [Period(2026, month, 15) for month in (10, 11, 12)]
    for module in ("seal_report", "consolidate", "area_sum"):
        monkeypatch.setattr(f"tdteam.actions.{module}.today", lambda: date(2027, 1, 5), raising=False)
    ground.visits(cast.village, 3)
    ground.visits(cast.next_village, 4)
    ground.visits(ground.beyond, 50)
    everything = ((cast.commune, third), (cast.next_commune, third[:2]))
    for place, months in everything:
        for month in months:
            own = place.id == cast.commune.id
            hands = (cast.chi, cast.em) if own else (cast.dung, ground.next_approver)
            with open_session(ground.engine, EVERYWHERE, write=True) as session:
                row = session.get_one(Place, place.id)
                seal_through(session, row, month, Hands(*map(actor_of, hands)), address=URL)
                session.commit()
    with signed_in(ground.engine, cast.giang, write=False) as session:
        summed = add_up(session, area_of(session, ground), quarter)
    facts = summed.facts
    assert {row.name for row in facts.villages.rows} == {"Hốc Đá", "Nậm Dù"}
    assert figure(facts, "VISITS").now == 3
    assert facts.area is not None
    assert [one.name for one in facts.area.communes if not one.version] == ["Xã Bảo Thắng"]
    ground_now(ground, third[2], cast.next_commune)
    with signed_in(ground.engine, cast.giang) as session:
        area = area_of(session, ground)
        facts = add_up(session, area, quarter).facts
        assert {row.name for row in facts.villages.rows} == {"Hốc Đá", "Nậm Dù", "Tả Hà 2"}
        assert figure(facts, "VISITS").now == 7  # never those beyond the area
        row = issue_consolidated(session, area, quarter, actor_of(cast.giang), address=URL)
        assert row.period == "2026-Q4" and len(snapshot_from(row.snapshot).parts) == 6
        assert draw_area(session, area, quarter, "pdf").file_name.startswith("bao-cao-tong-hop-quy-4-2026")
    all_is_well(ground.engine)


def ground_now(ground: Ground, month: Period, place: Place) -> None:
    with open_session(ground.engine, EVERYWHERE, write=True) as session:
        hands = Hands(actor_of(ground.cast.dung), actor_of(ground.next_approver))
        seal_through(session, session.get_one(Place, place.id), month, hands, address=URL)
        session.commit()
