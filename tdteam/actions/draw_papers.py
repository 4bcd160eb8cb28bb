"""Draws the papers beside the report: a team's month, silent teams, the commendation list (a village's page: `draw_village`).

Each is read by the same road as the screens, drawn as PDF or workbook and noted in the audit by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tdteam.actions.draft_report import Paper, settings_of
from tdteam.domain.activity_ranks import LIMIT, MOST, Doer, ranked
from tdteam.domain.coverage import LEAD, silent_teams
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.people import MemberRole
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_settings import PaperSettings
from tdteam.domain.roles import Power
from tdteam.domain.team_papers import (
    ActiveList,
    KindLine,
    MemberLine,
    SilentList,
    SilentTeam,
    TeamSheet,
)
from tdteam.domain.vocabulary import Contact, Outcome
from tdteam.reports.lists import ascii_filename
from tdteam.reports.team_lists import draw_active_list, draw_silent_list
from tdteam.reports.team_sheet import draw_team_sheet
from tdteam.store import (
    activity,
    activity_ranks,
    audit,
    catalogue,
    indicators,
    members,
    places,
    targets,
    team_months,
    teams,
)
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Team

ENDINGS = ("pdf", "xlsx")
SPAN_MOST = 36
"""Periods a commendation list may reach over."""


def note_paper(
    session: GatedSession, paper: str, ending: str, *, place_id: int | None, names: bool, **about: int
) -> None:
    """One audit entry: which paper left, in which form, with phones or without; `about`: which team's."""
    audit.append(session, "export", "paper", f"{paper}.{ending}", place_id=place_id, names=names, **about)


def demand_ending(ending: str) -> None:
    """NotFound for another ending than those a paper has."""
    if ending not in ENDINGS:
        raise NotFound


def draw_team(
    session: GatedSession, team_id: int, period: Period, ending: str, *, demo: bool = False
) -> Paper:
    """A team's month on one page. NotFound for a team outside the scope."""
    demand_ending(ending)
    team = teams.get_team(session, team_id)
    sheet = read_team_sheet(session, team, period, demo=demo)
    name = f"so-lieu-thang-{period.month:02d}-{period.year}-{team.name}"
    return Paper(draw_team_sheet(sheet, ending), ascii_filename(name, ending))


def read_team_sheet(session: GatedSession, team: Team, period: Period, *, demo: bool = False) -> TeamSheet:
    """What stands on a team's page."""
    team_id, on = team.id or 0, team_months.tree_day(period)
    month = team_months.read_team_period(session, team_id, period)
    served = team_months.villages_served(session, team_id, on)
    labels = {v.id: v.label for v in teams.villages_of(session, [team_id]).get(team_id, [])}
    commune = places.find_above(session, served[0], Level.COMMUNE, on) if served else None
    serving = members.list_services(session, team_ids=[team_id], on=on)
    leader = next((one.name for one in serving if one.role == MemberRole.LEADER), "")
    return TeamSheet(
        settings=dressed(session, commune, demo=demo),
        team=team.name,
        villages=", ".join(labels[village] for village in served if village in labels),
        leader=leader,
        month=month,
        met=(
            _met(session, team_id, period, month.now),
            _met(session, team_id, period.plus(-1), month.before),
        ),
        kinds=_kinds(session, team_id, period),
        members=_members(session, team_id, period, served, serving, is_known=month.now["visits"] is not None),
        target=_target(session, served, period, on, year=False),
        year_target=_target(session, served, period, on, year=True),
    )


def dressed(session: GatedSession, place: Place | None, *, demo: bool) -> PaperSettings:
    """A commune's (or area's) own settings; bare ones for a team whose villages are gone."""
    settings = settings_of(session, place)[0] if place else PaperSettings("", (), "")
    return replace(settings, demo=demo)


def _met(session: GatedSession, team_id: int, period: Period, counts: dict[str, int | None]) -> int | None:
    if counts["visits"] is None:
        return None
    return activity_ranks.count_contacts(session, team_id, period.code).get(Contact.MET, 0)


def _kinds(session: GatedSession, team_id: int, period: Period) -> tuple[KindLine, ...]:
    """Kinds of help of the period, the most frequent first."""
    names = catalogue.read_catalogue(session)
    lines = [
        KindLine(
            names.kind_name(kind),
            found.get(Outcome.DONE, 0),
            found.get(Outcome.IN_PROGRESS, 0) + found.get(Outcome.REFERRED, 0),
            found.get(Outcome.NOT_DONE, 0),
        )
        for kind, found in activity_ranks.count_kinds(session, team_id, period.code).items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.people, line.name)))


def _members(
    session: GatedSession,
    team_id: int,
    period: Period,
    served: Sequence[int],
    serving: Sequence[members.ServiceLine],
    *,
    is_known: bool,
) -> tuple[MemberLine, ...]:
    if not is_known:
        return tuple(MemberLine(one.name, one.role, None, None, None) for one in serving)
    visits = activity_ranks.count_by_member(session, team_id, period.code)
    did = {one.id: one for one in activity_ranks.list_members_of(session, served, [period.code], team_id)}
    nothing = Doer(0, "", "", 0, 0)
    lines = []
    for one in serving:
        doer = did.get(one.member_id, nothing)
        lines.append(MemberLine(one.name, one.role, visits.get(one.member_id, 0), doer.households, doer.done))
    return tuple(lines)


def _target(
    session: GatedSession, served: Sequence[int], period: Period, on: date, *, year: bool
) -> Decimal | None:
    """The share of households a team is to reach in a period or year: of its villages where they all have the same, else
    of the commune."""
    commune = places.find_above(session, served[0], Level.COMMUNE, on) if served else None
    if commune is None:
        return None
    asked = [*served, commune.id or 0]
    lead = [one for one in indicators.list_indicators(session) if one.code == LEAD]
    aims = targets.read_aims(session, asked, period, lead, on, year=year)
    found = [aims[place].get(LEAD) for place in asked]
    return found[0] if len(set(found[:-1])) == 1 else found[-1]


def draw_silent(
    session: GatedSession, place_id: int, period: Period, ending: str, *, demo: bool = False
) -> Paper:
    """The teams of a place of which nothing came in a period. NotFound outside the scope."""
    demand_ending(ending)
    place = places.get_place(session, place_id)
    session.demand(place_id)
    on = team_months.tree_day(period)
    communes = {village.id: village.commune_id for village in places.list_villages(session, place_id)}
    working = activity.list_activity(session, place_id, period, on, communes)
    silent = silent_teams(working, period, period.until)
    rows = activity.find_teams(session, [one.team_id for one in silent])
    lines = {line.id: line for line in teams.lines_of(session, rows, on)}
    found = SilentList(
        settings=dressed(session, _issuer(session, place, on), demo=demo),
        place=place.name,
        period=period,
        on=on,
        teams=len(working),
        silent=tuple(
            SilentTeam(
                name=one.name,
                villages=", ".join(label for _, label in one.villages),
                commune=lines[one.team_id].commune if one.team_id in lines else "",
                leader=lines[one.team_id].leader if one.team_id in lines else "",
                phone=lines[one.team_id].leader_phone if one.team_id in lines else None,
                last_on=one.last_on,
                days=one.silent_days(on),
            )
            for one in silent
        ),
        has_phones=session.scope.names and session.scope.actor.holds(Power.SEE_NAMES),
        has_communes=place.level not in (Level.COMMUNE, Level.VILLAGE),
    )
    name = f"to-chua-gui-so-lieu-{period.code}-{place.name}"
    return Paper(draw_silent_list(found, ending), ascii_filename(name, ending))


def _issuer(session: GatedSession, place: Place, on: date) -> Place | None:
    """Whose head a place's paper bears: a village's commune, else its own."""
    if place.level != Level.VILLAGE:
        return place
    return places.find_above(session, place.id or 0, Level.COMMUNE, on)


def draw_active(
    session: GatedSession,
    place_id: int,
    first: Period,
    last: Period,
    ending: str,
    *,
    most: int = MOST,
    demo: bool = False,
) -> Paper:
    """The commendation list of a place from a first to a last period. Refused for a span or a length out of bounds."""
    demand_ending(ending)
    place = places.get_place(session, place_id)
    session.demand(place_id)
    periods = spanned(first, last)
    if not 1 <= most <= LIMIT:
        raise Refused([Flaw("most", "ranks_range", {"low": 1, "high": LIMIT})])
    on = team_months.tree_day(last)
    codes = [period.code for period in periods]
    sums = activity_ranks.sum_doers(session, place_id, codes, on)
    members = ranked(activity_ranks.name_members(session, sums.members), most)
    served = activity_ranks.teams_of(session, [one.id for one in members], place_id, codes, on)
    found = ActiveList(
        settings=dressed(session, _issuer(session, place, on), demo=demo),
        place=place.name,
        first=first,
        last=last,
        teams=ranked(activity_ranks.name_teams(session, sums.teams), most),
        members=tuple(replace(one, team=served.get(one.id, "")) for one in members),
        most=most,
    )
    name = f"to-tich-cuc-{first.code}-{last.code}-{place.name}"
    return Paper(draw_active_list(found, ending), ascii_filename(name, ending))


def spanned(first: Period, last: Period) -> list[Period]:
    """The periods from a first to a last one; Refused where they are the wrong way round or too many."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= count <= SPAN_MOST:
        raise Refused([Flaw("last", "span_months", {"most": SPAN_MOST})])
    return last.back(count)
