"""The rule about sponsoring agencies in words: its name and what it asks."""

from __future__ import annotations

from flask_babel import gettext as _

from tdteam.domain.rule_limits import Standing
from tdteam.web.states import N_

NAMES = {"few_sponsors": N_("Commune with few sponsoring agencies")}
ASKS = {
    "few_sponsors": N_(
        "A commune that fewer than %(least)s agencies sponsor now is marked in the list of sponsors."
    )
}


def name_of(code: str) -> str:
    return str(_(NAMES[code]))


def asks(standing: Standing) -> str:
    """What a rule asks, with its threshold as it stands."""
    return str(_(ASKS[standing.rule.code], **standing.limits))
