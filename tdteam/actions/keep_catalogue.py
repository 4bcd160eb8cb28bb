"""Keeps the catalogue: kinds of help, causes, procedures, indicators. Nothing is ever deleted, only retired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from tdteam.domain.catalogue import Cause, Kind, Procedure, judge_code, judge_kind
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.indicators import Indicator, judge_indicator
from tdteam.domain.roles import Actor
from tdteam.domain.vocabulary import Source
from tdteam.store import audit, catalogue, indicators
from tdteam.store.gate import GatedSession

Entry = TypeVar("Entry", Kind, Cause, Procedure, Indicator)
HIGHEST = 99_999
LONGEST = 200


def keep_kind(session: GatedSession, kind: Kind, sort: int | None, actor: Actor, *, is_new: bool) -> None:
    """Add or change a kind of help. Raises Refused; "granted level 2" is no kind of help: only the police grant."""
    known = catalogue.read_catalogue(session).kinds
    kind = replace(
        kind, outcomes={code: words.strip() for code, words in kind.outcomes.items() if words.strip()}
    )
    _keep(session, "assist_kind", known, kind, sort, catalogue.save_kind, judge_kind(kind), is_new)


def keep_cause(session: GatedSession, cause: Cause, sort: int | None, actor: Actor, *, is_new: bool) -> None:
    """Add or change a cause. Raises Refused."""
    known = catalogue.read_catalogue(session).causes
    _keep(session, "cause", known, cause, sort, catalogue.save_cause, [], is_new)


def keep_procedure(
    session: GatedSession, procedure: Procedure, sort: int | None, actor: Actor, *, is_new: bool
) -> None:
    """Add or change a procedure. Raises Refused."""
    known = catalogue.read_catalogue(session).procedures
    _keep(session, "procedure", known, procedure, sort, catalogue.save_procedure, [], is_new)


def keep_indicator(
    session: GatedSession, indicator: Indicator, sort: int | None, actor: Actor, *, is_new: bool
) -> None:
    """Add a declared indicator, or change any. What a counted one counts stays as it is, and so does what a declared
    one is (its unit and nature): figures under its name would change their meaning. A counted one is hidden from report
    and board, never retired: pages stand on it. Raises Refused."""
    known = {one.code: one for one in indicators.list_indicators(session, active=False)}
    before = known.get(indicator.code)
    if not is_new and before:
        indicator = replace(
            indicator,
            source=before.source,
            nature=before.nature,
            unit=before.unit,
            part=before.part,
            whole=before.whole,
        )
        if before.source is Source.COUNTED:
            indicator = replace(indicator, is_places=before.is_places, beside=before.beside, is_active=True)
    flaws = judge_indicator(indicator)
    if indicator.beside and (indicator.beside == indicator.code or _is_declared(known, indicator.beside)):
        flaws.append(Flaw("beside", "indicator_unknown"))
    _keep(session, "indicator", known, indicator, sort, catalogue.save_indicator, flaws, is_new)


def _is_declared(known: Mapping[str, Indicator], code: str) -> bool:
    return code not in known or known[code].source is Source.DECLARED


def _keep(
    session: GatedSession,
    noun: str,
    known: Mapping[str, Entry],
    entry: Entry,
    sort: int | None,
    save: Callable[..., None],
    flaws: list[Flaw],
    is_new: bool,
) -> None:
    before = known.get(entry.code)
    if before is None and not is_new:
        raise NotFound
    found = list(flaws)
    found += [flaw for flaw in judge_code(entry.code) if flaw not in found]
    if is_new and before is not None:
        found.append(Flaw("code", "code_taken"))
    found += [
        Flaw(f.name, "text_long", {"most": LONGEST})
        for f in fields(entry)
        if _is_long(getattr(entry, f.name))
    ]
    if not entry.name.strip() and not any(flaw.field == "name" for flaw in found):
        found.append(Flaw("name", "required"))
    if sort is not None and not 0 <= sort <= HIGHEST:
        found.append(Flaw("sort", "number_range", {"low": 0, "high": HIGHEST}))
    if found:
        raise Refused(found)
    changed = _changed(before, entry)
    save(session, entry, sort=sort)
    if before is None:
        audit.append(session, "create", noun, entry.code)
    else:
        action = "change"
        if before.is_active != entry.is_active:
            action = "reinstate" if entry.is_active else "retire"
        audit.append(session, action, noun, entry.code, fields=changed)


def _is_long(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_is_long(words) for words in value.values())
    return isinstance(value, str) and len(value) > LONGEST


def _changed(before: Any, after: Any) -> list[str]:
    if before is None:
        return []
    return [f.name for f in fields(after) if getattr(before, f.name) != getattr(after, f.name)]
