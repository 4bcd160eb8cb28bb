"""What somebody altered past the program does not agree: the page says so, whatever was altered, and never breaks."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tdteam.domain.snapshots import sha256_of
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Sealing
from tests.client import CheckingClient
from tests.web.uploading import text as said
from tests.web.verifying import BROKEN, alter, issued, one_verdict

__all__ = ["issued"]

# What is no text, and bytes of another length, as each database takes them.
ODD = {
    "sqlite": {"BROKEN TEXT": "CAST(x'ff7b' AS TEXT)", "OTHER BYTES": "'x'"},
    "postgresql": {"BROKEN TEXT": "'\x01'", "OTHER BYTES": "'x'::bytea"},
}


@pytest.mark.parametrize(
    "change",
    [
        """UPDATE sealing SET snapshot = replace(snapshot, '"visits":1', '"visits":2')""",
        "UPDATE sealing SET snapshot = replace(snapshot, 'Hốc Đá', 'Hốc Đã')",
        "UPDATE sealing SET snapshot = snapshot || ' '",
        "UPDATE sealing SET snapshot = '{}'",
        "UPDATE sealing SET snapshot = '[1'",
        "UPDATE sealing SET snapshot = '[]'",
        "UPDATE sealing SET snapshot = ''",
        "UPDATE sealing SET snapshot = BROKEN TEXT",
        "UPDATE sealing SET sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', snapshot = ''",
        "UPDATE sealing SET sha256 = ''",
        "UPDATE sealing SET audit_head = 'c000000000000000000000000000000000000000000000000000000000000000'",
        "UPDATE sealing SET version = 7",
        "UPDATE paper SET body = OTHER BYTES WHERE form = 'pdf'",
        "UPDATE paper SET words = '{}'",
        "UPDATE paper SET words = replace(words, '\"47\"', '\"48\"')",
        "UPDATE paper SET sha256 = 'c000000000000000000000000000000000000000000000000000000000000000'",
    ],
)  # fmt: skip
def test_what_was_altered_does_not_agree(
    client: CheckingClient, engine: Engine, issued: str, change: str
) -> None:
    for word, meant in ODD[engine.dialect.name].items():
        change = change.replace(word, meant)
    alter(engine, change)
    answer = client.get(f"/verify/{issued}")
    assert (answer.status_code, one_verdict(answer)) == (200, BROKEN)
    assert "Đừng dùng tờ giấy này làm căn cứ." in said(answer)
    assert "data-verify-file" not in answer.get_data(as_text=True)


def test_a_snapshot_altered_with_its_hash_has_the_audit_against_it(
    client: CheckingClient, engine: Engine, issued: str
) -> None:
    with open_session(engine, EVERYWHERE) as looking:
        forged = looking.get_one(Sealing, 1).snapshot.replace("Hốc Đá", "Hốc Đã")
    alter(
        engine, "UPDATE sealing SET snapshot = :text, sha256 = :sha256", text=forged, sha256=sha256_of(forged)
    )
    assert one_verdict(client.get(f"/verify/{issued}")) == BROKEN


def test_a_forged_seal_put_into_the_database_does_not_agree(
    client: CheckingClient, engine: Engine, issued: str
) -> None:
    with open_session(engine, EVERYWHERE) as looking:
        row = looking.get_one(Sealing, 1)
        forged = row.snapshot.replace(row.code, "forged2222222222").replace('"version":1', '"version":2')
        head = row.audit_head
    alter(
        engine,
        "INSERT INTO sealing (commune_id, period, version, code, snapshot, sha256, audit_head, counted, why, sealed_at, ended_why) "
        "SELECT commune_id, period, 2, 'forged2222222222', :text, :sha256, :head, counted, '', sealed_at, '' FROM sealing",
        text=forged, sha256=sha256_of(forged), head=head,
    )  # fmt: skip
    assert one_verdict(client.get("/verify/forged2222222222")) == BROKEN
