"""Whoever holds a printed report reads one verdict: good (compare), replaced, does not agree; an unknown code names nobody."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import Engine, text
from sqlmodel import select

from tdteam.actions.seal_report import replace_figures, unseal
from tdteam.actions.verify_paper import plain_code
from tdteam.domain import throttle as rules
from tdteam.domain.report_spans import SpanKind, range_span, span_of
from tdteam.store import papers
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.proofs import compare_papers
from tdteam.store.tables import Paper, Sealing, SignInAttempt
from tdteam.web.verify import span_words
from tests.actions.areas import make_ground
from tests.actions.given import actor_of, signed_in
from tests.actions.sealed import NOVEMBER, URL, commune_of, issue, record, seal
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.uploading import text as said
from tests.web.verifying import REPLACED, RIGHT, issued, one_verdict
from tests.world import World

__all__ = ["issued"]


@pytest.fixture
def code(engine: Engine, cast: Cast) -> str:
    """The code of Xuân Quang's sealed November, with one visit in Hốc Đá."""
    record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        return seal(session, cast).code


def test_a_good_code_asks_to_compare_and_never_turns_green(
    client: CheckingClient, issued: str, cast: Cast
) -> None:
    answer = client.get(f"/verify/{issued}")
    page, words = answer.get_data(as_text=True), said(answer)
    assert (answer.status_code, one_verdict(answer)) == (200, RIGHT)
    assert "Hãy so các số dưới đây với tờ giấy." in words
    for told in (
        "Xã Xuân Quang – Tháng 11/2026",
        "15/10/2026–14/11/2026",
        "47/BC-UBND, 17/11/2026",
        "Lần chốt 1",
    ):
        assert told in words, told
    shown = re.sub(r"<template.*?</template>", "", page, flags=re.S)
    assert 'class="verdict plain"' in shown and "verdict ok" not in shown and "#circle-check" not in shown
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as looking:
        row = looking.get_one(Sealing, 1)
        for sealed in (row.sha256, row.audit_head):
            assert f"<b>{sealed[:16]}</b>{sealed[16:]}" in page
    assert re.search(r"Hốc Đá — 0 1 1 0 1", words), (
        words
    )  # households, gatherings, visits, people, filings, done


def test_nobody_is_named(client: CheckingClient, issued: str, cast: Cast) -> None:
    page = client.get(f"/verify/{issued}").get_data(as_text=True)
    people = [account.name for account in cast.everybody] + ["Bàn Thị An", "Chảo Văn Bình", "Lù Thị Xa"]
    assert [name for name in people if name in page] == []
    assert cast.village.team.name not in page  # of teams, silent ones too


def test_no_cookie_is_set_and_nothing_is_kept(client: CheckingClient, issued: str) -> None:
    for path in (f"/verify/{issued}", "/verify/", "/verify/" + "z" * 16):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_sealed_report_that_is_not_issued_says_so(client: CheckingClient, code: str) -> None:
    answer = client.get(f"/verify/{code}")
    assert one_verdict(answer) == RIGHT
    assert "Báo cáo này chưa phát hành." in said(answer)
    assert "data-verify-file" not in answer.get_data(as_text=True)  # there is no file to hold against it


def test_typed_codes_are_forgiven(client: CheckingClient, code: str) -> None:
    spelled = code.upper()
    for typed in (
        f"{spelled[:4]}-{spelled[4:8]}-{spelled[8:12]}-{spelled[12:]}",
        f" {code[:8]} {code[8:]} ",
        f"{code[:8]}\u2013{code[8:]}",
    ):
        assert client.get(f"/verify/{typed}").status_code == 200
        sent = client.get("/verify/", query_string={"code": typed})
        assert (sent.status_code, sent.location) == (302, f"/verify/{code}")
    sent = client.get("/verify/", query_string={"code": f"https://to.example/verify/{code}"})
    assert sent.location == f"/verify/{code}"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("ABCD-efgh 2345\u00a0jkmn", "abcdefgh2345jkmn"), ("\u200babc\u2011d", "abcd"), ("ＡＢ2", "ab2"), ("", None), ("--", None), ("ă", None), ("a" * 33, None), ("a/b'c", None)],
)  # fmt: skip
def test_a_code_is_what_is_left_without_blanks_and_dashes(typed: str, code: str | None) -> None:
    assert plain_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["phqaudzzj2m687fv", "x", "%00", "..%2f..", "' OR 1=1 --", "<script>", "..", "a" * 500]
)
def test_an_unknown_code_is_not_found_and_names_no_commune(
    client: CheckingClient, code: str, typed: str
) -> None:
    for path in (f"/verify/{typed}", f"/verify/?code={typed}"):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 404 or typed == "%00"
        page = answer.get_data(as_text=True)
        assert "Xuân Quang" not in page and code not in page and "<script>" not in page
    assert client.get("/verify/zzzz", headers={"Accept": "application/json"}).json == {"error": "not_found"}


def test_a_replaced_paper_leads_to_the_newest_in_force(
    client: CheckingClient, engine: Engine, cast: Cast, issued: str
) -> None:
    codes = [issued]
    for number in ("52", "60"):
        with signed_in(engine, cast.chi) as session:
            codes.append(
                replace_figures(
                    session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đến muộn", address=URL
                ).code
            )
        # Until the replacing report is issued the old one stands.
        assert one_verdict(client.get(f"/verify/{codes[-2]}")) == RIGHT
        with signed_in(engine, cast.chi) as session:
            draft = papers.read_draft(session, cast.commune.id or 0, "2026-11")
            papers.save_draft(
                session,
                cast.commune.id or 0,
                "2026-11",
                draft.narrative,
                number,
                date(2026, 11, 20),
                draft.version,
            )
        issue(engine, cast)
    for old in codes[:2]:
        answer = client.get(f"/verify/{old}")
        assert one_verdict(answer) == REPLACED
        assert f'href="/verify/{codes[2]}"' in answer.get_data(as_text=True)
        assert "60/BC-UBND, 20/11/2026" in said(answer)
        page = answer.get_data(as_text=True)
        with open_session(engine, EVERYWHERE) as session:
            row = session.exec(
                select(Paper).join(Sealing).where(Sealing.code == old, Paper.form == "pdf")
            ).one()
        assert row.sha256 in page and "js/verify.js" in page
        assert 'data-tone="ok"' not in page and "TỆP CỦA BÁO CÁO ĐÃ BỊ THAY THẾ" in page
    answer = client.get(f"/verify/{codes[2]}")
    assert one_verdict(answer) == RIGHT
    assert "thay thế Báo cáo số 52/BC-UBND, 20/11/2026" in said(answer)


def test_figures_opened_again_are_replaced_although_no_newer_paper_is_there(
    client: CheckingClient, engine: Engine, cast: Cast, code: str
) -> None:
    with signed_in(engine, cast.chi) as session:
        unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "còn thiếu")
    answer = client.get(f"/verify/{code}")
    assert one_verdict(answer) == REPLACED
    assert "Chưa có báo cáo mới nào được phát hành." in said(answer)
    with signed_in(engine, cast.chi) as session:
        again = seal(session, cast).code
    assert "Chưa có báo cáo mới nào được phát hành." in said(client.get(f"/verify/{code}"))
    issue(engine, cast)
    assert f'href="/verify/{again}"' in client.get(f"/verify/{code}").get_data(as_text=True)


def test_too_many_wrong_codes_from_one_address_wait_and_a_good_code_never_does(
    client: CheckingClient, engine: Engine, code: str
) -> None:
    wrong = [client.get(f"/verify/{'z' * 12}{n:04d}").status_code for n in range(rules.ADDRESS.free + 1)]
    assert set(wrong) == {404}
    answer = client.get("/verify/" + "z" * 16)
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 30
    machine = client.get("/verify/" + "z" * 16, headers={"Accept": "application/json"})
    assert (machine.status_code, machine.json) == (429, {"error": "too_many_requests"})
    for _ in range(3):
        assert (
            client.get("/verify/no-such-letters-é").status_code == 404
        )  # can be no code: nothing is asked, nothing counted
    with open_session(engine, EVERYWHERE) as looking:
        counted = [row.failures for row in looking.exec(select(SignInAttempt))]
    assert counted == [rules.ADDRESS.free + 1]
    assert client.get(f"/verify/{code}").status_code == 200
    other = client.get("/verify/" + "z" * 16, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 404


def test_a_page_reads_and_never_writes(
    client: CheckingClient, app: Flask, engine: Engine, issued: str
) -> None:
    def state() -> list[Any]:
        with engine.connect() as looking:
            return [
                looking.execute(text(f"SELECT count(*) FROM {t}")).scalar()
                for t in ("audit", "sign_in_attempt")
            ]

    before = state()
    client.get(f"/verify/{issued}")
    client.get("/verify/")
    assert state() == before


def test_spans_are_named_as_people_say_them(app: Flask) -> None:
    with app.test_request_context():
        assert span_words(span_of(SpanKind.QUARTER, 2026, 4)) == "Quý IV năm 2026"
        assert span_words(span_of(SpanKind.HALF, 2026, 1)) == "6 tháng đầu năm 2026"
        assert span_words(span_of(SpanKind.HALF, 2026, 2)) == "6 tháng cuối năm 2026"
        assert span_words(span_of(SpanKind.YEAR, 2026)) == "Năm 2026"
        assert span_words(range_span(date(2026, 10, 1), date(2026, 10, 9))) == "Báo cáo nhanh"


def test_a_consolidated_report_of_an_area_is_checked_alike(
    client: CheckingClient, engine: Engine, cast: Cast, world: World, tmp_path: Path
) -> None:
    ground = make_ground(engine, cast, world)
    ground.visits(cast.village, 3)
    ground.issue(cast.commune)
    code = ground.consolidate().code
    answer = client.get(f"/verify/{code}")
    assert one_verdict(answer) == RIGHT
    assert "Bảo Thắng (cũ) – Tháng 11/2026" in said(answer)
    assert re.search("Hốc Đá — 0 3 3 0 3", said(answer))
    with open_session(engine, EVERYWHERE) as looking:
        found = compare_papers(looking, tmp_path)
    assert (found.seals, found.papers, found.broken) == (2, 6, ())


def test_the_page_shows_what_the_paper_prints(client: CheckingClient, engine: Engine, issued: str) -> None:
    with open_session(engine, EVERYWHERE) as looking:
        row = looking.get_one(Sealing, 1)
        body = looking.exec(select(Paper.body).where(Paper.form == "pdf")).one()
    printed = " ".join(PdfReader(io.BytesIO(body)).pages[0].extract_text().split())
    page = client.get(f"/verify/{issued}")
    shown = " ".join(issued[at : at + 4] for at in range(0, 16, 4))
    for told in (shown, row.sha256[:16], row.audit_head[:16]):
        assert told in printed
        assert told in page.get_data(as_text=True)
