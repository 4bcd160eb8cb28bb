"""Gatherings at the desk: list, record, look, correct, void."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import record_gathering as verbs
from tdteam.domain.errors import NotFound
from tdteam.domain.gatherings import draft_from_json
from tdteam.domain.ids import new_id
from tdteam.domain.periods import period_of, today
from tdteam.domain.roles import Power
from tdteam.domain.vocabulary import RecordState
from tdteam.store import gathering_lists, pickers
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.base import blank_row
from tdteam.web.forms.fields import options
from tdteam.web.forms.gatherings import GatheringAssistForm, GatheringFilter, GatheringForm
from tdteam.web.forms.visits import PLACES, WhyForm
from tdteam.web.gate import actor, may, saw_names, session
from tdteam.web.records import (
    cursor_links,
    demand_id,
    export_links,
    filters_of,
    offer_places,
    page_size,
    pick_village,
    put_down,
    record_photos,
    take_out,
    version_of,
)

pages = Blueprint("gatherings", __name__, url_prefix="/gatherings")
NUMBERS = ("area_id", "commune_id", "village_id", "team_id")


def _filter() -> GatheringFilter:
    form = GatheringFilter()
    offer_places(form)
    form.team_id.choices = options(choices.team_choices(), _("All"))
    form.period.choices = options(choices.periods(), _("All"))
    return form


@pages.get("/")
def index() -> Any:
    form = _filter()
    page = gathering_lists.list_gatherings(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
        **filters_of(form, NUMBERS),
    )
    newer, older = cursor_links(page)
    return render_template(
        "gatherings/index.html",
        form=form,
        page=page,
        newer=newer,
        older=older,
        size=page_size(),
        may_record=may(Power.RECORD),
        exports=export_links("gatherings.export"),
    )


@pages.get("/export.<ending>")
def export_list(ending: str) -> Any:
    """The filtered list as a workbook or CSV."""
    columns = [
        ListColumn(_("Day"), Kind.DATE),
        ListColumn(_("Village")),
        ListColumn(_("Team")),
        ListColumn(_("Topic"), wide=40),
        ListColumn(_("People present"), Kind.INT),
        ListColumn(_("Women"), Kind.INT),
        ListColumn(_("Young people"), Kind.INT),
        ListColumn(_("Older people"), Kind.INT),
        ListColumn(_("People helped"), Kind.INT),
    ]
    rows = (
        (g.held_on, g.village, g.team, g.topic, g.attended, g.women, g.youth, g.elders, g.helped)
        for g in gathering_lists.iterate_gatherings(session(), **filters_of(_filter(), NUMBERS))
    )
    return export(ending, "gatherings", _("Gatherings"), columns, rows)


def _offer_row(row: GatheringAssistForm) -> None:
    row.kind.choices = choices.kinds(_("Choose…"))
    row.outcome.choices = options(choices.outcomes(), _("Choose…"))


def _page(form: GatheringForm, village: Any, gathering: Any = None) -> Any:
    heads = pickers.list_heads(session(), village.id)
    form.household_ids.choices = options([(head.id, head.head) for head in heads])
    form.team_id.choices = options(choices.team_choices(village.id))
    blank = blank_row(form.assists)
    for row in [blank, *(entry.form for entry in form.assists)]:
        _offer_row(row)
    if heads:
        saw_names("households", village.id)
    answer = render_template(
        "gatherings/edit.html",
        form=form,
        blank=blank,
        village=village,
        villages=choices.villages(),
        gathering=gathering,
        rules=choices.kind_rules(),
        back=url_for("gatherings.show", gathering_id=gathering.id)
        if gathering
        else url_for("gatherings.index"),
    )
    return answer, form.status if request.method == "POST" else 200


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Record a gathering; `village_id` may come along in the address."""
    form = GatheringForm()
    village = pick_village(form.village_id.data if request.method == "POST" else None)
    if village is None:
        return render_template("visits/no_village.html")
    if request.method == "GET":
        form.id.data, form.village_id.data, form.held_on.data = new_id(), str(village.id), today()
        return _page(form, village)
    made = put_down(form, draft_from_json, lambda draft: verbs.record_gathering(session(), draft, actor()))
    if made is None:
        return _page(form, village)
    flash(_("The gathering is saved."), "ok")
    return redirect(url_for("gatherings.show", gathering_id=made.id))


@pages.get("/<gathering_id>")
def show(gathering_id: str) -> Any:
    view = gathering_lists.get_gathering(session(), demand_id(gathering_id))
    return render_template(
        "gatherings/show.html",
        view=view,
        gathering=view.gathering,
        line=view.line,
        catalogue=choices.read_catalogue(),
        places=dict(PLACES),
        may_change=may(Power.RECORD) and view.gathering.state == RecordState.CURRENT,
        names=session().scope.names,
        photos=record_photos([one.id for one in view.versions]),
        may_record=may(Power.RECORD),
        own_period=period_of(view.line.held_on, choices.start_day()).code,
    )


def _current(gathering_id: str) -> gathering_lists.GatheringView:
    view = gathering_lists.get_gathering(session(), demand_id(gathering_id))
    if view.gathering.state != RecordState.CURRENT:
        raise NotFound
    return view


@pages.route("/<gathering_id>/correct", methods=["GET", "POST"])
def correct(gathering_id: str) -> Any:
    """A new version; the old one stays to be read."""
    view = _current(gathering_id)
    village = pick_village(str(view.gathering.village_id))
    if village is None:
        raise NotFound
    if request.method == "GET":
        return _page(_form_of(view), village, view.gathering)
    form = GatheringForm()
    made = put_down(
        form,
        draft_from_json,
        lambda draft: verbs.correct_gathering(session(), gathering_id, draft, version_of(form), actor()),
        overtaken=_("Somebody else corrected this gathering meanwhile. Look at it again."),
    )
    if made is None:
        return _page(form, village, view.gathering)
    flash(_("The correction is saved."), "ok")
    return redirect(url_for("gatherings.show", gathering_id=made.id))


def _form_of(view: gathering_lists.GatheringView) -> GatheringForm:
    """The form as a gathering stands; the correction gets an id of its own."""
    told = view.gathering
    return GatheringForm(
        formdata=None,
        id=new_id(),
        base_version=str(told.version),
        village_id=str(told.village_id),
        team_id=str(told.team_id),
        held_on=told.held_on,
        place=told.place,
        topic=told.topic,
        attended=told.attended,
        women=told.women,
        youth=told.youth,
        elders=told.elders,
        note=told.note,
        household_ids=[household_id for household_id, _head in view.households],
        assists=[{"kind": one.kind, "outcome": one.outcome, "people": one.people} for one in view.assists],
    )


@pages.route("/<gathering_id>/void", methods=["GET", "POST"])
def void(gathering_id: str) -> Any:
    """Take a gathering out of the figures, with a reason; it stays to be read."""
    view = _current(gathering_id)
    form = WhyForm()
    if take_out(form, lambda why: verbs.void_gathering(session(), gathering_id, why, actor())):
        flash(_("The gathering is voided. It no longer counts."), "ok")
        return redirect(url_for("gatherings.show", gathering_id=gathering_id))
    answer = render_template("gatherings/void.html", form=form, line=view.line)
    return answer, form.status if request.method == "POST" else 200
