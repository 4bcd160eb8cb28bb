"""Quality of the data: what looks wrong in what was entered, the rows behind it, what was looked at and let stand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import attention_asides as verbs
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.quality import BOARD, RULES, Finding
from tdteam.domain.roles import Power
from tdteam.store import quality, rule_limits
from tdteam.store.attention_asides import Aside, Key, list_asides
from tdteam.store.quality_lines import RecordName, name_findings
from tdteam.web.attention_ground import Chosen, chosen, ground_links
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.formats import day, month_year
from tdteam.web.forms.attention import AsideForm
from tdteam.web.frame import here
from tdteam.web.gate import actor, may, saw_names, session
from tdteam.web.quality_words import asks, name_of, said
from tdteam.web.records import export_links, number_arg

pages = Blueprint("quality", __name__, url_prefix="/coverage/quality")
SIZE = 50
SHOWN_RECORDS = 6
"""Records of a finding that are named; of the rest only the number."""


def _key(one: Finding) -> Key:
    return one.rule, one.target, ""


def _found(at: Chosen) -> tuple[list[Finding], list[tuple[Finding, Aside]]]:
    """What the rules find and nobody dismissed; what was dismissed and still stands as it was."""
    standing = rule_limits.read_rules(session(), RULES)
    found = quality.find_all(session(), at.place_id, at.period, standing)
    asides = list_asides(session(), BOARD, at.place_id, [""])
    is_open = [one for one in found if _key(one) not in asides]
    return is_open, [(one, asides[_key(one)]) for one in found if _key(one) in asides]


@pages.get("/")
def index() -> str:
    """Findings by rule, then village and day, a page at a time."""
    at = chosen()
    found, gone = _found(at)
    rule = request.args.get("rule", "")
    asked = [one for one in found if not rule or one.rule == rule]
    pages_ = max(1, -(-len(asked) // SIZE))
    page = min(max(number_arg("page") or 1, 1), pages_)
    lines = name_findings(session(), asked[(page - 1) * SIZE : page * SIZE])
    dismissed = name_findings(session(), [one for one, _aside in gone][:SIZE])
    if session().scope.names and (lines or dismissed):
        saw_names("quality", at.place_id)
    standing = rule_limits.read_rules(session(), RULES)
    return render_template(
        "quality/index.html",
        at=at,
        ground_links=ground_links(at),
        period_url=lambda code: here(period=code, page=None),
        rule=rule,
        standing=standing,
        count=len(found),
        by_rule=[(one.code, sum(finding.rule == one.code for finding in found)) for one in RULES],
        lines=lines,
        page=page,
        newer=here(page=page - 1) if page > 1 else None,
        older=here(page=page + 1) if page < pages_ else None,
        dismissed=list(zip(dismissed, [aside for _one, aside in gone], strict=False)),
        gone=len(gone),
        shown_records=SHOWN_RECORDS,
        name_of=name_of,
        asks=asks,
        said=said,
        record_url=record_url,
        aside_url=lambda one: url_for("quality.set_aside", **_kept(at), rule=one.rule, target=one.target),
        may_set=may(Power.KEEP_CATALOGUE),
        names=session().scope.names,
        exports=export_links("quality.export"),
    )


def _kept(at: Chosen) -> dict[str, Any]:
    return {"place": at.place_id, "period": at.period.code}


def record_url(one: RecordName) -> str | None:
    """Where a record is opened, to be mended or voided; None where the account may not."""
    if one.noun == "visit":
        return url_for("visits.show", visit_id=one.id) if may(Power.SEE_VISITS) else None
    if not session().scope.names or not may(Power.SEE_HOUSEHOLDS) or one.household_id is None:
        return None
    return url_for("households.show", household_id=one.household_id)


@pages.get("/export.<ending>")
def export_list(ending: str) -> Response:
    """Every open finding as a workbook or CSV; records by their codes, by name only where names may be seen."""
    at = chosen()
    found, _gone = _found(at)
    columns = [
        ListColumn(_("Rule"), wide=28),
        ListColumn(_("Village")),
        ListColumn(_("Team")),
        ListColumn(_("From"), Kind.DATE),
        ListColumn(_("To the day"), Kind.DATE),
        ListColumn(_("What was found"), wide=60),
        ListColumn(_("Records"), Kind.INT),
        ListColumn(_("Which records"), wide=50),
    ]
    rows = [
        (
            name_of(line.finding.rule),
            line.village,
            line.team,
            line.finding.since,
            line.finding.until,
            said(line.finding),
            len(line.records),
            ", ".join(one.label for one in line.records),
        )
        for line in name_findings(session(), found)
    ]
    title = f"{_('Quality of the data')} {at.place.name} {month_year(at.period)}"
    return export(ending, "quality", title, columns, rows)


@pages.route("/set-aside", methods=["GET", "POST"])
def set_aside() -> Any:
    """Dismiss a finding with a reason. The address names it; NotFound once nothing is found there."""
    at = chosen()
    key = (request.args.get("rule", ""), request.args.get("target", ""), "")
    found, gone = _found(at)
    back = url_for("quality.index", **_kept(at))
    one = next((one for one in found if _key(one) == key), None)
    if one is None:
        if any(_key(other) == key for other, _aside in gone):
            flash(_("Somebody has dismissed this finding meanwhile."), "ok")
            return redirect(back)
        raise NotFound
    form = AsideForm()
    line = name_findings(session(), [one])[0]
    if request.method == "POST" and form.validate():
        try:
            names = [record.name for record in line.records if record.name]
            verbs.dismiss(session(), one.village_id, key, form.why.data or "", names, actor())
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            return redirect(back)
        else:
            flash(_("Dismissed. It stays so while the records stay as they are."), "ok")
            return redirect(back)
    where = ", ".join(text for text in (line.village, line.team, day(one.since) if one.since else "") if text)
    answer = render_template(
        "attention/set_aside.html",
        form=form,
        at=at,
        back=back,
        title=_("Dismiss a finding"),
        rule=name_of(one.rule),
        said=f"{where}. {said(one)}",
        hint=_("Why the records are right as they are. No names of people here: reviewers read it too."),
        save=_("Dismiss the finding"),
        parent=(back, _("Quality of the data")),
    )
    return answer, form.status if request.method == "POST" else 200


@pages.post("/<int:aside_id>/undo")
def undo(aside_id: int) -> Any:
    """Put a finding back on the list."""
    verbs.take_back(session(), BOARD, aside_id, actor())
    flash(_("The finding stands on the list again."), "ok")
    kept: dict[str, Any] = {key: request.form[key] for key in ("place", "period") if request.form.get(key)}
    return redirect(url_for("quality.index", **kept))
