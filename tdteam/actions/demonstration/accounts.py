"""One account a role, with the password printed on the sign-in page. In demonstration mode only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tdteam.actions.demonstration.chance import told
from tdteam.actions.demonstration.villages import SHOWN_COMMUNE, Village
from tdteam.actions.keep_account import draw_stamp
from tdteam.actions.passwords import hash_password
from tdteam.domain.accounts import DEMO_PASSWORD
from tdteam.domain.roles import Role
from tdteam.store import accounts, demonstration
from tdteam.store.gate import GatedSession
from tdteam.store.places import commune_by_code

LEAST_HOUSEHOLDS = 10


@dataclass(frozen=True)
class Accounts:
    """The accounts made, as the rest of the demonstration needs them."""

    of_member: dict[int, int]  # member -> account
    leaders: dict[int, int]  # team -> its leader's account
    officials: dict[int, int]  # commune -> its official's account
    approvers: dict[int, str]  # commune -> the name of the one who approves, and signs
    admin: int


def shown_village(villages: Sequence[Village]) -> Village:
    """Where the demonstration's member and leader work: an active village of the shown commune."""
    fit = [v for v in villages if v.households >= LEAST_HOUSEHOLDS and len(v.ground.members) > 1]
    shown = [v for v in fit if v.ground.origin_code == SHOWN_COMMUNE and v.ground.leader]
    return (shown or fit or list(villages))[0]


def make_accounts(session: GatedSession, villages: Sequence[Village], area_id: int) -> Accounts:
    """Make the demonstration's accounts."""
    made = Accounts({}, {}, {}, {}, 0)
    admin = 0
    home = shown_village(villages)
    leader = home.ground.leader or home.ground.members[0]
    member = next(m for m in home.ground.members if m != leader)
    names = demonstration.member_names(session, (leader, member))
    province = demonstration.province_id(session)
    for line in told("office")["accounts"]:
        role = Role(line["role"])
        commune = commune_by_code(session, line["commune"]).id if "commune" in line else None
        person = {Role.LEADER: leader, Role.MEMBER: member}.get(role)
        root = home.id if person else commune or (area_id if line.get("area") else province)
        row = accounts.add_account(
            session,
            username=line["username"],
            name=names[person] if person else line["name"],
            role=role,
            password_hash=hash_password(DEMO_PASSWORD),
            stamp=draw_stamp(),
            roots=[root],
            member_id=person,
            is_demo=True,
        )
        assert row.id is not None
        if person:
            made.of_member[person] = row.id
        if role is Role.LEADER:
            made.leaders[home.team_id] = row.id
        elif role is Role.OFFICIAL and commune:
            made.officials[commune] = row.id
        elif role is Role.APPROVER and commune:
            made.approvers[commune] = row.name
        elif role is Role.ADMIN:
            admin = row.id
    return Accounts(made.of_member, made.leaders, made.officials, made.approvers, admin)
