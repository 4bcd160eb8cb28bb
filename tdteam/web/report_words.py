"""What the pages of all reports share, be they of a month, of another span or of an area: words kept, settings edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from tdteam.actions import report_proposals
from tdteam.actions.draft_report import next_heading
from tdteam.domain.errors import Closed, Conflict, Refused
from tdteam.domain.report import Report
from tdteam.domain.report_settings import PaperSettings, judge_settings
from tdteam.domain.report_spans import ReportSpan
from tdteam.store.papers import Draft
from tdteam.store.proposals import ProposalLine
from tdteam.web.forms.reports import SettingsForm, WordsForm
from tdteam.web.gate import wants_json
from tdteam.web.records import version_of

Kept = tuple[Draft | None, Draft | None]


def words_form(draft: Draft, span: ReportSpan) -> WordsForm:
    """The form as sent, else as the draft stands; its part IV speaks of the time after the span."""
    form = WordsForm() if request.method == "POST" else WordsForm.of(draft)
    form.next_steps.label.text = f"IV. {next_heading(span)}"
    return form


def take_up(form: WordsForm, report: Report, forwarded: Sequence[ProposalLine]) -> bool:
    """Where its button was pressed, put villages' proposals into section V, the causes met into section III."""
    if "add_proposals" in request.form:
        form.proposals.data = report_proposals.with_proposals(form.proposals.data or "", forwarded)
    if "add_causes" in request.form:
        text = form.difficulties.data or ""
        form.difficulties.data = report_proposals.with_lines(text, report_proposals.causes_left(text, report))
    return "add_proposals" in request.form or "add_causes" in request.form


def keep_form(form: WordsForm, draft: Draft, keep: Callable[[WordsForm], Draft]) -> Kept:
    """(what is kept now, the words of somebody who was faster). What is wrong stands in the form; nothing typed is lost."""
    try:
        return keep(form), None
    except Refused as refused:
        form.put(refused.flaws)
    except Closed:
        if wants_json():
            raise
        form.form_errors.append(_("The paper is issued: its words stay as they are."))
    except Conflict:
        if wants_json():
            raise
        form.base_version.data = str(draft.version)  # told so, the next save goes over theirs
        form.form_errors.append(_("Somebody else wrote here meanwhile. Their words stand below yours."))
        return None, draft
    return None, None


def settings_page(
    before: PaperSettings,
    version: int,
    keep: Callable[[PaperSettings, int], object],
    *,
    saved: str,
    back: str,
    **page: Any,
) -> Any:
    """Edit paper settings: `keep` writes them over the version the form was filled from. `page`: title, small, trail."""
    form = SettingsForm() if request.method == "POST" else SettingsForm.of(before, version)
    if request.method == "POST" and form.validate():
        typed = form.settings(before)
        try:
            if flaws := judge_settings(typed):
                raise Refused(flaws)
            keep(typed, version_of(form))
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            form.form_errors.append(_("Somebody else changed these settings meanwhile. Look at them again."))
        else:
            flash(saved, "ok")
            return redirect(back)
    return render_template("reports/settings.html", form=form, back=back, **page), form.status
