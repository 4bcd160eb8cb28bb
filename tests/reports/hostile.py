"""300 texts that no office means to print: markup, formulas, PDF and Word operators, injections, odd letters; and a report
and a letter with such a text in every field a person can fill, each field tagged so that it can be found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from tdteam.domain.correction_letters import Correction, CorrectionLetter
from tdteam.domain.report import Report, compose_report
from tdteam.domain.report_facts import (
    CauseLine,
    ChangeKind,
    ChartPoint,
    ChartSeries,
    Difficulties,
    FigureChange,
    Narrative,
    Organisation,
    ReportFacts,
    Reporting,
    TeamChange,
    TeamLine,
    VillageColumn,
    VillageLine,
    VillageTable,
)
from tdteam.domain.report_settings import PaperDate, PaperReference, PaperSettings, SignerForm
from tdteam.domain.report_spans import month_span
from tdteam.domain.shares import Share
from tdteam.domain.vocabulary import Source
from tests.reports import samples

ATOMS = (
    *("<b>đậm</b>", "<b>chưa đóng", "</para>", '<img src="/etc/passwd"/>', "<br/>", "<font size=99>", "<script>alert(1)</script>"),
    *('<a href="javascript:x">bấm</a>', "<para>a", "]]><!--x-->", "<?php 1?>", "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&xxe;"),
    *("&amp; &lt; &#60;", "&#x0;", "&nbsp;", "<w:t>x</w:t>", "<w:br/>", "</w:p></w:body>", "{ MERGEFIELD x }", "_x000D_", "_x0041_"),
    *("=1+1", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "=HYPERLINK(\"x\")", "{=1}", "'=1", "\"=1\"", "#REF!", "#N/A"),
    *("http://example.invalid/x", "mailto:a@example.invalid", "file:///etc/passwd", "\\\\may\\chu", "C:\\Windows", "../../../etc/passwd"),
    *("(ngoặc", "ngoặc)", "\\", "\\n \\0 \\x41", ") Tj ET", "endstream endobj", "%%EOF", "/Type /Catalog", "<< >>", "BT /F1 1 Tf (x) Tj", "1 0 obj"),
    *("%(name)s", "%d %s %n", "{0} {name}", "${7*7}", "{{7*7}}", "#{7}", "{% if %}", "<%= 7 %>", "`id`", "$(id)", "; rm -rf /", "| cat"),
    *("'; DROP TABLE visit; --", "' OR '1'='1", "\" OR \"\"=\"", "1; SELECT 1", "/* x */", "-- x", "\\'; x"),
    *("&P", "&R&8", "&L&\"Arial\"", "&G", "&&", "[Page]", "000", "007", "1e5", "0x1F", "1/2/2026", "TRUE", "NULL", "None", "nan", "-"),
    *("“ngoặc kép”", "‘đơn’", "…", "1 000", "½ ¼", "m² m³", "€ £ ¥ ₫", "© ® ™", "§ ¶ †", "α β Ω", "Привет", "naïve Ångström ß", "Ǎ ǚ ř ž"),
    *("Nguyễn Thị Ỷ", "ƯỠNG ưỡng", "Đ đ Ð ð", "X̂ á̂", "I i İ ı", "ẞ ß", "O'Neil", "a]b[c}d{e", "|đường|ống|", "~!@#$^*_+", "a,b;c:d?e!"),
    *("A" * 40, "Ộ" * 40, "i" * 70, "W" * 30, "a-" * 25, "a." * 30, "x y " * 15),
    *("שלום עולם", "مرحبا بالعالم", "日本語テキスト", "😀👍🏽", "ไทย", "हिन्दी", "한국어"),
)  # fmt: skip
COUNT = 300


def _texts() -> tuple[str, ...]:
    draw = Random(4)
    made = dict.fromkeys(" ".join(text.split()) for text in ATOMS)
    while len(made) < COUNT:
        made.setdefault(" ".join(f"{draw.choice(ATOMS)} {draw.choice(ATOMS)}".split())[:90].strip())
    return tuple(made)[:COUNT]


HOSTILE = _texts()
ON_PAPER_ONLY = {  # fields that no table holds, so no workbook
    *("issuing", "superior", "place", "symbol", "number", "addressee", "addressee 2", "request", "signer line", "signer"),
    *("copy", "archive", "village word", "silent", "replaced number", "replaced symbol", "why", "commune kind"),
    *("organisation", "results", "difficulties", "next steps", "proposals"),
}  # fmt: skip


class Tags:
    """Hands the text out to fields, tagged, and remembers which got what."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fields: dict[str, str] = {}

    def put(self, field: str, most: int = 300) -> str:
        tag = f" q{len(self.fields):02d}q"
        self.fields[field] = self.text[: most - len(tag)].strip() + tag
        return self.fields[field]


def _settings(put: Callable[..., str]) -> PaperSettings:
    return samples.settings(
        body_name=put("body"), issuing_lines=(put("issuing"),), superior_line=put("superior"), place_name=put("place"),
        symbol=put("symbol"), addressees=(put("addressee"), put("addressee 2")), request=put("request"),
        signer_form=SignerForm.OTHER, signer_lines=(put("signer line"),), signer_name=put("signer"),
        copies=(put("copy"),), archive=put("archive"), village_word=put("village word"), commune_kind=put("commune kind"),
    )  # fmt: skip


def _facts(put: Callable[..., str]) -> ReportFacts:
    columns = (VillageColumn("a", put("column"), "g", put("column group")), VillageColumn("b", "Số", "g"))
    return ReportFacts(
        organisation=Organisation(1, Share(1, 1), 5, 2, 1, 3, 1, 0),
        reporting=Reporting(2, 1, 0, (put("silent"),)),
        figures=(
            samples.line("X", put("figure"), put("unit"), "government", 3, headline=True),
            samples.line("Y", "Khác", "lượt", "own", 1, section_name=put("section"), source=Source.DECLARED, origin=put("origin")),
        ),
        charts=(ChartSeries("x", put("chart"), put("chart unit"), (ChartPoint(2026, 11, 4),)),),
        villages=VillageTable(columns, (VillageLine(put("village"), (1, 2), put("village note")),)),
        difficulties=Difficulties(Share(1, 3), Share(None, None), (CauseLine("c", put("cause"), 1),)),
        teams=(TeamLine(put("team"), "Thôn, " + put("team villages"), put("decision"), None, put("leader"), 5, 2, 3, put("team note")),),
        changes=(TeamChange(date(2026, 11, 1), put("changed team"), ChangeKind.JOINED, put("who"), put("basis")),),
    )  # fmt: skip


def hostile_report(text: str) -> tuple[Report, dict[str, str]]:
    """A sealed replacing report with the text everywhere, and what each field got."""
    tags = Tags(text)
    put = tags.put
    report = compose_report(
        _settings(put), month_span(samples.NOVEMBER), _facts(put),
        Narrative(put("organisation"), put("results"), put("difficulties"), put("next steps"), put("proposals")),
        number=put("number", 40), dated=PaperDate(), mark=samples.MARK,
        replaces=PaperReference(put("replaced number"), put("replaced symbol"), PaperDate(1, 11, 2026)), replaces_why=put("why"),
        changes=(FigureChange(put("where"), "", "1", "2", "done"), FigureChange("", put("changed figure"), "-", "7")),
    )  # fmt: skip
    return report, tags.fields


def hostile_letter(text: str) -> tuple[CorrectionLetter, dict[str, str]]:
    """A letter of correction with the text everywhere, and what each field got."""
    tags = Tags(text)
    put = tags.put
    settings: Any = replace(_settings(put), request="", village_word="", commune_kind="", symbol="")
    for unused in ("request", "village word", "commune kind", "symbol"):
        del tags.fields[unused]
    letter = CorrectionLetter(
        settings, "BC-" + put("letter symbol"), PaperReference(put("issued number"), put("issued symbol"), PaperDate(1, 11, 2026)),
        month_span(samples.NOVEMBER), (Correction(put("printed"), put("correct"), put("where")),), put("why"), put("number", 40),
    )  # fmt: skip
    return letter, tags.fields
