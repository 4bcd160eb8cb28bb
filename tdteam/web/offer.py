"""After a restore: a phone says what it holds, the server says what of that it lacks (`docs/sync.md`, section 4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify

from tdteam.actions.answer_offer import answer_offer
from tdteam.domain.offers import NotAnOffer, read_offer
from tdteam.web.gate import session
from tdteam.web.sync import NotOurs, read_json

pages = Blueprint("offer", __name__)


@pages.post("/sync/offer")
def index() -> Any:
    """Which of these records, and which photos of the others, are not here."""
    try:
        offer = read_offer(read_json())
    except NotAnOffer as error:
        raise NotOurs(str(error)) from error
    found = answer_offer(session(), offer, current_app.config["TDTEAM"].instance)
    return jsonify(epoch=found.epoch, lacking=found.lacking, photos=found.photos)
