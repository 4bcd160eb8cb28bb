"""What the first page reminds each role of: the task, until when, and a text for Zalo where others must act."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tdteam.domain.deadlines import SOON, Due, Part, Task, due_of, open_tasks
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period, parse_period, today
from tdteam.domain.places import Level
from tdteam.domain.report_life import Stage
from tdteam.domain.roles import Power
from tdteam.store import area_month, deadlines, month, papers, places, reviews
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.formats import day, month_year
from tdteam.web.gate import may, session

_SETTLED = (TeamStatus.DONE, TeamStatus.ZERO)


@dataclass(frozen=True)
class Reminder:
    """One line: where it is done, what, by when (in words), whether that is past; `text` is for Zalo."""

    url: str | None
    words: str
    until: str = ""
    is_over: bool = False
    text: str = ""


def until(due: Due) -> str:
    """`due on 18/11/2026, 2 days left`."""
    told = day(due.due)
    if due.days_left == 0:
        return str(_("due today, %(day)s", day=told))
    if due.is_over:
        over = _("%(num)s days over", num=-due.days_left)
        return str(_("was due on %(day)s, %(over)s", day=told, over=over))
    left = _("%(num)s days left", num=due.days_left)
    return str(_("due on %(day)s, %(left)s", day=told, left=left))


def of_place(place: Place) -> list[Reminder]:
    """What is open in a commune, or for the leader of a village: of the period that ended last, then of the running one."""
    is_village = place.level == Level.VILLAGE
    parts = _parts(is_village=is_village)
    if not parts:
        return []
    commune = places.commune_of(session(), place.id or 0) if is_village else place
    out = list(_returned(commune.id or 0)) if Part.WRITER in parts else []
    this = choices.this_period()
    calendar = deadlines.read_calendar(session())
    for period in (this.plus(-1), this):
        out += _of_period(place, commune, period, due_of(period, calendar, today()), parts)
    return out


def _parts(*, is_village: bool) -> frozenset[Part]:
    held = {
        Part.LEADER: is_village and may(Power.CONFIRM),
        Part.WRITER: not is_village and may(Power.WRITE_REPORT),
        Part.APPROVER: not is_village and may(Power.APPROVE_REPORT),
    }
    return frozenset(part for part, holds in held.items() if holds)


def _of_period(
    place: Place, commune: Place, period: Period, due: Due, parts: frozenset[Part]
) -> Iterator[Reminder]:
    now = today()
    stage = papers.read_draft(session(), commune.id or 0, period.code).stage
    silent: list[str] = []
    open_teams: list[int] = []
    asks = parts & {Part.LEADER, Part.WRITER}
    if stage is Stage.DRAFT and asks and now >= period.last_day - timedelta(days=SOON):
        lines = month.list_team_months(session(), place.id or 0, period, min(period.last_day, now))
        silent = [line.villages or line.name for line in lines if line.status is TeamStatus.SILENT]
        open_teams = [line.team_id for line in lines if line.status not in _SETTLED]
    tasks = open_tasks(
        parts, period=period, today=now, stage=stage, unconfirmed=len(open_teams), silent=len(silent)
    )
    report = url_for("reports.show", commune_id=commune.id, period=period.code)
    for task in tasks:
        words = _words(task, period, len(silent))
        if task is Task.CONFIRM:
            url = url_for("team_months.show", team_id=open_teams[0], period=period.code)
            yield Reminder(url, words, until(due), due.is_over)
        elif task is Task.SILENT:
            url = url_for("home.index", period=period.code, state="silent")
            yield Reminder(url, words, until(due), due.is_over, _asking(period, due, silent))
        else:
            yield Reminder(report, words, until(due), due.is_over)


def _words(task: Task, period: Period, silent: int) -> str:
    name = month_year(period)
    said = {
        Task.CONFIRM: lambda: _("Confirm your team's figures of month %(month)s", month=name),
        Task.SILENT: lambda: ngettext(
            "%(num)s team has sent nothing for month %(month)s",
            "%(num)s teams have sent nothing for month %(month)s",
            silent,
            month=name,
        ),
        Task.SEAL: lambda: _("Seal the figures of month %(month)s", month=name),
        Task.SUBMIT: lambda: _("Submit the report of month %(month)s for signature", month=name),
        Task.SIGN: lambda: _("The report of month %(month)s waits for your signature", month=name),
        Task.ISSUE: lambda: _("Issue the signed report of month %(month)s", month=name),
    }
    return str(said[task]())


def _asking(period: Period, due: Due, names: list[str]) -> str:
    return str(
        _(
            "Month %(month)s (%(since)s to %(until)s): the commune has received nothing from: %(teams)s. The report is due "
            "on %(due)s. Please record your visits, or report that nothing happened.",
            month=month_year(period),
            since=day(period.since),
            until=day(period.last_day),
            teams=", ".join(names),
            due=day(due.due),
        )
    )


def _returned(commune_id: int) -> Iterator[Reminder]:
    for told in reviews.list_returned(session(), commune_id):
        period = parse_period(told.period, choices.start_day())
        words = _(
            "%(place)s returned the report of month %(month)s: %(why)s. Answer with a report that replaces it.",
            place=told.place,
            month=month_year(period),
            why=told.word.why.rstrip(". "),
        )
        url = url_for("reports.show", commune_id=commune_id, period=told.period)
        yield Reminder(url, str(words), "", True)


def of_area(place: Place, communes: Collection[int]) -> list[Reminder]:
    """Communes of an area (those given) whose report of the period that ended last is missing."""
    if not may(Power.REVIEW_REPORT) or place.level not in area_month.LEVELS:
        return []
    period = choices.this_period().plus(-1)
    missing = len(communes) - len(area_month.list_issued(session(), communes, [period.code]))
    if not missing:
        return []
    due = due_of(period, deadlines.read_calendar(session()), today())
    words = ngettext(
        "%(num)s commune has not sent its report of month %(month)s",
        "%(num)s communes have not sent their report of month %(month)s",
        missing,
        month=month_year(period),
    )
    url = url_for("area_month.show", place_id=place.id, period=period.code)
    return [Reminder(url, str(words), until(due), due.is_over)]
