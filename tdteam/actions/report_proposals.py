"""Villages' proposals that the commune took up, as lines of section V of its report."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.store.proposals import ProposalLine


def proposals_left(text: str, found: Sequence[ProposalLine]) -> list[str]:
    """What villages proposed and section V does not say yet, a line each."""
    said = " ".join(text.split())
    return [_proposed(line) for line in found if " ".join(line.row.text.split()) not in said]


def with_proposals(text: str, found: Sequence[ProposalLine]) -> str:
    """Section V with what is left of the villages' proposals under it. Again is the same as once."""
    return "\n".join([*([text.rstrip()] if text.strip() else []), *proposals_left(text, found)])


def _proposed(line: ProposalLine) -> str:
    return f"- {line.village}: {' '.join(line.row.text.split())}"
