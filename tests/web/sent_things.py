"""How to make what addresses of the inbox, the outreach calendar and the proposals name (`things.py`)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from tdteam.domain.ids import new_id
from tdteam.store.tables import Inbox, Outreach, OutreachVillage, Proposal

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY, PERIOD = date(2026, 11, 10), "2026-11"


def waiting(things: Any) -> int:
    """A record that waits for the commune of this village."""
    body = {"village_id": things.hamlet.id, "team_id": things.hamlet.team.id, "visited_on": DAY.isoformat()}
    account = things.stage.cast.an.id or 0
    return int(
        things.row_with(
            "n",
            Inbox(
                record_id=new_id(), sha256=new_id().replace("-", "") * 2, account_id=account, device_id="phone-1", seq=1,
                kind="visit", schema_version=1, received_at=NOW, body=json.dumps(body), state="held",
                village_id=things.hamlet.id,
            ),
        )
    )  # fmt: skip


def outreach(things: Any) -> int:
    plan = Outreach(commune_id=things.commune_id, title="Làm mức 2", held_on=DAY, made_at=NOW, changed_at=NOW)
    outreach_id = int(things.row(plan))
    things.row_with("outreach_id", OutreachVillage(outreach_id=outreach_id, village_id=things.hamlet.id))
    return outreach_id


def proposal(things: Any) -> str:
    return str(
        things.row(
            Proposal(
                id=new_id(), village_id=things.hamlet.id, team_id=things.hamlet.team.id, period=PERIOD,
                text="Xin lắp wifi nhà văn hóa", made_at=NOW, received_at=NOW, changed_at=NOW,
            )
        )
    )  # fmt: skip


MAKERS = {"outreach_id": outreach, "proposal_id": proposal, "record_n": waiting}
