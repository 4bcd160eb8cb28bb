"""The words of people's vocabularies: roles, components, channels, kinds of household, reasons, consent.

`word_of("component", "teacher")` in templates; `choices_of("component")` in forms. Message ids stand here alone.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext

from tdteam.domain.households import EndWhy
from tdteam.domain.people import Channel, Component, ConsentMethod, MemberRole, Poverty, Sex, SubjectKind
from tdteam.domain.residents import ResidentEnd
from tdteam.web.forms.fields import options
from tdteam.web.states import N_

WORDS: dict[str, dict[str, str]] = {
    "role": {
        MemberRole.LEADER: N_("Leader"),
        MemberRole.DEPUTY: N_("Deputy leader"),
        MemberRole.MEMBER: N_("Member"),
    },
    "component": {
        Component.VILLAGE_HEAD: N_("Head of the village"),
        Component.PARTY_SECRETARY: N_("Secretary of the party cell"),
        Component.YOUTH_SECRETARY: N_("Secretary of the youth union branch"),
        Component.YOUTH_UNION: N_("Youth union"),
        Component.WOMEN_UNION: N_("Women's union"),
        Component.FARMERS_UNION: N_("Farmers' union"),
        Component.VETERANS: N_("Veterans' association"),
        Component.ELDERS: N_("Association of the elderly"),
        Component.FRONT: N_("Fatherland Front"),
        Component.TEACHER: N_("Teacher"),
        Component.HEALTH_WORKER: N_("Village health worker"),
        Component.POLICE: N_("Police, grassroots security force"),
        Component.COMMUNE_OFFICER: N_("Commune officer"),
        Component.TELECOM: N_("Post and telecom staff"),
        Component.OTHER: N_("Other"),
    },
    "sex": {Sex.FEMALE: N_("Female"), Sex.MALE: N_("Male")},
    "channel": {
        Channel.APP: N_("With this tool"),
        Channel.PAPER: N_("On paper"),
        Channel.ZALO: N_("By Zalo"),
    },
    "subject": {
        SubjectKind.HOUSEHOLD: N_("Family household"),
        SubjectKind.BUSINESS: N_("Household business"),
        SubjectKind.COOPERATIVE: N_("Cooperative"),
    },
    "poverty": {
        Poverty.NONE: N_("Not poor"),
        Poverty.NEAR_POOR: N_("Near-poor household"),
        Poverty.POOR: N_("Poor household"),
    },
    "consent": {"yes": N_("Agrees"), "no": N_("Does not agree")},
    "method": {
        ConsentMethod.SPOKEN: N_("Said to a member, face to face"),
        ConsentMethod.SIGNED: N_("Signed on paper"),
    },
    "household_end": {
        EndWhy.MOVED: N_("The household moved away"),
        EndWhy.DISSOLVED: N_("No longer a household of its own"),
        EndWhy.TWIN: N_("Written down twice"),
    },
    "resident_end": {
        ResidentEnd.MOVED: N_("This person moved away"),
        ResidentEnd.DIED: N_("Passed away"),
        ResidentEnd.TWIN: N_("Written down twice"),
    },
}


def word_of(noun: str, code: object) -> str:
    """A code's word in the language of the page; the code itself where it is not known."""
    word = WORDS[noun].get(str(code))
    return str(gettext(word)) if word else str(code or "")


def choices_of(noun: str, blank: str | None = None) -> list[Any]:
    """Choices of a vocabulary, translated when shown; `blank` is the message id of a first, empty choice."""
    words = [(code, lazy_gettext(word)) for code, word in WORDS[noun].items()]
    return options(words, lazy_gettext(blank) if blank else None)
