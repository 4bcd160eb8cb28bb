"""Phones that keep sending: each holds an outbox, sends batches of it, and takes a record out only on a receipt for id and hash."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.store import audit
from tdteam.store.doctor import integrity
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Audit, Inbox, Visit
from tests.fault.served import Client, Served
from tests.web.phone import sha256_of

RECEIPTS = {"accepted", "duplicate", "late", "conflict", "held", "refused"}


@dataclass
class Phone:
    """A phone and what it holds. `told`: id -> the states the server gave, in order."""

    client: Client
    served: Served
    device_id: str
    seq: int = 0
    outbox: list[dict[str, Any]] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    cut: int = 0

    def log(self, count: int) -> None:
        """Log visits."""
        seeded = self.served.seeded
        for _ in range(count):
            self.seq += 1
            home = seeded.households[self.seq % len(seeded.households)]
            assist = {"id": new_id(), "kind": "EID2_ACTIVATE", "outcome": "done", "people": 1}
            body = {
                "village_id": seeded.village_id,
                "team_id": seeded.team_id,
                "household_id": home,
                "visited_on": today().isoformat(),
                "place": "home",
                "contact": "met",
                "assists": [assist],
            }
            record = {"id": new_id(), "seq": self.seq, "kind": "visit", "schema": 1, "base_version": None}
            self.outbox.append({**record, "recorded_at": _now(), "sha256": sha256_of(body), "body": body})

    def send(self, most: int = 20) -> bool:
        """Send some of the outbox; whether an answer came."""
        batch = self.outbox[:most]
        said = {"device_id": self.device_id, "client": "1", "sent_at": _now(), "records": batch}
        try:
            answer = self.client.ask_json("POST", "/sync/records", said)
        except OSError:
            self.cut += 1
            return False
        if answer.status == 503:
            return True
        if answer.status != 200:
            self.strange.append(f"{answer.status} {answer.text[:300]}")
            return True
        sent = {(one["id"], one["sha256"]) for one in batch}
        gone = set()
        for result in json.loads(answer.text)["results"]:
            if (result["id"], result["sha256"]) in sent and result["state"] in RECEIPTS:
                self.told.setdefault(result["id"], []).append(result["state"])
                gone.add(result["id"])
        self.outbox = [record for record in self.outbox if record["id"] not in gone]
        return True


def _now() -> str:
    return datetime.now(UTC).isoformat()


class Crowd:
    """Phones that log and send, and send again when cut off, until told to stop."""

    def __init__(self, phones: list[Phone]) -> None:
        self.stopping = threading.Event()
        self.phones = phones
        self.threads = [threading.Thread(target=self._work, args=(phone,)) for phone in phones]
        for thread in self.threads:
            thread.start()

    def _work(self, phone: Phone) -> None:
        while not self.stopping.is_set():
            if len(phone.outbox) < 60:
                phone.log(random.randint(1, 20))
            if not phone.send():
                time.sleep(0.05)

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a phone waits for an answer that never comes"


def check_phones(url: str, phones: list[Phone]) -> None:
    """Whatever was receipted is there once; whatever is there was sent; figures, inbox and audit tell one story."""
    receipted = {record_id for phone in phones for record_id in phone.told}
    waiting = {record["id"] for phone in phones for record in phone.outbox}
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE) as session:
        visits = Counter(session.scalars(select(Visit.root_id)))
        inbox = Counter(session.scalars(select(Inbox.record_id)))
        noted = Counter(
            session.scalars(select(Audit.target).where(Audit.action == "record", Audit.noun == "visit"))
        )
        assert receipted <= set(visits), "acknowledged, and lost"
        assert set(visits) <= receipted | waiting, "there, and never sent"
        assert {one: times for one, times in (visits + inbox).items() if times != 2} == {}
        assert visits == inbox == noted
        assert compare(session) == []
        assert audit.first_broken(session) is None
    assert integrity(engine) is None
    engine.dispose()
