"""Targets of the year: a grid of places and the shares of the board, set by the administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from tdteam.actions.set_targets import set_targets
from tdteam.domain.errors import Flaw
from tdteam.domain.places import Level
from tdteam.domain.targets import parse_target, shown, targeted
from tdteam.store import indicators, places, targets
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.catalogue import PARTS
from tdteam.web.formats import num
from tdteam.web.frame import here
from tdteam.web.gate import actor, session, visitor
from tdteam.web.records import number_arg
from tdteam.web.words import say_flaw

pages = Blueprint("targets", __name__, url_prefix="/targets")
SPAN = 2
"""Years before and after this one that can be chosen."""


def _places(*, everybody: bool) -> list[Place]:
    """What the account covers, the areas inside it, then its communes: those with a village, or all."""
    who = visitor()
    roots = [places.get_place(session(), root) for root in sorted(who.seen.roots)] if who else []
    inside = [
        place
        for level in (Level.AREA, Level.COMMUNE)
        for place in places.list_reached(session(), level)
        if session().permits(place.id or 0)
    ]
    busy = {line.commune_id for line in choices.villages()}
    found = {place.id: place for place in (*roots, *inside)}
    return [
        place for place in found.values() if everybody or place.level != Level.COMMUNE or place.id in busy
    ]


def _percent(value: int) -> str:
    """82,5 of 8250, as it is typed."""
    return num(shown(value), 2).removesuffix("0").removesuffix("0").removesuffix(",")


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The grid of a year. A POST stores it whole or not at all."""
    now = choices.this_period().year
    year = number_arg("year") or now
    year = min(max(year, now - SPAN), now + SPAN)
    everybody = request.args.get("places") == "all"
    rows = _places(everybody=everybody)
    columns = targeted(indicators.list_indicators(session()))
    known = targets.read_targets(session(), [row.id or 0 for row in rows], str(year))
    typed = {
        f"t-{place}-{code}": num(shown(value), 2).removesuffix("0").removesuffix(",0")
        for (place, code), value in known.items()
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: value.strip() for name, value in request.form.items()}
        values: dict[tuple[int, str], int | None] = {}
        for row in rows:
            for column in columns:
                name = f"t-{row.id}-{column.code}"
                value = parse_target(typed.get(name, ""), name)
                if isinstance(value, Flaw):
                    errors[name] = say_flaw(value)
                else:
                    values[row.id or 0, column.code] = value
        if not errors:
            set_targets(session(), year, values, actor())
            flash(_("The targets are saved."), "ok")
            return redirect(here())
    answer = render_template(
        "targets/index.html",
        rows=rows,
        columns=columns,
        typed=typed,
        errors=errors,
        year=year,
        years=range(now - SPAN, now + SPAN + 1),
        everybody=everybody,
        parts=PARTS,
    )
    return answer, 422 if errors else 200
