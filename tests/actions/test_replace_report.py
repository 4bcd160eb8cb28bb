"""A report that replaces an issued one: new figures in the open, the old paper kept."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.record_visit import correct_visit
from tdteam.actions.seal_report import replace_figures, unseal
from tdteam.domain.errors import Conflict
from tdteam.domain.snapshots import snapshot_from
from tdteam.store import late
from tdteam.store.tables import Paper, Sealing
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.actions.sealed import NOVEMBER, URL, all_is_well, commune_of, issue, record, seal, visits_of
from tests.cast import Cast


def test_a_replacing_report_names_the_old_one_and_lists_what_changed(engine: Engine, cast: Cast) -> None:
    first = record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        old = seal(session, cast).id
    issue(engine, cast)
    missed = record(engine, cast)
    record(engine, cast)
    with signed_in(engine, cast.an) as session:
        correct_visit(session, first, visit_at(cast.village, helped(people=3)), 1, actor_of(cast.an))
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="stage"):
        unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đếm sót")
    with signed_in(engine, cast.chi) as session:
        row = replace_figures(
            session,
            commune_of(session, cast),
            NOVEMBER,
            actor_of(cast.chi),
            "đếm sót một lượt",
            address=URL,
            keys=[f"visit:{missed}"],
        )
        snapshot = snapshot_from(row.snapshot)
        assert (row.version, row.replaces_id, visits_of(snapshot)) == (2, old, 2)
        assert snapshot.replaces is not None and snapshot.replaces.why == "đếm sót một lượt"
        told = {(one.where, one.code): (one.old, one.new) for one in snapshot.changes}
        assert told["Hốc Đá", "visits"] == ("1", "2") and told["", "VISITS"] == ("1", "2")
        assert told["Hốc Đá", "people"] == ("1", "4")
        assert session.get_one(Sealing, old).ended is None  # stands until the new one is issued
        left = late.list_late(session, [cast.village.id], NOVEMBER)
        assert [one.counts_in for one in left] == ["2026-12"]
    all_is_well(engine)
    issue(engine, cast)
    with signed_in(engine, cast.chi) as session:
        assert session.get_one(Sealing, old).ended == "replaced"
        assert len(session.exec(select(Paper.sha256)).all()) == 6
    all_is_well(engine)


def test_a_replacing_report_cannot_be_opened_again(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    issue(engine, cast)
    with signed_in(engine, cast.chi) as session:
        replace_figures(
            session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đếm sót", address=URL
        )
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="replaces_issued"):
        unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đếm sót")
