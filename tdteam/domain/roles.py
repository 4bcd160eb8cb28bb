"""Who may do what: roles hold powers, the access table (`web/access.py`) asks for one power an endpoint.

A power says what an account may do; its scope (`store/gate.py`) says where. "Figures only, no names" is a power not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    MEMBER = "member"
    LEADER = "leader"
    OFFICIAL = "official"
    APPROVER = "approver"
    REVIEWER = "reviewer"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Power(StrEnum):
    """`PUBLIC` and `SIGNED_IN` are held by everybody and by every account; the rest are handed out below."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    SEE_NAMES = "see_names"  # residents' and households' names and phones
    SEE_VISITS = "see_visits"
    RECORD = "record"  # visits, gatherings, filings
    SEE_HOUSEHOLDS = "see_households"
    KEEP_HOUSEHOLDS = "keep_households"
    SEE_TEAMS = "see_teams"
    KEEP_TEAMS = "keep_teams"
    SEE_FIGURES = "see_figures"  # coverage, reports
    CONFIRM = "confirm"  # a team's period
    DECLARE = "declare"  # figures a team or an agency sent otherwise
    WRITE_REPORT = "write_report"
    APPROVE_REPORT = "approve_report"
    HANDLE_REPORT = "handle_report"  # some step of a report's life; which one, `domain/report_life` says
    REVIEW_REPORT = "review_report"
    IMPORT = "import"
    EXPORT = "export"
    SEE_PLACES = "see_places"
    KEEP_PLACES = "keep_places"
    KEEP_CATALOGUE = "keep_catalogue"
    KEEP_TARGETS = "keep_targets"
    KEEP_EVIDENCE = "keep_evidence"  # the register of evidence documents
    KEEP_MODELS = "keep_models"  # model villages, what a village has, sponsoring agencies
    HANDLE_ATTENTION = "handle_attention"  # say that something on the attention list was dealt with
    SPOT_CHECK = "spot_check"  # draw samples of visits, say what was found, dismiss findings about the data
    KEEP_ACCOUNTS = "keep_accounts"
    SEE_AUDIT = "see_audit"
    SEE_PLANS = "see_plans"  # the outreach calendar, villages' proposals
    DECIDE = "decide"  # on what phones sent, what villages propose, what is planned for them


_P = Power
_FIELD = {
    _P.SEE_NAMES,
    _P.SEE_VISITS,
    _P.RECORD,
    _P.SEE_HOUSEHOLDS,
    _P.KEEP_HOUSEHOLDS,
    _P.SEE_TEAMS,
    _P.SEE_PLANS,
}
_DESK = {_P.SEE_TEAMS, _P.SEE_VISITS, _P.SEE_FIGURES, _P.SEE_PLACES, _P.EXPORT}
_WATCH = {_P.KEEP_TARGETS, _P.KEEP_EVIDENCE, _P.KEEP_MODELS, _P.HANDLE_ATTENTION, _P.SPOT_CHECK}

POWERS: dict[Role, frozenset[Power]] = {
    Role.MEMBER: frozenset(_FIELD),
    Role.LEADER: frozenset(_FIELD | {_P.SEE_FIGURES, _P.CONFIRM}),
    Role.OFFICIAL: frozenset(
        _FIELD
        | _DESK
        | _WATCH
        | {_P.KEEP_TEAMS, _P.CONFIRM, _P.DECLARE, _P.WRITE_REPORT, _P.HANDLE_REPORT, _P.IMPORT, _P.DECIDE},
    ),
    Role.APPROVER: frozenset(
        _DESK | {_P.SEE_NAMES, _P.SEE_HOUSEHOLDS, _P.SEE_PLANS, _P.APPROVE_REPORT, _P.HANDLE_REPORT}
    ),
    Role.REVIEWER: frozenset(_DESK | _WATCH | {_P.REVIEW_REPORT}),
    Role.ADMIN: frozenset(
        {
            _P.SEE_TEAMS,
            _P.SEE_FIGURES,
            _P.SEE_PLACES,
            _P.KEEP_PLACES,
            _P.KEEP_CATALOGUE,
            _P.KEEP_TARGETS,
            _P.KEEP_MODELS,
            _P.KEEP_ACCOUNTS,
            _P.SEE_AUDIT,
            _P.IMPORT,
            _P.EXPORT,
        },
    ),
    Role.AUDITOR: frozenset({_P.SEE_AUDIT, _P.SEE_FIGURES, _P.SEE_PLACES}),
}

_ROLES = frozenset(Role)


def holds(role: str, power: Power) -> bool:
    """Whether an account of `role` holds `power`; an unknown role holds nothing but PUBLIC."""
    if power is Power.PUBLIC:
        return True
    if role not in _ROLES:
        return False
    return power is Power.SIGNED_IN or power in POWERS[Role(role)]


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, or the command line (`account_id` None)."""

    account_id: int | None
    name: str
    role: str

    def holds(self, power: Power) -> bool:
        return holds(self.role, power)


SYSTEM = Actor(None, "system", Role.ADMIN)
