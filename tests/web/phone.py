"""A phone of the tests: numbers, hashes and sends records as the real one does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account, Inbox
from tests.client import CheckingClient
from tests.world import Hamlet


def sha256_of(body: Any) -> str:
    said = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def visit_body(village: Hamlet, household_id: str | None = None, **more: Any) -> dict[str, Any]:
    """A plain visit: one person's level 2 activated, today."""
    assist = {"id": new_id(), "kind": "EID2_ACTIVATE", "outcome": "done", "cause": None, "people": 1}
    return {
        "village_id": village.id,
        "team_id": village.team.id,
        "member_ids": [],
        "household_id": household_id,
        "visited_on": today().isoformat(),
        "place": "home",
        "contact": "met",
        "minutes": None,
        "return_on": None,
        "note": "",
        "assists": [{**assist, "resident_id": None, "filing": None}],
        **more,
    }


@dataclass
class Phone:
    """One phone in one person's hand."""

    client: CheckingClient
    account: Account
    device_id: str = "phone-1"
    seq: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)

    def record(self, kind: str, body: Any, **more: Any) -> dict[str, Any]:
        """The next record, not sent yet."""
        self.seq += 1
        return {
            "id": new_id(),
            "seq": self.seq,
            "kind": kind,
            "schema": 1,
            "base_version": None,
            "recorded_at": datetime.now(UTC).isoformat(),
            "clock_offset": 0,
            "sha256": sha256_of(body),
            "body": body,
            **more,
        }

    def post(self, records: list[dict[str, Any]], **more: Any) -> Any:
        """The raw answer to a batch."""
        self.client.sign_in(self.account)
        batch = {
            "device_id": self.device_id,
            "client": "1",
            "sent_at": datetime.now(UTC).isoformat(),
            "records": records,
            **more,
        }
        return self.client.post("/sync/records", json=batch)

    def send(self, *records: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """The results of a batch that was taken in."""
        answer = self.post(list(records), **more)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        results: list[dict[str, Any]] = answer.json["results"]
        assert [one["id"] for one in results] == [one["id"] for one in records]
        return results

    def states(self, *records: dict[str, Any], **more: Any) -> list[str]:
        return [one["state"] for one in self.send(*records, **more)]


def everywhere(engine: Engine) -> GatedSession:
    return open_session(engine, EVERYWHERE)


def inbox_rows(engine: Engine) -> list[Inbox]:
    with everywhere(engine) as session:
        return list(session.exec(select(Inbox).order_by(Inbox.n)))  # type: ignore[arg-type]
