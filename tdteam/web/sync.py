"""What phones say to the server (`docs/sync.md`): records in, the roster out. JSON always, never a redirect.

A batch is one transaction of its own, committed before the answer; where the database asks for it again (a deadlock on
PostgreSQL), it is done again, which the ids make safe.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, jsonify, request

from tdteam.actions.judge_note import flaws_of
from tdteam.actions.open_batch import open_batch
from tdteam.actions.receive_records import Result, receive
from tdteam.domain.errors import Flaw, TdteamError, Unavailable
from tdteam.domain.roles import Actor
from tdteam.domain.sync import LARGEST_BATCH, NotABatch, read_batch
from tdteam.store import settings
from tdteam.store.gate import GatedSession, Scope
from tdteam.store.phone_roster import read_page
from tdteam.store.together import writing_together
from tdteam.web.gate import aside, engine, saw_names, session, unauthorized, visitor
from tdteam.web.phone_session import contact, revoked_sender
from tdteam.web.words import say_flaw

pages = Blueprint("sync", __name__, url_prefix="/sync")
TRIES = 3


class TooLarge(TdteamError):
    """More than a batch may hold."""

    status = 413
    code = "too_large"


class NotOurs(TdteamError):
    """The request is none of ours."""

    status = 400
    code = "shape"


class _Float:
    """Stands for a number bodies may not hold, so that only its record is refused."""


def _float(_text: str) -> Any:
    return _Float()


def _whole(text: str) -> Any:
    return int(text) if len(text) <= 17 else _Float()


def read_json() -> Any:
    """The body as JSON, unpacked within the limit. Raises TooLarge, NotOurs."""
    if (request.content_length or 0) > LARGEST_BATCH:
        raise TooLarge
    request.max_content_length = LARGEST_BATCH
    raw = request.get_data(cache=False)
    coding = request.headers.get("Content-Encoding", "identity")
    if coding == "gzip":
        raw = _unpack(raw)
    elif coding != "identity":
        raise NotOurs
    try:
        return json.loads(raw, parse_float=_float, parse_int=_whole, parse_constant=_float)
    except (ValueError, RecursionError) as error:
        raise NotOurs from error


def _unpack(raw: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        out = unpacking.decompress(raw, LARGEST_BATCH + 1)
    except zlib.error as error:
        raise NotOurs from error
    if len(out) > LARGEST_BATCH:
        raise TooLarge
    if not unpacking.eof:
        raise NotOurs
    return out


def is_another(account: object) -> bool:
    """Whether a phone speaks for another account than is signed in: two people share a browser, and the other tab was
    faster. It then asks who is signed in, and keeps what is not theirs."""
    who = visitor()
    return account is not None and who is not None and str(account) != str(who.seen.id)


@pages.post("/records")
def records() -> Any:
    """Receive a batch of records."""
    who = visitor()
    assert who is not None  # the access table asks for a sign-in
    return _receive(who.scope, who.actor)


@pages.post("/deliver")
def deliver() -> Any:
    """Take what a revoked phone still holds: it says whose it is by its token, and everything waits for the commune."""
    sender = revoked_sender()
    if sender is None:
        return jsonify(error="signed_out"), 401
    return _receive(None, Actor(sender.account_id, sender.name, sender.role))


def _receive(scope: Scope | None, actor: Actor) -> Any:
    """Receive the request's batch in a scope; without one everything is held."""
    now = datetime.now(UTC)
    said = read_json()
    if scope and isinstance(said, dict) and is_another(said.get("account")):
        return unauthorized()
    try:
        opened = open_batch(read_batch(said, now), now)
    except NotABatch as error:
        raise NotOurs(str(error)) from error
    for attempt in range(TRIES):
        try:
            with writing_together(engine(), scope) if scope else aside(actor) as writing:
                results, missing = receive(writing, opened, actor, hold=scope is None)
                if scope:
                    contact(writing, opened.batch.device_id, opened.batch.client, now)
                answer = _answer(writing, results, missing, now)
            return jsonify(answer)
        except Unavailable:
            if attempt + 1 == TRIES or engine().dialect.name == "sqlite":
                raise
    raise Unavailable


def _answer(
    session: GatedSession, results: list[Result], missing: list[int], now: datetime
) -> dict[str, Any]:
    return {
        "server_time": now.isoformat(timespec="milliseconds"),
        "epoch": settings.epoch(session),
        "missing_seq": missing,
        "results": [_told(result) for result in results],
    }


def _told(result: Result) -> dict[str, Any]:
    outcome = result.outcome
    told: dict[str, Any] = {
        "id": result.id,
        "sha256": result.sha256,
        "state": outcome.state,
        "version": outcome.version,
        "flaws": [say(flaw) for flaw in outcome.flaws],
        "doubt": outcome.doubt,
    }
    if result.was:
        told["was"] = result.was
    return told


def say(flaw: Flaw) -> dict[str, str]:
    """A flaw as phones show it."""
    return {"field": flaw.field, "code": flaw.code, "message": say_flaw(flaw)}


@pages.get("/roster")
def roster() -> Any:
    """What the phone needs offline: all of it, or what changed since the cursor."""
    who = visitor()
    assert who is not None
    if is_another(request.args.get("account")):
        return unauthorized()
    page = read_page(session(), who.seen.id, request.args.get("cursor", "")[:4000])
    if page.get("households") or page.get("residents"):
        saw_names("phone_roster")
    page["decisions"] = [
        {**one, "flaws": [say(flaw) for flaw in flaws_of(one["flaws"])]} for one in page["decisions"]
    ]
    return jsonify(page)
