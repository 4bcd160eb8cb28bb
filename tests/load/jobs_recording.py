"""Recording a visit: the whole action, one durable transaction each, beside the same rows put down by the bare driver."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.load.district import TODAY, district, scope_of
from tests.load.harness import Pair, job


@job(
    "record a visit",
    "2 assists; checks, tallies, audit, fsync",
    "",
    "bare driver: the visit and assist rows, same fsync",
)
def _record(folder: Path) -> Pair:
    from tdteam.actions.record_visit import record_visit
    from tdteam.domain.assists import AssistDraft
    from tdteam.domain.ids import new_id
    from tdteam.domain.visits import VisitDraft
    from tdteam.store.gate import open_session

    engine = district(folder)
    scope = scope_of(engine, "totruong")
    (village,) = scope.roots
    driver: Any = engine.raw_connection().driver_connection
    team, home = driver.execute(
        "SELECT t.team_id, h.id FROM team_village t JOIN household h ON h.village_id = t.village_id "
        "WHERE t.village_id = ? AND h.kind = 'household' LIMIT 1",
        (village,),
    ).fetchone()
    member = driver.execute("SELECT member_id FROM membership WHERE team_id = ? LIMIT 1", (team,)).fetchone()[
        0
    ]
    assists = (("SAFETY", "done"), ("PAY_QR", "done"))

    def ours() -> None:
        draft = VisitDraft(
            village_id=village,
            team_id=team,
            member_ids=(member,),
            household_id=home,
            visited_on=TODAY,
            place="home",
            contact="met",
            minutes=20,
            assists=tuple(AssistDraft(id=new_id(), kind=k, outcome=o, people=1) for k, o in assists),
        )
        with open_session(engine, scope, write=True) as session:
            record_visit(session, draft, scope.actor)
            session.commit()

    def floor() -> None:
        key, now = new_id(), datetime.now(UTC).isoformat(" ")
        driver.execute("BEGIN IMMEDIATE")
        driver.execute(
            "INSERT INTO visit (id, root_id, version, state, village_id, team_id, household_id, visited_on, period,"
            " place, contact, minutes, note, recorded_at, received_at, ended_why)"
            " VALUES (?, ?, 1, 'current', ?, ?, ?, ?, '2026-12', 'home', 'met', 20, '', ?, ?, '')",
            (key, key, village, team, home, str(TODAY), now, now),
        )
        driver.executemany(
            "INSERT INTO assist (id, visit_id, village_id, kind, outcome, people) VALUES (?, ?, ?, ?, ?, 1)",
            [(new_id(), key, village, kind, outcome) for kind, outcome in assists],
        )
        driver.execute("COMMIT")

    return Pair(work=ours, floor=floor, rounds=2_000)
