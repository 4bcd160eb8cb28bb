"""The door of the read-only API: `Authorization: Bearer …` makes a machine of the request, and nothing else does.

A machine is its token's account, there where that account looks, with one power: to see figures. A token is never
read from the address. Wrong ones are counted like tries to sign in; a right one is let in from any address, so that
somebody else's faults behind the same gateway do not keep it out.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from math import ceil

from flask import Flask, Response, current_app, g, request

from tdteam.domain import throttle as rules
from tdteam.domain.errors import TdteamError
from tdteam.domain.periods import today
from tdteam.domain.roles import Power
from tdteam.domain.tokens import hash_of, is_token
from tdteam.store import accounts, throttle, tokens
from tdteam.web.access import ACCESS
from tdteam.web.api_problems import CHALLENGE, PREFIX, problem
from tdteam.web.gate import Visitor, aside, visitor
from tdteam.web.sign_in import caller

JSON = "application/json"


def _enter() -> Response | None:
    """Before the gate looks: who asks, and whether JSON will do."""
    if not request.path.startswith(PREFIX) or request.endpoint is None:
        return None
    if request.headers.get("Accept") and not request.accept_mimetypes.quality(JSON):
        return problem(406, "not_acceptable")
    if ACCESS.get(request.endpoint) in (None, Power.PUBLIC):
        return None
    sent = request.headers.get("Authorization")
    if sent is None:
        return None if visitor() else problem(401, "signed_out")
    scheme, _, token = sent.partition(" ")
    found = _find(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        return _wrong()
    g.machine = found
    _note(found, request.endpoint)
    return None


def _find(token: str) -> Visitor | None:
    """The machine of a token, while the token and its account are good."""
    if not is_token(token):
        return None
    with aside(write=False) as reading:
        row = tokens.find_live(reading, hash_of(token), today())
        seen = accounts.find_seen(reading, row.account_id) if row else None
        token_id = row.id if row else None
    if seen is None or not seen.is_active:
        return None
    if seen.is_demo and not current_app.config["TDTEAM"].is_demo:
        return None
    return Visitor(seen, token_id=token_id)


def _wrong() -> Response:
    """401, counted; 429 once the address has sent so many wrong ones that it must wait. Then nothing more is written."""
    key = caller().api_key()
    with aside(write=False) as reading:
        until = throttle.waits_until(reading, key)
    if until is None:
        with suppress(TdteamError), aside() as counting:  # a database that takes no writes still says no
            throttle.charge(counting, {key: rules.ADDRESS})
        return problem(
            401, "wrong_token", headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        )
    seconds = max(1, ceil((until - datetime.now(UTC)).total_seconds()))
    return problem(429, "too_many_requests", headers={"Retry-After": str(seconds)})


def _note(machine: Visitor, endpoint: str) -> None:
    """That this token reads here: one entry in ten minutes, committed before the answer. The rest writes nothing."""
    token_id = machine.token_id or 0
    with aside(write=False) as reading:
        if tokens.noted_lately(reading, token_id, endpoint):
            return
    with aside(machine.actor) as writing:
        tokens.note_use(writing, token_id, endpoint)


def install(app: Flask) -> None:
    """Before the gate's own look at the request."""
    app.before_request(_enter)
