"""Photos for tests: pictures of a few kinds, sent in pieces as a phone does, or kept straight away."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from tdteam.actions import keep_evidence
from tdteam.domain.roles import Actor, Role
from tdteam.store import evidence
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Evidence
from tests.client import CheckingClient

PIECE = 40_000
KEPT = {"state": "kept"}


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A picture nobody else has."""
    out = io.BytesIO()
    noise = Image.frombytes("RGB", (16, 12), os.urandom(16 * 12 * 3))
    noise.resize(size, Image.Resampling.BICUBIC).save(out, kind, **more)
    return out.getvalue()


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def put(
    client: CheckingClient, sha256: str, body: bytes, first: int, total: int, **headers: str
) -> TestResponse:
    """One piece."""
    where = {"Content-Range": f"bytes {first}-{first + len(body) - 1}/{total}", **headers}
    return client.put(
        f"/sync/evidence/{sha256}", data=body, headers=where, content_type="application/octet-stream"
    )


def send(client: CheckingClient, body: bytes, piece: int = PIECE) -> TestResponse:
    """A whole photo as a phone sends it: asks how far it came, goes on from there. The last answer."""
    sha256 = sha(body)
    asked = client.head(f"/sync/evidence/{sha256}")
    at = int(asked.headers.get("Upload-Offset", 0))
    answer = asked
    while at < len(body):
        answer = put(client, sha256, body[at : at + piece], at, len(body))
        if answer.status_code != 202:
            return answer
        at = answer.json["received"]  # type: ignore[index]
    return answer


def keep_photo(engine: Engine, instance: Path, record_id: str, village_id: int) -> str:
    """A kept photo that a record of a village names."""
    body = photo(size=(64, 48))
    picture = keep_evidence.draw_checked(sha(body), body)
    stored = keep_evidence.keep_file(instance, picture)
    with open_session(
        engine, replace(EVERYWHERE, actor=Actor(None, "maker", Role.ADMIN)), write=True
    ) as opened:
        keep_evidence.note_evidence(opened, instance, sha(body), body, picture, stored)
        evidence.link_photos(opened, record_id, village_id, [sha(body)])
        opened.commit()
    return sha(body)


def rows(engine: Engine) -> list[Evidence]:
    with open_session(engine, EVERYWHERE) as looking:
        return list(looking.exec(select(Evidence)))


def files(instance: Path) -> list[Path]:
    return sorted(path for path in (instance / "evidence").rglob("*") if path.is_file())


def parts(instance: Path) -> list[Path]:
    return [path for path in files(instance) if path.parent.name == "parts"]


def flaws(answer: Any) -> list[str]:
    return [flaw["code"] for flaw in answer.json["flaws"]]
