"""The rules of the attention list in words: their names, what they ask, and the reason of each line in numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from tdteam.domain.attention import Item, Severity
from tdteam.domain.rule_limits import Standing
from tdteam.web.formats import day, frac, month_year, num, pct
from tdteam.web.states import N_

NAMES = {
    "silent_team": N_("Silent team"),
    "no_team": N_("Village without a team"),
    "behind_target": N_("Far from the target"),
    "report_missing": N_("Report not sent"),
    "filing_waiting": N_("Filings waiting long"),
    "sudden_drop": N_("Sudden drop"),
    "quality_flags": N_("Data to look at again"),
}
ASKS = {
    "silent_team": N_("A team of which nothing came in the period and for %(days)s days."),
    "no_team": N_("A village with households that no team serves."),
    "behind_target": N_(
        "A village under %(part)s%% of what should be reached by now; asked once %(gone)s%% of the time has gone, of rates "
        "with at least %(whole)s cases."
    ),
    "report_missing": N_(
        "A commune whose issued report has not come %(days)s days after the day it was due."
    ),
    "filing_waiting": N_("Filings that have waited for a result for more than %(days)s days."),
    "sudden_drop": N_(
        "Households reached fell by %(percent)s%% or more against the mean of the last %(periods)s periods (where that is "
        "at least %(least)s), as far as the period has gone."
    ),
    "quality_flags": N_("A village with %(least)s findings about its data or more that nobody dismissed."),
}
SEVERITIES = {
    Severity.URGENT: N_("Urgent"),
    Severity.SERIOUS: N_("To be dealt with"),
    Severity.NOTE: N_("To be looked at"),
}


def name_of(code: str) -> str:
    return str(_(NAMES[code]))


def asks(standing: Standing) -> str:
    """What a rule asks, with its thresholds as they stand."""
    return str(_(ASKS[standing.rule.code], **standing.limits))


def severity_word(severity: Severity) -> str:
    return str(_(SEVERITIES[severity]))


def reason(item: Item, standing: Mapping[str, Standing]) -> str:
    """Why a line stands on the list, with its figures."""
    return str(_REASONS[item.rule](item.numbers, standing[item.rule]))


def _silent(told: Mapping[str, Any], _rule: Standing) -> str:
    if told["days"] is None:
        return str(_("Nothing has ever come from this team."))
    return str(
        _(
            "Nothing this period; silent for %(days)s days, since %(last)s.",
            days=told["days"],
            last=day(told["last"]),
        )
    )


def _teamless(_told: Mapping[str, Any], _rule: Standing) -> str:
    return str(_("No team serves this village."))


def _behind(told: Mapping[str, Any], rule: Standing) -> str:
    figures = {
        "label": told["label"],
        "share": pct(told["share"]),
        "fraction": frac(told["share"]),
        "part": rule["part"],
        "due": num(told["due"], 1),
        "target": num(told["target"], 1),
        "gone": told["gone"],
    }
    if not told["is_paced"]:
        return str(
            _(
                "%(label)s: %(share)s (%(fraction)s), under %(part)s%% of the target of %(target)s%%.",
                **figures,
            )
        )
    if told["is_year"]:
        return str(
            _(
                "%(label)s: %(share)s (%(fraction)s), under %(part)s%% of the %(due)s%% due by now (target of the year "
                "%(target)s%%, %(gone)s%% of the year has gone).",
                **figures,
            )
        )
    return str(
        _(
            "%(label)s: %(share)s (%(fraction)s), under %(part)s%% of the %(due)s%% due by now (target of the period "
            "%(target)s%%, %(gone)s%% of the period has gone).",
            **figures,
        )
    )


def _unreported(told: Mapping[str, Any], _rule: Standing) -> str:
    return str(
        _(
            "The report of month %(month)s was due on %(due)s, %(days)s days ago.",
            month=month_year(told["month"]),
            due=day(told["due"]),
            days=told["days"],
        )
    )


def _waiting(told: Mapping[str, Any], _rule: Standing) -> str:
    return str(
        _(
            "%(count)s filings have waited for more than %(limit)s days; the oldest for %(days)s, since %(oldest)s.",
            count=told["count"],
            limit=told["limit"],
            days=told["days"],
            oldest=day(told["oldest"]),
        )
    )


def _drop(told: Mapping[str, Any], _rule: Standing) -> str:
    return str(
        _(
            "%(now)s households reached; the mean of the last %(periods)s periods is %(mean)s: %(percent)s%% less than at "
            "%(gone)s%% of the period.",
            now=num(told["now"]),
            periods=told["periods"],
            mean=num(told["mean"], 1),
            percent=told["percent"],
            gone=told["gone"],
        )
    )


def _flagged(told: Mapping[str, Any], _rule: Standing) -> str:
    return str(_("%(count)s findings about the data of this period.", count=told["count"]))


_REASONS: dict[str, Callable[[Mapping[str, Any], Standing], str]] = {
    "silent_team": _silent,
    "no_team": _teamless,
    "behind_target": _behind,
    "report_missing": _unreported,
    "filing_waiting": _waiting,
    "sudden_drop": _drop,
    "quality_flags": _flagged,
}
