"""How a commune's papers are dressed (Decree 30/2020/ND-CP): who issues, whom to, who signs, who gets a copy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.vietnamese import fold


class SignerForm(StrEnum):
    """Who signs and by what authority (Decree 30/2020 art. 13). `reports/wording` knows the lines of each."""

    CHAIR = "chair"  # TM. the committee / chairman
    VICE_CHAIR = "vice_chair"  # KT. the chairman / vice-chairman
    VICE_CHAIR_FULL = "vice_chair_full"  # TM. / KT. / vice-chairman, three lines
    OFFICE_HEAD = "office_head"
    OFFICE_DEPUTY = "office_deputy"  # KT. head of office / deputy
    TEAM_LEADER = "team_leader"  # no seal, no number
    OTHER = "other"  # the lines of `signer_lines`


@dataclass(frozen=True)
class PaperSettings:
    """One commune's choices. All texts are the commune's own; empty ones are left out of the paper.

    `issuing_lines` are printed in capitals under `superior_line`; `body_name` is the same body inside a sentence.
    `request` names the paper that asks for the report; `archive` is the drafting unit in "Luu: VT, ...".
    `signer_name` carries no academic rank or title (Decree 30/2020 art. 8 and annex I).
    """

    body_name: str
    issuing_lines: tuple[str, ...]
    place_name: str
    superior_line: str = ""
    symbol: str = "BC-UBND"
    numbered: bool = True
    commune_kind: str = ""
    village_word: str = ""
    addressees: tuple[str, ...] = ()
    request: str = ""
    signer_form: SignerForm = SignerForm.VICE_CHAIR
    signer_lines: tuple[str, ...] = ()
    signer_name: str = ""
    copies: tuple[str, ...] = ()
    archive: str = ""
    demo: bool = False


@dataclass(frozen=True)
class PaperDate:
    """The day of issue; a part left None is a blank for the clerk's pen or tool."""

    day: int | None = None
    month: int | None = None
    year: int | None = None

    @classmethod
    def of(cls, day: date | None) -> PaperDate:
        return cls(day.day, day.month, day.year) if day else cls()

    @property
    def whole(self) -> bool:
        return None not in (self.day, self.month, self.year)


@dataclass(frozen=True)
class PaperReference:
    """An issued paper that this one names: number, symbol, day."""

    number: str
    symbol: str
    dated: PaperDate


def settings_from(body: Mapping[str, object]) -> PaperSettings:
    """Settings from stored JSON; unknown keys of older or newer versions are passed over."""
    known = {field.name for field in fields(PaperSettings)}
    values: dict[str, object] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in body.items() if key in known
    }
    form = values.get("signer_form")
    if isinstance(form, str):
        values["signer_form"] = SignerForm(form)
    return PaperSettings(**values)  # type: ignore[arg-type]


def settings_body(settings: PaperSettings) -> dict[str, object]:
    """Settings as JSON values, the inverse of `settings_from`."""
    body = asdict(settings)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in body.items()}


TEXT_LIMIT = 300
LINES_LIMIT = 30
SIGNER_LINES = 4  # of the issuing body, too
_SYMBOL = re.compile(r"[A-Z\u0110a-z]{1,6}(-[A-Z\u0110&a-z]{1,12}){0,3}")
# Abbreviations without a vowel are no Vietnamese names, so they cannot hit one.
_RANK = re.compile(r"(?:p?gs|ts|tskh|ths|bs|ks|cn|dr|ngnd|ngut)\b|(?:thac|tien) si\b|(?:pho )?giao su\b")


def judge_settings(settings: PaperSettings) -> list[Flaw]:
    """What would make a paper that an office sends back. Codes: required, too_long, too_many, symbol_form,
    signer_rank, signer_lines_required."""
    flaws = [
        Flaw(name, "required") for name in ("body_name", "place_name") if not getattr(settings, name).strip()
    ]
    if not any(line.strip() for line in settings.issuing_lines):
        flaws.append(Flaw("issuing_lines", "required"))
    for field in fields(PaperSettings):
        flaws += _judge_length(field.name, getattr(settings, field.name))
    if settings.numbered and not _SYMBOL.fullmatch(settings.symbol):
        flaws.append(Flaw("symbol", "symbol_form"))
    if _RANK.match(fold(settings.signer_name)):
        flaws.append(Flaw("signer_name", "signer_rank"))
    if settings.signer_form is SignerForm.OTHER and not any(line.strip() for line in settings.signer_lines):
        flaws.append(Flaw("signer_lines", "signer_lines_required"))
    return flaws


def _judge_length(name: str, value: object) -> list[Flaw]:
    texts = value if isinstance(value, tuple) else (value,)
    limit = SIGNER_LINES if name in ("signer_lines", "issuing_lines") else LINES_LIMIT
    flaws = [Flaw(name, "too_many", {"limit": limit})] if len(texts) > limit else []
    if any(isinstance(text, str) and len(text) > TEXT_LIMIT for text in texts):
        flaws.append(Flaw(name, "too_long", {"limit": TEXT_LIMIT}))
    return flaws
