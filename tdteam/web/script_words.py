"""The sentences that scripts say, found in their source: `t("Saved on this phone")`, `N_("Saved")` for a sentence chosen
later, and t(`place:${code}`) for the whole family `place:` of the catalogue. Scripts hold no Vietnamese."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SAID = re.compile(r"""\b(?:t|N_)\(\s*"((?:[^"\\\n]|\\.)*)\"""")
_FAMILY = re.compile(r"\b(?:t|N_)\(\s*`([^`$]+)\$\{")


@dataclass(frozen=True)
class Said:
    """What scripts ask for: message ids, and the starts of those put together at run time."""

    ids: frozenset[str]
    families: frozenset[str]

    def of(self, catalogue: Iterable[str]) -> list[str]:
        """The message ids of a catalogue these scripts may ask for, sorted."""
        known = set(catalogue)
        whole = {msgid for msgid in known if msgid.startswith(tuple(self.families))}
        return sorted(whole | (self.ids & known))


def said_by(sources: Iterable[str]) -> Said:
    """What some scripts say. A sentence in single quotes or put together otherwise is not found: write it in double
    quotes."""
    ids: set[str] = set()
    families: set[str] = set()
    for source in sources:
        ids |= {json.loads(f'"{found}"') for found in _SAID.findall(source)}
        families |= set(_FAMILY.findall(source))
    return Said(frozenset(ids), frozenset(families))
