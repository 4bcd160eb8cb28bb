"""Evidence documents: what one must say, what it lacks, and names of files that give somebody away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tdteam.domain.documents import DocumentDraft, Lack, clean_name, judge_document, judge_name, lacks_of

TODAY = date(2026, 11, 23)
GOOD = DocumentDraft(place_id=1, kind="plan", number="12/KH-UBND", abstract="Kế hoạch chuyển đổi số năm 2026")


def codes(draft: DocumentDraft) -> set[tuple[str, str]]:
    return {(flaw.field, flaw.code) for flaw in judge_document(draft, TODAY)}


def test_a_citation_alone_is_a_document() -> None:
    assert codes(GOOD) == set()


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"place_id": None}, ("place_id", "required")),
        ({"kind": ""}, ("kind", "required")),
        ({"kind": "rumour"}, ("kind", "choice_unknown")),
        ({"abstract": "  "}, ("abstract", "required")),
        ({"abstract": "CCCD 001 203 004 567"}, ("abstract", "id_number")),
        ({"number": "012345678901"}, ("number", "id_number")),
        ({"issuer": "x" * 201}, ("issuer", "text_long")),
        ({"dated": date(2026, 11, 24)}, ("dated", "date_future")),
        ({"dated": date(1026, 11, 2)}, ("dated", "document_too_old")),
        ({"since": date(2026, 5, 2), "until": date(2026, 5, 1)}, ("until", "span_order")),
        ({"indicators": tuple(f"I{n}" for n in range(61))}, ("indicators", "document_many")),
        ({"ties": tuple(("team", str(n)) for n in range(61))}, ("ties", "document_many")),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, object], flaw: tuple[str, str]) -> None:
    assert codes(replace(GOOD, **change)) == {flaw}  # type: ignore[arg-type]


def test_papers_are_cited_by_number_and_issuer_and_photos_by_their_day() -> None:
    none = {"has_file": False, "has_indicator": False}
    assert lacks_of("letter", "", None, "", **none) == tuple(
        Lack(one) for one in ("number", "issuer", "dated", "file", "indicator")
    )
    assert lacks_of("photo", "", TODAY, "", has_file=True, has_indicator=True) == ()
    assert lacks_of("decision", "1/QĐ", TODAY, "UBND", has_file=True, has_indicator=True) == ()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (r"D:\van-ban\Kế hoạch 12.pdf", "Kế hoạch 12"),
        ("../../etc/passwd.pdf", "passwd"),
        ("IMG_20261115_093012.jpg", ""),
        ("20261115_093012(1).jpg", ""),
        ("Screenshot_20261115-093012_Zalo.jpg", ""),
        ("z5123456789012_0a1b2c3d4e5f60718293a4b5c6d7e8f9.jpg", ""),
        ("bao-cao", "bao-cao"),
    ],
)
def test_a_name_of_a_file_is_kept_bare_and_one_of_a_camera_dropped(name: str, kept: str) -> None:
    assert clean_name(name) == kept


def test_a_file_called_by_an_identity_number_is_refused() -> None:
    assert [flaw.code for flaw in judge_name(clean_name("CCCD 001203004567.jpg"))] == ["document_name"]
    assert [flaw.code for flaw in judge_name(clean_name("001203004567.jpg"))] == ["document_name"]
    assert judge_name(clean_name("IMG_20261115_093012.jpg")) == []
    assert judge_name("QĐ 123 năm 2026") == []
