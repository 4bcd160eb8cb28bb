"""Imports of rosters: upload, look at the columns, dry run, confirm, undo. Nothing is written before the confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import export_list
from tdteam.actions import import_roster as verbs
from tdteam.actions.check_roster import words
from tdteam.actions.roster_reasons import ReasonWords, draw_reasons_book
from tdteam.actions.roster_template import draw_roster_template
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.rosters.layout import SheetLayout, judge_layout, read_as, samples_of
from tdteam.domain.rosters.words import MEANINGS, Meaning, RosterKind
from tdteam.store import places, uploads
from tdteam.store.tables import Upload
from tdteam.web.formats import num
from tdteam.web.forms.fields import options
from tdteam.web.forms.imports import PlainForm, UploadForm
from tdteam.web.gate import actor, may, noting, saw_names, session
from tdteam.web.import_lines import SHOWN, change_lines, flaw_lines, new_villages, twin_lines
from tdteam.web.import_progress import WHOLE, forget, read_progress, telling
from tdteam.web.sending import send_file
from tdteam.web.words import say_flaw

pages = Blueprint("imports", __name__, url_prefix="/imports")
LONGEST_COMMUNE = 200


def _form() -> UploadForm:
    """The form, with the places a list may be about: communes, and for whoever keeps more an area or all of it, the
    widest first: a list of several communes is wrong in every row where one commune is chosen by mistake."""
    form = UploadForm()
    found = [
        list(places.list_reached(session(), level)) for level in (Level.PROVINCE, Level.AREA, Level.COMMUNE)
    ]
    own = [(place.id, place.name) for listed in found for place in listed if session().permits(place.id or 0)]
    form.place_id.choices = options(own)
    if len(own) > 1:
        form.place_id.description = _("Rows of other places stay out.")
    return form


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The imports so far, and the form for the next."""
    form = _form()
    if request.method == "POST" and form.validate():
        try:
            upload = _take(form)
        except Refused as refused:
            form.put([Flaw("file", flaw.code, flaw.params) for flaw in refused.flaws])
        else:
            return redirect(url_for("imports.columns", upload_id=upload.id))
    answer = render_template(
        "imports/index.html", form=form, lines=uploads.list_uploads(session()), kept_days=uploads.KEPT_DAYS
    )
    return answer, form.status if request.method == "POST" else 200


def _take(form: UploadForm) -> Upload:
    place = str(form.place_id.data)
    if not place.isdecimal() or len(place) > 9:
        raise NotFound
    name = form.file.data.filename or "roster"
    return verbs.take_file(session(), int(place), name, form.file.data.read())


def _open(upload_id: int) -> Upload:
    """An upload whose rows this account may see: its own, or any of the scope where it sees names anyway."""
    upload = uploads.get_upload(session(), upload_id)
    if not session().scope.names and upload.uploaded_by != actor().account_id:
        raise NotFound
    return upload


def _gone(upload: Upload) -> Any:
    """Where the rows of an upload are no longer kept: back to the list, saying so."""
    flash(_("The rows of %(name)s are no longer kept. Upload the file again.", name=upload.file_name), "info")
    return redirect(url_for("imports.index"))


@pages.route("/<int:upload_id>/columns", methods=["GET", "POST"])
def columns(upload_id: int) -> Any:
    """What each column was taken for, to be corrected."""
    upload = _open(upload_id)
    if upload.state not in ("uploaded", "checked"):
        return redirect(url_for("imports.show", upload_id=upload_id))
    if uploads.find_body(session(), upload_id) is None:
        return _gone(upload)
    layouts = verbs.layouts_kept(upload)
    form, wrong = PlainForm(), []
    is_turned = False
    if request.method == "POST" and form.validate():
        before = [layout.kind for layout in layouts]
        layouts = [_corrected(layout, place) for place, layout in enumerate(layouts)]
        is_turned = any(
            was and now.kind and was != now.kind for was, now in zip(before, layouts, strict=True)
        )
        wrong = [
            (layout.sheet, _sentence(layout, flaw)) for layout in layouts for flaw in judge_layout(layout)
        ]
        if not any(layout.kind for layout in layouts):
            wrong.append(("", _("Choose at least one sheet to read.")))
        if not wrong:
            verbs.set_layouts(session(), upload, layouts)
        if not wrong and not is_turned:
            return redirect(url_for("imports.show", upload_id=upload_id))
    saw_names("roster", upload.place_id)
    sheets = {sheet.name: sheet for sheet in verbs.open_upload(session(), upload).sheets}
    answer = render_template(
        "imports/columns.html",
        upload=upload,
        layouts=[
            (layout, samples_of(sheets[layout.sheet], layout))
            for layout in layouts
            if layout.kind or layout.why or layout.columns
        ],
        places={layout.sheet: place for place, layout in enumerate(layouts)},
        meanings={kind: [one for one in Meaning if one in known] for kind, known in MEANINGS.items()},
        is_turned=is_turned,
        why=lambda layout: say_flaw(Flaw("file", layout.why)),
        wrong=wrong,
    )
    return answer, 422 if wrong else 200


def _sentence(layout: SheetLayout, flaw: Flaw) -> str:
    """A layout's flaw, with the name of the meaning it is about."""
    about = flaw.params.get("column")
    return say_flaw(flaw) if about is None else f"{_('column:' + str(about))}: {say_flaw(flaw)}"


def _corrected(layout: SheetLayout, place: int) -> SheetLayout:
    """A sheet's layout as the page says it; what the page does not say stays."""
    if not layout.columns:
        return layout
    layout.commune = request.form.get(f"commune-{place}", layout.commune).strip()[:LONGEST_COMMUNE]
    asked = request.form.get(f"kind-{place}", "")
    kind = RosterKind(asked) if asked in set(RosterKind) else None
    if kind and kind is not layout.kind:
        read_as(layout, kind, words())
        return layout
    layout.kind = kind
    for column in list(layout.columns) if kind else []:
        said = request.form.get(f"column-{place}-{column}", "")
        if said in set(Meaning) and Meaning(said) in MEANINGS[layout.kind or RosterKind.TEAMS]:
            layout.columns[column] = Meaning(said)
    return layout


@pages.get("/<int:upload_id>")
def show(upload_id: int) -> Any:
    """The dry run: what the file would add, change and leave, and what is wrong with it. Or what it did."""
    upload = uploads.get_upload(session(), upload_id)
    is_kept = uploads.find_body(session(), upload_id) is not None
    if upload.state in ("done", "undone"):
        forget(upload_id)
        return _show_done(upload, is_kept)
    _open(upload_id)
    if not is_kept:
        return _gone(upload)
    checked = verbs.check_upload(session(), upload)
    saw_names("roster", upload.place_id)
    return render_template(
        "imports/check.html",
        upload=upload,
        counts=checked.counts,
        shown=SHOWN,
        bad=flaw_lines(checked.bad),
        bad_cells=len(checked.bad),
        warnings=flaw_lines(checked.warnings),
        changes=change_lines(checked, names=session().scope.names),
        twins=twin_lines(checked),
        villages=new_villages(checked),
        several=sum(layout.kind is not None for layout in checked.layouts) > 1,
        left_out=[layout for layout in checked.layouts if layout.kind is None and layout.why],
        earlier=uploads.find_done_before(session(), upload),
    )


def _show_done(upload: Upload, is_kept: bool) -> str:
    until = upload.done_at + timedelta(days=uploads.KEPT_DAYS) if upload.done_at else None
    return render_template(
        "imports/done.html",
        upload=upload,
        counts=upload.outcome or {},
        is_kept=is_kept,
        list_url=_list_url(upload.kind),
        can_undo=uploads.can_undo(upload),
        undo_until=until,
    )


def _list_url(kind: str) -> str | None:
    """Where what was imported is listed, for those who may look there."""
    if kind == "teams":
        return url_for("teams.index")
    return url_for("households.index") if may(Power.SEE_HOUSEHOLDS) else None


@pages.post("/<int:upload_id>/confirm")
def confirm(upload_id: int) -> Any:
    """Import it."""
    with telling(upload_id) as told:
        verbs.do_upload(session(), upload_id, told)
    flash(_("The roster is imported."), "ok")
    return redirect(url_for("imports.show", upload_id=upload_id))


@pages.get("/<int:upload_id>/progress")
def progress(upload_id: int) -> Any:
    """How far the import is, for `static/js/progress.js`."""
    upload = uploads.get_upload(session(), upload_id)
    told = read_progress(upload_id)
    said = f"{_(told['stage'])} ({num(told['row'])}/{num(told['rows'])})" if told else ""
    ended = upload.state in ("done", "undone")
    return jsonify(
        done=told["done"] if told else 0,
        total=WHOLE,
        said=said,
        next=url_for("imports.show", upload_id=upload_id) if ended else None,
    )


@pages.post("/<int:upload_id>/undo")
def undo(upload_id: int) -> Any:
    """Take the import back."""
    verbs.undo_upload(session(), upload_id)
    flash(_("The import is undone."), "ok")
    return redirect(url_for("imports.show", upload_id=upload_id))


@pages.get("/<int:upload_id>/reasons.xlsx")
def reasons(upload_id: int) -> Any:
    """The rows that stayed out and cells that were left out, each with its reason, to be corrected and imported."""
    upload = _open(upload_id)
    workbook = verbs.open_upload(session(), upload)
    checked = verbs.check_upload(session(), upload)
    if not checked.reading.bad:
        raise NotFound
    with noting() as writing:
        export_list.note_export(writing, "roster", "xlsx", names=True)
    said = ReasonWords(
        title=_("Rows to correct"),
        left_out=_("Row %(row)s is not imported yet. %(why)s"),
        partly=_("Row %(row)s is imported but for these cells. %(why)s"),
        context=_(
            "Row %(row)s is good; it stands here so that its namesake is not taken for it. Leave it as it is."
        ),
        say=say_flaw,
    )
    body = draw_reasons_book(workbook, checked.layouts, checked.reading.bad, said)
    stem = upload.file_name.rpartition(".")[0] or upload.file_name
    return send_file(body, export_list.file_name(f"{stem}-{_('to correct')}", "xlsx"))


@pages.get("/template-<any(teams, households):kind>.xlsx")
def template(kind: str) -> Any:
    """A workbook to fill in, with the villages of the scope to choose from."""
    name, body = draw_roster_template(session(), RosterKind(kind))
    return send_file(body, name)
