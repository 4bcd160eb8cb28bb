"""Spot checks: samples of visits drawn so that anybody can draw them again, their sheets, what was found, what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import draw_papers
from tdteam.actions import samples as verbs
from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.samples import MOST, NOTE_LIMIT, Answer, FindingDraft, Outcome, is_by_team, outcome
from tdteam.domain.vietnamese import nfc
from tdteam.store import places, samples
from tdteam.store.samples import SampleHead, SampleVisit
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.attention_ground import chosen
from tdteam.web.formats import num, pct
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.samples import ANSWERS, SampleForm
from tdteam.web.gate import actor, may, noting, saw_names, session
from tdteam.web.records import number_arg
from tdteam.web.sending import send_file
from tdteam.web.words import say_flaw

pages = Blueprint("samples", __name__, url_prefix="/samples")
USUAL_SIZE = 30


@pages.get("/")
def index() -> str:
    """The samples drawn so far, newest first."""
    place = number_arg("place")
    if place is not None:
        session().demand(place)
    heads = samples.list_samples(session(), place)
    return render_template(
        "samples/index.html",
        samples=[(head, outcome(head.answers)) for head in heads],
        place=places.get_place(session(), place) if place is not None else None,
        said=_said,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Draw a sample."""
    at = chosen()
    form = (
        SampleForm()
        if request.method == "POST"
        else SampleForm(
            place_id=str(at.place_id),
            since=at.period.since,
            until=min(at.period.last_day, today()),
            size=USUAL_SIZE,
        )
    )
    form.place_id.choices = options((one.id, one.name) for one in _places(at.place))
    if request.method == "POST" and form.validate():
        wanted = read_number(form.place_id.data)
        if wanted is None:
            raise NotFound
        try:
            row = verbs.draw_sample(session(), wanted, form.draft(), actor())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("Drawn: %(size)s of %(all)s visits.", size=num(row.size), all=num(row.population)), "ok")
            return redirect(url_for("samples.show", sample_id=row.id))
    answer = render_template("samples/new.html", form=form, most=MOST)
    return answer, form.status if request.method == "POST" else 200


def _places(place: Place) -> list[Place]:
    """Where a sample may be drawn: the places of the account, the communes and areas it covers, its villages if few."""
    found = {place.id: place, **{one.id: one for one in chosen().grounds}}
    for level in (Level.AREA, Level.COMMUNE):
        for one in places.list_reached(session(), level):
            if session().permits(one.id or 0):
                found[one.id] = one
    villages = choices.villages()
    if len(villages) <= MOST:
        found |= {line.id: places.get_place(session(), line.id) for line in villages if line.id not in found}
    return list(found.values())


@pages.route("/<int:sample_id>", methods=["GET", "POST"])
def show(sample_id: int) -> Any:
    """A sample: how it was drawn, its visits, what was found and what that tells. A POST keeps what was found."""
    head = samples.get_sample(session(), sample_id)
    lines = samples.list_lines(session(), sample_id)
    typed = {f"answer-{one.position}": one.answer or "" for one in lines}
    typed |= {f"note-{one.position}": one.note for one in lines}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed |= {key: nfc(value) for key, value in request.form.items() if key in typed}
        try:
            verbs.record_findings(session(), sample_id, _drafts(lines, typed), actor())
        except Refused as refused:
            errors = {flaw.field: say_flaw(flaw) for flaw in refused.flaws}
        else:
            flash(_("What was found is saved."), "ok")
            return redirect(url_for("samples.show", sample_id=sample_id))
    if session().scope.names and lines:
        saw_names("samples", head.place_id)
    known = choices.read_catalogue()
    found = outcome([one.answer for one in lines])
    page = render_template(
        "samples/show.html",
        head=head,
        lines=lines,
        typed=typed,
        errors=errors,
        answers=ANSWERS,
        found=found,
        verdict=_verdict(head, found),
        by_team=is_by_team(head.seed),
        changed=sum(one.state != "current" for one in lines),
        kinds=lambda line: ", ".join(known.kind_name(kind) for kind in line.kinds),
        names=session().scope.names,
        note_limit=NOTE_LIMIT,
        may_visits=may(Power.SEE_VISITS),
        said=_said,
    )
    return page, 422 if errors else 200


def _drafts(lines: list[SampleVisit], typed: Mapping[str, str]) -> list[FindingDraft]:
    return [
        FindingDraft(one.position, typed[f"answer-{one.position}"] or None, typed[f"note-{one.position}"])
        for one in lines
    ]


def _said(found: Outcome) -> str:
    """How far a sample is, in a few words."""
    if found.rate is None:
        return str(_("nothing found yet"))
    return str(_("%(rate)s wrong of %(asked)s asked", rate=pct(found.rate), asked=num(found.asked)))


def _verdict(head: SampleHead, found: Outcome) -> str:
    """What a sample tells of all the visits it was drawn from, in a sentence."""
    if found.rate is None or found.interval is None:
        return str(_("Once the first results are typed in, the error rate stands here."))
    low, high = found.interval
    told = {
        "asked": num(found.asked),
        "size": num(found.size),
        "wrong": num(found.wrong),
        "rate": pct(found.rate),
        "low": num(low, 1),
        "high": num(high, 1),
        "population": num(head.population),
    }
    words = str(
        _(
            "Of %(size)s visits drawn %(asked)s could be checked; %(wrong)s were not as recorded: an error rate of %(rate)s. "
            "With 95%% certainty the rate among all %(population)s visits lies between %(low)s%% and %(high)s%%.",
            **told,
        )
    )
    if found.counts.get(Answer.ABSENT):
        words += " " + str(
            _(
                "Where nobody could be asked (%(absent)s) nothing is reckoned.",
                absent=num(found.counts[Answer.ABSENT]),
            )
        )
    return words


@pages.get("/<int:sample_id>/sheet.<ending>")
def sheet(sample_id: int, ending: str) -> Response:
    """The sheet that goes along, as PDF or workbook."""
    demo = bool(current_app.config["TDTEAM"].is_demo)
    made = verbs.draw_check_sheet(session(), sample_id, ending, demo=demo)
    head = samples.get_sample(session(), sample_id)
    with noting() as writing:
        names = session().scope.names
        draw_papers.note_paper(writing, "sample", ending, place_id=head.place_id, names=names)
    return send_file(made.body, made.file_name, inline=ending == "pdf")
