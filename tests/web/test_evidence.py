"""Photos on their way from phones to the desk: in pieces, once, clean of all but the picture, seen with a record only."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions import pictures
from tdteam.domain.evidence import LARGEST, LARGEST_PIECE
from tdteam.store import audit
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.domain.test_evidence import png_header, webp_header
from tests.web.photos import KEPT, files, flaws, parts, photo, put, rows, send, sha


@pytest.fixture
def an(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.an)


# Sending.


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_comes_in_pieces_and_is_kept_once(
    an: CheckingClient, engine: Engine, tmp_path: Path, kind: str
) -> None:
    body = photo(kind, (2400, 1800))
    assert an.head(f"/sync/evidence/{sha(body)}").status_code == 404
    done = send(an, body, 7_000)
    assert (done.status_code, done.json) == (200, KEPT)
    [row] = rows(engine)
    assert (row.sha256, row.size, row.width, row.height) == (sha(body), len(body), 1600, 1200)
    [file] = files(tmp_path)
    assert file == tmp_path / "evidence" / row.stored_sha256[:2] / f"{row.stored_sha256}.jpg"
    assert sha(file.read_bytes()) == row.stored_sha256
    asked = an.head(f"/sync/evidence/{sha(body)}")
    assert (asked.headers["Upload-Complete"], asked.headers["Upload-Offset"]) == ("?1", str(len(body)))
    again = put(
        an, sha(body), body[:100], 0, len(body)
    )  # the reply was lost: the last piece, or any, once more
    assert (again.status_code, again.json) == (200, KEPT)
    assert len(rows(engine)) == 1
    with open_session(engine, EVERYWHERE) as looking:
        assert [entry.target for entry in looking.exec(select(Audit).where(Audit.noun == "evidence"))] == [
            sha(body)
        ]
        assert audit.verify(looking).first_broken is None


def test_what_was_cut_off_goes_on_where_it_stopped(an: CheckingClient, tmp_path: Path) -> None:
    body = photo()
    assert put(an, sha(body), body[:1000], 0, len(body)).json == {"received": 1000}
    asked = an.head(f"/sync/evidence/{sha(body)}")
    assert (asked.status_code, asked.headers["Upload-Offset"]) == (200, "1000")
    assert asked.headers["Upload-Complete"] == "?0"
    assert parts(tmp_path)
    assert send(an, body).json == KEPT
    assert parts(tmp_path) == []


def test_pieces_that_do_not_join_change_nothing(an: CheckingClient) -> None:
    body = photo()
    put(an, sha(body), body[:1000], 0, len(body))
    for first, last in ((0, 1000), (500, 1500), (1001, 1500), (len(body) - 100, len(body))):
        answer = put(an, sha(body), body[first:last], first, len(body))
        assert (answer.status_code, answer.json["received"]) == (409, 1000)  # type: ignore[index]
    assert send(an, body).json == KEPT


def test_the_last_piece_is_always_left_to_be_sent(
    an: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while the photo was being kept: a phone that asks how far it came still has a piece that ends it."""
    body = photo()
    put(an, sha(body), body[:1000], 0, len(body))
    monkeypatch.setattr(
        "tdteam.web.evidence.verbs.draw_checked", lambda *_: (_ for _ in ()).throw(SystemExit)
    )
    with pytest.raises(SystemExit):
        put(an, sha(body), body[1000:], 1000, len(body))
    monkeypatch.undo()
    assert an.head(f"/sync/evidence/{sha(body)}").headers["Upload-Offset"] == "1000"
    assert send(an, body).json == KEPT


def test_accounts_do_not_mix_their_pieces(app: Flask, cast: Cast, engine: Engine) -> None:
    an = app.test_client().sign_in(cast.an)  # type: ignore[attr-defined]
    binh = app.test_client().sign_in(cast.binh)  # type: ignore[attr-defined]
    body = photo()
    put(an, sha(body), b"\0" * 1000, 0, len(body))
    assert binh.head(f"/sync/evidence/{sha(body)}").status_code == 404
    assert send(binh, body).json == KEPT
    assert send(an, body).headers["Upload-Complete"] == "?1"
    assert len(rows(engine)) == 1


def test_two_uploads_of_one_photo_at_once_are_one(
    app: Flask, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    body = photo()
    people = [cast.an, cast.binh, cast.chi, cast.an]
    clients = [app.test_client().sign_in(one) for one in people]  # type: ignore[attr-defined]
    start, said = threading.Barrier(len(clients)), []

    def go(client: CheckingClient) -> None:
        start.wait()
        for _ in range(50):
            answer = send(client, body, 5_000)
            if answer.headers.get("Upload-Complete") == "?1" or answer.json == KEPT:
                said.append("kept")
                return

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["kept"] * 4
    assert len(rows(engine)) == 1
    assert len([file for file in files(tmp_path) if file.suffix == ".jpg"]) == 1


# Refusing.


def test_bytes_that_are_not_the_promised_ones_are_refused_and_forgotten(
    an: CheckingClient, engine: Engine, tmp_path: Path
) -> None:
    body = photo()
    put(an, sha(body), b"\0" * 1000, 0, len(body))
    answer = put(an, sha(body), body[1000:], 1000, len(body))
    assert (answer.status_code, flaws(answer)) == (422, ["hash_mismatch"])
    assert an.head(f"/sync/evidence/{sha(body)}").status_code == 404  # from the beginning
    assert (rows(engine), files(tmp_path)) == ([], [])
    assert send(an, body).json == KEPT


BROKEN = photo("JPEG", (640, 480))
NOT_PHOTOS = {
    "text": b"not a photo at all",
    "gif": b"GIF89a" + bytes(60),
    "pdf": b"%PDF-1.7\n" + bytes(60),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "cut off": BROKEN[: len(BROKEN) // 2],
    "header only": png_header(100, 100),
    "webp header only": webp_header(100, 100),
    "many scans": BROKEN[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 200 + b"\xff\xd9",
}


@pytest.mark.parametrize("name", NOT_PHOTOS)
def test_what_is_no_whole_photo_is_refused(
    an: CheckingClient, engine: Engine, tmp_path: Path, name: str
) -> None:
    answer = send(an, NOT_PHOTOS[name])
    assert (answer.status_code, flaws(answer)) == (422, ["image_kind"])
    assert "không" in answer.json["flaws"][0]["message"]  # type: ignore[index]
    assert (rows(engine), files(tmp_path)) == ([], [])


def liar() -> bytes:
    """A JPEG whose first frame header says it is small, and whose second, which decoders take, does not."""
    body = bytearray(photo("JPEG", (64, 48)))
    frame = body.index(b"\xff\xc0")
    length = int.from_bytes(body[frame + 2 : frame + 4], "big") + 2
    second = bytearray(body[frame : frame + length])
    second[5:9] = (60_000).to_bytes(2, "big") + (60_000).to_bytes(2, "big")
    return bytes(body[: frame + length] + second + body[frame + length :])


@pytest.mark.parametrize(
    "body", [png_header(16_000, 16_000), webp_header(16_000, 16_000), liar()], ids=["png", "webp", "liar"]
)
def test_a_bomb_never_reaches_the_decoder(
    an: CheckingClient, engine: Engine, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(pictures, "_clean", lambda *_: pytest.fail("was decoded"))
    answer = send(an, body)
    assert answer.status_code == 422
    assert flaws(answer)[0] in ("image_pixels", "image_kind")
    assert rows(engine) == []


def test_sizes_and_ranges_have_limits(an: CheckingClient) -> None:
    body = os.urandom(LARGEST_PIECE + 1)
    answer = put(an, sha(body), body, 0, len(body) * 2)
    assert (answer.status_code, answer.json["error"]) == (413, "too_large")  # type: ignore[index]
    answer = put(an, sha(body), b"x", 0, LARGEST + 1)
    assert (answer.status_code, flaws(answer)) == (422, ["image_large"])
    for header in ("", "bytes 0-5/3", "bytes 0-100/1000", "nonsense"):
        answer = put(an, sha(body), b"xxxx", 0, 10, **{"Content-Range": header})
        assert (answer.status_code, answer.json["error"]) == (400, "range")  # type: ignore[index]


@pytest.mark.parametrize(
    "name", ["..%2F..%2F..%2Fetc%2Fpasswd", "A" * 64, "a" * 63, "a" * 64 + ".jpg", "parts"]
)
def test_nothing_but_a_hash_is_an_address(an: CheckingClient, tmp_path: Path, name: str) -> None:
    for method in ("HEAD", "PUT"):
        headers = {"Content-Range": "bytes 0-3/8"}
        assert (
            an.open(f"/sync/evidence/{name}", method=method, data=b"xxxx", headers=headers).status_code == 404
        )
    assert an.get(f"/evidence/{name}.jpg").status_code == 404
    assert not (tmp_path / "evidence").exists()


def test_only_those_who_record_send_photos_and_only_with_the_token(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    body = photo()
    client.sign_in(cast.an).token = None
    answer = put(client, sha(body), body[:100], 0, len(body))
    assert (answer.status_code, answer.json) == (400, {"error": "csrf"})
    for who in (cast.giang, cast.hai, cast.khoa, cast.em):
        client.sign_in(who)
        assert put(client, sha(body), body, 0, len(body)).status_code == 403
        assert client.head(f"/sync/evidence/{sha(body)}").status_code == 403
    client.sign_out()
    assert client.head(f"/sync/evidence/{sha(body)}").status_code == 401
    assert rows(engine) == []
