"""The gate of the web: who asks, may they, and one transaction a request.

A request opens its session when a page first asks for one: a reading session for safe methods, a writing one for the
rest. There is one decision point: after the page answered, commit (or roll back when it raised), and only then answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user

from tdteam.domain.errors import NotAllowed, TdteamError
from tdteam.domain.roles import SYSTEM, Actor, Power, Role, holds
from tdteam.store import accounts, audit, devices
from tdteam.store.engine import Engine
from tdteam.store.gate import EVERYWHERE, GatedSession, Scope, open_session
from tdteam.store.sheet_upkeep import refresh
from tdteam.store.sheets import DUE
from tdteam.web.access import ACCESS

SAFE = {"GET", "HEAD", "OPTIONS"}
CHANGING = {"accounts.password", "sign_in.leave"}
"""All that opens for an account whose password came on a slip, until it has its own."""


class SignedOut(TdteamError):
    """A form came from somebody who no longer is signed in."""

    status = 401
    code = "signed_out"


@dataclass(frozen=True)
class Visitor(UserMixin):
    """The account of a request: plain values, so that no row outlives its session. `phone` is the enrolled phone whose
    session it is; revoking it ends the session."""

    seen: accounts.Seen
    phone: devices.Phone | None = None
    token_id: int | None = None  # a machine's token (`web/api_door`): it sees figures, whatever the role sees

    def get_id(self) -> str:
        """Account, stamp and phone: a new stamp signs every browser out, a revoked phone itself. The cookie that is kept
        for thirty days says the same."""
        beside = f"-{self.phone.id}" if self.phone else ""
        return f"{self.seen.id}{beside}.{self.seen.stamp}"

    @property
    def actor(self) -> Actor:
        return Actor(self.seen.id, self.seen.name, self.seen.role)

    def holds(self, power: Power) -> bool:
        return holds(self.seen.role, power) and (self.token_id is None or power is Power.SEE_FIGURES)

    @property
    def scope(self) -> Scope:
        return Scope(roots=self.seen.roots, names=self.holds(Power.SEE_NAMES), actor=self.actor)


def engine() -> Engine:
    return cast(Engine, current_app.extensions["tdteam_engine"])


def visitor() -> Visitor | None:
    """Who asks; None when nobody is signed in."""
    if "machine" in g:
        return cast(Visitor, g.machine)
    return current_user._get_current_object() if current_user.is_authenticated else None


def actor() -> Actor:
    """Who acts in this request; only for pages that ask for a power."""
    who = visitor()
    if who is None:
        raise NotAllowed
    return who.actor


def may(power: Power) -> bool:
    """Whether whoever asks holds a power."""
    who = visitor()
    return who.holds(power) if who else power is Power.PUBLIC


def session() -> GatedSession:
    """The request's one session, inside the visitor's scope."""
    if "session" not in g:
        who = visitor()
        if who is None:
            raise NotAllowed
        g.session = open_session(engine(), who.scope, write=request.method not in SAFE)
    return cast(GatedSession, g.session)


@contextmanager
def aside(by: Actor = SYSTEM, *, write: bool = True) -> Iterator[GatedSession]:
    """A session of its own, without scope, committed at its end: for signing in, where nobody is known yet and a
    failure must be counted although the page refuses."""
    with open_session(engine(), replace(EVERYWHERE, actor=by), write=write) as opened:
        yield opened
        if write:
            opened.commit()


def saw_names(noun: str, place_id: int | None = None) -> None:
    """Note, committed before the answer, that this account sees a list with names (once in ten minutes)."""
    who = visitor()
    if who is None or audit.viewed_lately(session(), noun):
        return
    if request.method not in SAFE:
        audit.append_view(session(), noun, place_id=place_id)
        return
    with noting() as writing:
        audit.append_view(writing, noun, place_id=place_id)


@contextmanager
def noting() -> Iterator[GatedSession]:
    """A writing session of its own for an audit entry during a reading request, committed at once."""
    with open_session(engine(), session().scope, write=True) as writing:
        yield writing
        writing.commit()


def wants_json() -> bool:
    """Machines get JSON, never a redirect to a page."""
    if request.path.startswith(("/sync/", "/api/")) or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _admit() -> Any:
    """Before each request: signed in where needed, power held, endpoint known. Fails closed."""
    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself
    power = ACCESS.get(request.endpoint)
    if power is None:
        abort(404)
    if power is Power.PUBLIC:
        return None
    who = visitor()
    if who is None:
        return unauthorized()
    # A password off a slip says nothing of who came in with a PIN.
    if (
        who.seen.must_change
        and who.phone is None
        and who.token_id is None
        and request.endpoint not in CHANGING
    ):
        if wants_json():
            raise NotAllowed("password_change_due")
        return redirect(url_for("accounts.password"))
    if not who.holds(power):
        raise NotAllowed
    return None


def unauthorized() -> Any:
    """401 as JSON for machines; the sign-in page, with the way back, for people."""
    if wants_json():
        return jsonify(error="signed_out"), 401
    if request.method not in SAFE:
        raise SignedOut  # there may be something typed in it
    return redirect(url_for("sign_in.form", next=request.full_path.rstrip("?")))


def _decide(response: Response) -> Response:
    """The one decision point. Error pages mark the request failed before they come here."""
    held: GatedSession | None = g.pop("session", None)
    if held is None:
        return response
    refusal: TdteamError | None = None
    try:
        if held.is_writing and not g.get("failed"):
            held.commit()
    except TdteamError as error:
        refusal = error
    finally:
        _end(held)
        due = held.info.get(DUE)
        if due:  # figures that had to be counted are written down once the answer is out
            response.call_on_close(partial(refresh, engine(), held.scope, due))
    return response if refusal is None else _not_kept(refusal, response)


def _not_kept(error: TdteamError, unsaid: Response) -> Response:
    """The answer when the commit itself was refused (a full disk): what the page had to say is not so."""
    cookie.pop("_flashes", None)
    answer = current_app.make_response(current_app.handle_user_exception(error))
    for name, value in unsaid.headers.items():
        if name != "Location":
            answer.headers.setdefault(name, value)
    return answer


def _end(held: GatedSession) -> None:
    with suppress(TdteamError):  # a database that went away has rolled back by itself
        held.rollback()
    with suppress(TdteamError):
        held.close()


def _close(_error: BaseException | None) -> None:
    held: GatedSession | None = g.pop("session", None)
    if held is not None:
        _end(held)


def _load(user_id: str) -> Visitor | None:
    who, _, stamp = user_id.partition(".")
    account, _, on_phone = who.partition("-")
    if not account.isdecimal() or (on_phone and not on_phone.isdecimal()):
        return None
    with open_session(engine(), EVERYWHERE) as asking:
        if on_phone:
            found = devices.find_seen_on(asking, int(account), int(on_phone))
            seen, phone = found if found else (None, None)
        else:
            seen, phone = accounts.find_seen(asking, int(account)), None
    return Visitor(seen, phone) if seen and seen.stamp == stamp and seen.is_active else None


def install(app: Flask) -> None:
    """Sign-in, admission and the transaction of each request."""
    manager = LoginManager(
        app, add_context_processor=False
    )  # an error page must not ask a database that is away
    manager.session_protection = "basic"
    manager.user_loader(_load)
    manager.unauthorized_handler(unauthorized)
    app.before_request(_admit)
    app.after_request(_decide)
    app.teardown_request(_close)


__all__ = ["Role", "actor", "may", "session", "visitor"]
