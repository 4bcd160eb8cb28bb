"""How phones sign in (`docs/sync.md` section 2): JSON always, never a redirect; every write carries the session's token.

Each try is three short steps: it is counted and committed, the PIN is checked outside any transaction, what came of it
is committed, and only then answered.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import Any

from flask import Blueprint, current_app, g, jsonify, request
from flask_wtf.csrf import generate_csrf

from tdteam.actions import join_phone
from tdteam.actions.join_phone import Door, Entered
from tdteam.actions.passwords import check_password, hash_password
from tdteam.domain.devices import (
    clean_client,
    clean_label,
    hash_token,
    is_contact_due,
    is_device_id,
    is_token,
)
from tdteam.domain.errors import Flaw, NotAllowed, NotFound, Refused, TdteamError
from tdteam.domain.pins import is_pin
from tdteam.domain.sync import MIN_CLIENT
from tdteam.store import accounts, devices, settings
from tdteam.store.gate import GatedSession
from tdteam.web import sign_in
from tdteam.web.gate import aside, visitor
from tdteam.web.sign_in import caller

pages = Blueprint("phone_session", __name__, url_prefix="/sync")
LARGEST = 8 * 1024
TOKEN_HEADER = "X-Device-Token"  # noqa: S105 - the name of a header


class NotOurs(TdteamError):
    """The body is none of ours."""

    status = 400
    code = "shape"


class TooLarge(TdteamError):
    """The body is larger than any of ours."""

    status = 413
    code = "too_large"


@pages.get("/session")
def now() -> Any:
    """Who is signed in here, and what a phone needs to go on."""
    who = visitor()
    if who is None:
        return jsonify({"error": "signed_out", **_state()}), 401
    moment = datetime.now(UTC)
    if who.phone and is_contact_due(who.phone.last_seen_at, moment):
        with aside(who.actor) as writing:
            devices.note_contact(writing, who.seen.id, who.phone.device_id, "", moment)
    return jsonify(_told(who.seen))


@pages.post("/sign-in")
def enter() -> Any:
    """An enrolled phone signs in with the PIN."""
    said = _body()
    device_id, token = _device(said), said.get("token")
    if not is_token(token):
        raise NotOurs
    with aside() as counting:
        door = join_phone.knock(counting, device_id, token, caller(), demo=_demo())
    return _wait(door) or _check(said, door) or _let_in(door)


def _let_in(door: Door) -> Any:
    with aside() as writing:
        entered = join_phone.enter(writing, door, datetime.now(UTC))
        if entered is None:
            return _refused("device_revoked")
        return _in(writing, entered)


@pages.post("/join")
def join() -> Any:
    """A phone comes in with a printed slip."""
    said = _body()
    device_id, code = _device(said), said.get("slip")
    with aside() as counting:
        door = join_phone.knock_with_slip(
            counting, code if is_token(code) else "", device_id, caller(), datetime.now(UTC), demo=_demo()
        )
    if not door.is_known and not door.wait_until:
        raise NotFound("slip_unknown")
    return _wait(door) or _enrolled(said, door)


@pages.post("/enrol")
def enrol() -> Any:
    """The phone on which an account signed in with its password is enrolled for it."""
    said, who = _body(), visitor()
    _device(said)
    if who is None:
        raise NotAllowed
    with aside() as counting:
        door = join_phone.knock_signed_in(counting, who.seen.id, caller())
    return _wait(door) or _enrolled(said, door)


def _enrolled(said: dict[str, Any], door: Door) -> Any:
    """The phone is the account's from now on, with the PIN it has or the one it chooses now."""
    fresh = None
    if door.pin_hash is None:
        _demand(door.judge(said.get("pin")))
        fresh = hash_password(said["pin"])
    else:
        refused = _check(said, door)
        if refused:
            return refused
    moment = datetime.now(UTC)
    with aside() as writing:
        label = clean_label(said.get("label"))
        entered = join_phone.join(writing, door, _device(said), label, fresh, moment, demo=_demo())
        return _in(writing, entered)


@pages.post("/pin")
def change_pin() -> Any:
    """Another PIN, asked for on an enrolled phone beside the present one."""
    said, who = _body(), visitor()
    device_id, token = _device(said), said.get("token")
    if who is None or not is_token(token):
        raise NotOurs
    with aside() as counting:
        door = join_phone.knock(counting, device_id, token, caller(), demo=_demo())
    if door.account_id not in (who.seen.id, None):
        return _refused("device_revoked")
    refused = _wait(door) or _check(said, door)
    if refused:
        return refused
    _demand(door.judge(said.get("new"), "new"))
    with aside(who.actor) as writing:
        join_phone.change_pin(writing, door, hash_password(said["new"]), datetime.now(UTC))
    return jsonify(ok=True)


@pages.post("/sign-out")
def leave() -> Any:
    """Out, on this phone; the phone stays enrolled, its PIN lets it in again."""
    _body()
    sign_in.leave_here()
    return jsonify(ok=True)


def contact(session: GatedSession, device_id: str, client: str, moment: datetime) -> None:
    """Note, in a session that writes, that this request's account was in touch from a phone; at most every ten minutes."""
    who = visitor()
    if who is None:
        return
    if who.phone and who.phone.device_id == device_id and not is_contact_due(who.phone.last_seen_at, moment):
        return
    devices.note_contact(session, who.seen.id, device_id, clean_client(client), moment)


def revoked_sender() -> devices.Revoked | None:
    """Whose phone it is that may sign in no more and delivers what it still holds (header X-Device-Token). All it sends
    is `held`; the token opens nothing else."""
    token = request.headers.get(TOKEN_HEADER)
    if not is_token(token):
        return None
    with aside(write=False) as reading:
        return devices.find_revoked(reading, hash_token(token))


def _body() -> dict[str, Any]:
    """The request's JSON object. Raises NotOurs, TooLarge."""
    if (request.content_length or 0) > LARGEST:
        raise TooLarge
    request.max_content_length = LARGEST
    try:
        said = request.get_json(force=True, silent=True)
    except RecursionError:
        said = None
    if not isinstance(said, dict):
        raise NotOurs
    return said


def _device(said: dict[str, Any]) -> str:
    device_id = said.get("device_id")
    if not is_device_id(device_id):
        raise NotOurs
    return device_id


def _demand(flaws: list[Flaw]) -> None:
    if flaws:
        raise Refused(flaws)


def _check(said: dict[str, Any], door: Door) -> Any:
    """Look at the PIN, an unknown phone's too, which takes as long; the answer where it will not do, else None."""
    pin = said.get("pin")
    right = check_password(door.pin_hash, str(pin) if is_pin(pin) else "")
    if not door.is_known:
        return _refused("device_revoked")
    if right:
        return None
    with aside() as writing:
        return _refused("pin_wrong", left=join_phone.miss(writing, door))


def _wait(door: Door) -> Any:
    """Too many tries: for how long, or None."""
    if door.wait_until is None:
        return None
    seconds = max(1, ceil((door.wait_until - datetime.now(UTC)).total_seconds()))
    return jsonify(error="throttled", seconds=seconds), 429, {"Retry-After": str(seconds)}


def _refused(error: str, **more: object) -> Any:
    return jsonify({"error": error, **more}), 401


def _in(session: GatedSession, entered: Entered) -> Any:
    """The session begins anew on this phone; the answer, which goes out once the transaction is committed."""
    found = devices.find_seen_on(session, entered.account_id, entered.phone_id)
    if found is None:
        raise NotFound
    sign_in.enter_on_phone(*found)
    g.pop("csrf_token", None)  # of the session before
    token = {"token": entered.token} if entered.token else {}
    return jsonify({**_told(found[0], session), **token})


def _told(seen: accounts.Seen, session: GatedSession | None = None) -> dict[str, Any]:
    account = {
        "id": seen.id,
        "name": seen.name,
        "username": seen.username,
        "role": seen.role,
        "member_id": seen.member_id,
    }
    return {"account": account, **_state(session)}


def _state(session: GatedSession | None = None) -> dict[str, Any]:
    """What every phone asks first: the token its writes carry, our clock, the epoch, the oldest app still served."""
    if session is None:
        with aside(write=False) as reading:
            return _state(reading)
    return {
        "csrf_token": generate_csrf(),
        "server_time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "epoch": settings.epoch(session),
        "min_client": MIN_CLIENT,
    }


def _demo() -> bool:
    return bool(current_app.config["TDTEAM"].is_demo)
