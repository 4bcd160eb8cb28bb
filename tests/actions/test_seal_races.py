"""Sealing races phones that send: each visit is sealed or late, never both, never neither."""

from __future__ import annotations

from sqlalchemy import Engine

from tdteam.domain.snapshots import snapshot_from
from tdteam.store import late
from tdteam.store.tables import Sealing
from tests.actions.given import figure, signed_in
from tests.actions.sealed import NOVEMBER, all_is_well, counted_ids, fifty_phones, seal, visits_of
from tests.cast import Cast


def test_fifty_phones_send_while_the_official_seals(engine: Engine, cast: Cast) -> None:
    """Each visit is in the sealed set or in the late list, never in both, never in neither."""

    def official() -> Sealing:
        with signed_in(engine, cast.chi) as session:
            return seal(session, cast)

    row, ids = fifty_phones(engine, cast, official)
    with signed_in(engine, cast.chi) as session:
        counted = counted_ids(row)
        waiting = {one.id for one in late.list_late(session, [cast.village.id], NOVEMBER)}
        assert counted | waiting == ids and not counted & waiting
        assert visits_of(snapshot_from(row.snapshot)) == (len(counted) or None)
        assert figure(session, cast.village, "visits", "met", span="2026-12") == (len(waiting) or None)
    all_is_well(engine)
