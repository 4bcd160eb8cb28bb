"""The search box: households, teams, members and filings of the scope, without diacritics."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from tdteam.domain.roles import Power
from tdteam.domain.vietnamese import nfc
from tdteam.store import households, members, search, teams
from tdteam.web.gate import may, saw_names, session

pages = Blueprint("search", __name__)
LONGEST = 80
SHOWN = 10


@pages.get("/search")
def index() -> Any:
    q = nfc(request.args.get("q", ""))[:LONGEST]
    homes = households.search_households(session(), q, SHOWN + 1) if may(Power.SEE_HOUSEHOLDS) else []
    if homes:
        saw_names("households")
    found = {
        "teams": teams.search_teams(session(), q, SHOWN + 1),
        "members": members.search_members(session(), q, SHOWN + 1),
        "filings": search.search_filings(session(), q, SHOWN) if may(Power.SEE_VISITS) else [],
    }
    return render_template(
        "search/index.html", q=q, households=homes, shown=SHOWN, names=session().scope.names, **found
    )
