"""A correction of form: a letter that says which words of an issued paper were printed wrongly. It changes no figures;
those are corrected by a report that replaces the issued one (Decree 30/2020/ND-CP art. 18).
"""

from __future__ import annotations

from dataclasses import dataclass

from tdteam.domain.errors import Flaw
from tdteam.domain.report_settings import TEXT_LIMIT, PaperDate, PaperReference, PaperSettings
from tdteam.domain.report_spans import ReportSpan

CORRECTIONS_LIMIT = 30
WORDS_LIMIT = 2000  # of a printed or correct text


@dataclass(frozen=True)
class Correction:
    """What stands on the paper and what should; `where` is its place in the user's words, `page 2, section I`."""

    printed: str
    correct: str
    where: str = ""


@dataclass(frozen=True)
class CorrectionLetter:
    """The letter before it has words. `settings` dress it as they dress the reports, but for its own `symbol` (a letter
    has no kind in it: `UBND-VHXH`); `issued` is the paper that is corrected, `span` what that paper reports."""

    settings: PaperSettings
    symbol: str
    issued: PaperReference
    span: ReportSpan
    corrections: tuple[Correction, ...]
    why: str
    number: str = ""
    dated: PaperDate = PaperDate()  # noqa: RUF009 - frozen, without fields of its own


def judge_corrections(why: str, corrections: tuple[Correction, ...]) -> list[Flaw]:
    """What the letter cannot go out with. Codes: required, too_long, too_many."""
    flaws = [] if why.strip() else [Flaw("why", "required")]
    if len(why) > TEXT_LIMIT:
        flaws.append(Flaw("why", "too_long", {"limit": TEXT_LIMIT}))
    if not corrections:
        flaws.append(Flaw("corrections", "required"))
    if len(corrections) > CORRECTIONS_LIMIT:
        flaws.append(Flaw("corrections", "too_many", {"limit": CORRECTIONS_LIMIT}))
    for place, one in enumerate(corrections):
        limits = {"printed": WORDS_LIMIT, "correct": WORDS_LIMIT, "where": TEXT_LIMIT}
        for name, limit in limits.items():
            text = getattr(one, name)
            if not text.strip() and name != "where":
                flaws.append(Flaw(f"corrections.{place}.{name}", "required"))
            if len(text) > limit:
                flaws.append(Flaw(f"corrections.{place}.{name}", "too_long", {"limit": limit}))
    return flaws
