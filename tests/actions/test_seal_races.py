"""Sealing races phones that send: each visit is sealed or late, never both, never neither."""

from __future__ import annotations

import json
import threading
import time
import zlib

from sqlalchemy import Engine

from tdteam.domain.snapshots import snapshot_from
from tdteam.store import late
from tests.actions.given import figure, signed_in
from tests.actions.sealed import NOVEMBER, all_is_well, record, seal, visits_of
from tests.cast import Cast


def test_fifty_phones_send_while_the_official_seals(engine: Engine, cast: Cast) -> None:
    """Each visit is in the sealed set or in the late list, never in both, never in neither."""
    ids: list[str] = []
    faults: list[BaseException] = []
    go = threading.Barrier(51)

    def phone() -> None:
        go.wait(60)
        for _ in range(2):
            try:
                ids.append(record(engine, cast))
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=phone) for _ in range(50)]
    for thread in threads:
        thread.start()
    go.wait(60)
    time.sleep(0.4)  # some have sent, some have not
    with signed_in(engine, cast.chi) as session:
        row = seal(session, cast)
    for thread in threads:
        thread.join(120)
    assert faults == [] and len(ids) == 100
    with signed_in(engine, cast.chi) as session:
        counted = {one for one, _ in json.loads(zlib.decompress(row.counted))["visits"]}
        waiting = {one.id for one in late.list_late(session, [cast.village.id], NOVEMBER)}
        assert counted | waiting == set(ids) and not counted & waiting
        assert visits_of(snapshot_from(row.snapshot)) == (len(counted) or None)
        assert figure(session, cast.village, "visits", "met", span="2026-12") == (len(waiting) or None)
    all_is_well(engine)
