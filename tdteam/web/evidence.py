"""Photos: phones send them in pieces (`docs/sync.md`, section 6); the desk sees them with the record that names them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from tdteam.actions import keep_evidence as verbs
from tdteam.actions.pictures import small
from tdteam.domain.errors import Flaw, NotAllowed, NotFound, Refused
from tdteam.domain.evidence import LARGEST_PIECE, Removal, is_hash, read_range
from tdteam.domain.roles import Actor, Power
from tdteam.store import evidence
from tdteam.store.gate import GatedSession, open_session
from tdteam.web.forms.evidence import RemovalForm
from tdteam.web.gate import aside, engine, may, saw_names, session, visitor
from tdteam.web.phone_session import revoked_sender
from tdteam.web.sending import send_file

pages = Blueprint("evidence", __name__)
Opening = Callable[[bool], AbstractContextManager[GatedSession]]
"""Opens a session of whoever sends the photo; True to write."""


def instance() -> Path:
    """The folder photos are kept in."""
    return Path(current_app.config["TDTEAM"].instance)


@pages.route("/sync/evidence/<sha256>", methods=["HEAD", "PUT"])
def piece(sha256: str) -> Any:
    """How far a photo has come, or its next piece."""
    who = visitor()
    if who is None or not is_hash(sha256):
        raise NotFound
    return _piece(lambda write: open_session(engine(), who.scope, write=write), who.seen.id, sha256)


@pages.route("/sync/deliver/evidence/<sha256>", methods=["HEAD", "PUT"])
def delivered(sha256: str) -> Any:
    """The same from a revoked phone, by its token: only a photo that a record it delivered, or sent before, names. The
    commune sees it with that record when it decides."""
    sender = revoked_sender()
    if sender is None:
        return jsonify(error="signed_out"), 401
    if not is_hash(sha256):
        raise NotFound
    with aside(write=False) as looking:
        is_ours = evidence.is_named_by(looking, sender.account_id, sha256)
    if not is_ours and request.method == "HEAD":
        raise NotFound
    if not is_ours:
        raise Refused([Flaw("", "photo_unnamed")])
    by = Actor(sender.account_id, sender.name, sender.role)
    return _piece(lambda write: aside(by, write=write), sender.account_id, sha256)


def _piece(opening: Opening, account_id: int, sha256: str) -> Any:
    with opening(False) as looking:
        kept = evidence.is_settled(looking, instance(), sha256)
        row = evidence.find_evidence(looking, sha256) if kept else None
    if request.method == "HEAD":
        return _how_far(row.size if row else None, verbs.received(instance(), account_id, sha256))
    if kept:
        return jsonify(state="kept")
    return _take(opening, account_id, sha256)


def _how_far(kept: int | None, received: int) -> Any:
    if kept is None and not received:
        return Response(status=404)
    answer = Response(status=200)
    answer.headers["Upload-Offset"] = str(received if kept is None else kept)
    answer.headers["Upload-Complete"] = "?0" if kept is None else "?1"
    return answer


def _take(opening: Opening, account_id: int, sha256: str) -> Any:
    """One piece; the last one ends in a photo that is kept, or in what is wrong with it."""
    if (request.content_length or 0) > LARGEST_PIECE:
        return jsonify(error="too_large"), 413
    request.max_content_length = LARGEST_PIECE
    body = request.get_data(cache=False)
    part = read_range(request.headers.get("Content-Range"), len(body))
    if part is None:
        return jsonify(error="range"), 400
    taken = verbs.take_piece(instance(), account_id, sha256, part, body)
    if not taken.joined:
        return jsonify(error="does_not_join", received=taken.received), 409
    if taken.whole is None:
        return jsonify(received=taken.received), 202
    try:
        _keep(opening, sha256, taken.whole)
    except Refused:
        verbs.drop_part(instance(), account_id, sha256)  # the same bytes would be refused again
        raise
    verbs.drop_part(instance(), account_id, sha256)
    return jsonify(state="kept")


def _keep(opening: Opening, sha256: str, body: bytes) -> None:
    """File first, then the row, committed; whoever returns from here may say kept. No transaction waits for a picture."""
    picture = verbs.draw_checked(sha256, body)
    stored = verbs.keep_file(instance(), picture)
    with opening(True) as writing:
        verbs.note_evidence(writing, instance(), sha256, body, picture, stored)
        writing.commit()


@pages.get("/evidence/<sha256>.jpg")
def picture(sha256: str) -> Response:
    """A photo, to whoever sees a record that names it; `?small=1` for its thumbnail."""
    if not may(Power.SEE_VISITS):
        raise NotAllowed
    row, _record_id, village_id = evidence.get_seen(session(), sha256, in_queue=may(Power.DECIDE))
    body = verbs.read_evidence(instance(), row.stored_sha256)
    saw_names("evidence", village_id)
    if request.args.get("small"):
        body = small(body)
    return send_file(body, f"photo-{sha256[:12]}.jpg", inline=True)


@pages.route("/evidence/<sha256>/remove", methods=["GET", "POST"])
def remove(sha256: str) -> Any:
    """Take a photo away for good, with a reason. Its row stays, so that no phone sends it again."""
    _row, record_id, _village_id = evidence.get_seen(session(), sha256, in_queue=may(Power.DECIDE))
    back = _page_of(record_id)
    form = RemovalForm()
    if request.method == "POST" and form.validate():
        verbs.remove_evidence(session(), sha256, Removal(form.why.data), in_queue=may(Power.DECIDE))
        session().commit()  # the file goes only when it is sure that nobody is shown it again
        verbs.delete_unwanted(session(), instance())
        flash(_("The photo is removed."), "ok")
        return redirect(back)
    answer = render_template("evidence/remove.html", form=form, sha256=sha256, back=back)
    return answer, form.status if request.method == "POST" else 200


def _page_of(record_id: str) -> str:
    """The page that shows a record."""
    kind = evidence.kind_of(session(), record_id)
    if kind == "visit":
        return url_for("visits.show", visit_id=record_id)
    if kind == "gathering":
        return url_for("gatherings.show", gathering_id=record_id)
    return url_for("inbox.index" if may(Power.DECIDE) else "home.index")
