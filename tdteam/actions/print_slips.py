"""Printing slips: a new code for each member, its older unused ones withdrawn, the sheet drawn, all in one transaction.

The codes stand on the paper alone; the database keeps their hashes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tdteam.actions.draft_report import Paper
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.periods import local_day
from tdteam.domain.privacy import judge_text
from tdteam.domain.slips import CALL_LENGTH, GOOD_DAYS, MOST_AT_ONCE, Slip, SlipSheet, SlipWords
from tdteam.domain.vietnamese import nfc
from tdteam.reports.lists import ascii_filename
from tdteam.reports.slip_sheet import draw_slips_pdf
from tdteam.store import audit, settings, slips
from tdteam.store.gate import GatedSession
from tdteam.store.slip_choices import Candidate, Group, list_groups

_CALL = "slip_call"


def print_slips(
    session: GatedSession,
    wanted: Iterable[int],
    *,
    team_id: int | None,
    call: str,
    origin: str,
    words: SlipWords,
    roles: dict[str, str],
    demo: str = "",
) -> Paper:
    """The slips of some members who serve today (of one team, where given), in the order of teams. Raises Refused where
    nobody is chosen, or somebody who may have none; `demo` is the mark of the demonstration."""
    call, chosen = nfc(call), set(wanted)
    groups = list_groups(session, team_id=team_id, demo=bool(demo))
    found = list(_found(groups, chosen))
    flaws = judge_text("call", call, CALL_LENGTH) or ([] if call else [Flaw("call", "required")])
    if not found:
        flaws.append(Flaw("member_ids", "slips_nobody"))
    elif len(found) > MOST_AT_ONCE:
        flaws.append(Flaw("member_ids", "slips_many", {"most": MOST_AT_ONCE}))
    if flaws:
        raise Refused(flaws)
    now = datetime.now(UTC)
    codes = slips.make(session, [one.member_id for _, one in found], now)
    until = local_day(now + timedelta(days=GOOD_DAYS))
    drawn = tuple(
        Slip(
            name=one.name,
            role=roles.get(one.role, ""),
            team=group.team,
            villages=group.villages,
            address=f"{origin}/join/{codes[one.member_id]}",
            until=until,
        )
        for group, one in found
    )
    commune = ", ".join(dict.fromkeys(group.commune for group, _ in found))
    body = draw_slips_pdf(SlipSheet(commune, drawn, call, words, demo))
    settings.set_setting(session, _call_key(session), call)
    audit.append(session, "print", "slips", team_id or "", count=len(drawn), members=sorted(codes))
    name = f"phieu-vao-ung-dung-{groups[0].team if team_id else commune}-{local_day(now):%Y%m%d}"
    return Paper(body, ascii_filename(name, "pdf"))


def _found(groups: Iterable[Group], chosen: set[int]) -> Iterable[tuple[Group, Candidate]]:
    """The chosen who may have a slip, each once, under the first team they serve in."""
    left = set(chosen)
    for group in groups:
        for one in group.candidates:
            if one.member_id in left and one.barred is None:
                left.discard(one.member_id)
                yield group, one


def last_call(session: GatedSession) -> str:
    """Whom to call, as this account had it printed last; at first the account's own name."""
    return settings.find_setting(session, _call_key(session)) or session.scope.actor.name


def _call_key(session: GatedSession) -> str:
    return f"{_CALL}_{session.scope.actor.account_id}"
