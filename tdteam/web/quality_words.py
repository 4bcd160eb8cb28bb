"""The rules about the data in words: their names, what they ask, and what one found, in days and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from tdteam.domain.quality import Finding
from tdteam.domain.rule_limits import Standing
from tdteam.web.formats import day, num
from tdteam.web.states import N_

NAMES = {
    "double_visits": N_("One visit recorded twice"),
    "twin_households": N_("One household entered twice"),
    "twin_residents": N_("One person entered twice"),
    "future_day": N_("Day after it was recorded"),
    "before_team": N_("Before the team was founded"),
    "outside_service": N_("Member not serving then"),
    "after_end": N_("After the household ended"),
    "long_after": N_("Recorded long after"),
    "burst": N_("Many visits typed in one sitting"),
    "copied_notes": N_("The same note many times"),
    "daily_household": N_("One household day after day"),
}
ASKS = {
    "double_visits": N_(
        "Visits to one household on one day with the same kinds of help, by other phones or members."
    ),
    "twin_households": N_(
        "Households of one village with the same name and birth year or phone, or names one letter apart with the same "
        "phone, or with the same birth year and as many people. A shared name alone says nothing."
    ),
    "twin_residents": N_(
        "The same name twice in one household, or the same name and birth year in two households of one village. Twins have "
        "names of their own."
    ),
    "future_day": N_("A visit that bears a day after the one it was recorded on."),
    "before_team": N_("A visit of a day before its team was founded."),
    "outside_service": N_("A visit with a member who had not joined the team yet, or had left it."),
    "after_end": N_("A visit of a household after the day it was struck off."),
    "long_after": N_("A visit recorded more than %(days)s days after the day it bears."),
    "burst": N_(
        "%(least)s visits or more that one account recorded within %(minutes)s minutes, of %(days)s different days or more."
    ),
    "copied_notes": N_(
        "The very same note of %(letters)s letters or more under %(least)s visits of one team or more."
    ),
    "daily_household": N_("A household visited on %(days)s days or more within %(within)s days."),
}


def name_of(code: str) -> str:
    return str(_(NAMES[code]))


def asks(standing: Standing) -> str:
    """What a rule asks, with its thresholds as they stand."""
    return str(_(ASKS[standing.rule.code], **standing.limits))


def said(one: Finding) -> str:
    """What a rule found."""
    return str(_SAID[one.rule](one.numbers))


def _double(told: Mapping[str, Any]) -> str:
    if told["accounts"] > 1:
        return str(
            _(
                "%(count)s visits alike, recorded by %(some)s accounts.",
                count=told["count"],
                some=told["accounts"],
            )
        )
    if told["groups"] > 1:
        return str(_("%(count)s visits alike, with other members.", count=told["count"]))
    return str(_("%(count)s visits alike, recorded by the same account.", count=told["count"]))


def _households(told: Mapping[str, Any]) -> str:
    why = [_("same name") if told["same_name"] else _("names one letter apart")]
    why += [_("same birth year")] if told["same_year"] else []
    why += [_("same phone")] if told["same_phone"] else []
    return ", ".join(map(str, why)).capitalize() + "."


def _residents(told: Mapping[str, Any]) -> str:
    if told["same_household"]:
        return str(_("Same name, in one household."))
    return str(_("Same name and birth year, in two households."))


def _burst(told: Mapping[str, Any]) -> str:
    return str(
        _(
            "%(count)s visits of %(days)s days recorded within %(minutes)s minutes.",
            count=num(told["count"]),
            days=told["days"],
            minutes=told["minutes"],
        )
    )


_SAID: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "double_visits": _double,
    "twin_households": _households,
    "twin_residents": _residents,
    "future_day": lambda told: _("Recorded %(days)s days before the day it bears.", days=told["days"]),
    "before_team": lambda told: _("The team was founded on %(day)s.", day=day(told["founded"])),
    "outside_service": lambda told: _(
        "%(count)s members did not serve in the team on that day.", count=told["count"]
    ),
    "after_end": lambda told: _("The household was struck off on %(day)s.", day=day(told["ended"])),
    "long_after": lambda told: _("Recorded %(days)s days after the day it bears.", days=told["days"]),
    "burst": _burst,
    "copied_notes": lambda told: _(
        "%(count)s visits of %(days)s days under one note.", count=told["count"], days=told["days"]
    ),
    "daily_household": lambda told: _(
        "Visited on %(days)s days close together (%(count)s visits).", days=told["days"], count=told["count"]
    ),
}
