"""Records from phones: a batch of fifty visits received whole, beside the same rows put down by the bare driver."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.load.district import TODAY, district, scope_of
from tests.load.harness import Pair, job

BATCH = 50


@job(
    "receive a batch of visits",
    f"{BATCH} visits: hashes, inbox, checks, tallies, audit, fsync",
    "≥ 10,000 visits/s; ≥ 0.35 of the floor",
    "bare driver: the rows of the inbox, visits and assists, same fsync",
)
def _receive(folder: Path) -> Pair:
    from tdteam.actions.receive_records import receive
    from tdteam.domain.ids import new_id
    from tdteam.domain.roles import Actor
    from tdteam.domain.sync import read_batch
    from tdteam.store.gate import open_session

    engine = district(folder)
    scope = scope_of(engine, "totruong")
    (village,) = scope.roots
    driver: Any = engine.raw_connection().driver_connection
    rows = driver.execute(
        "SELECT t.team_id, h.id FROM team_village t JOIN household h ON h.village_id = t.village_id "
        "WHERE t.village_id = ? AND h.kind = 'household'",
        (village,),
    ).fetchall()
    team, homes = rows[0][0], [home for _, home in rows]
    account = driver.execute("SELECT id, name, role FROM account WHERE username = 'totruong'").fetchone()
    actor = Actor(*account)
    scope, seq = replace(scope, actor=actor), 0

    def batch() -> tuple[str, list[dict[str, Any]]]:
        nonlocal seq
        records = []
        for _ in range(BATCH):
            seq += 1
            body = {
                "village_id": village,
                "team_id": team,
                "member_ids": [],
                "household_id": homes[seq % len(homes)],
                "visited_on": TODAY.isoformat(),
                "place": "home",
                "contact": "met",
                "minutes": 20,
                "note": "",
                "assists": [{"id": new_id(), "kind": "SAFETY", "outcome": "done", "people": 1}],
            }
            said = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            sha256 = hashlib.sha256(said.encode()).hexdigest()
            record = {"id": new_id(), "seq": seq, "kind": "visit", "schema": 1, "base_version": None}
            records.append({**record, "recorded_at": _now(), "sha256": sha256, "body": body})
        sent = {"device_id": "bench", "client": "1", "sent_at": _now(), "records": records}
        return json.dumps(sent, ensure_ascii=False), records

    waiting = [batch() for _ in range(40)]

    def next_batch() -> tuple[str, list[dict[str, Any]]]:
        return waiting.pop() if waiting else batch()

    def ours() -> None:
        raw, _ = next_batch()
        now = datetime.now(UTC)
        with open_session(engine, scope, write=True) as session:
            receive(session, read_batch(json.loads(raw), now), actor, now)
            session.commit()

    def floor() -> None:
        raw, records = next_batch()
        now = datetime.now(UTC).isoformat(" ")
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(
            "INSERT INTO inbox (record_id, sha256, account_id, device_id, client, seq, kind, schema_version, recorded_at,"
            " received_at, body, state, flaws, target, decision) VALUES (?, ?, ?, 'floor', '1', ?, 'visit', 1, '', ?, ?,"
            " 'accepted', '[]', ?, '')",
            [
                (
                    one["id"],
                    one["sha256"],
                    actor.account_id,
                    one["seq"],
                    now,
                    str(one["body"]),
                    one["id"],
                )
                for one in records
            ],
        )
        driver.executemany(
            "INSERT INTO visit (id, root_id, version, state, village_id, team_id, household_id, visited_on, period,"
            " place, contact, minutes, note, recorded_at, received_at, ended_why)"
            " VALUES (?, ?, 1, 'current', ?, ?, ?, ?, '2026-12', 'home', 'met', 20, '', ?, ?, '')",
            [
                (r["id"], r["id"], village, team, r["body"]["household_id"], str(TODAY), now, now)
                for r in records
            ],
        )
        driver.executemany(
            "INSERT INTO assist (id, visit_id, village_id, kind, outcome, people) VALUES (?, ?, ?, 'SAFETY', 'done', 1)",
            [(r["body"]["assists"][0]["id"], r["id"], village) for r in records],
        )
        driver.execute("COMMIT")

    return Pair(work=ours, floor=floor, rounds=200)


def _now() -> str:
    return datetime.now(UTC).isoformat()
