"""Teams: the list with its filters, the villages each serves, finding one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, exists, func, or_, tuple_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.people import MemberRole, Sex
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.vietnamese import fold
from tdteam.store import members
from tdteam.store.gate import GatedSession
from tdteam.store.organisation import serving, teams_inside
from tdteam.store.paging import Page, contains, cut, nearness
from tdteam.store.places import holds_on
from tdteam.store.tables import Member, Membership, Place, PlaceAncestor, Team, TeamVillage


@dataclass(frozen=True)
class Village:
    """A village a team serves, with its commune of today."""

    id: int
    label: str
    commune: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TeamLine:
    """A team in a list. `women` is None where no sex was written down, `leader_phone` where names are hidden."""

    id: int
    name: str
    villages: tuple[Village, ...]
    leader: str
    leader_phone: str | None
    members: int
    women: int | None
    trained: int
    channel: str
    decision_number: str
    decision_date: date | None
    since: date
    until: date | None

    @property
    def commune(self) -> str:
        """The communes its villages stand in, in words."""
        return ", ".join(dict.fromkeys(village.commune for village in self.villages))


def _where(
    *, commune_id: int | None, village_id: int | None, q: str, active: str, channel: str, day: date
) -> list[Any]:
    where: list[Any] = []
    if commune_id is not None:
        where.append(col(Team.id).in_(teams_inside(commune_id, day)))
    if village_id is not None:
        where.append(col(Team.id).in_(teams_inside(village_id, day)))
    if channel:
        where.append(Team.channel == channel)
    if active == "yes":
        where.append(holds_on(Team, day))
    elif active == "no":
        where.append(col(Team.until) <= day)
    folded = fold(q)
    if folded:
        where.append(
            or_(
                contains(col(Team.name_fold), folded),
                col(Team.decision_number).contains(q.strip(), autoescape=True),
                exists()
                .where(col(TeamVillage.team_id) == Team.id, col(Place.id) == TeamVillage.village_id)
                .where(contains(col(Place.name_fold), folded)),
                exists()
                .where(
                    col(Membership.team_id) == Team.id, col(Member.id) == Membership.member_id, serving(day)
                )
                .where(contains(col(Member.name_fold), folded)),
            )
        )
    return where


def list_teams(
    session: GatedSession,
    *,
    commune_id: int | None = None,
    village_id: int | None = None,
    q: str = "",
    active: str = "yes",
    channel: str = "",
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> Page[TeamLine]:
    """Teams in Vietnamese order of their names. `active`: yes (today), no (ended), or all. `q` looks in the names of
    teams, villages and serving members and in decision numbers. Cursors are ids."""
    day = today()
    query = select(Team).where(
        *_where(commune_id=commune_id, village_id=village_id, q=q, active=active, channel=channel, day=day)
    )
    start = _place_of(session, before or after)
    place = tuple_(col(Team.name_sort), col(Team.id))
    is_back = before is not None and start is not None
    if start is not None:
        query = query.where(place < start if is_back else place > start)
    order = (
        (col(Team.name_sort).desc(), col(Team.id).desc()) if is_back else (col(Team.name_sort), col(Team.id))
    )
    found = session.exec(query.order_by(*order).limit(size + 1)).all()
    page = cut(found, size, lambda team: team.id, is_back=is_back, is_first=start is None)
    return Page(lines_of(session, page.rows, day), page.before, page.after)


def _place_of(session: GatedSession, cursor: str | None) -> Any:
    """Where a cursor stands in the order; None where it names no team of the scope."""
    if not cursor or not cursor.isdecimal() or len(cursor) > 9:
        return None
    row = session.exec(select(Team.name_sort, Team.id).where(Team.id == int(cursor))).first()
    return tuple_(*row) if row else None


def count_teams(session: GatedSession, **filters: Any) -> int:
    """How many teams a filter finds (the filters of `list_teams`)."""
    wanted: dict[str, Any] = {"commune_id": None, "village_id": None, "q": "", "active": "yes", "channel": ""}
    where = _where(**(wanted | filters), day=today())
    return int(session.exec(select(func.count()).select_from(Team).where(*where)).one())


def lines_of(session: GatedSession, teams: Sequence[Team], day: date) -> list[TeamLine]:
    """Lines of some teams, with what stands around them on a day."""
    ids = [team.id or 0 for team in teams]
    villages = villages_of(session, ids)
    services: dict[int, list[members.ServiceLine]] = defaultdict(list)
    for line in members.list_services(session, team_ids=ids, on=day):
        services[line.team_id].append(line)
    return [_line(team, villages.get(team.id or 0, []), services[team.id or 0]) for team in teams]


def _line(team: Team, villages: Sequence[Village], own: Sequence[members.ServiceLine]) -> TeamLine:
    leader = next((line for line in own if line.role == MemberRole.LEADER), None)
    return TeamLine(
        id=team.id or 0,
        name=team.name,
        villages=tuple(village for village in villages if village.until is None or team.until is not None),
        leader=leader.name if leader else "",
        leader_phone=leader.phone if leader else None,
        members=len(own),
        women=sum(line.sex == Sex.FEMALE for line in own) if any(line.sex for line in own) else None,
        trained=sum(line.trained for line in own),
        channel=team.channel,
        decision_number=team.decision_number,
        decision_date=team.decision_date,
        since=team.since,
        until=team.until,
    )


def villages_of(session: GatedSession, team_ids: Iterable[int]) -> dict[int, list[Village]]:
    """The villages of each team, those served now first, each with the commune it stands in today."""
    day = today()
    commune = Place.__table__.alias("commune")  # type: ignore[attr-defined]
    query = (
        select(
            TeamVillage.team_id, Place.id, Place.label, commune.c.name, TeamVillage.since, TeamVillage.until
        )
        .join(Place, col(Place.id) == TeamVillage.village_id)
        .join(PlaceAncestor, col(PlaceAncestor.place_id) == Place.id)
        .join(commune, commune.c.id == PlaceAncestor.ancestor_id)
        .where(
            col(TeamVillage.team_id).in_(list(team_ids)),
            commune.c.level == Level.COMMUNE,
            commune.c.until.is_(None) | (commune.c.until > day),
            holds_on(PlaceAncestor, day),
        )
        .order_by(
            case((col(TeamVillage.until).is_(None), 0), else_=1),
            Place.name_sort,
            Place.label,
            TeamVillage.since,
        )
    )
    out: dict[int, list[Village]] = defaultdict(list)
    for team_id, village_id, label, name, since, until in session.exec(query):
        out[team_id].append(Village(village_id, label, name, since, until))
    return out


def get_team(session: GatedSession, team_id: int) -> Team:
    """A team the scope reaches, or NotFound; held until the transaction ends where one writes."""
    query = select(Team).where(Team.id == team_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def edges_of(session: GatedSession, team_id: int) -> Sequence[TeamVillage]:
    """The villages a team serves or served, as rows to change."""
    query = select(TeamVillage).where(TeamVillage.team_id == team_id)
    return session.exec(query.order_by(col(TeamVillage.village_id), col(TeamVillage.since))).all()


def search_teams(session: GatedSession, q: str, limit: int = 10) -> list[TeamLine]:
    """Teams at work whose name, village or decision holds `q`, exact spellings first."""
    folded = fold(q)
    if not folded:
        return []
    exact = nearness(col(Team.name), col(Team.name_fold), q.strip(), folded)
    named = or_(
        contains(col(Team.name_fold), folded),
        col(Team.decision_number).contains(q.strip(), autoescape=True),
        exists()
        .where(col(TeamVillage.team_id) == Team.id, col(Place.id) == TeamVillage.village_id)
        .where(contains(col(Place.name_fold), folded)),
    )
    query = select(Team).where(holds_on(Team, today()), named)
    found = session.exec(query.order_by(exact, Team.name_sort, col(Team.id)).limit(limit)).all()
    return lines_of(session, found, today())


def find_namesake(
    session: GatedSession, name: str, village_ids: Iterable[int], *, but: int | None = None
) -> int | None:
    """A team at work of the same name (marks aside) that serves one of the villages."""
    day = today()
    query = (
        select(Team.id)
        .join(TeamVillage, col(TeamVillage.team_id) == Team.id)
        .where(
            Team.name_fold == fold(name),
            col(TeamVillage.village_id).in_(list(village_ids)),
            holds_on(TeamVillage, day),
            holds_on(Team, day),
        )
    )
    if but is not None:
        query = query.where(Team.id != but)
    return session.exec(query.limit(1)).first()


def every_team(session: GatedSession, **filters: Any) -> Iterator[TeamLine]:
    """All teams of a filter (that of `list_teams`) in order, read page by page: for exports."""
    after: str | None = None
    while True:
        page = list_teams(session, after=after, size=500, **filters)
        yield from page.rows
        after = page.after
        if after is None:
            return
