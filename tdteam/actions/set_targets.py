"""Sets what places are to reach in a year or a period, with one entry in the audit."""

from __future__ import annotations

from collections.abc import Mapping

from tdteam.domain.roles import Actor
from tdteam.store import audit, targets
from tdteam.store.gate import GatedSession


def set_targets(
    session: GatedSession, span: str, values: Mapping[targets.Key, int | None], actor: Actor
) -> list[targets.Key]:
    """Set (or with None take away) targets: hundredths of a percent, or counts; answers what changed. NotFound outside
    the scope."""
    changed = targets.write_targets(session, span, values)
    if changed:
        audit.append(session, "set", "target", span, targets=[f"{place}/{code}" for place, code in changed])
    return changed
