"""Signed copies of a report: sent up, listed, given back byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from tdteam.actions.keep_signed import SIGNED, keep_signed, read_signed
from tdteam.domain.errors import Refused
from tdteam.domain.report_life import Stage
from tdteam.domain.roles import Power
from tdteam.store import places, signed_copies
from tdteam.store.signed_copies import CopyLine
from tdteam.web.forms.signed_copies import SignedCopyForm
from tdteam.web.gate import actor, may, session
from tdteam.web.sending import send_file

pages = Blueprint("signed_copies", __name__, url_prefix="/reports")


@dataclass(frozen=True)
class Copies:
    """What `templates/signed_copies/part.html` draws: the copies kept, and the form where one may be sent."""

    commune_id: int
    period: str
    lines: list[CopyLine]
    form: SignedCopyForm | None

    @property
    def is_shown(self) -> bool:
        return bool(self.lines) or self.form is not None


def copies_of(commune_id: int, period: str, stage: Stage, form: SignedCopyForm | None = None) -> Copies:
    """The signed copies of a report for its page; shown only where the whole commune lies inside the scope."""
    if not session().permits(commune_id):
        return Copies(commune_id, period, [], None)
    may_send = stage in SIGNED and may(Power.WRITE_REPORT)
    lines = signed_copies.list_copies(session(), commune_id, period)
    return Copies(commune_id, period, lines, (form or SignedCopyForm(formdata=None)) if may_send else None)


@pages.post("/<int:commune_id>/<period>/signed")
def keep(commune_id: int, period: str) -> Any:
    """Keep a copy; what is wrong with it stands beside the field, on a page of its own."""
    commune = places.get_place(session(), commune_id)
    session().demand(commune_id)
    stage = Stage(signed_copies.hold_stage(session(), commune_id, period).stage)
    form = SignedCopyForm()
    if form.validate_on_submit():
        sent = form.scan.data
        try:
            keep_signed(session(), commune, period, sent.read(), sent.filename or "", actor(), _instance())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The signed copy is kept, byte for byte."), "ok")
            return redirect(
                url_for("reports.show", commune_id=commune_id, period=period, _anchor="signed-copies")
            )
    return render_template(
        "signed_copies/refused.html", commune=commune, copies=copies_of(commune_id, period, stage, form)
    ), form.status


@pages.get("/<int:commune_id>/<period>/signed/<int:copy_id>")
def show(commune_id: int, period: str, copy_id: int) -> Response:
    """A copy's very bytes."""
    commune = places.get_place(session(), commune_id)
    copy = read_signed(session(), commune, period, copy_id, _instance())
    return send_file(copy.body, copy.file_name, inline=True)


def _instance() -> Path:
    return Path(current_app.config["TDTEAM"].instance)
