"""What a report's own words may take up: villages' proposals for section V, the causes met for section III."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tdteam.domain.report import Report
from tdteam.domain.report_blocks import CauseTable
from tdteam.reports import span_words
from tdteam.store.proposals import ProposalLine


def proposals_left(text: str, found: Sequence[ProposalLine]) -> list[str]:
    """What villages proposed and section V does not say yet, a line each."""
    said = " ".join(text.split())
    return [_proposed(line) for line in found if " ".join(line.row.text.split()) not in said]


def with_proposals(text: str, found: Sequence[ProposalLine]) -> str:
    """Section V with what is left of the villages' proposals under it. Again is the same as once."""
    return with_lines(text, proposals_left(text, found))


def causes_left(text: str, report: Report) -> list[str]:
    """The causes met in a report's span that section III does not name yet, the commonest first, a line each."""
    blocks = [block for annex in report.annexes for block in annex.blocks]
    causes = [line for block in blocks if isinstance(block, CauseTable) for line in block.lines]
    return [
        f"- {span_words.cause_line(line)}" for line in causes if (line.now or 0) > 0 and line.name not in text
    ]


def with_lines(text: str, lines: Iterable[str]) -> str:
    """A section with lines under it."""
    return "\n".join([*([text.rstrip()] if text.strip() else []), *lines])


def _proposed(line: ProposalLine) -> str:
    return f"- {line.village}: {' '.join(line.row.text.split())}"
