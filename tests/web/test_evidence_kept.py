"""Photos and the disk: kept whole or not at all, clean of all but the picture; pieces nobody came back for go."""

from __future__ import annotations

import errno
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine

from tdteam.actions import pictures
from tdteam.domain.errors import Unavailable
from tdteam.domain.evidence import MOST_PARTS
from tdteam.store import audit, evidence
from tdteam.store.gate import EVERYWHERE, open_session
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.photos import KEPT, files, parts, photo, put, rows, send, sha


@pytest.fixture
def an(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.an)


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EROFS, 503)])
def test_a_disk_that_takes_nothing_is_said_and_leaves_nothing_half_named(
    an: CheckingClient,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    status: int,
) -> None:
    body = photo()
    put(an, sha(body), body[:1000], 0, len(body))

    def full(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    answer = send(an, body)
    assert answer.status_code == status
    assert answer.headers["Retry-After"]
    assert rows(engine) == []
    assert [file.parent.name for file in files(tmp_path)] == ["parts"]
    monkeypatch.undo()
    assert an.head(f"/sync/evidence/{sha(body)}").headers["Upload-Offset"] == "1000"
    assert send(an, body).json == KEPT


def test_a_photo_is_kept_only_when_its_row_is(
    an: CheckingClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = photo()
    real = audit.append

    def away(*args: object, **more: object) -> Any:
        raise Unavailable

    monkeypatch.setattr(audit, "append", away)
    answer = send(an, body)
    assert (answer.status_code, answer.json) == (503, {"error": "unavailable"})
    assert rows(engine) == []
    assert an.head(f"/sync/evidence/{sha(body)}").headers.get("Upload-Complete") != "?1"
    monkeypatch.setattr(audit, "append", real)
    assert send(an, body).json == KEPT


def test_a_photo_whose_file_is_gone_is_wanted_again(
    an: CheckingClient, engine: Engine, tmp_path: Path
) -> None:
    body = photo()
    send(an, body)
    [file] = files(tmp_path)
    file.unlink()
    assert an.head(f"/sync/evidence/{sha(body)}").status_code == 404
    with open_session(engine, EVERYWHERE) as looking:
        assert evidence.lacking(looking, [sha(body)]) == []
        assert evidence.lacking(looking, [sha(body), "f" * 64, "../x"], tmp_path) == [sha(body), "f" * 64]
    assert send(an, body).json == KEPT
    assert files(tmp_path) == [file]
    assert len(rows(engine)) == 1


def test_pieces_nobody_came_back_for_are_removed(an: CheckingClient, tmp_path: Path) -> None:
    old, young, new = photo(), photo(), photo()
    for body in (old, young):
        put(an, sha(body), body[:10], 0, len(body))
    [path] = [path for path in parts(tmp_path) if sha(old) in path.name]
    week = time.time() - 8 * 86_400
    os.utime(path, (week, week))
    put(an, sha(new), new[:10], 0, len(new))
    assert {path.name.partition("-")[2] for path in parts(tmp_path)} == {sha(young), sha(new)}


def test_an_account_begins_only_so_many(an: CheckingClient, tmp_path: Path, cast: Cast) -> None:
    folder = tmp_path / "evidence" / "parts"
    folder.mkdir(parents=True)
    for number in range(MOST_PARTS + 5):
        path = folder / f"{cast.an.id}-{sha(bytes([number]))}"
        path.touch()
        os.utime(path, (time.time() - 1000 + number,) * 2)
    (folder / f"{cast.binh.id}-{sha(b'x')}").touch()
    body = photo()
    put(an, sha(body), body[:10], 0, len(body))
    own = [path for path in parts(tmp_path) if path.name.startswith(f"{cast.an.id}-")]
    assert len(own) == MOST_PARTS
    assert not (folder / f"{cast.an.id}-{sha(bytes([0]))}").exists()
    assert (folder / f"{cast.binh.id}-{sha(b'x')}").exists()


# What is kept.


def test_only_the_picture_is_kept_and_it_stands_upright(an: CheckingClient, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "Nokia"
    exif[0x8825] = {1: "N", 2: (22.0, 20.0, 5.0), 3: "E", 4: (104.0, 2.0, 0.0)}
    body = photo("JPEG", (640, 480), exif=exif, comment=b"hoc da, nha ong Ly", icc_profile=b"profile" * 20)
    assert b"Nokia" in body
    send(an, body)
    [file] = files(tmp_path)
    kept = file.read_bytes()
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (480, 640)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for word in (b"Nokia", b"hoc da", b"profile", b"Exif"):
        assert word not in kept


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "CMYK", "I;16"])
def test_pictures_of_every_colour_model_are_kept(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (60, 40)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    made = pictures.redraw(out.getvalue())
    with Image.open(io.BytesIO(made.body)) as image:
        assert (image.mode, image.size) == ("RGB", (60, 40))
        if mode == "RGBA":
            assert image.getpixel((5, 5)) == (255, 255, 255)  # what was transparent is paper, not black
