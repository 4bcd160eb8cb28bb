"""Photos of a revoked phone: its token alone brings those its records name, and the commune sees them when it decides."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from tdteam.domain.devices import draw_token, hash_token
from tdteam.domain.evidence import LARGEST, LARGEST_PIECE
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Device, RecordPhoto
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, visit_body
from tests.web.photos import KEPT, files, flaws, photo, rows, sha


class Revoked:
    """A phone that was revoked: it delivers, by its token and nothing else."""

    def __init__(self, client: CheckingClient, phone: Phone, token: str) -> None:
        self.client, self.phone, self.token = client, phone, token

    def leave(self) -> None:
        with self.client.session_transaction() as kept:
            kept.pop("_user_id", None)

    def deliver(self, *bodies: dict[str, object]) -> list[str]:
        records = [self.phone.record("visit", body) for body in bodies]
        batch = {"device_id": "phone-1", "client": "1", "sent_at": None, "records": records}
        self.leave()
        answer = self.client.post("/sync/deliver", json=batch, headers={"X-Device-Token": self.token})
        return [one["state"] for one in answer.json["results"]]

    def head(self, sha256: str) -> TestResponse:
        path = f"/sync/deliver/evidence/{sha256}"
        return self.client.head(path, headers={"X-Device-Token": self.token})

    def put(
        self, sha256: str, body: bytes, first: int = 0, total: int | None = None, token: str | None = None
    ) -> TestResponse:
        total = len(body) if total is None else total
        headers = {
            "X-Device-Token": self.token if token is None else token,
            "Content-Range": f"bytes {first}-{first + len(body) - 1}/{total}",
        }
        path = f"/sync/deliver/evidence/{sha256}"
        return self.client.put(path, data=body, headers=headers, content_type="application/octet-stream")


@pytest.fixture
def revoked(client: CheckingClient, cast: Cast, engine: Engine) -> Revoked:
    token = draw_token()
    with open_session(engine, EVERYWHERE, write=True) as session:
        now = datetime.now(UTC)
        values = {"account_id": cast.an.id, "device_id": "phone-1", "token_hash": hash_token(token)}
        session.add(Device(**values, enrolled_at=now, revoked_at=now))
        session.commit()
    client.sign_in(cast.an)
    made = Revoked(client, Phone(client, cast.an), token)
    made.leave()
    return made


def test_a_photo_comes_with_its_held_record_and_the_commune_sees_it_when_deciding(
    revoked: Revoked, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    body = photo()
    assert revoked.deliver(visit_body(cast.village, photos=[sha(body)])) == ["held"]
    assert revoked.head(sha(body)).status_code == 404
    half = len(body) // 2
    first = revoked.put(sha(body), body[:half], 0, len(body))
    assert (first.status_code, first.json) == (202, {"received": half})
    assert revoked.head(sha(body)).headers["Upload-Offset"] == str(half)
    last = revoked.put(sha(body), body[half:], half, len(body))
    assert (last.status_code, last.json) == (200, KEPT)
    assert revoked.head(sha(body)).headers["Upload-Complete"] == "?1"
    assert [row.account_id for row in rows(engine)] == [cast.an.id] and len(files(tmp_path)) == 1
    chi = revoked.client.sign_in(cast.chi)
    n = inbox_rows(engine)[0].n
    page = chi.get(f"/inbox/{n}").get_data(as_text=True)
    assert f"/evidence/{sha(body)}.jpg" in page
    seen = chi.get(f"/evidence/{sha(body)}.jpg")
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert chi.post(f"/inbox/{n}/decide", data={"do": "take"}).status_code == 302
    with everywhere(engine) as session:
        assert [one.sha256 for one in session.exec(select(RecordPhoto))] == [sha(body)]
        kept = session.exec(select(Audit).where(Audit.noun == "evidence", Audit.action == "keep")).one()
        assert kept.account_id == cast.an.id
    assert chi.get(f"/evidence/{sha(body)}.jpg").status_code == 200


def test_whoever_may_not_decide_there_does_not_see_it(revoked: Revoked, cast: Cast, engine: Engine) -> None:
    body = photo(size=(64, 48))
    revoked.deliver(visit_body(cast.village, photos=[sha(body)]))
    assert revoked.put(sha(body), body).json == KEPT
    elsewhere = revoked.client.sign_in(cast.binh)
    assert elsewhere.get(f"/evidence/{sha(body)}.jpg").status_code == 404


def test_what_is_not_taken_in_is_no_longer_shown(revoked: Revoked, cast: Cast, engine: Engine) -> None:
    body = photo(size=(64, 48))
    revoked.deliver(visit_body(cast.village, photos=[sha(body)]))
    revoked.put(sha(body), body)
    chi = revoked.client.sign_in(cast.chi)
    n = inbox_rows(engine)[0].n
    assert chi.get(f"/evidence/{sha(body)}.jpg").status_code == 200
    assert chi.post(f"/inbox/{n}/decide", data={"do": "decline", "why": "Không đúng"}).status_code == 302
    assert chi.get(f"/evidence/{sha(body)}.jpg").status_code == 404


def test_the_token_brings_no_photo_that_nothing_names(
    revoked: Revoked, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    body, other = photo(size=(64, 48)), photo(size=(64, 48))
    revoked.deliver(visit_body(cast.village, photos=[sha(other)], note=f"như {sha(body)}"))
    assert revoked.head(sha(body)).status_code == 404
    refused = revoked.put(sha(body), body)
    assert (refused.status_code, flaws(refused)) == (422, ["photo_unnamed"])
    assert revoked.put("x" * 64, body).status_code == 404
    assert rows(engine) == [] and files(tmp_path) == []


@pytest.mark.parametrize("token", ["", "z" * 43])
def test_without_the_token_of_a_revoked_phone_nothing_is_taken(
    revoked: Revoked, cast: Cast, engine: Engine, token: str
) -> None:
    body = photo(size=(64, 48))
    revoked.deliver(visit_body(cast.village, photos=[sha(body)]))
    answer = revoked.put(sha(body), body, token=token)
    assert (answer.status_code, answer.json["error"]) == (401, "signed_out")
    with open_session(engine, EVERYWHERE, write=True) as session:
        session.exec(select(Device)).one().revoked_at = None
        session.commit()
    assert revoked.put(sha(body), body).status_code == 401  # in use: it signs in as usual
    assert rows(engine) == []


def test_the_limits_of_photos_hold_here_too(revoked: Revoked, cast: Cast, engine: Engine) -> None:
    body, text = photo(size=(64, 48)), b"not a picture"
    revoked.deliver(visit_body(cast.village, photos=[sha(body), sha(text)]))
    assert revoked.put(sha(body), b"x" * (LARGEST_PIECE + 1), 0, LARGEST).status_code == 413
    assert flaws(revoked.put(sha(body), body, 0, LARGEST + 1)) == ["image_large"]
    assert flaws(revoked.put(sha(text), text)) == ["image_kind"]
    assert flaws(revoked.put(sha(body), body[:-1] + b"?")) == ["hash_mismatch"]
    assert revoked.put(sha(body), body).json == KEPT  # damaged on the way, then sent from its first byte


def test_a_photo_of_a_visit_that_counts_already_comes_after_its_phone_was_revoked(
    revoked: Revoked, cast: Cast, engine: Engine
) -> None:
    """The record went while the phone was in use; the photo was still on it when it was lost."""
    body = photo(size=(64, 48))
    record = revoked.phone.record("visit", visit_body(cast.village, photos=[sha(body)]))
    assert revoked.phone.states(record) == ["accepted"]
    revoked.leave()
    assert revoked.put(sha(body), body).json == KEPT
    assert revoked.client.sign_in(cast.chi).get(f"/evidence/{sha(body)}.jpg").status_code == 200
