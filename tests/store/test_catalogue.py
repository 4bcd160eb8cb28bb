"""The catalogue: loaded once, edited freely, read as one value."""

from __future__ import annotations

import pytest

from tdteam.domain.catalogue import FILING_KINDS, Cause, Kind
from tdteam.domain.errors import Refused
from tdteam.domain.vocabulary import Outcome, Pillar
from tdteam.store.catalogue import load_catalogue, read_catalogue, save_cause, save_kind
from tdteam.store.gate import GatedSession

WIRE_KINDS = (
    "EID2_REFER EID2_ACTIVATE VNEID_INSTALL VNEID_INTEGRATE FILING_SUBMIT FILING_TRACK FILING_PAY PAY_ACCOUNT",
    "PAY_QR HEALTH_BOOK SIGNATURE ECOMMERCE PROVINCE_APP SAFETY SKILL",
)


def test_the_shipped_catalogue_holds_the_kinds_of_the_wire_with_words_for_each_outcome(
    session: GatedSession,
) -> None:
    load_catalogue(session)
    catalogue = read_catalogue(session)
    assert set(catalogue.kinds) == set(" ".join(WIRE_KINDS).split())
    assert all(kind.outcomes and all(kind.outcomes.values()) for kind in catalogue.kinds.values())
    assert all(set(kind.outcomes) <= set(Outcome) for kind in catalogue.kinds.values())
    assert {kind.pillar for kind in catalogue.kinds.values()} == set(Pillar)
    assert set(catalogue.kinds) >= FILING_KINDS
    assert sum(row.is_essential for row in catalogue.procedures.values()) == 25
    assert catalogue.kinds["PAY_QR"].short_name == "Thanh toán bằng mã QR"


def test_nobody_can_record_granted_level_2(session: GatedSession) -> None:
    load_catalogue(session)
    catalogue = read_catalogue(session)
    assert not catalogue.kinds["EID2_REFER"].allows(Outcome.DONE)
    granting = Kind("EID2_REFER", "Cấp mức 2", "", Pillar.GOVERNMENT, {"done": "Đã cấp"})
    with pytest.raises(Refused) as refused:
        save_kind(session, granting)
    assert [flaw.code for flaw in refused.value.flaws] == ["only_police_grant"]


def test_loading_again_adds_nothing_and_keeps_what_an_administrator_edited(session: GatedSession) -> None:
    assert load_catalogue(session) > 60
    save_cause(session, Cause("NO_NETWORK", "Không có sóng", is_active=False))
    kind = read_catalogue(session).kinds["SAFETY"]
    save_kind(session, Kind(kind.code, kind.name, "Chống lừa đảo", kind.pillar, {"done": "Đã nói"}))
    assert load_catalogue(session) == 0
    catalogue = read_catalogue(session)
    assert catalogue.causes["NO_NETWORK"] == Cause("NO_NETWORK", "Không có sóng", is_active=False)
    assert catalogue.kinds["SAFETY"].outcomes == {"done": "Đã nói"}
    assert catalogue.kinds["SAFETY"].short_name == "Chống lừa đảo"


def test_a_new_kind_is_offered_at_once_after_the_others(session: GatedSession) -> None:
    load_catalogue(session)
    before = read_catalogue(session)
    save_kind(
        session,
        Kind("E_INVOICE", "Hóa đơn điện tử", "", Pillar.ECONOMY, {"done": "Đã dùng", "not_done": "Chưa"}),
    )
    after = read_catalogue(session)
    assert "E_INVOICE" not in before.kinds
    assert [kind.code for kind in after.kinds_of("economy")][-1] == "E_INVOICE"
    assert after.kind_name("E_INVOICE") == "Hóa đơn điện tử"


def test_a_value_read_in_a_transaction_that_fails_is_not_kept(session: GatedSession) -> None:
    load_catalogue(session)
    session.commit()
    save_cause(session, Cause("FLOOD", "Lũ quét"))
    assert "FLOOD" in read_catalogue(session).causes
    session.rollback()
    assert "FLOOD" not in read_catalogue(session).causes


def test_a_kind_without_name_or_outcome_is_refused(session: GatedSession) -> None:
    with pytest.raises(Refused) as refused:
        save_kind(session, Kind("X", " ", "", "sport", {}))
    assert {(flaw.field, flaw.code) for flaw in refused.value.flaws} == {
        ("name", "required"),
        ("pillar", "choice_unknown"),
        ("outcomes", "required"),
    }
