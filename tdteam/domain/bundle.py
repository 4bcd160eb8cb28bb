"""Indicators beside the documents that prove them: what each still lacks before it can be scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tdteam.domain.documents import Lack
from tdteam.domain.periods import Period
from tdteam.domain.report_settings import PaperSettings
from tdteam.domain.shares import Average, Share, Value


class Gap(StrEnum):
    """What an indicator lacks, the worst first."""

    FIGURE = "figure"  # nothing was counted or declared
    DOCUMENT = "document"  # no document proves it
    FILE = "file"  # documents, but none with a file
    CITED = "cited"  # documents, but none cited in full


@dataclass(frozen=True)
class Proof:
    """A document as it proves something. `file_name` is what it is called in a bundle, "" where it is not there;
    `is_closed`: there is a file, but this account may not open it."""

    id: int
    kind: str
    number: str
    dated: date | None
    issuer: str
    abstract: str
    place: str
    lacks: tuple[Lack, ...]
    file_kind: str = ""
    file_name: str = ""
    sha256: str = ""
    is_closed: bool = False


@dataclass(frozen=True)
class Proved:
    """An indicator of a place and span with its figure, target and documents. `source` is who declared a figure."""

    code: str
    name: str
    unit: str
    section: str
    value: Value
    source: str
    target: Decimal | None
    proofs: tuple[Proof, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What it lacks, the worst first; nothing when it can be scored."""
        out = [Gap.FIGURE] if is_unknown(self.value) else []
        if not self.proofs:
            return (*out, Gap.DOCUMENT)
        if all(Lack.FILE in proof.lacks for proof in self.proofs):
            out.append(Gap.FILE)
        cited = {Lack.NUMBER, Lack.DATED, Lack.ISSUER}
        if all(cited.intersection(proof.lacks) for proof in self.proofs):
            out.append(Gap.CITED)
        return tuple(out)


@dataclass(frozen=True)
class ProofSheet:
    """Everything the register says of a place and span. `is_year`: figures are those of the year so far."""

    settings: PaperSettings
    place: str
    period: Period
    is_year: bool
    until: date
    indicators: tuple[Proved, ...]
    untied: tuple[Proof, ...]

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """Every document once, in the order it first stands."""
        found = [*(proof for one in self.indicators for proof in one.proofs), *self.untied]
        return tuple({proof.id: proof for proof in found}.values())

    @property
    def missing(self) -> tuple[Proved, ...]:
        """The indicators that lack something."""
        return tuple(one for one in self.indicators if one.gaps)

    @property
    def since(self) -> date:
        """The first day the figures count."""
        return Period(self.period.year, 1, self.period.start_day).since if self.is_year else self.period.since


def is_unknown(value: Value) -> bool:
    """Whether nothing is known of a figure (0 is known)."""
    if isinstance(value, Share):
        return value.part is None
    if isinstance(value, Average):
        return value.total is None
    return value is None


def in_sections(lines: Sequence[Proved], sections: Sequence[str]) -> list[tuple[str, list[Proved]]]:
    """Indicators by section of the report, in its order."""
    found = [(section, [one for one in lines if one.section == section]) for section in sections]
    rest = [one for one in lines if one.section not in sections]
    return [(section, some) for section, some in [*found, ("", rest)] if some]
