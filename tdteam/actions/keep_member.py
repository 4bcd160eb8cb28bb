"""Keeping members: joining a team, being corrected, leaving on a day, moving to another team, training."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tdteam.domain.errors import Conflict, Flaw, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS
from tdteam.domain.teams import (
    MemberDraft,
    ServiceDraft,
    judge_leaving,
    judge_member,
    judge_service,
    judge_training,
)
from tdteam.domain.vietnamese import fold, name_key, nfc
from tdteam.store import audit, members, teams
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Member, Membership, Team, Training


def add(
    session: GatedSession,
    team_id: int,
    who: MemberDraft,
    service: ServiceDraft,
    *,
    same_as: int | None = None,
) -> Membership:
    """Take a person into a team: somebody new, or (`same_as`) a member who is known already. Raises Refused."""
    team = teams.get_team(session, team_id)
    who = who.tidy()
    flaws = [] if same_as else judge_member(who, today())
    flaws += _judge_service(session, team, service, member_id=same_as)
    if flaws:
        raise Refused(flaws)
    person = members.get_member(session, same_as) if same_as else _store(session, who)
    row = _join(session, team_id, person.id or 0, service)
    audit.append(session, "join", "team", team_id, member=person.id, known=same_as is not None)
    return row


def change(session: GatedSession, member_id: int, draft: MemberDraft, base_version: int) -> list[str]:
    """Correct a person's particulars; the fields that changed. Raises Refused, or Conflict on a stale version."""
    row = members.get_member(session, member_id)
    if row.version != base_version:
        raise Conflict
    draft = draft.tidy()
    flaws = judge_member(draft, today())
    if flaws:
        raise Refused(flaws)
    values = {
        "name": draft.name,
        "birth_year": draft.birth_year,
        "sex": draft.sex,
        "phone": draft.phone,
        "note": draft.note,
    }
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if fields:
        for name, value in values.items():
            setattr(row, name, value)
        row.name_fold, row.name_sort = fold(draft.name), name_key(draft.name)
        row.version += 1
        session.add(row)
        audit.append(session, "change", "member", member_id, fields=fields)
    return fields


def change_service(session: GatedSession, membership_id: int, draft: ServiceDraft) -> list[str]:
    """Correct role, component, first day or decision of a membership; the fields that changed. Raises Refused."""
    row = members.get_membership(session, membership_id)
    team = teams.get_team(session, row.team_id)
    flaws = _judge_service(session, team, draft, but=membership_id)
    if not flaws and row.left and draft.joined and draft.joined >= row.left:
        flaws.append(Flaw("joined", "joined_after_left", {"left": row.left}))
    if flaws:
        raise Refused(flaws)
    values = {
        "role": draft.role,
        "component": draft.component,
        "joined": draft.joined,
        "decision": nfc(draft.decision),
    }
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if fields:
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        audit.append(session, "change_service", "team", row.team_id, member=row.member_id, fields=fields)
    return fields


def leave(session: GatedSession, membership_id: int, left: date | None) -> None:
    """Somebody leaves a team: `left` is the first day without. Raises Refused."""
    row = members.get_membership(session, membership_id)
    flaws = [Flaw("left", "left_already")] if row.left else judge_leaving("left", left, row.joined, today())
    if flaws:
        raise Refused(flaws)
    row.left = left
    session.add(row)
    audit.append(session, "leave", "team", row.team_id, member=row.member_id)


def stay(session: GatedSession, membership_id: int) -> None:
    """Take a leaving back. Raises Refused where the team has ended or the person serves in it again."""
    row = members.get_membership(session, membership_id)
    if row.left is None:
        return
    team = teams.get_team(session, row.team_id)
    draft = ServiceDraft(row.role, row.component, row.joined, row.decision)
    flaws = _judge_service(session, team, draft, member_id=row.member_id, but=membership_id)
    if flaws:
        raise Refused(flaws)
    row.left = None
    session.add(row)
    audit.append(session, "stay", "team", row.team_id, member=row.member_id)


def move(
    session: GatedSession, membership_id: int, to_team_id: int | None, service: ServiceDraft
) -> Membership:
    """A member leaves one team and joins another on the same day (`service.joined`). Raises Refused."""
    row = members.get_membership(session, membership_id)
    flaws = judge_leaving("joined", service.joined, row.joined, today())
    if row.left:
        flaws = [Flaw("joined", "left_already")]
    if not to_team_id or to_team_id == row.team_id:
        raise Refused([*flaws, Flaw("to_team_id", "required")])
    try:
        team = teams.get_team(session, to_team_id)
    except NotFound:
        raise Refused([*flaws, Flaw("to_team_id", "not_found")]) from None
    if not flaws:
        flaws = _judge_service(session, team, service, member_id=row.member_id)
    if flaws:
        raise Refused(flaws)
    row.left = service.joined
    session.add(row)
    fresh = _join(session, to_team_id, row.member_id, service)
    audit.append(session, "move", "team", row.team_id, member=row.member_id, to=to_team_id)
    return fresh


def train(session: GatedSession, member_ids: Iterable[int], course: str, trained_on: date | None) -> int:
    """Note a course taken by members; how many it was noted for. Who has it already is left out. Raises Refused."""
    flaws = judge_training(course, trained_on, today())
    chosen = list(dict.fromkeys(member_ids))
    if not chosen:
        flaws.append(Flaw("member_ids", "required"))
    if flaws:
        raise Refused(flaws)
    name = nfc(course)
    people = [members.get_member(session, member_id) for member_id in chosen]
    taken = {(row.member_id, row.course, row.trained_on) for row in members.list_trainings(session, chosen)}
    fresh = [person for person in people if (person.id, name, trained_on) not in taken]
    for person in fresh:
        session.add(Training(member_id=person.id or 0, course=name, trained_on=trained_on))
    for person in fresh:
        audit.append(session, "train", "member", person.id)
    return len(fresh)


def forget_training(session: GatedSession, member_id: int, training_id: int) -> None:
    """Take a training noted by mistake off a member."""
    row = next(
        (row for row in members.list_trainings(session, [member_id]) if row.id == training_id),
        None,
    )
    if row is None:
        raise NotFound
    session.delete(row)
    audit.append(session, "forget_training", "member", member_id)


def _judge_service(
    session: GatedSession,
    team: Team,
    draft: ServiceDraft,
    *,
    member_id: int | None = None,
    but: int | None = None,
) -> list[Flaw]:
    others = [
        line for line in members.list_services(session, team_ids=[team.id or 0], on=today()) if line.id != but
    ]
    since = None if team.since == ALWAYS else team.since
    flaws = judge_service(
        draft, today(), others=[line.served() for line in others], since=since, until=team.until
    )
    if team.until is not None and team.until <= today() and not draft.joined:
        flaws.append(Flaw("joined", "team_ended"))
    if member_id and any(line.member_id == member_id for line in others):
        flaws.append(Flaw("name", "serves_already"))
    return flaws


def _store(session: GatedSession, draft: MemberDraft) -> Member:
    row = Member(
        name=draft.name,
        name_fold=fold(draft.name),
        name_sort=name_key(draft.name),
        birth_year=draft.birth_year,
        sex=draft.sex,
        phone=draft.phone,
        note=draft.note,
    )
    session.add(row)
    session.flush()
    return row


def _join(session: GatedSession, team_id: int, member_id: int, service: ServiceDraft) -> Membership:
    row = Membership(
        team_id=team_id,
        member_id=member_id,
        role=service.role,
        component=service.component,
        joined=service.joined,
        decision=nfc(service.decision),
    )
    session.add(row)
    session.flush()
    return row
