"""The teams and members of the demonstration: the district's own workbook, imported as an official would."""

from __future__ import annotations

from tdteam.actions.check_roster import check_roster
from tdteam.actions.demonstration.chance import DATA
from tdteam.actions.import_roster import apply_roster
from tdteam.store.gate import GatedSession

WORKBOOK = DATA / "to-cong-nghe-so-bao-thang.xlsx"


def load_teams(session: GatedSession) -> dict[str, int]:
    """Import the workbook; the counts of the import."""
    return apply_roster(session, check_roster(session, WORKBOOK.read_bytes(), WORKBOOK.name))
