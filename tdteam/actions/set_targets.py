"""Sets what places are to reach in a year, with one entry in the audit."""

from __future__ import annotations

from collections.abc import Mapping

from tdteam.domain.roles import Actor
from tdteam.store import audit, targets
from tdteam.store.gate import GatedSession


def set_targets(
    session: GatedSession, year: int, values: Mapping[targets.Key, int | None], actor: Actor
) -> list[targets.Key]:
    """Set (or with None take away) targets in hundredths of a percent; answers what changed. NotFound outside the scope."""
    changed = targets.write_targets(session, str(year), values)
    if changed:
        audit.append(session, "set", "target", year, targets=[f"{place}/{code}" for place, code in changed])
    return changed
