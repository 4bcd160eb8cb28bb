"""Slips by which members join, and the page a scanned slip opens."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask_babel import gettext as _

from tdteam.actions.print_slips import last_call, print_slips
from tdteam.config import Config
from tdteam.domain.devices import is_token
from tdteam.domain.errors import Refused
from tdteam.domain.people import MemberRole
from tdteam.domain.slips import GOOD_DAYS, SlipWords
from tdteam.store import organisation
from tdteam.store.slip_choices import Group, list_groups
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.joining import SlipFilter, SlipForm
from tdteam.web.gate import session
from tdteam.web.people import word_of
from tdteam.web.sending import send_file

pages = Blueprint("joining", __name__)
# Browsers inside other apps keep no data for an app that is to work without network.
_INSIDE = re.compile(
    r"Zalo|FBAN|FBAV|FB_IAB|Messenger|Instagram|TikTok|musical_ly|Line/|; wv\)", re.IGNORECASE
)


def _config() -> Config:
    found: Config = current_app.config["TDTEAM"]
    return found


def origin() -> str:
    """The address people reach this installation by."""
    return _config().public_url or request.host_url.rstrip("/")


@pages.get("/joining/")
def index() -> Any:
    """Choose for whom slips are printed."""
    asked = SlipFilter()
    asked.team_id.choices = options(
        [(str(team_id), name) for team_id, name in organisation.team_names(session())], _("All teams")
    )
    return _page(SlipForm(formdata=None, data={"call": last_call(session())}), asked)


@pages.post("/joining/slips")
def printed() -> Any:
    """The slips as a PDF; each print withdraws a member's older unused slips."""
    form = SlipForm()
    asked = SlipFilter()
    asked.team_id.choices = options(
        [(str(team_id), name) for team_id, name in organisation.team_names(session())], _("All teams")
    )
    team_id = read_number(form.whole.data) if form.whole.data else asked.chosen
    if form.validate_on_submit():
        try:
            paper = print_slips(
                session(),
                _wanted(form, team_id),
                team_id=team_id,
                call=form.call.data or "",
                origin=origin(),
                words=_words(),
                roles={
                    str(role): str(word_of("role", role)) for role in MemberRole if role != MemberRole.MEMBER
                },
                demo=_("DEMO DATA") if _config().is_demo else "",
            )
        except Refused as refused:
            form.put(refused.flaws)
        else:
            return send_file(paper.body, paper.file_name, inline=True)
    return _page(form, asked), form.status


def _wanted(form: SlipForm, team_id: int | None) -> list[int]:
    """Members ticked; or a whole team, or all without a phone or slip, as the button pressed says."""
    if not (form.whole.data or form.rest.data):
        return list(form.member_ids.data or [])
    groups = list_groups(session(), team_id=team_id, demo=_config().is_demo)
    everybody = [one for group in groups for one in group.candidates]
    if form.rest.data:
        everybody = [one for one in everybody if not one.phones and one.slip_until is None]
    return [one.member_id for one in everybody]


def _page(form: SlipForm, asked: SlipFilter) -> str:
    groups = list_groups(session(), team_id=asked.chosen, demo=_config().is_demo)
    return render_template(
        "joining/index.html",
        form=form,
        filter=asked,
        groups=groups,
        waiting=_waiting(groups),
        chosen=set(form.member_ids.data or []),
        days=GOOD_DAYS,
        insecure=not origin().startswith("https://"),
    )


def _waiting(groups: list[Group]) -> int:
    """How many have neither phone nor slip."""
    found = {
        one.member_id
        for group in groups
        for one in group.candidates
        if not one.phones and one.slip_until is None and one.barred is None
    }
    return len(found)


def _words() -> SlipWords:
    return SlipWords(
        title=_("Slip to enter the app"),
        team=_("Team"),
        villages=_("Villages served"),
        steps=(
            _(
                "Open the telephone's camera and scan the code. In Zalo: press the three dots, then open in the browser."
            ),
            _("Choose a PIN of six digits that only you know."),
            _("Add the app to the home screen. From then on it works without network too."),
        ),
        until=_("Good for one telephone, until"),
        call=_("Need help? Call"),
        secret=_("Do not photograph it, do not send it to a Zalo group."),
    )


@pages.get("/join/<code>")
def scanned(code: str) -> Any:
    """What a scanned slip opens: the way into the app, or out of Zalo's browser first. Whether the slip is good is said
    when joining, to the phone alone."""
    if not is_token(code):
        abort(404)
    agent = request.user_agent.string
    apple = re.search(r"iPhone|iPad|iPod", agent) is not None
    inside = bool(_INSIDE.search(agent)) or (apple and "Safari/" not in agent)
    there = request.host_url.split("://", 1)[1].rstrip("/")
    return render_template(
        "joining/scanned.html",
        inside=inside,
        apple=apple,
        address=f"{origin()}/join/{code}",
        app=f"/phone/#/join/{code}",
        chrome=f"intent://{there}/join/{code}#Intent;scheme={request.scheme};package=com.android.chrome;end",
    )
