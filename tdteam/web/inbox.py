"""What phones sent and the commune must decide: held records, conflicts, doubtful days; files of unsent records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import decide_record as verbs
from tdteam.actions.judge_note import flaws_of
from tdteam.domain.decisions import Decision
from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.roles import Power
from tdteam.domain.sync import Doubt, Verdict
from tdteam.store import inbox, inbox_queue
from tdteam.store.evidence import photos_waiting
from tdteam.store.tables import Inbox
from tdteam.web import choices
from tdteam.web.conflict_sides import read_sides
from tdteam.web.delivery import deliver
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.inbox import WHYS, DecisionForm, FileForm, WaitingFilter
from tdteam.web.frame import here
from tdteam.web.gate import actor, may, saw_names, session, visitor
from tdteam.web.record_words import Names, names_in, pairs_of, summary_of, title_of
from tdteam.web.records import cursor_links, filters_of, page_size
from tdteam.web.states import N_
from tdteam.web.words import say_flaw

pages = Blueprint("inbox", __name__, url_prefix="/inbox")
SIDE = "side-"
SAID = {
    Decision.TAKEN: N_("Taken in."),
    Decision.DECLINED: N_("Not taken in. The member reads the reason."),
    Decision.KEPT: N_("What stands stays. The member is told."),
    Decision.MIXED: N_("The chosen values are saved."),
    Decision.DAY_RIGHT: N_("The day stands."),
    Decision.DAY_CHANGED: N_("The day is corrected."),
}


def body_of(row: Inbox) -> dict[str, Any]:
    """What a record says; nothing where its body was emptied."""
    found = json.loads(row.body) if row.body else {}
    return found if isinstance(found, dict) else {}


@pages.get("/")
def index() -> Any:
    """The queue of the scope, newest first."""
    return _queue(FileForm(formdata=None))


def _queue(file: FileForm, status: int = 200) -> Any:
    form = WaitingFilter()
    form.village_id.choices = options(choices.village_choices(), _("All"))
    asked = filters_of(form, ("village_id",))
    page = inbox_queue.list_waiting(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
        **asked,
    )
    bodies = {line.n: body_of(line.row) for line in page.rows}
    names = names_in(list(bodies.values()))
    if page.rows:
        saw_names("inbox")
    newer, older = cursor_links(page)
    answer = render_template(
        "inbox/index.html",
        form=form,
        file=file,
        lines=[
            (line, title_of(line.row.kind, bodies[line.n]), summary_of(line.row.kind, bodies[line.n], names))
            for line in page.rows
        ],
        tabs=_tabs(form.why.data or ""),
        recorded_at=verbs.recorded_at,
        single=lambda line: _single(line, names),
        newer=newer,
        older=older,
        size=page_size(),
    )
    return answer, status


def _tabs(chosen: str) -> list[tuple[str, str, bool, int]]:
    """All that waits and each reason, with how much."""
    found = counts()
    everything = (here(why=None), _("All"), not chosen, sum(found.values()))
    return [everything, *((here(why=code), str(label), chosen == code, found[code]) for code, label in WHYS)]


def counts() -> dict[str, int]:
    """How much waits in the scope, by reason."""
    sizes = inbox.queue_sizes(session())
    doubts = sum(sizes.get(doubt, 0) for doubt in Doubt)
    return {"held": sizes.get("held", 0), "conflict": sizes.get("conflict", 0), "doubt": doubts}


def _single(line: inbox_queue.Waiting, names: Names) -> Any:
    """Both values of a conflict about one field, for a choice on the spot."""
    if line.why != inbox_queue.CONFLICT:
        return None
    sides = read_sides(line.row, body_of(line.row), names)
    return sides if len(sides.fields) == 1 and not sides.is_gone else None


@pages.get("/<int:record_n>")
def show(record_n: int) -> Any:
    """One record: what it says, why it waits, and what can be done."""
    return _page(record_n, DecisionForm(formdata=None))


def _page(record_n: int, form: DecisionForm, status: int = 200) -> Any:
    line = inbox_queue.get_waiting(session(), record_n)
    body = body_of(line.row)
    names = names_in([body])
    saw_names("inbox", line.row.village_id)
    is_clash = line.row.state == Verdict.CONFLICT
    answer = render_template(
        "inbox/show.html",
        line=line,
        row=line.row,
        title=title_of(line.row.kind, body),
        summary=summary_of(line.row.kind, body, names),
        pairs=pairs_of(body, names),
        photos=photos_waiting(session(), body.get("photos")) if line.why and session().scope.names else [],
        may_remove=may(Power.RECORD),
        sides=read_sides(line.row, body, names) if is_clash and line.why else None,
        flaws=[say_flaw(flaw) for flaw in flaws_of(line.row.flaws or [])],
        stands_for=verbs.stands_for(session(), line.row, actor()),
        sender_id=line.row.account_id,
        recorded_at=verbs.recorded_at(line.row),
        form=form,
        chosen=_sides(request.form),
        decisions=SAID,
    )
    return answer, status


@pages.post("/<int:record_n>/decide")
def decide(record_n: int) -> Any:
    """One decision, once."""
    form = DecisionForm()
    inbox_queue.get_record(session(), record_n)
    if not form.validate():
        return _page(record_n, form, 422)
    try:
        row = _decide(record_n, form)
    except Refused as refused:
        form.put(refused.flaws)
        return _page(record_n, form, 422)
    except Conflict as clash:
        form.form_errors.append(_conflict_words(clash.code))
        return _page(record_n, form, 409)
    if row.decided_at is None:
        flash(_("Taken in; one more thing is to be decided."), "info")
        return redirect(url_for("inbox.show", record_n=record_n))
    if row.state == Verdict.REFUSED and row.decision == Decision.TAKEN:
        flash(_("It was judged and does not make sense as it is; the member is told why."), "wait")
        return redirect(url_for("inbox.show", record_n=record_n))
    if row.state == Verdict.LATE:
        flash(_("Taken in. Its period is sealed, so it counts in the first open one."), "ok")
    else:
        flash(_(SAID[Decision(row.decision)]), "ok")
    return redirect(url_for("inbox.index"))


def _decide(n: int, form: DecisionForm) -> Inbox:
    asked, seen = form.do.data, read_number(form.seen.data) or 0
    if asked == "take":
        return verbs.take_held(session(), n, actor())
    if asked == "decline":
        return verbs.decline_held(session(), n, form.why.data or "")
    if asked == "fields":
        return verbs.choose_fields(session(), n, _sides(request.form), seen, actor())
    if asked == "keep":
        return verbs.keep_stored(session(), n)
    if asked == "sent":
        return verbs.take_sent(session(), n, seen, actor())
    if asked == "right":
        return verbs.confirm_day(session(), n)
    if asked == "move":
        return verbs.change_day(session(), n, form.day.data, actor())
    raise Refused([Flaw("do", "choice_unknown")])


def _sides(posted: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(SIDE): value for name, value in posted.items() if name.startswith(SIDE)}


def _conflict_words(code: str) -> str:
    if code == "decided":
        return str(_("Somebody has decided this already. Nothing was changed now."))
    if code == "voided":
        return str(_("It was taken out meanwhile, so its day cannot be corrected."))
    return str(_("It changed meanwhile. Look at both values again, then choose."))


@pages.route("/file", methods=["GET", "POST"])
def bring() -> Any:
    """A file a phone saved because it could not send."""
    if request.method == "GET":
        return redirect(url_for("inbox.index"))
    form = FileForm()
    who = visitor()
    if not form.validate() or who is None:
        return _queue(form, 422)
    try:
        done = deliver(who, form.file.data.read())
    except Refused as refused:
        form.put(refused.flaws)
        return _queue(form, 422)
    return render_template("inbox/delivered.html", done=done, say=say_flaw)
