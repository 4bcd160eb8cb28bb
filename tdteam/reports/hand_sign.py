"""Room for a signature by hand on a paper without a seal."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.reports import decree30 as decree
from tdteam.reports.flow import fill, sheet_of
from tdteam.reports.fonts import BOLD, ITALIC
from tdteam.reports.letterhead import Block

HAND_ROOM = 17 * decree.MM


class HandSign(Block):
    """Room for one signature by hand at the right, without a seal; a remark beside it at the left."""

    before = 8.0

    def __init__(self, signer: Sequence[str], name: str, remark: str) -> None:
        super().__init__()
        right, size = decree.SIGN_LEFT + decree.SIGN_RIGHT / 2, 13.0
        y = self.stack(signer, right, 0, BOLD, size) + HAND_ROOM
        self.height = self.stack(fill(name, BOLD, size, decree.SIGN_RIGHT)[:2], right, y, BOLD, size)
        self.remark = fill(remark, ITALIC, 10, decree.SIGN_LEFT - 12)[:6]
        self.height = max(self.height, len(self.remark) * 12.5, y + size)

    def draw(self) -> None:
        super().draw()
        lines = [(0.0, self.height - 10 - 12.5 * place, line, 0.0) for place, line in enumerate(self.remark)]
        sheet_of(self).write(ITALIC, 10, lines)
