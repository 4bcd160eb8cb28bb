"""The reasons a place needs help, as sentences: on the board and on the first pages of a commune."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from tdteam.domain.coverage_needs import Need, Reason, Why
from tdteam.store.coverage_needs import Needs
from tdteam.web import choices
from tdteam.web.coverage_view import View, board_url
from tdteam.web.formats import frac, num, pct

SAID = 3
"""Reasons told of a place: the weightiest."""


@dataclass(frozen=True)
class Told:
    """A place that needs help in words. `url` shows it on the board, opened."""

    place_id: int
    name: str
    inside: str
    reasons: tuple[str, ...]
    url: str


def say(needs: Needs, view: View | None = None) -> list[Told]:
    """The neediest places with their reasons. `view`: the board they stand on; else each leads to its commune's board."""
    return [
        Told(
            place_id=need.line.place_id,
            name=need.line.name,
            inside=need.inside.name if need.inside else "",
            reasons=tuple(say_reason(reason) for reason in need.reasons[:SAID]),
            url=_url(need, view),
        )
        for need in needs.listed
    ]


def _url(need: Need, view: View | None) -> str:
    place = need.line.place_id
    opened = f"{need.inside.place_id},{place}" if need.inside else str(place)
    if view is None:
        return url_for("coverage.index", open=opened, _anchor=f"r{place}")
    return f"{board_url(open=opened, silent=None, show=None, q=None)}#r{place}"


def say_reason(reason: Reason) -> str:
    """One reason in plain words, with its numbers."""
    share, against = reason.share, num(reason.against, 1)
    figures = {"part": frac(share), "share": pct(share), "against": f"{against}%"}
    match reason.why:
        case Why.NO_TEAM:
            words = _("No team serves it")
        case Why.NO_REGISTRY:
            words = _("No list of households yet")
        case Why.UNKNOWN:
            words = _(
                "Nothing known this year of its %(whole)s households",
                whole=num(share.whole if share else None),
            )
        case Why.NEVER:
            words = _("Its team never sent anything")
        case Why.SILENT:
            words = _("Its team has been silent for %(days)s days", days=num(reason.days))
        case Why.BEHIND:
            words = _("Only %(part)s households reached this year (%(share)s); target %(against)s", **figures)
        case Why.BELOW_ALL:
            words = _(
                "Only %(part)s households reached this year (%(share)s); all together %(against)s", **figures
            )
        case Why.LEVEL_TWO:
            words = _("Only %(part)s people have level 2 (%(share)s); target %(against)s", **figures)
        case Why.CAUSE:
            cause = _cause(reason.cause)
            words = _("%(part)s people not helped because: %(cause)s", **figures, cause=cause)
    return str(words)


def _cause(code: str) -> str:
    found = choices.read_catalogue().causes.get(code) if code else None
    return found.name[:1].lower() + found.name[1:] if found else code
