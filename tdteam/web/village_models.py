"""Villages chosen to become a model: listed with how far they have come, chosen, changed, their criteria ticked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_village_model as verbs
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.roles import Power
from tdteam.domain.village_models import Progress, Section, VillageDraft
from tdteam.store import documents, places, village_models
from tdteam.store.tables import ModelVillage
from tdteam.store.village_models import ModelLine
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.village_models import MET, SECTIONS, ModelFilter, ModelVillageForm, TickForm
from tdteam.web.gate import actor, may, session, visitor
from tdteam.web.history import acts_on
from tdteam.web.records import export_links, number_arg, version_of

pages = Blueprint("village_models", __name__, url_prefix="/models")
Rows = list[tuple[ModelLine, Progress]]


def section_words() -> dict[str, str]:
    """The groups of criteria in words."""
    return {str(code): str(word) for code, word in SECTIONS}


def met_word(code: str) -> str:
    """Where a criterion stands, in words."""
    return str(MET[code])  # type: ignore[index]


pages.add_app_template_global(met_word)
pages.add_app_template_global(section_words, "model_sections")


def progress_in(lines: list[ModelLine], place_id: int) -> dict[int, Progress]:
    """The progress of villages inside a place, in the running period."""
    return village_models.progress_of(session(), place_id, choices.this_period(), today(), lines)


def _rows() -> tuple[ModelFilter, Rows]:
    form = ModelFilter()
    models = village_models.list_models(session())
    form.place_id.choices = options(choices.commune_choices(), _("All"))
    form.model.choices = options([(one.code, one.name) for one in models], _("All"))
    inside = read_number(form.place_id.data)
    model = form.model.data if form.model.data in {one.code for one in models} else None
    lines = village_models.list_villages(session(), inside=inside, model=model)
    who = visitor()
    progress: dict[int, Progress] = {}
    for root in sorted(who.seen.roots) if who and lines else []:
        progress |= {
            key: one
            for key, one in progress_in(lines, root).items()
            if key not in progress or one.share().part
        }
    return form, [(line, progress[line.row.id or 0]) for line in lines if line.row.id in progress]


@pages.get("/")
def index() -> Any:
    """The villages chosen, each with its progress by group."""
    form, rows = _rows()
    return render_template(
        "village_models/index.html",
        form=form,
        rows=rows,
        sections=list(Section),
        may_keep=may(Power.KEEP_MODELS),
        may_catalogue=may(Power.KEEP_CATALOGUE),
        exports=export_links("village_models.export"),
    )


@pages.get("/export.<ending>")
def export_list(ending: str) -> Response:
    """The same as a workbook or CSV."""
    columns = [
        ListColumn(_("Commune"), wide=22),
        ListColumn(_("Village"), wide=22),
        ListColumn(_("Model"), wide=32),
        ListColumn(_("Planned for"), Kind.DATE),
        ListColumn(_("Launched on"), Kind.DATE),
        ListColumn(_("Given up on"), Kind.DATE),
        *(ListColumn(word, Kind.PERCENT) for word in section_words().values()),
        ListColumn(_("Criteria met"), Kind.INT),
        ListColumn(_("Criteria"), Kind.INT),
    ]
    rows = (
        (
            line.commune,
            line.village,
            line.model,
            line.row.planned_on,
            line.row.launched_on,
            line.row.ended_on,
            *(progress.share(section) for section in Section),
            progress.share().part,
            progress.share().whole,
        )
        for line, progress in _rows()[1]
    )
    return export(ending, "model_villages", _("Model villages"), columns, rows)


def _line(model_village_id: int) -> ModelLine:
    row = village_models.get_village(session(), model_village_id)
    lines = village_models.list_villages(session(), village_id=row.village_id, model=row.model)
    if not lines:
        raise NotFound
    return lines[0]


@pages.get("/<int:model_village_id>")
def show(model_village_id: int) -> Any:
    """A village's criteria: figures, words, evidence."""
    return _page(_line(model_village_id), TickForm(formdata=None))


def _page(line: ModelLine, form: TickForm, status: int = 200) -> Any:
    row = line.row
    ties = [("model", str(row.id))]
    evidence = documents.of_village(session(), row.village_id, ties)
    named = [(one.row.id, f"{one.row.number} {one.row.abstract[:60]}".strip()) for one in evidence]
    form.document_id.choices = options(named, _("No document"))
    village = places.get_place(session(), row.village_id)
    answer = render_template(
        "village_models/show.html",
        line=line,
        row=row,
        place=village,
        progress=progress_in([line], row.village_id)[row.id or 0],
        model=next(
            one for one in village_models.list_models(session(), active=False) if one.code == row.model
        ),
        form=form,
        may_keep=may(Power.KEEP_MODELS) and row.ended_on is None,
        acts=acts_on(("model_village", row.id)),
    )
    return answer, status


@pages.post("/<int:model_village_id>/tick")
def tick(model_village_id: int) -> Any:
    """Say whether the village meets a criterion."""
    line = _line(model_village_id)
    form = TickForm()
    form.document_id.choices = []
    if form.validate():
        try:
            verbs.tick_item(
                session(),
                model_village_id,
                form.item.data or "",
                is_met=form.met.data == "yes",
                note=form.note.data or "",
                document_id=read_number(form.document_id.data),
                actor=actor(),
            )
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The word on the criterion is saved."), "ok")
            return redirect(url_for("village_models.show", model_village_id=model_village_id))
    return _page(line, form, 422)


def _offer(form: ModelVillageForm) -> ModelVillageForm:
    form.model.choices = options([(one.code, one.name) for one in village_models.list_models(session())])
    form.village_id.choices = options(choices.village_choices(), _("Choose a village"))
    return form


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Choose a village for a model."""
    form = _offer(ModelVillageForm())
    if request.method == "GET":
        form.village_id.data = str(number_arg("village_id") or "")
    elif form.validate():
        try:
            row = verbs.choose_village(session(), form.draft())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The village is chosen. Say of each criterion whether it meets it."), "ok")
            return redirect(url_for("village_models.show", model_village_id=row.id))
    return _edit_page(form, None)


def _edit_page(form: ModelVillageForm, line: ModelLine | None, clashes: Any = ()) -> Any:
    answer = render_template("village_models/edit.html", form=form, line=line, clashes=clashes)
    return answer, form.status if request.method == "POST" and not clashes else 409 if clashes else 200


def _form_of(row: ModelVillage) -> ModelVillageForm:
    names = ("planned_on", "launched_on", "ended_on", "note")
    return _fixed(
        ModelVillageForm(
            formdata=None,
            base_version=str(row.version),
            **{name: getattr(row, name) for name in names},
        )
    )


def _fixed(form: ModelVillageForm) -> ModelVillageForm:
    """The form of a village already chosen: village and model stay."""
    del form.model, form.village_id
    return form


@pages.route("/<int:model_village_id>/edit", methods=["GET", "POST"])
def edit(model_village_id: int) -> Any:
    """Change the days or the note; what somebody else saved meanwhile is shown beside, to choose from."""
    line = _line(model_village_id)
    stored = _form_of(line.row)
    if request.method == "GET":
        return _edit_page(stored, line)
    form = _fixed(ModelVillageForm())
    settle(form, stored)
    if not form.validate():
        return _edit_page(form, line)
    draft = VillageDraft(
        planned_on=form.planned_on.data,
        launched_on=form.launched_on.data,
        ended_on=form.ended_on.data,
        note=form.note.data or "",
    )
    try:
        verbs.change_village(session(), model_village_id, draft, version_of(form))
    except Refused as refused:
        form.put(refused.flaws)
        return _edit_page(form, line)
    except Conflict:
        form.base_version.data = str(line.row.version)
        return _edit_page(form, line, clashes_of(form, stored))
    flash(_("The model village is saved."), "ok")
    return redirect(url_for("village_models.show", model_village_id=model_village_id))
