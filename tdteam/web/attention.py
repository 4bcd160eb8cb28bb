"""The attention list of a place: what to ask about first and why, what was dealt with, and a digest to hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from tdteam.actions import attention_asides as verbs
from tdteam.actions import draw_papers
from tdteam.actions.attention_paper import draw_attention
from tdteam.domain.attention import BOARD, RULES, Item, Severity
from tdteam.domain.attention_list import TOP, Group, PaperLine, group, rank
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.store.attention import Found, read_items
from tdteam.store.attention_asides import Aside, list_asides
from tdteam.web.attention_ground import Chosen, chosen, ground_links
from tdteam.web.attention_words import asks, name_of, reason, severity_word
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.formats import day, month_year, num
from tdteam.web.forms.attention import AsideForm
from tdteam.web.frame import here
from tdteam.web.gate import actor, may, noting, session
from tdteam.web.records import export_links, number_arg
from tdteam.web.sending import send_file

pages = Blueprint("attention", __name__, url_prefix="/coverage/attention")
ZALO_MOST = 40
"""Lines of the text for Zalo: a message that nobody reads to its end helps nobody."""


@dataclass(frozen=True)
class Listed:
    """The list of an address: open lines ranked, those dealt with, what stands behind them."""

    at: Chosen
    found: Found
    items: tuple[Item, ...]
    done: tuple[tuple[Item, Aside], ...]
    rule: str
    commune: int | None

    @property
    def filtered(self) -> list[Item]:
        """The open lines of the rule and commune that the address asks for."""
        return [
            one
            for one in self.items
            if (not self.rule or one.rule == self.rule)
            and (self.commune is None or one.commune_id == self.commune)
        ]


def _listed() -> Listed:
    at = chosen()
    found = read_items(session(), at.place, at.period, today())
    asides = list_asides(session(), BOARD, at.place_id, [at.period.code, at.before.code])
    ranked = rank(found.items)
    rule = request.args.get("rule", "")
    return Listed(
        at,
        found,
        tuple(one for one in ranked if one.key not in asides),
        tuple((one, asides[one.key]) for one in ranked if one.key in asides),
        rule if rule in found.standing else "",
        number_arg("commune"),
    )


@pages.get("/")
def index() -> str:
    """The list: of an area or province the first lines by commune, the rest behind its communes."""
    listed = _listed()
    at, items = listed.at, listed.filtered
    wide = at.place.level in (Level.AREA, Level.PROVINCE) and listed.commune is None
    groups, others = group(items, listed.found.communes, TOP if wide else None)
    return render_template(
        "attention/index.html",
        at=at,
        ground_links=ground_links(at),
        period_url=lambda code: here(period=code),
        listed=listed,
        items=items,
        groups=groups,
        others=others,
        top=TOP if wide and len(items) > TOP else None,
        commune_name=listed.found.communes.get(listed.commune or 0, ""),
        counts={one: sum(item.severity is one for item in items) for one in Severity},
        by_rule=[(rule.code, sum(one.rule == rule.code for one in listed.items)) for rule in RULES],
        name_of=name_of,
        asks=asks,
        reason=lambda item: reason(item, listed.found.standing),
        rows_url=rows_url,
        aside_url=lambda item: _aside_url(at, item),
        may_handle=may(Power.HANDLE_ATTENTION),
        may_set=may(Power.KEEP_CATALOGUE),
        text=_text(listed, items),
        exports=export_links("attention.export"),
        paper=url_for("attention.paper", **_kept(at)) if may(Power.EXPORT) else None,
    )


@pages.get("/count")
def count() -> Response:
    """How many lines are open, as the board's link to the list says it: `{"count": 35, "words": "35"}`."""
    found = len(_listed().items)
    return jsonify(count=found, words=num(found))


def _kept(at: Chosen) -> dict[str, Any]:
    return {"place": at.place_id, "period": at.period.code}


def _aside_url(at: Chosen, item: Item) -> str:
    return url_for("attention.set_aside", **_kept(at), rule=item.rule, target=item.target, span=item.span)


def rows_url(item: Item, at: Chosen) -> str | None:
    """The rows behind a line; None where the account may not open them."""
    period = item.span
    if item.rule == "silent_team":
        team = item.target.partition(":")[2]
        return url_for("teams.show", team_id=team) if may(Power.SEE_TEAMS) else None
    if item.rule == "report_missing":
        if at.place.level in (Level.AREA, Level.PROVINCE):
            return url_for(
                "area_month.commune", place_id=at.place_id, period=period, commune_id=item.commune_id
            )
        return url_for("reports.show", commune_id=item.commune_id, period=period)
    if item.rule == "filing_waiting":
        found = url_for("filings.index", village_id=item.place_id, state="submitted")
        return found if may(Power.SEE_VISITS) else None
    if item.rule == "quality_flags":
        shown = may(Power.SPOT_CHECK)
        return url_for("quality.index", place=item.place_id, period=period) if shown else None
    if item.rule == "no_team":
        return url_for("places.show", place_id=item.place_id) if may(Power.SEE_PLACES) else None
    return url_for("visits.index", village_id=item.place_id, period=period) if may(Power.SEE_VISITS) else None


def _text(listed: Listed, items: Sequence[Item]) -> str:
    """The list as a message: urgent lines first, by commune."""
    at = listed.at
    groups, _others = group(items, listed.found.communes, ZALO_MOST)
    told = [
        _(
            "%(place)s, month %(month)s: %(count)s matters to look at, as of %(day)s.",
            place=at.place.name,
            month=month_year(at.period),
            count=num(len(items)),
            day=day(today()),
        )
    ]
    for one in groups:
        told.append(f"{one.name}:")
        told += [f"- {item.name}: {reason(item, listed.found.standing)}" for item in one.items]
    if len(items) > ZALO_MOST:
        told.append(_("and %(num)s others", num=len(items) - ZALO_MOST))
    return "\n".join(told)


def _paper_lines(listed: Listed) -> list[PaperLine]:
    """Every line in words, a commune's together, communes in the order of their gravest line."""
    groups, _others = group(listed.filtered, listed.found.communes)
    return [_paper_line(one, item, listed.found.standing) for one in groups for item in one.items]


def _paper_line(one: Group, item: Item, standing: Mapping[str, Any]) -> PaperLine:
    return PaperLine(
        one.name,
        item.name,
        severity_word(item.severity),
        name_of(item.rule),
        reason(item, standing),
        item.households,
    )


@pages.get("/digest.pdf")
def paper() -> Response:
    """The digest as a paper."""
    listed = _listed()
    demo = bool(current_app.config["TDTEAM"].is_demo)
    made = draw_attention(session(), listed.at.place, listed.at.period, _paper_lines(listed), demo=demo)
    with noting() as writing:
        draw_papers.note_paper(writing, "attention", "pdf", place_id=listed.at.place_id, names=False)
    return send_file(made.body, made.file_name, inline=True)


@pages.get("/export.<ending>")
def export_list(ending: str) -> Response:
    """Every open line as a workbook or CSV."""
    listed = _listed()
    columns = [
        ListColumn(_("Commune")),
        ListColumn(_("Where it is"), wide=30),
        ListColumn(_("How grave"), wide=16),
        ListColumn(_("Rule"), wide=24),
        ListColumn(_("Reason"), wide=80),
        ListColumn(_("Households concerned"), Kind.INT),
    ]
    rows = [
        (one.commune, one.name, one.severity, one.rule, one.reason, one.households)
        for one in _paper_lines(listed)
    ]
    title = f"{_('Worth a look')} {listed.at.place.name} {month_year(listed.at.period)}"
    return export(ending, "attention", title, columns, rows)


@pages.route("/set-aside", methods=["GET", "POST"])
def set_aside() -> Any:
    """Say that a line was dealt with, and how. The address names it; NotFound once it no longer stands there."""
    listed = _listed()
    key = (request.args.get("rule", ""), request.args.get("target", ""), request.args.get("span", ""))
    item = next((one for one in listed.items if one.key == key), None)
    back = url_for("attention.index", **_kept(listed.at))
    if item is None:
        if any(one.key == key for one, _aside in listed.done):
            flash(_("Somebody has dealt with this line meanwhile."), "ok")
            return redirect(back)
        raise NotFound
    form = AsideForm()
    if request.method == "POST" and form.validate():
        try:
            verbs.set_aside(session(), BOARD, item.place_id, item.key, form.why.data or "", actor())
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            return redirect(back)
        else:
            flash(_("Noted. The line comes back if the matter stands again next period."), "ok")
            return redirect(back)
    answer = render_template(
        "attention/set_aside.html",
        form=form,
        at=listed.at,
        back=back,
        title=_("Dealt with: %(name)s", name=item.name),
        rule=name_of(item.rule),
        said=reason(item, listed.found.standing),
        hint=_("The line leaves this period's list. It comes back if the matter stands again next period."),
        save=_("Mark as dealt with"),
        parent=(back, _("Worth a look")),
    )
    return answer, form.status if request.method == "POST" else 200


@pages.post("/<int:aside_id>/undo")
def undo(aside_id: int) -> Any:
    """Put a line back on the list."""
    verbs.take_back(session(), BOARD, aside_id, actor())
    flash(_("The line stands on the list again."), "ok")
    kept: dict[str, Any] = {key: request.form[key] for key in ("place", "period") if request.form.get(key)}
    return redirect(url_for("attention.index", **kept))
