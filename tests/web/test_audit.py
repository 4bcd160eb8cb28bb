"""The audit log on screen: filtered, paged, in words, and its chain checked by a button."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tdteam.store import audit
from tdteam.store.engine import is_sqlite
from tdteam.store.gate import GatedSession
from tdteam.web.audit import ACTIONS, NOUNS
from tdteam.web.audit_details import KEYS
from tdteam.web.words import catalogue
from tests.cast import Cast
from tests.client import CheckingClient

CODE = Path(__file__).resolve().parents[2] / "tdteam"


@pytest.fixture
def khoa(client: CheckingClient, cast: Cast, session: GatedSession) -> CheckingClient:
    """The auditor of the province, with something to look at."""
    for number in range(70):
        audit.append(session, "change", "team", number, place_id=cast.village.id, fields=["name"])
    audit.append(session, "sign_in_failed", "account", cast.chi.id)
    session.commit()
    return client.sign_in(cast.khoa)


def said(client: CheckingClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<tr><td class="num">(\d+)</td>', page)]


def test_entries_stand_in_words_newest_first(khoa: CheckingClient) -> None:
    page = said(khoa, "/audit/")
    assert numbers(page) == list(range(71, 21, -1))
    assert "Đăng nhập không được" in page
    assert "chưa đăng nhập" in page
    assert "Thôn Hốc Đá" in page


def test_pages_follow_each_other(khoa: CheckingClient) -> None:
    page, seen = said(khoa, "/audit/?size=20"), []
    seen += numbers(page)
    while found := re.search(r'href="([^"]+)" rel="next"', page):
        page = said(khoa, found[1].replace("&amp;", "&"))
        seen += numbers(page)
    assert seen == list(range(71, 0, -1))


def test_entries_are_filtered(khoa: CheckingClient, cast: Cast) -> None:
    assert numbers(said(khoa, "/audit/?action=sign_in_failed")) == [71]
    assert numbers(said(khoa, "/audit/?noun=team&target=7")) == [8]
    assert numbers(said(khoa, "/audit/?account=nobody")) == []
    assert numbers(said(khoa, "/audit/?until=01/01/2026")) == []
    wrong = said(khoa, "/audit/?since=31/02/2026")
    assert "Không có ngày này" in wrong or "không có" in wrong.lower()
    assert numbers(said(khoa, "/audit/?after=nonsense&size=20")) == list(range(71, 51, -1))


def test_the_chain_is_checked_and_the_first_broken_entry_named(khoa: CheckingClient, engine: Engine) -> None:
    assert "Nhật ký nguyên vẹn" in said(khoa, "/audit/verify")
    with engine.begin() as connection:
        off = "DROP TRIGGER audit_no_update" if is_sqlite(engine) else "ALTER TABLE audit DISABLE TRIGGER ALL"
        connection.execute(text(off))
        connection.execute(text("UPDATE audit SET target = '99' WHERE id = 33"))
    assert "bị đứt ở dòng số 33" in said(khoa, "/audit/verify")


def test_an_official_does_not_read_the_log(client: CheckingClient, cast: Cast) -> None:
    assert client.sign_in(cast.chi).get("/audit/").status_code == 403


# Every code that the program writes has its words.


def written() -> Iterator[tuple[str, str | None, str | None]]:
    """Actions and nouns of entries, as far as they stand in the code as they are: (file, action, noun)."""
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from _codes(path.name, node)


def _codes(name: str, call: ast.Call) -> Iterator[tuple[str, str | None, str | None]]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    owner = getattr(getattr(call.func, "value", None), "id", "")
    if called == "append" and owner == "audit":
        yield name, _literal(call, 1), _literal(call, 2)
    elif called == "saw_names":
        yield name, "view", _literal(call, 0)
    elif called == "export" and not owner:
        yield name, "export", _literal(call, 1)


def _literal(call: ast.Call, place: int) -> str | None:
    found = call.args[place] if len(call.args) > place else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else None


def test_every_action_and_noun_of_an_entry_has_words() -> None:
    found = list(written())
    assert len(found) > 30
    assert sorted({(name, action) for name, action, _ in found if action and action not in ACTIONS}) == []
    assert sorted({(name, noun) for name, _, noun in found if noun and noun not in NOUNS}) == []
    words = catalogue("vi")
    unsaid = [f"{family}:{code}" for family, codes in (("act", ACTIONS), ("thing", NOUNS)) for code in codes]
    assert [key for key in unsaid if words.gettext(key) == key] == []


def test_every_key_of_an_entry_has_words() -> None:
    """Keys given by name; counts of an import come as a whole and are checked where they are made."""
    keys = {
        keyword.arg
        for path in CODE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "append"
        and getattr(getattr(node.func, "value", None), "id", "") == "audit"
        for keyword in node.keywords
        if keyword.arg not in (None, "place_id")
    }
    assert len(keys) > 20
    assert keys - set(KEYS) == set()


def test_what_an_entry_carries_is_said_in_words(khoa: CheckingClient, session: GatedSession) -> None:
    given = {"fields": ["head", "attained.EID2"], "role": "official", "why": "moved", "on": "2026-11-03"}
    audit.append(session, "change", "household", "h", **given, closed=True, added=1297, twins=0, absent=0)
    session.commit()
    page = said(khoa, "/audit/?noun=household")
    for words in (
        "mục đã sửa: chủ hộ, kết quả đạt được",
        "vai trò: Cán bộ xã",
        "lý do: Hộ đã chuyển đi",
        "từ ngày: 03/11/2026",
        "khóa tài khoản cũ: có",
        "thêm mới: 1.297",
    ):
        assert words in page
    assert "có thể trùng" not in page


def test_entries_are_found_by_place_and_by_a_part_of_their_number(
    khoa: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    audit.append(session, "seal", "report", f"{cast.commune.id}/2026-11", place_id=cast.commune.id, version=1)
    audit.append(
        session, "unseal", "report", f"{cast.next_commune.id}/2026-11", place_id=cast.next_commune.id
    )
    session.commit()
    assert numbers(said(khoa, f"/audit/?place_id={cast.next_commune.id}")) == [73]
    assert 72 in numbers(said(khoa, f"/audit/?place_id={cast.commune.id}&size=100"))
    assert 73 not in numbers(said(khoa, f"/audit/?place_id={cast.commune.id}&size=100"))
    assert numbers(said(khoa, "/audit/?text=/2026-11")) == [73, 72]
    assert numbers(said(khoa, "/audit/?text=%25")) == []  # a per cent sign is a letter, no pattern
    page = said(khoa, "/audit/?noun=report")
    assert "Chốt số liệu" in page and "Mở lại số liệu" in page
    assert khoa.get("/audit/?place_id=99999999").status_code == 404


def test_the_filtered_log_is_exported_in_the_same_words_and_says_so(khoa: CheckingClient, cast: Cast) -> None:
    page = said(khoa, "/audit/?action=sign_in_failed")
    link = re.search(r'href="(/audit/export\.csv[^"]*)"', page)
    assert link
    table = khoa.get(link[1].replace("&amp;", "&")).get_data(as_text=True).splitlines()
    assert len(table) == 2 and "Đăng nhập không được" in table[1]
    everything = khoa.get("/audit/export.csv?noun=team").get_data(as_text=True).splitlines()
    assert len(everything) == 71  # beyond a page
    assert khoa.get("/audit/export.exe").status_code == 404
    assert "Xuất tệp" in said(khoa, "/audit/?noun=audit")
