"""A file of unsent records, delivered at the desk: each arrives once, photos with it; hostile files are refused in words."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain import unsent
from tdteam.domain.ids import new_id
from tdteam.store.tables import Evidence, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, visit_body
from tests.web.photos import photo


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def exported(phone: Phone, records: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    account = {"id": phone.account.id, "name": phone.account.name}
    head = {"format": "tdteam-unsent", "version": 1, "account": account, "device_id": phone.device_id}
    return {**head, "client": "1", "exported_at": "2026-11-20T09:00:00+07:00", "records": records, **more}


def bring(client: CheckingClient, file: Any) -> Any:
    body = file if isinstance(file, bytes) else json.dumps(file).encode()
    return client.post("/inbox/file", data={"file": (io.BytesIO(body), "chua-gui.json")})


def count(engine: Engine, table: Any) -> int:
    with everywhere(engine) as session:
        return len(session.exec(select(table)).all())


def test_a_file_is_delivered_in_batches_and_twice_adds_nothing(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.an)
    picture = photo()
    sha256 = hashlib.sha256(picture).hexdigest()
    records = [phone.record("visit", visit_body(cast.village)) for _ in range(52)]
    records[51] = phone.record("visit", visit_body(cast.village, photos=[sha256]))
    records.append(phone.record("visit", visit_body(cast.next_village)))
    broken = phone.record("visit", visit_body(cast.village))
    broken["body"] = {**broken["body"], "minutes": 9}
    photos = {sha256: base64.b64encode(picture).decode(), "0" * 64: "AAAA"}
    file = exported(phone, [*records, broken], photos=photos)
    client.sign_in(cast.chi)
    page = text(bring(client, file))
    assert "Bàn Thị An" in page and ">52<" in page and ">54<" in page and "Ảnh vừa lưu" in page
    assert count(engine, Visit) == 52 and count(engine, Evidence) == 1
    row = inbox_rows(engine)[0]
    assert (row.account_id, row.from_account, row.device_id) == (cast.chi.id, cast.an.id, "phone-1")
    again = text(bring(client, file))
    assert "Đã có từ trước" in again and count(engine, Visit) == 52 and count(engine, Evidence) == 1
    assert phone.states(*records[:50]) == ["duplicate"] * 50


def test_a_file_is_judged_in_the_scope_of_whoever_delivers_it(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.an)
    file = exported(phone, [phone.record("visit", visit_body(cast.village))])
    client.sign_in(cast.dung)
    assert "Không hợp lý" in text(bring(client, file))
    assert count(engine, Visit) == 0
    client.sign_in(cast.an)
    assert bring(client, file).status_code == 403


def plain(cast: Cast) -> dict[str, Any]:
    return {
        "format": "tdteam-unsent",
        "version": 1,
        "account": {"id": cast.an.id, "name": "An"},
        "device_id": "p",
        "client": "1",
        "records": [{}],
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "x"},
        {"version": 2},
        {"version": True},
        {"account": None},
        {"account": {"id": "7"}},
        {"account": {"id": 10**12}},
        {"records": None},
        {"records": []},
        {"records": [1]},
        {"records": [{}]},
        {"device_id": "../x"},
    ],
)
def test_a_file_of_another_shape_is_refused_beside_the_field(
    client: CheckingClient, cast: Cast, wrong: dict[str, Any]
) -> None:
    answer = bring(client.sign_in(cast.chi), {**plain(cast), **wrong})
    assert answer.status_code == 422 and 'id="file-error"' in text(answer)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no json",
        b"[" * 100_000,
        b"[1]",
        b"\xff\xfe",
        b'{"format": 1e999}',
        b'{"format": "tdteam-unsent"}',
    ],
)
def test_what_is_no_json_of_ours_is_refused_beside_the_field(
    client: CheckingClient, cast: Cast, raw: bytes
) -> None:
    answer = bring(client.sign_in(cast.chi), raw)
    assert answer.status_code == 422 and 'id="file-error"' in text(answer)


def test_no_file_at_all_is_refused_beside_the_field(client: CheckingClient, cast: Cast) -> None:
    answer = client.sign_in(cast.chi).post("/inbox/file", data={})
    assert answer.status_code == 422 and 'id="file-error"' in text(answer)


def test_a_file_too_large_or_of_too_many_records_is_refused(
    client: CheckingClient, cast: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (unsent.LARGEST_FILE, unsent.MOST_IN_FILE) == (20 * 1024 * 1024, 2_000)
    client.sign_in(cast.chi)
    large = bring(client, b" " * (unsent.LARGEST_FILE + 1))
    assert large.status_code == 422 and "20 MB" in text(large)
    many = bring(client, {**plain(cast), "records": [{"id": new_id()}] * 2_001})
    assert many.status_code == 422 and "2000" in text(many).replace(".", "")
    assert inbox_rows(engine) == []


def test_a_photo_that_is_none_is_left_out_and_said(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.an)
    body = b"not a picture"
    sha256 = hashlib.sha256(body).hexdigest()
    record = phone.record("visit", visit_body(cast.village, photos=[sha256]))
    file = exported(phone, [record], photos={sha256: base64.b64encode(body).decode()})
    client.sign_in(cast.chi)
    assert "Ảnh không dùng được" in text(bring(client, file))
    assert count(engine, Visit) == 1 and count(engine, Evidence) == 0
