"""The whole policy on one screen: endpoint -> power. An endpoint missing from this table does not answer.

Scope (where an account may look) is another matter, kept by `store/gate.py`.
"""

from __future__ import annotations

from tdteam.domain.roles import Power as P

ACCESS: dict[str, P] = {
    # everybody
    "sign_in.form": P.PUBLIC,
    "sign_in.code": P.PUBLIC,
    "health.alive": P.PUBLIC,
    "health.ready": P.PUBLIC,
    "help.index": P.PUBLIC,
    "help.privacy": P.PUBLIC,
    # every account
    "home.index": P.SIGNED_IN,
    "sign_in.leave": P.SIGNED_IN,
    "accounts.mine": P.SIGNED_IN,
    "accounts.password": P.SIGNED_IN,
    "accounts.leave_everywhere": P.SIGNED_IN,
    "two_step.on": P.SIGNED_IN,
    "two_step.picture": P.SIGNED_IN,
    "two_step.off": P.SIGNED_IN,
    # accounts
    "accounts.index": P.KEEP_ACCOUNTS,
    "accounts.new": P.KEEP_ACCOUNTS,
    "accounts.show": P.KEEP_ACCOUNTS,
    "accounts.disable": P.KEEP_ACCOUNTS,
    "accounts.enable": P.KEEP_ACCOUNTS,
    "accounts.reset": P.KEEP_ACCOUNTS,
    "accounts.hand_over": P.KEEP_ACCOUNTS,
    # audit
    "audit.index": P.SEE_AUDIT,
    "audit.verify": P.SEE_AUDIT,
    # visits, gatherings, filings
    "visits.index": P.SEE_VISITS,
    "visits.show": P.SEE_VISITS,
    "visits.export_list": P.EXPORT,
    "visits.new": P.RECORD,
    "visits.correct": P.RECORD,
    "visits.void": P.RECORD,
    "gatherings.index": P.SEE_VISITS,
    "gatherings.show": P.SEE_VISITS,
    "gatherings.export_list": P.EXPORT,
    "gatherings.new": P.RECORD,
    "gatherings.correct": P.RECORD,
    "gatherings.void": P.RECORD,
    "filings.index": P.SEE_VISITS,
    "filings.show": P.SEE_VISITS,
    "filings.export_list": P.EXPORT,
    "filings.new": P.RECORD,
    "filings.change": P.RECORD,
    "filings.void": P.RECORD,
    # reports
    "reports.index": P.SEE_FIGURES,
    "reports.show": P.SEE_FIGURES,
    "reports.pdf": P.SEE_FIGURES,
    "reports.docx": P.SEE_FIGURES,
    "reports.xlsx": P.SEE_FIGURES,
    "reports.setting": P.WRITE_REPORT,
    # coverage
    "coverage.index": P.SEE_FIGURES,
    "coverage.export_list": P.EXPORT,
    # teams and members
    "teams.index": P.SEE_TEAMS,
    "teams.show": P.SEE_TEAMS,
    "teams.export_list": P.EXPORT,
    "teams.new": P.KEEP_TEAMS,
    "teams.edit": P.KEEP_TEAMS,
    "teams.end": P.KEEP_TEAMS,
    "teams.reopen": P.KEEP_TEAMS,
    "teams.amend": P.KEEP_TEAMS,
    "members.show": P.SEE_TEAMS,
    "members.new": P.KEEP_TEAMS,
    "members.edit": P.KEEP_TEAMS,
    "members.service": P.KEEP_TEAMS,
    "members.leave": P.KEEP_TEAMS,
    "members.stay": P.KEEP_TEAMS,
    "members.move": P.KEEP_TEAMS,
    "members.train": P.KEEP_TEAMS,
    "members.forget_training": P.KEEP_TEAMS,
    # households and residents (an export without SEE_NAMES holds no names)
    "households.index": P.SEE_HOUSEHOLDS,
    "households.show": P.SEE_HOUSEHOLDS,
    "households.export_list": P.EXPORT,
    "households.new": P.KEEP_HOUSEHOLDS,
    "households.edit": P.KEEP_HOUSEHOLDS,
    "households.consent": P.KEEP_HOUSEHOLDS,
    "households.end": P.KEEP_HOUSEHOLDS,
    "households.reopen": P.KEEP_HOUSEHOLDS,
    "residents.new": P.KEEP_HOUSEHOLDS,
    "residents.edit": P.KEEP_HOUSEHOLDS,
    "residents.end": P.KEEP_HOUSEHOLDS,
    "residents.reopen": P.KEEP_HOUSEHOLDS,
    # places, search
    "places.index": P.SEE_PLACES,
    "places.show": P.SEE_PLACES,
    "places.add_alias": P.KEEP_PLACES,
    "places.drop_alias": P.KEEP_PLACES,
    "search.index": P.SEE_TEAMS,
    # imports
    "imports.index": P.IMPORT,
    "imports.columns": P.IMPORT,
    "imports.show": P.IMPORT,
    "imports.confirm": P.IMPORT,
    "imports.undo": P.IMPORT,
}
