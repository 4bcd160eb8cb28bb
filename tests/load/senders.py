"""Who sends records in measurements, and the bare driver that puts down the same rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.load.district import TODAY, scope_of

SENDER = "totruong"
INBOX = (
    *(
        "record_id",
        "sha256",
        "account_id",
        "device_id",
        "client",
        "seq",
        "kind",
        "schema_version",
        "recorded_at",
    ),
    *("received_at", "body", "state", "version", "flaws", "village_id", "target", "decision"),
)
VISIT = (
    *(
        "id",
        "root_id",
        "version",
        "state",
        "village_id",
        "team_id",
        "household_id",
        "visited_on",
        "period",
        "place",
    ),
    *("contact", "minutes", "note", "recorded_by", "recorded_at", "received_at", "ended_why"),
)
ASSIST = ("id", "visit_id", "village_id", "kind", "outcome", "people")


@dataclass
class Sender:
    """One phone of the leader's: makes batches as phones do, each record new."""

    account: int
    village: int
    team: int
    homes: list[str]
    device: str = "bench"
    seq: int = 0
    now: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def record(self) -> dict[str, Any]:
        from tdteam.domain.ids import new_id

        self.seq += 1
        body = {
            "village_id": self.village,
            "team_id": self.team,
            "member_ids": [],
            "household_id": self.homes[self.seq % len(self.homes)],
            "visited_on": TODAY.isoformat(),
            "place": "home",
            "contact": "met",
            "minutes": 20,
            "return_on": None,
            "note": "",
            "photos": [],
            "assists": [{"id": new_id(), "kind": "SAFETY", "outcome": "done", "people": 1}],
        }
        said = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        sha256 = hashlib.sha256(said.encode()).hexdigest()
        record = {"id": new_id(), "seq": self.seq, "kind": "visit", "schema": 1, "base_version": None}
        return {**record, "recorded_at": self.now, "clock_offset": 0, "sha256": sha256, "body": body}

    def batch(self, size: int) -> dict[str, Any]:
        records = [self.record() for _ in range(size)]
        return {"device_id": self.device, "client": "1", "sent_at": self.now, "records": records}


class Floor:
    """The bare driver on a connection of its own: one transaction, three tables, a row each of every record."""

    def __init__(self, sender: Sender, connection: Any, mark: str) -> None:
        self.sender, self.connection = sender, connection
        self.words = [
            f"INSERT INTO bare_{table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608
            for table, columns in (("inbox", INBOX), ("visit", VISIT), ("assist", ASSIST))
        ]
        self.is_sqlite = mark == "?"

    def make(self) -> Floor:
        for table, columns in (("inbox", INBOX), ("visit", VISIT), ("assist", ASSIST)):
            self.connection.execute(
                f"CREATE TABLE bare_{table} AS SELECT {', '.join(columns)} FROM {table} WHERE 1 = 0"  # noqa: S608
            )
        return self

    def put(self, records: list[dict[str, Any]]) -> None:
        s, now = self.sender, datetime.now(UTC).isoformat(" ")
        rows: list[list[tuple[Any, ...]]] = [[], [], []]
        for one in records:
            body, key = one["body"], one["id"]
            sent = (key, one["sha256"], s.account, "bench", "1", one["seq"], "visit", 1, one["recorded_at"])
            said = json.dumps(body)
            rows[0].append((*sent, now, said, "accepted", 1, "[]", s.village, key, ""))
            day = (s.village, s.team, body["household_id"], body["visited_on"], "2026-12")
            rows[1].append((key, key, 1, "current", *day, "home", "met", 20, "", s.account, now, now, ""))
            rows[2] += [
                (assist["id"], key, s.village, assist["kind"], "done", 1) for assist in body["assists"]
            ]
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        for words, many in zip(self.words, rows, strict=True):
            cursor.executemany(words, many)
        cursor.execute("COMMIT")


def sender_in(engine: Any) -> Sender:
    """The leader's phone in a database of the demonstration."""
    with engine.connect() as connection:
        (village,) = scope_of(engine, SENDER).roots
        ask = connection.exec_driver_sql
        account = ask(f"SELECT id FROM account WHERE username = '{SENDER}'").scalar()  # noqa: S608
        team = ask(f"SELECT team_id FROM team_village WHERE village_id = {village}").scalar()  # noqa: S608
        homes = ask(f"SELECT id FROM household WHERE village_id = {village} AND kind = 'household'")  # noqa: S608
        return Sender(account, village, team, list(homes.scalars()))
