"""Whoever holds a printed report checks it in a browser: one verdict, and a file held against the paper without leaving."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from sqlmodel import select

from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Paper, Sealing
from tests.browser.screens import EVERY_LOOK, Visitors, check_reachable, shoot
from tests.browser.site import Site, run, running

SIGNED = b"%PDF-1.7\n% signed and scanned\n%%EOF\n"


@dataclass
class Sealed:
    """A served district whose Xuân Quang has issued October: the code, and the PDF as it was issued."""

    site: Site
    code: str
    commune_id: int
    pdf: bytes


@pytest.fixture(scope="module")
def sealed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    folder = tmp_path_factory.mktemp("sealed")
    shutil.copytree(demo, folder / "template")
    run(folder / "template", "seal", "--commune", "02926", "--period", "2026-10")
    engine = make_engine(f"sqlite:///{folder}/template/tdteam.db")
    with open_session(engine, EVERYWHERE) as looking:
        row = looking.exec(select(Sealing)).one()
        pdf = looking.exec(select(Paper.body).where(Paper.form == "pdf")).one()
        told = (row.code, row.commune_id, pdf)
    engine.dispose()
    with running(folder / "template", folder / "instance") as site:
        yield Sealed(site, *told)


@pytest.fixture
def people(browser: Browser, sealed: Sealed) -> Iterator[Visitors]:
    made = Visitors(browser, sealed.site)
    yield made
    assert made.close() == []


def opened(
    people: Visitors, sealed: Sealed, screen: str = "desk", theme: str = "light", **more: object
) -> Page:
    page = people(None, screen, theme, **more)
    page.goto(f"/verify/{sealed.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("MÃ ĐÚNG")
    return page


def hold(page: Page, body: bytes, name: str = "bao-cao.pdf") -> str:
    """Choose a file on the page; the page's verdict then."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.get_by_label("Chọn tệp hoặc kéo vào đây").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": body}
    )
    verdict = page.get_by_role("heading", level=1)
    expect(verdict).not_to_have_text("MÃ ĐÚNG")
    expect(verdict).not_to_have_text("Đang so…")
    page.remove_listener("request", note)
    assert asked == []  # the file never leaves the browser
    assert page.locator("h1").count() == 1
    return verdict.inner_text()


def tone(page: Page) -> str:
    return str(page.locator("[data-verdict]").get_attribute("class"))


def test_the_issued_file_is_told_from_one_with_a_changed_byte(people: Visitors, sealed: Sealed) -> None:
    page = opened(people, sealed)
    assert tone(page) == "verdict plain"  # a good code alone never turns green
    assert hold(page, sealed.pdf) == "ĐÚNG TỆP ĐÃ PHÁT HÀNH"
    assert tone(page) == "verdict ok"
    shoot(page, "verify-file")
    middle = len(sealed.pdf) // 2
    changed = sealed.pdf[:middle] + bytes([sealed.pdf[middle] ^ 1]) + sealed.pdf[middle + 1 :]
    page = opened(people, sealed)
    assert hold(page, changed) == "KHÔNG KHỚP"
    assert tone(page) == "verdict bad"
    assert hold(page, sealed.pdf) == "ĐÚNG TỆP ĐÃ PHÁT HÀNH"  # another file, another verdict
    assert hold(opened(people, sealed), sealed.pdf + b"\n") == "KHÔNG KHỚP"
    assert hold(opened(people, sealed), b"") == "KHÔNG KHỚP"


def test_the_official_sends_the_signed_copy_up_and_a_stranger_holds_it_against_the_paper(
    people: Visitors, sealed: Sealed
) -> None:
    page = people("canbo")
    page.goto(f"/reports/{sealed.commune_id}/2026-10")
    area = page.locator("section", has=page.locator("#signed-copies"))
    area.locator("input[type=file]").set_input_files(
        {"name": "Bản ký.pdf", "mimeType": "application/pdf", "buffer": SIGNED}
    )
    area.get_by_role("button", name="Lưu bản này").click()
    expect(page.get_by_role("link", name="Bản ký.pdf")).to_be_visible()
    shoot(page, "signed-copies")
    assert hold(opened(people, sealed), SIGNED) == "ĐÚNG BẢN ĐÃ KÝ"


def test_without_a_secure_context_the_file_is_hashed_all_the_same(people: Visitors, sealed: Sealed) -> None:
    page = people()
    page.add_init_script("Object.defineProperty(globalThis, 'crypto', { value: {} })")
    page.goto(f"/verify/{sealed.code}")
    assert page.evaluate("() => crypto.subtle === undefined")
    assert hold(page, sealed.pdf) == "ĐÚNG TỆP ĐÃ PHÁT HÀNH"


def test_our_own_sha256_is_everybodys(people: Visitors, sealed: Sealed) -> None:
    page = opened(people, sealed)
    script = page.locator("script[src$='js/verify.js']").get_attribute("src") or ""
    lots = random.Random(4)
    for size in (0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 4095, 70_001):
        body = lots.randbytes(size)
        found = page.evaluate(
            "async ([path, hex]) => (await import(path)).plainSha256("
            "Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16)))",
            [script.replace("verify.js", "sha256.js"), body.hex()],
        )
        assert found == hashlib.sha256(body).hexdigest(), size


def test_a_page_without_scripts_has_all_but_the_file(people: Visitors, sealed: Sealed) -> None:
    page = opened(people, sealed, java_script_enabled=False)
    assert page.get_by_text("Có tệp PDF của báo cáo?").is_hidden()
    assert page.get_by_text("Xã Xuân Quang – Tháng 10/2026").is_visible()
    page.get_by_text("Số liệu từng thôn, tổ dân phố (Phụ lục I)").first.click()
    assert page.get_by_role("rowheader", name="Hốc Đá").is_visible()


def test_a_typed_code_finds_its_paper_and_an_unknown_one_is_read_again(
    people: Visitors, sealed: Sealed
) -> None:
    page = people(None, "phone")
    page.goto("/verify/")
    page.get_by_label("Mã kiểm tra trên báo cáo").fill("2222-3333-4444-5555")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có báo cáo nào mang mã này")
    typed = " ".join(sealed.code.upper()[at : at + 4] for at in range(0, 16, 4))
    page.get_by_label("Mã kiểm tra trên báo cáo").fill(typed)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("MÃ ĐÚNG")
    assert page.url.endswith(f"/verify/{sealed.code}")


@pytest.mark.parametrize(("screen", "theme"), EVERY_LOOK)
def test_every_verdict_is_reachable_in_every_look(
    people: Visitors, sealed: Sealed, screen: str, theme: str
) -> None:
    page = opened(people, sealed, screen, theme)
    check_reachable(page)
    shoot(page, "verify")
    for part in page.locator("main details > summary").all():
        part.click()
    check_reachable(page)
    hold(page, b"%PDF-1.7")
    check_reachable(page)
    for path in ("/verify/", "/verify/2222333344445555"):
        page.goto(path)
        check_reachable(page)
