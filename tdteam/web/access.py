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
}
