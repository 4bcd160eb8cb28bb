"""Keeping teams: founding, changing, settling the composition anew, ending, and taking an ending back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS
from tdteam.domain.teams import AmendDraft, TeamDraft, judge_amendment, judge_leaving, judge_team
from tdteam.domain.vietnamese import fold, nfc, text_key
from tdteam.store import audit, members, places, teams
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Team, TeamVillage


def create(session: GatedSession, draft: TeamDraft) -> Team:
    """Found a team. Raises Refused."""
    draft = draft.tidy()
    flaws = _judge(session, draft)
    if flaws:
        raise Refused(flaws)
    since = draft.since or draft.decision_date or ALWAYS
    row = Team(**_values(draft), since=since)
    session.add(row)
    session.flush()
    for village_id in draft.village_ids:
        session.add(TeamVillage(team_id=row.id or 0, village_id=village_id, since=since))
    audit.append(session, "create", "team", row.id, place_id=draft.village_ids[0])
    return row


def change(
    session: GatedSession,
    team_id: int,
    draft: TeamDraft,
    base_version: int,
    *,
    villages_on: date | None = None,
) -> list[str]:
    """Change a team; the names of the fields that changed. Villages come and go on `villages_on` (a village that
    comes without a day was served from the beginning). Raises Conflict where `base_version` is not the newest."""
    row = teams.get_team(session, team_id)
    if row.version != base_version:
        raise Conflict
    draft = draft.tidy()
    flaws = _judge(session, draft, but=team_id)
    if villages_on and villages_on > today():
        flaws.append(Flaw("villages_on", "date_future", {"today": today()}))
    if flaws:
        raise Refused(flaws)
    values = {**_values(draft), "since": draft.since or row.since}
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    for name, value in values.items():
        setattr(row, name, value)
    if _serve(session, row, draft.village_ids, villages_on):
        fields.append("village_ids")
    shown = [name for name in fields if name not in ("name_fold", "name_sort")]
    if shown:
        row.version += 1
        session.add(row)
        audit.append(session, "change", "team", team_id, place_id=draft.village_ids[0], fields=shown)
    return shown


def end(session: GatedSession, team_id: int, until: date | None) -> None:
    """End a team: `until` is the first day without it. Its members leave and its villages are free. Raises Refused."""
    row = teams.get_team(session, team_id)
    flaws = judge_leaving("until", until, None if row.since == ALWAYS else row.since, today())
    if row.until is not None:
        flaws = [Flaw("until", "team_ended")]
    if flaws or until is None:
        raise Refused(flaws)
    row.until = until
    row.version += 1
    for membership in members.open_memberships(session, team_id):
        membership.left = max(until, membership.joined or until)
        session.add(membership)
    for edge in _own_edges(session, team_id):
        if edge.until is None:
            edge.until = max(until, edge.since)
            session.add(edge)
    session.add(row)
    audit.append(session, "end", "team", team_id)


def reopen(session: GatedSession, team_id: int) -> None:
    """Take an ending back: those who left and the villages that were free because of it are the team's again."""
    row = teams.get_team(session, team_id)
    if row.until is None:
        return
    for membership in members.memberships_left_on(session, team_id, row.until):
        membership.left = None
        session.add(membership)
    for edge in _own_edges(session, team_id):
        if edge.until == row.until:
            edge.until = None
            session.add(edge)
    row.until = None
    row.version += 1
    session.add(row)
    audit.append(session, "reopen", "team", team_id)


def amend(session: GatedSession, team_id: int, draft: AmendDraft) -> None:
    """Settle a team's composition by a new decision: some leave, roles change, whoever stays serves by it.
    Raises Refused."""
    team = teams.get_team(session, team_id)
    now = members.list_services(session, team_ids=[team_id], on=today())
    flaws = judge_amendment(draft, [line.served() for line in now], today())
    if team.until is not None:
        flaws.append(Flaw("", "team_ended"))
    if flaws:
        raise Refused(flaws)
    roles, components = dict(draft.roles), dict(draft.components)
    left = changed = 0
    for line in now:
        row = members.get_membership(session, line.id)
        if row.id in draft.leaving:
            row.left = draft.on
            left += 1
        else:
            role, component = roles.get(line.id, row.role), components.get(line.id, row.component)
            changed += (row.role, row.component) != (role, component)
            row.role, row.component, row.decision = role, component, nfc(draft.decision)
        session.add(row)
    audit.append(session, "amend", "team", team_id, left=left, changed=changed)


def _judge(session: GatedSession, draft: TeamDraft, *, but: int | None = None) -> list[Flaw]:
    flaws = judge_team(draft, today())
    known = {village.id for village in places.list_villages(session)}
    held = {edge.village_id for edge in teams.edges_of(session, but)} if but else set()
    if set(draft.village_ids) - known - held:
        flaws.append(Flaw("village_ids", "not_found"))
    if not flaws and teams.find_namesake(session, draft.name, draft.village_ids, but=but):
        flaws.append(Flaw("name", "team_twice"))
    return flaws


def _values(draft: TeamDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "name_fold": fold(draft.name),
        "name_sort": text_key(draft.name),
        "decision_number": draft.decision_number,
        "decision_date": draft.decision_date,
        "decision_by": draft.decision_by,
        "channel": draft.channel,
        "note": draft.note,
    }


def _own_edges(session: GatedSession, team_id: int) -> Iterable[TeamVillage]:
    """The team's villages inside the scope: a colleague's half of a shared team is not ours to change."""
    return [edge for edge in teams.edges_of(session, team_id) if session.permits(edge.village_id)]


def _serve(session: GatedSession, team: Team, wanted: tuple[int, ...], on: date | None) -> bool:
    """Bring the team's villages to `wanted`; whether anything changed."""
    edges = [edge for edge in _own_edges(session, team.id or 0) if edge.until is None]
    gone = [edge for edge in edges if edge.village_id not in wanted]
    fresh = [v for v in wanted if session.permits(v) and v not in {edge.village_id for edge in edges}]
    for edge in gone:
        last = on or today()
        if edge.since >= last:
            session.delete(edge)
        else:
            edge.until = last
            session.add(edge)
    for village_id in fresh:
        session.add(TeamVillage(team_id=team.id or 0, village_id=village_id, since=on or team.since))
    return bool(gone or fresh)
