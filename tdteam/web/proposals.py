"""What villages propose to the commune: a list with states, and the commune's answer, which goes back to the phones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions.propose import answer_proposal
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.outreach import ProposalState
from tdteam.domain.roles import Power
from tdteam.store import proposals
from tdteam.web import choices
from tdteam.web.forms.fields import options
from tdteam.web.forms.outreach import ANSWERS, AnswerForm, ProposalFilter
from tdteam.web.frame import here
from tdteam.web.gate import actor, may, session
from tdteam.web.records import cursor_links, demand_id, filters_of, page_size, version_of

pages = Blueprint("proposals", __name__, url_prefix="/proposals")


@pages.get("/")
def index() -> Any:
    """The scope's proposals, newest first."""
    form = ProposalFilter()
    form.village_id.choices = options(choices.village_choices(), _("All"))
    form.period.choices = options(choices.periods(), _("All"))
    asked = filters_of(form, ("village_id",))
    page = proposals.list_proposals(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
        **asked,
    )
    newer, older = cursor_links(page)
    return render_template(
        "proposals/index.html",
        form=form,
        page=page,
        tabs=_tabs(asked),
        newer=newer,
        older=older,
        size=page_size(),
        may_answer=may(Power.DECIDE),
    )


def _tabs(asked: dict[str, Any]) -> list[tuple[str, str, bool, int]]:
    counts = proposals.count_states(session(), village_id=asked["village_id"], period=asked["period"])
    chosen = asked["state"]
    states = [(ProposalState.SENT, _("Not looked at yet")), *ANSWERS]
    everything = (here(state=None), _("All"), not chosen, sum(counts.values()))
    return [
        everything,
        *((here(state=code), str(label), chosen == code, counts.get(code, 0)) for code, label in states),
    ]


@pages.get("/<proposal_id>")
def show(proposal_id: str) -> Any:
    """One proposal and its answer."""
    line = proposals.get_line(session(), demand_id(proposal_id))
    row = line.row
    state = None if row.state == ProposalState.SENT else row.state
    form = AnswerForm(formdata=None, base_version=str(row.version), state=state, answer=row.answer)
    return _page(line, form)


def _page(line: proposals.ProposalLine, form: AnswerForm, status: int = 200) -> Any:
    answer = render_template(
        "proposals/show.html", line=line, row=line.row, form=form, may_answer=may(Power.DECIDE)
    )
    return answer, status


@pages.post("/<proposal_id>/answer")
def answer(proposal_id: str) -> Any:
    """The commune's word."""
    line = proposals.get_line(session(), demand_id(proposal_id))
    form = AnswerForm()
    if not form.validate():
        return _page(line, form, 422)
    try:
        answer_proposal(
            session(), line.row.id, form.state.data or "", form.answer.data or "", version_of(form), actor()
        )
    except Refused as refused:
        form.put(refused.flaws)
        return _page(line, form, 422)
    except Conflict:
        form.base_version.data = str(line.row.version)
        form.form_errors.append(
            _("Somebody else answered meanwhile; their answer stands above. Save again to replace it.")
        )
        return _page(line, form, 409)
    flash(_("The answer is saved. The village reads it with its phone's next contact."), "ok")
    return redirect(url_for("proposals.index"))
