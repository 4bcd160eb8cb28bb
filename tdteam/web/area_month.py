"""An area's month: which communes sent their report, the reviewer's word on each, and all issued papers in one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import export_list
from tdteam.actions.review_report import review_report
from tdteam.domain.area_month import AreaState, CommuneMonth, Verdict, count_communes, worst_first
from tdteam.domain.deadlines import Due, due_of
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import VIETNAM, Period, today
from tdteam.domain.report_spans import ReportSpan, SpanKind, span_code, span_of
from tdteam.domain.roles import Power
from tdteam.store import area_month, deadlines, papers, places, sealings
from tdteam.store.gate import GatedSession, open_session
from tdteam.store.tables import Place
from tdteam.web import choices, states
from tdteam.web.archives import send_archive
from tdteam.web.exports import Kind, ListColumn
from tdteam.web.formats import day, month_year, num
from tdteam.web.forms.area_month import ReviewForm
from tdteam.web.forms.fields import read_number
from tdteam.web.gate import actor, engine, may, noting, session, visitor
from tdteam.web.records import demand_period
from tdteam.web.reminders import until
from tdteam.web.sending import send_file
from tdteam.web.verify import span_words

pages = Blueprint("area_month", __name__, url_prefix="/area-months")
SHOWN_PERIODS = 6
ZIPPED = ("pdf", "xlsx")


def area_and_month(place_id: int, period: str) -> tuple[Place, Period]:
    """The area or province of an address, whole inside the scope, and its period; NotFound else."""
    return area_of(place_id), demand_period(period)


def area_of(place_id: int) -> Place:
    """The area or province of an address, whole inside the scope; NotFound else."""
    place = places.get_place(session(), place_id)
    if place.level not in area_month.LEVELS:
        raise NotFound
    session().demand(place_id)
    return place


def _due(period: Period) -> Due:
    return due_of(period, deadlines.read_calendar(session()), today())


@pages.get("/")
def index() -> Any:
    """Areas in rows, periods in columns."""
    periods = list(reversed(choices.this_period().back(SHOWN_PERIODS)))
    areas = area_month.list_areas(session())
    rows = [(area, area_month.count_periods(session(), area, periods)) for area in areas]
    return render_template("area_month/index.html", rows=rows, periods=periods, now=today())


@pages.get("/<int:place_id>/<period>")
def show(place_id: int, period: str) -> Any:
    """Every commune of the area with the state of its report, what to ask about first on top."""
    place, month = area_and_month(place_id, period)
    due = _due(month)
    lines = area_month.list_communes(session(), place, month)
    chosen = request.args.get("state", "")
    listed = worst_first(lines)
    missing = [line for line in listed if line.state is AreaState.MISSING]
    return render_template(
        "area_month/show.html",
        place=place,
        period=month,
        before=month.plus(-1),
        after=month.plus(1) if month < choices.this_period() else None,
        url_of=lambda code: url_for("area_month.show", place_id=place_id, period=code),
        lines=listed,
        shown=[line for line in listed if not chosen or line.state == chosen],
        counts={str(state): sum(line.state is state for line in lines) for state in AreaState},
        chosen=chosen,
        totals=count_communes(lines, due.due),
        due=due,
        until=until(due),
        is_running=month.until > today(),
        missing=missing,
        reminder=_reminder(place, month, due, missing),
        part_of=part_of,
        draft=papers.read_draft(session(), place_id, month.code),
        longer=[(span_words(one), span_code(one)) for one in _longer(month)],
        may_export=may(Power.EXPORT),
        may_review=may(Power.REVIEW_REPORT),
        may_handle=may(Power.HANDLE_REPORT),
        may_teams=may(Power.SEE_TEAMS) and month.since <= today(),
    )


def _longer(month: Period) -> list[ReportSpan]:
    """The quarter, half and year a month belongs to."""
    return [
        span_of(SpanKind.QUARTER, month.year, (month.month + 2) // 3, month.start_day),
        span_of(SpanKind.HALF, month.year, 1 if month.month <= 6 else 2, month.start_day),
        span_of(SpanKind.YEAR, month.year, 1, month.start_day),
    ]


def part_of(line: CommuneMonth) -> str:
    """`20/41 villages in this area`, where a commune reaches beyond it."""
    if not line.is_beyond:
        return str(_("%(count)s villages", count=num(line.villages.part)))
    if line.villages.whole is None:
        return str(_("only %(count)s villages of this area", count=num(line.villages.part)))
    some = f"{num(line.villages.part)}/{num(line.villages.whole)}"
    return str(_("%(some)s villages lie in this area", some=some))


def _reminder(place: Place, month: Period, due: Due, missing: Sequence[CommuneMonth]) -> str:
    words: str = _(
        "%(area)s, month %(month)s (%(since)s to %(until)s): reports are due on %(due)s. Not received yet:\n%(communes)s\n"
        "Please seal, sign and issue the report in the software.",
        area=place.name,
        month=month_year(month),
        since=day(month.since),
        until=day(month.last_day),
        due=day(due.due),
        communes="\n".join(f"- {line.name}" for line in missing),
    )
    return words


def _line(place: Place, month: Period, commune_id: int) -> CommuneMonth:
    found = {line.place_id: line for line in area_month.list_communes(session(), place, month)}
    if commune_id not in found:
        raise NotFound
    return found[commune_id]


@pages.route("/<int:place_id>/<period>/communes/<int:commune_id>", methods=["GET", "POST"])
def commune(place_id: int, period: str, commune_id: int) -> Any:
    """A commune's issued report beside the reviewer's word. A POST accepts or returns what the page showed."""
    if request.method == "POST" and not may(Power.REVIEW_REPORT):
        raise NotAllowed
    place, month = area_and_month(place_id, period)
    line = _line(place, month, commune_id)
    form = ReviewForm() if request.method == "POST" else ReviewForm(seen=_seal_of(line))
    if request.method == "POST" and form.validate():
        answer = _review(place, month, line, form)
        if answer:
            return answer
    page = render_template(
        "area_month/commune.html",
        place=place,
        period=month,
        line=line,
        late=line.is_late(_due(month).due),
        part=part_of(line),
        form=form,
        may_review=may(Power.REVIEW_REPORT) and line.received is not None,
    )
    return page, form.status if request.method == "POST" else 200


def _seal_of(line: CommuneMonth) -> str:
    return str(line.received.sealing_id) if line.received else ""


def _review(place: Place, month: Period, line: CommuneMonth, form: ReviewForm) -> Any:
    verdict = Verdict.RETURNED if "return" in request.form else Verdict.ACCEPTED
    why = form.why.data or "" if verdict is Verdict.RETURNED else ""
    try:
        review_report(
            session(),
            place,
            line.place_id,
            month,
            verdict,
            actor(),
            seen=read_number(form.seen.data) or 0,
            why=why,
        )
    except Refused as refused:
        form.put(refused.flaws)
        return None
    except Conflict as clash:
        if clash.code not in ("replaced", "not_issued"):
            raise
        form.seen.data = _seal_of(line)
        form.form_errors.append(
            _("A newer report came meanwhile; it stands here now. Read it, then accept or return it.")
            if clash.code == "replaced"
            else _("This commune has not issued its report.")
        )
        return None
    done = (
        _("The report of %(name)s is returned. The commune reads why on its first page.", name=line.name)
        if verdict is Verdict.RETURNED
        else _("The report of %(name)s is accepted.", name=line.name)
    )
    flash(done, "ok")
    return redirect(url_for("area_month.show", place_id=place.id, period=month.code))


@pages.get("/<int:place_id>/<period>/communes/<int:commune_id>.<ending>")
def paper(place_id: int, period: str, commune_id: int, ending: str) -> Response:
    """A commune's issued paper, the very bytes."""
    place, month = area_and_month(place_id, period)
    line = _line(place, month, commune_id)
    kept = sealings.find_paper(session(), line.received.sealing_id, ending) if line.received else None
    if kept is None:
        raise NotFound
    return send_file(kept.body, kept.name, inline=ending == "pdf")


@pages.get("/<int:place_id>/<period>/papers.zip")
def archive(place_id: int, period: str) -> Response:
    """All issued papers of the area in one archive, streamed, with a list of what is in it and what is not."""
    place, month = area_and_month(place_id, period)
    lines = area_month.list_communes(session(), place, month)
    own = area_month.find_issued(session(), place_id, month.code)
    with noting() as writing:
        export_list.note_export(writing, "papers", "zip", names=False)
    title = f"{_('Reports')} {place.name} {month_year(month)}"
    listed = export_list.draw("csv", title, day(today()), _columns(), _rows(lines, _due(month).due))
    wanted = [(line.code, line.received.sealing_id) for line in lines if line.received]
    if own:
        wanted.insert(0, ("", own.sealing_id))
    who = visitor()
    assert who is not None
    name = export_list.file_name(f"bao-cao-{place.name}-{month.code}", "zip")
    # The request's own session ends before the first byte leaves: the stream has one of its own, in the same scope.
    reading = open_session(engine(), who.scope)
    return send_archive(_files(reading, wanted, export_list.file_name(title, "csv"), listed), name)


def _columns() -> list[ListColumn]:
    return [
        ListColumn(_("Commune")),
        ListColumn(_("State")),
        ListColumn(_("Issued on"), Kind.DATE),
        ListColumn(_("In time")),
        ListColumn("SHA-256"),
    ]


def _rows(lines: Iterable[CommuneMonth], due: date) -> Iterator[list[object]]:
    for line in lines:
        word = _(states.state_of("area_report", line.state).word)
        one = line.received
        if one is None:
            yield [line.name, word, None, "", ""]
            continue
        at = one.issued_at.astimezone(VIETNAM).date()
        yield [line.name, word, at, _("Late") if line.is_late(due) else _("In time"), one.sha256]


def _files(
    reading: GatedSession, wanted: Sequence[tuple[str, int]], list_name: str, listed: bytes
) -> Iterator[tuple[str, bytes]]:
    yield list_name, listed
    with reading:
        for code, sealing_id in wanted:
            for kept in area_month.list_papers(reading, [sealing_id], ZIPPED):
                yield f"{code}-{kept.name}" if code else kept.name, kept.body
