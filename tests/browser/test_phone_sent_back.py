"""What the commune's machine refused is put right on the phone: each kind in its own form, with what was typed and what is wrong
beside its field, and goes again under its own id."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.phone_steps import choose
from tests.browser.phone_world import LATE, TEAM, VILLAGE
from tests.browser.sent_back import (
    CROWD,
    FILING,
    NEW_HOME,
    PERSON,
    VISIT,
    beside,
    goes_again,
    page,
    press,
    sent_back,
)

__all__ = ["page"]


def test_a_visit(page: Page) -> None:
    record = sent_back(page, "visit", VISIT, "minutes")
    expect(beside(page, "minutes")).to_be_visible()
    expect(page.get_by_label("Số phút")).to_have_value("25")
    page.get_by_label("Số phút").fill("20")
    press(page, "Lưu bản sửa")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: Lý Thị Mẩy")
    goes_again(page, record, minutes=20, note="Chỉ cách gọi")


def test_a_visit_whose_help_is_wrong_says_so_at_that_help(page: Page) -> None:
    one = {"id": "a1", "kind": "SAFETY", "outcome": "done", "cause": None, "people": 3, "resident_id": None}
    record = sent_back(page, "visit", {**VISIT, "assists": [one]}, "assists.0.people")
    expect(beside(page, "entries.0.people")).to_be_visible()
    page.get_by_role("textbox", name="Mấy người?").fill("2")
    press(page, "Lưu bản sửa")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    assert goes_again(page, record)["body"]["assists"][0]["people"] == 2


def test_a_gathering(page: Page) -> None:
    record = sent_back(page, "gathering", CROWD, "women")
    expect(beside(page, "women")).to_be_visible()
    expect(page.get_by_label("Nội dung gì?")).to_have_value("Thanh toán")
    page.get_by_label("Nữ", exact=True).fill("11")
    press(page, "Lưu bản sửa")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    goes_again(page, record, women=11, attended=30, place="office")


def test_a_new_household(page: Page) -> None:
    said = {"consent": True, "method": "spoken", "on": "2026-11-22"}
    record = sent_back(page, "household", {**NEW_HOME, "people": 5, "consent": said}, "birth_year")
    expect(beside(page, "birth_year")).to_be_visible()
    expect(page.get_by_label("Chủ hộ", exact=True)).to_have_value("Giàng A Páo")
    page.get_by_label("Năm sinh chủ hộ").fill("1971")
    press(page, "Lưu hộ này")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: Giàng A Páo")
    goes_again(page, record, birth_year=1971, people=5, consent=said)


def test_a_change_to_a_household_keeps_what_the_phone_had_seen(page: Page) -> None:
    body = {"household_id": LATE, "village_id": VILLAGE, "base": {"people": 3}, "set": {"people": 6}}
    record = sent_back(page, "household", body, "people", base=1)
    expect(beside(page, "people")).to_be_visible()
    expect(page.get_by_label("Số người")).to_have_value("6")
    page.get_by_label("Số người").fill("5")
    press(page, "Lưu bản sửa")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: Lý Thị Mẩy")
    # The roster says 4 meanwhile: what was seen stays, so that the commune is asked instead of overwritten.
    goes_again(page, record, base={"people": 3}, set={"people": 5})


def test_the_word_of_a_household_on_its_data(page: Page) -> None:
    consent = {"consent": True, "method": None, "on": "2026-11-22"}
    body = {
        "household_id": LATE,
        "village_id": VILLAGE,
        "base": {"consent": None},
        "set": {"consent": consent},
    }
    record = sent_back(page, "household", body, "method", base=1)
    expect(beside(page, "method")).to_be_visible()
    expect(page.get_by_role("radio", name="Đồng ý", exact=True)).to_be_checked()
    choose(page, "Nói trực tiếp")
    press(page, "Lưu")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    goes_again(page, record, set={"consent": {**consent, "method": "spoken"}})


def test_the_end_of_a_household(page: Page) -> None:
    ended = {"why": "moved", "on": "2026-11-01"}
    body = {"household_id": LATE, "village_id": VILLAGE, "base": {"ended": None}, "set": {"ended": ended}}
    record = sent_back(page, "household", body, "ended_on", base=1)
    expect(beside(page, "ended_on")).to_be_visible()
    page.locator('[data-field="ended_on"] input').fill("2026-11-03")
    press(page, "Bỏ khỏi danh sách")
    expect(page.locator(".toast")).to_contain_text("Lý Thị Mẩy")
    goes_again(page, record, set={"ended": {"why": "moved", "on": "2026-11-03"}})


def test_a_new_person_with_what_they_attained(page: Page) -> None:
    has = [{"indicator": "EID2", "on": None, "source": "Công an xã"}]
    body = {
        "household_id": LATE,
        "village_id": VILLAGE,
        "name": "Lý Văn Tú",
        "birth_year": 2030,
        "sex": None,
        "attained": has,
    }
    record = sent_back(page, "resident", body, "attained.0.source")
    expect(beside(page, "attained.0.source")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Lý Văn Tú")
    page.get_by_label("Năm sinh").fill("2003")
    page.locator('[data-field="attained.0.source"] input').fill("Xem trên máy")
    press(page, "Lưu")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: Lý Văn Tú")
    goes_again(page, record, birth_year=2003, attained=[{**has[0], "source": "Xem trên máy"}])


def test_a_change_to_a_person(page: Page) -> None:
    body = {
        "resident_id": PERSON,
        "household_id": LATE,
        "village_id": VILLAGE,
        "base": {"name": "Lý A Sò", "attained.EID2": None},
        "set": {"name": "Lý A 5", "attained.EID2": {"on": None, "source": ""}},
    }
    record = sent_back(page, "resident", body, "name", base=1)
    expect(beside(page, "name")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Lý A 5")
    page.get_by_label("Họ và tên").fill("Lý A Năm")
    press(page, "Lưu")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: Lý A Năm")
    goes_again(
        page, record, set={"name": "Lý A Năm", "attained.EID2": {"on": None, "source": ""}}, base=body["base"]
    )


def test_a_new_filing(page: Page) -> None:
    body = {
        **dict.fromkeys(("procedure", "mode", "fee_due", "paid_online", "due_on", "result_on")),
        "village_id": VILLAGE,
        "team_id": TEAM,
        "household_id": LATE,
        "code": "H38.12-261101-0001",
        "submitted_on": "2026-11-02",
        "state": "submitted",
        "electronic_result": None,
        "note": "Đã nộp",
    }
    record = sent_back(page, "filing", body, "code")
    expect(beside(page, "code")).to_be_visible()
    expect(page.get_by_label("Mã hồ sơ")).to_have_value("H38.12-261101-0001")
    page.get_by_label("Mã hồ sơ").fill("H38.12-261101-0002")
    press(page, "Lưu bản sửa")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: hồ sơ")
    goes_again(page, record, code="H38.12-261101-0002", note="Đã nộp", household_id=LATE)


def test_what_was_told_of_a_filing(page: Page) -> None:
    body = {
        "filing_id": FILING,
        "village_id": VILLAGE,
        "base": {"state": "submitted", "result_on": None},
        "set": {"state": "returned", "result_on": "2026-10-01"},
    }
    record = sent_back(page, "filing", body, "result_on", base=1)
    expect(beside(page, "result_on")).to_be_visible()
    page.locator('[data-field="result_on"] input').fill("2026-11-19")
    press(page, "Lưu bản sửa")
    expect(page.locator(".toast")).to_contain_text("Đã lưu: hồ sơ")
    goes_again(page, record, set={"state": "returned", "result_on": "2026-11-19"}, base=body["base"])


def test_the_word_on_a_month(page: Page) -> None:
    body = {
        "team_id": TEAM,
        "village_id": VILLAGE,
        "period": "2026-12",
        "kind": "figures",
        "figures": {"visits": 3},
        "note": "Số 012345678901",
    }
    record = sent_back(page, "confirmation", body, "note")
    expect(beside(page, "note")).to_be_visible()
    expect(page.get_by_label("Lời nhắn cho xã")).to_have_value("Số 012345678901")
    page.get_by_label("Lời nhắn cho xã").fill("Đủ rồi")
    press(page, "Số liệu đúng, xác nhận")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    now = goes_again(page, record, note="Đủ rồi", kind="figures", period="2026-12")
    assert now["body"]["figures"]["visits"] == 4  # as the roster tells by now


def test_what_the_village_asks_for(page: Page) -> None:
    body = {"team_id": TEAM, "village_id": VILLAGE, "text": "Sóng yếu ở xóm trên"}
    record = sent_back(page, "proposal", body, "text")
    expect(beside(page, "text")).to_be_visible()
    expect(page.get_by_label("Viết cho xã")).to_have_value("Sóng yếu ở xóm trên")
    page.get_by_label("Viết cho xã").fill("Sóng yếu ở cả thôn")
    page.get_by_role("button", name="Gửi lên xã").click()
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    goes_again(page, record, text="Sóng yếu ở cả thôn")
