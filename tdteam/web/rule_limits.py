"""The rules of the attention list, about the data and for sponsors: thresholds, on and off. A page of the administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions.rule_limits import Wanted, set_rules
from tdteam.domain import attention, quality, sponsors
from tdteam.domain.errors import Refused
from tdteam.domain.rule_limits import Rule, Standing
from tdteam.store import rule_limits
from tdteam.web import attention_words, quality_words, sponsor_words
from tdteam.web.catalogue import PARTS
from tdteam.web.forms.fields import read_number
from tdteam.web.gate import actor, session
from tdteam.web.states import N_
from tdteam.web.words import say_flaw

pages = Blueprint("rule_limits", __name__, url_prefix="/catalogue/rules")
RULES = (*attention.RULES, *quality.RULES, *sponsors.RULES)
LIMITS = {
    ("silent_team", "days"): N_("Days of silence"),
    ("behind_target", "part"): N_("Under so many percent of what was due"),
    ("behind_target", "gone"): N_("Asked once so many percent of the time have gone"),
    ("behind_target", "whole"): N_("Rates of at least so many cases"),
    ("report_missing", "days"): N_("Days after the due day"),
    ("filing_waiting", "days"): N_("Days of waiting"),
    ("sudden_drop", "percent"): N_("Fell by so many percent"),
    ("sudden_drop", "periods"): N_("Against so many periods before"),
    ("sudden_drop", "least"): N_("Where their mean is at least"),
    ("quality_flags", "least"): N_("Findings at least"),
    ("long_after", "days"): N_("Days after"),
    ("burst", "least"): N_("Visits at least"),
    ("burst", "minutes"): N_("Within so many minutes"),
    ("burst", "days"): N_("Of so many different days"),
    ("copied_notes", "least"): N_("Visits at least"),
    ("copied_notes", "letters"): N_("Letters of the note at least"),
    ("daily_household", "days"): N_("Days visited at least"),
    ("daily_household", "within"): N_("Within so many days"),
    ("few_sponsors", "least"): N_("Agencies at least"),
}


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The rules as they stand. A POST sets them all or none."""
    standing = rule_limits.read_rules(session(), RULES)
    typed, on = _as_kept(standing)
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {
            name: request.form.get(name, "").strip()
            for name in typed
            if f"{name.rpartition('-')[0]}-sent" in request.form
        } | {
            name: value
            for name, value in typed.items()
            if f"{name.rpartition('-')[0]}-sent" not in request.form
        }
        on = {
            rule.code
            for rule in RULES
            if (f"{rule.code}-on" in request.form if f"{rule.code}-sent" in request.form else rule.code in on)
        }
        wanted = [Wanted(rule, rule.code in on, _limits(rule, typed)) for rule in RULES]
        try:
            set_rules(session(), wanted, actor())
        except Refused as refused:
            errors = {flaw.field: say_flaw(flaw) for flaw in refused.flaws}
        else:
            flash(_("The rules are saved. Lists follow them at once."), "ok")
            return redirect(url_for("rule_limits.index"))
    answer = render_template(
        "attention/rules.html",
        boards=[
            (_("Worth a look"), attention.RULES, attention_words),
            (_("Quality of the data"), quality.RULES, quality_words),
            (_("Sponsoring agencies"), sponsors.RULES, sponsor_words),
        ],
        standing=standing,
        typed=typed,
        on=on,
        errors=errors,
        limits=LIMITS,
        parts=PARTS,
    )
    return answer, 422 if errors else 200


def _as_kept(standing: dict[str, Standing]) -> tuple[dict[str, str], set[str]]:
    typed = {
        f"{code}-{name}": str(value) for code, one in standing.items() for name, value in one.limits.items()
    }
    return typed, {code for code, one in standing.items() if one.is_active}


def _limits(rule: Rule, typed: dict[str, str]) -> dict[str, int | None]:
    return {one.name: read_number(typed.get(f"{rule.code}-{one.name}")) for one in rule.limits}
