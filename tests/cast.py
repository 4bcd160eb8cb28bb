"""The people of the tests. Each sees as much as the real one would.

An, member in village 1 · Binh, her team leader · Chi, official of that commune · Dung, official of the next commune
(must see nothing) · Em, approver · Giang, reviewer of the area (figures, no names) · Hai, administrator · Khoa, auditor.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from tdteam.domain.roles import Role
from tdteam.store.tables import Account, Member, Place
from tests.world import Hamlet, World


@dataclass
class Cast:
    """Accounts, and the places they stand in."""

    commune: Place
    next_commune: Place
    village: Hamlet
    sibling: Hamlet
    next_village: Hamlet
    area: Place
    an_member: Member
    binh_member: Member
    an: Account
    binh: Account
    chi: Account
    dung: Account
    em: Account
    giang: Account
    hai: Account
    khoa: Account

    @property
    def everybody(self) -> list[Account]:
        return [self.an, self.binh, self.chi, self.dung, self.em, self.giang, self.hai, self.khoa]

    def moved(self, world: World) -> Cast:
        """The same people in another world; see `World.moved`."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return Cast(
            **{n: row.moved(world) if isinstance(row, Hamlet) else world.same(row) for n, row in own.items()}
        )


def make_cast(world: World) -> Cast:
    """Two communes, three villages, an area of the first two villages, eight accounts."""
    commune, other = world.commune("Xã Xuân Quang", "02926"), world.commune("Xã Bảo Thắng", "02905")
    first, second = world.village("Hốc Đá", commune), world.village("Nậm Dù", commune)
    far = world.village("Tả Hà 2", other)
    area = world.area("Bảo Thắng (cũ)", first, second)
    an_member = first.member("Bàn Thị An")
    binh_member = first.member("Chảo Văn Bình", role="leader")
    far.member("Lù Thị Xa")
    return Cast(
        commune=commune,
        next_commune=other,
        village=first,
        sibling=second,
        next_village=far,
        area=area,
        an_member=an_member,
        binh_member=binh_member,
        an=world.account("an", Role.MEMBER, first.place, name="Bàn Thị An", member_id=an_member.id),
        binh=world.account("binh", Role.LEADER, first.place, name="Chảo Văn Bình", member_id=binh_member.id),
        chi=world.account("chi", Role.OFFICIAL, commune, name="Trần Thị Chi"),
        dung=world.account("dung", Role.OFFICIAL, other, name="Lê Tiến Dũng"),
        em=world.account("em", Role.APPROVER, commune, name="Đỗ Văn Em"),
        giang=world.account("giang", Role.REVIEWER, area, name="Phạm Hương Giang"),
        hai=world.account("hai", Role.ADMIN, world.province, name="Vũ Đức Hải"),
        khoa=world.account("khoa", Role.AUDITOR, world.province, name="Ngô Đăng Khoa"),
    )
