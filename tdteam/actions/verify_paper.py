"""What a code printed on a paper proves: that it was sealed here, by which figures, whether it still stands.

A code alone proves nothing of the figures beside it on the paper: whoever holds it compares them with those kept here.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tdteam.domain.paper_words import PaperWords, words_from
from tdteam.domain.snapshots import Snapshot
from tdteam.store import places, proofs
from tdteam.store.gate import GatedSession
from tdteam.store.proofs import Fault, FileMark
from tdteam.store.tables import Sealing

CODE_LIMIT = 32
_BLANK = {"Zs", "Zl", "Zp", "Pd", "Pc", "Cc", "Cf"}  # blanks, dashes, low lines, what cannot be seen


class Verdict(StrEnum):
    RIGHT = "right"  # the code is good; the figures are still to be compared
    REPLACED = "replaced"  # a later report stands, or the figures were opened again
    BROKEN = "broken"  # what is stored no longer agrees with its seal


@dataclass(frozen=True)
class Newer:
    """The issued paper that stands instead."""

    code: str
    number: str = ""
    symbol: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class Checked:
    """A paper looked up. Figures (`snapshot`) and words are there only where nothing is broken; `words` once issued."""

    verdict: Verdict
    code: str
    place_name: str
    version: int
    sealed_at: datetime
    sha256: str
    audit_head: str
    faults: tuple[Fault, ...] = ()
    snapshot: Snapshot | None = None
    words: PaperWords | None = None
    newer: Newer | None = None
    files: tuple[FileMark, ...] = ()

    @property
    def is_issued(self) -> bool:
        return self.words is not None


def plain_code(typed: str) -> str | None:
    """A code as it is kept, from how somebody typed or pasted it (capitals, blanks, dashes, the whole address); None for
    what can be none."""
    letters = unicodedata.normalize("NFKC", typed.strip().rstrip("/").rpartition("/")[2]).lower()
    code = "".join(letter for letter in letters if unicodedata.category(letter) not in _BLANK)
    return code if 0 < len(code) <= CODE_LIMIT and code.isascii() and code.isalnum() else None


def check_paper(session: GatedSession, code: str) -> Checked | None:
    """What is known of a paper by its code; None where no seal has it. `session` reaches everywhere, and only reads."""
    row = proofs.find_seal(session, code)
    if row is None:
        return None
    snapshot, faults = proofs.read_seal(session, row)
    issued = proofs.read_paper(session, row, "pdf")
    words, wrong = issued or (None, [])
    faults += wrong
    if faults or snapshot is None:
        return Checked(
            Verdict.BROKEN,
            row.code,
            places.get_place(session, row.commune_id).name,
            row.version,
            row.sealed_at,
            row.sha256,
            row.audit_head,
            tuple(dict.fromkeys(faults)),
        )
    return Checked(
        Verdict.REPLACED if row.ended else Verdict.RIGHT,
        row.code,
        snapshot.place_name,
        row.version,
        row.sealed_at,
        row.sha256,
        row.audit_head,
        snapshot=snapshot,
        words=words,
        newer=_newer(session, row) if row.ended else None,
        files=tuple(proofs.list_files(session, row.id or 0)) if issued else (),
    )


def _newer(session: GatedSession, row: Sealing) -> Newer | None:
    found = proofs.newest_issued(session, row)
    if found is None:
        return None
    later, text = found
    try:
        words = words_from(text)
    except proofs.UNREADABLE:
        return Newer(later.code)  # its own page says what is wrong
    symbol = words.settings.symbol if words.settings.numbered else ""
    return Newer(later.code, words.number, symbol, words.dated)
