"""A correction of form of an issued report, as a letter to print: no figure changes; the letter is kept with the
report's documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, render_template, request

from tdteam.actions.draft_correction import draw_letter
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.report_life import Stage
from tdteam.store import papers, sealings
from tdteam.web.forms.base import blank_row
from tdteam.web.forms.correction_letters import CorrectionLetterForm
from tdteam.web.gate import session
from tdteam.web.report_steps import commune_and_month
from tdteam.web.sending import send_file

pages = Blueprint("correction_letters", __name__, url_prefix="/reports/<int:commune_id>/<period>/correction")


@pages.route("/", methods=["GET", "POST"])
def new(commune_id: int, period: str) -> Any:
    """Write a letter; a POST gives it as PDF (or, by its second button, for Word)."""
    commune, month = commune_and_month(commune_id, period)
    draft = papers.read_draft(session(), commune_id, month.code)
    if draft.stage is not Stage.ISSUED or draft.sealing_id is None:
        raise NotFound  # only an issued paper is corrected: before, its words are simply changed
    form = CorrectionLetterForm()
    if request.method == "POST" and not form.rows_pressed() and form.validate():
        try:
            made = draw_letter(
                session(),
                sealings.get_sealing(session(), draft.sealing_id),
                form.told(),
                form.why.data or "",
                symbol=form.symbol.data or "",
                number=form.number.data or "",
                dated=form.dated.data,
                ending="docx" if "docx" in request.form else "pdf",
                instance=Path(current_app.config["TDTEAM"].instance),
            )
        except Refused as refused:
            form.put(_in_rows(refused.flaws, form.places()))
        else:
            return send_file(made.body, made.file_name)
    answer = render_template(
        "correction_letters/new.html",
        commune=commune,
        period=month,
        form=form,
        blank=blank_row(form.corrections),
    )
    return answer, form.status if request.method == "POST" else 200


def _in_rows(flaws: tuple[Flaw, ...], places: list[int]) -> list[Flaw]:
    """Flaws of the corrections sent, moved to their rows on the page; of none at all, to the first row."""
    out = []
    for flaw in flaws:
        steps = flaw.field.split(".")
        if steps[0] == "corrections" and len(steps) == 3:
            flaw = replace(flaw, field=f"corrections.{places[int(steps[1])]}.{steps[2]}")
        elif flaw.field == "corrections":
            flaw = replace(flaw, field="corrections.0.printed")
        out.append(flaw)
    return out
