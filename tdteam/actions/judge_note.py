"""Judges one record from a phone: our family of errors becomes a verdict, a fault of ours refuses the record and keeps it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from tdteam.actions.receive_kinds import HANDLERS
from tdteam.actions.receive_note import Note, Outcome
from tdteam.domain.errors import Conflict, Flaw, NotAllowed, NotFound, Refused, Unavailable
from tdteam.domain.sync import RecordKind, Verdict

_log = logging.getLogger(__name__)


def judge_note(note: Note) -> Outcome:
    """What becomes of one record, in a savepoint of its own. Raises Unavailable alone."""
    try:
        with note.session.begin_nested():
            return HANDLERS[RecordKind(note.record.kind)](note)
    except Refused as refused:
        return Outcome(Verdict.REFUSED, flaws=refused.flaws)
    except NotFound:
        return Outcome(Verdict.REFUSED, flaws=(Flaw("", "not_found"),))
    except NotAllowed:
        return Outcome(Verdict.REFUSED, flaws=(Flaw("", "not_allowed"),))
    except Conflict as clash:
        return Outcome(Verdict.CONFLICT, clash={"code": clash.code, **clash.params})
    except Unavailable:
        raise
    except Exception:
        _log.exception("a %s could not be judged", note.record.kind)
        return Outcome(Verdict.REFUSED, flaws=(Flaw("", "unexpected"),))


def flaws_kept(flaws: Iterable[Flaw]) -> list[dict[str, Any]]:
    """Flaws as the inbox keeps them."""
    return [{"field": flaw.field, "code": flaw.code, "params": _plain(flaw.params)} for flaw in flaws]


def flaws_of(kept: Iterable[dict[str, Any]]) -> tuple[Flaw, ...]:
    """The same, as flaws."""
    return tuple(Flaw(one["field"], one["code"], one.get("params") or {}) for one in kept)


def _plain(params: dict[str, object]) -> dict[str, object]:
    """A sentence's figures as JSON keeps them."""
    return {
        name: value if isinstance(value, int | str | None) else str(value) for name, value in params.items()
    }
