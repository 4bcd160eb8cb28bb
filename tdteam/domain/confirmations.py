"""A team's word on its period: the figures stand, or there was nothing to report (zero)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tdteam.domain.errors import Flaw
from tdteam.domain.privacy import judge_text
from tdteam.domain.wire import Reader

KINDS = ("figures", "zero")
MOST_FIGURES = 60
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class ConfirmationDraft:
    """As it came from a phone. `figures`: measures and numbers as the team saw them."""

    id: str | None = None
    team_id: int | None = None
    village_id: int | None = None
    period: str | None = None
    kind: str | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    note: str = ""


def confirmation_from_json(
    body: object, record_id: str | None = None
) -> tuple[ConfirmationDraft, list[Flaw]]:
    """A confirmation's draft and what is wrong with its shape."""
    reader = Reader(body)
    figures = reader.body.get("figures") or {}
    if not _are_figures(figures):
        reader.flaws.append(Flaw("figures", "shape"))
        figures = {}
    draft = ConfirmationDraft(
        id=reader.id("id") or record_id,
        team_id=reader.integer("team_id"),
        village_id=reader.integer("village_id"),
        period=reader.word("period"),
        kind=reader.word("kind"),
        figures=figures,
        note=reader.text("note"),
    )
    return draft, reader.flaws


def _are_figures(figures: object) -> bool:
    if not isinstance(figures, dict) or len(figures) > MOST_FIGURES:
        return False
    return all(
        len(name) <= 60 and isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
        for name, value in figures.items()
    )


def judge_confirmation(draft: ConfirmationDraft) -> list[Flaw]:
    """What is wrong with a confirmation."""
    flaws = [Flaw(name, "required") for name in ("team_id", "period") if not getattr(draft, name)]
    if draft.kind not in KINDS:
        flaws.append(Flaw("kind", "choice_unknown"))
    return flaws + judge_text("note", draft.note)
