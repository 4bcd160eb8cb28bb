"""Photos at the desk: seen with a record of the scope that names them, removed with a reason, and then never again."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.record_visit import record_visit
from tdteam.domain.ids import new_id
from tdteam.domain.roles import Actor, Role
from tdteam.domain.visits import VisitDraft
from tdteam.store import evidence
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.photos import KEPT, files, keep_photo, photo, put, rows, send, sha
from tests.web.things import DAY, NO_ID


@pytest.fixture
def shown(cast: Cast, engine: Engine, tmp_path: Path) -> str:
    """A photo that a record of An's village names."""
    return keep_photo(engine, tmp_path, NO_ID, cast.village.id)


def test_a_photo_is_seen_with_its_record_and_no_other_way(
    client: CheckingClient, cast: Cast, engine: Engine, tmp_path: Path, shown: str
) -> None:
    for who, status in (
        *((cast.an, 200), (cast.binh, 200), (cast.chi, 200), (cast.em, 200)),
        *((cast.dung, 404), (cast.giang, 403), (cast.hai, 403), (cast.khoa, 403)),
    ):
        answer = client.sign_in(who).get(f"/evidence/{shown}.jpg")
        assert answer.status_code == status, who.username
        if status == 200:
            assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    unnamed = photo()
    send(client.sign_in(cast.an), unnamed)
    assert client.get(f"/evidence/{sha(unnamed)}.jpg").status_code == 404
    with open_session(engine, EVERYWHERE) as looking:
        views = looking.exec(select(Audit).where(Audit.noun == "evidence", Audit.action == "view")).all()
    assert {view.account_id for view in views} == {cast.an.id, cast.binh.id, cast.chi.id, cast.em.id}


def test_a_thumbnail_is_small(client: CheckingClient, cast: Cast, engine: Engine, tmp_path: Path) -> None:
    body = photo("JPEG", (1500, 1000))
    send(client.sign_in(cast.an), body)
    with open_session(engine, EVERYWHERE, write=True) as writing:
        evidence.link_photos(writing, NO_ID, cast.village.id, [sha(body)])
        writing.commit()
    whole, thumb = (client.get(f"/evidence/{sha(body)}.jpg{more}").data for more in ("", "?small=1"))
    with Image.open(io.BytesIO(thumb)) as image:
        assert image.size == (360, 240)
    assert len(thumb) < len(whole) / 4


def test_a_damaged_file_is_not_shown(client: CheckingClient, cast: Cast, tmp_path: Path, shown: str) -> None:
    [file] = files(tmp_path)
    file.write_bytes(file.read_bytes()[:-10])
    assert client.sign_in(cast.chi).get(f"/evidence/{shown}.jpg").status_code == 404


def test_naming_photos_twice_names_them_once(cast: Cast, engine: Engine) -> None:
    hashes = [sha(bytes([number])) for number in range(3)]
    for _ in range(2):
        with open_session(engine, EVERYWHERE, write=True) as writing:
            evidence.link_photos(writing, NO_ID, cast.village.id, [*hashes, hashes[0], "no hash", None, {}])
            for nonsense in (None, 5, "e" * 64, {"e" * 64: 1}):
                evidence.link_photos(writing, NO_ID, cast.village.id, nonsense)
            writing.commit()
    with open_session(engine, EVERYWHERE) as looking:
        assert {one.sha256 for one in evidence.photos_of(looking, [NO_ID])} == set(hashes)
        assert [one.state for one in evidence.photos_of(looking, [NO_ID])] == ["awaited"] * 3


# On the pages.


def recorded(engine: Engine, cast: Cast) -> str:
    actor = Actor(cast.an.id, "An", Role.MEMBER)
    with open_session(engine, replace(EVERYWHERE, actor=actor), write=True) as writing:
        draft = VisitDraft(
            id=new_id(), village_id=cast.village.id, team_id=cast.village.team.id or 0, visited_on=DAY
        )
        made = record_visit(writing, draft, actor).id
        writing.commit()
    return made


def test_the_visits_page_shows_its_photos_and_what_is_still_to_come(
    client: CheckingClient, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    visit = recorded(engine, cast)
    shown = keep_photo(engine, tmp_path, visit, cast.village.id)
    with open_session(engine, EVERYWHERE, write=True) as writing:
        evidence.link_photos(writing, visit, cast.village.id, ["e" * 64])
        writing.commit()
    page = client.sign_in(cast.chi).get(f"/visits/{visit}").get_data(as_text=True)
    assert f'src="/evidence/{shown}.jpg?small=1"' in page
    assert 'alt="Ảnh 1: lượt hỗ trợ ngày 10/11/2026' in page
    assert "Còn 1 ảnh trên điện thoại" in page
    assert "Không chụp căn cước" in page
    for who in (cast.em, cast.giang):
        page = client.sign_in(who).get(f"/visits/{visit}").get_data(as_text=True)
        assert (shown in page) is (who is cast.em)
        assert "/remove" not in page


def test_a_photo_is_removed_with_a_reason_and_never_comes_back(
    client: CheckingClient, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    visit = recorded(engine, cast)
    body = photo()
    send(client.sign_in(cast.an), body)
    with open_session(engine, EVERYWHERE, write=True) as writing:
        evidence.link_photos(writing, visit, cast.village.id, [sha(body)])
        writing.commit()
    path = f"/evidence/{sha(body)}/remove"
    assert client.sign_in(cast.dung).post(path, data={"why": "identity"}).status_code == 404
    client.sign_in(cast.chi)
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 422
    assert client.post(path, data={"why": "nonsense"}).status_code == 422
    assert files(tmp_path)
    done = client.post(path, data={"why": "identity"})
    assert (done.status_code, done.location) == (302, f"/visits/{visit}")
    assert files(tmp_path) == []
    [row] = rows(engine)
    assert row.removed_at is not None
    assert client.get(f"/evidence/{sha(body)}.jpg").status_code == 404
    assert client.get(path).status_code == 404
    assert "Đã gỡ 1 ảnh" in client.get(f"/visits/{visit}").get_data(as_text=True)
    client.sign_in(cast.an)
    assert client.head(f"/sync/evidence/{sha(body)}").headers["Upload-Complete"] == "?1"
    assert put(client, sha(body), body[:10], 0, len(body)).json == KEPT
    assert files(tmp_path) == []
    with open_session(engine, EVERYWHERE) as looking:
        assert evidence.lacking(looking, [sha(body)], tmp_path) == []
        entry = looking.exec(select(Audit).where(Audit.noun == "evidence", Audit.action == "remove")).one()
    assert (entry.target, entry.account_id, '"why":"identity"' in entry.detail) == (
        sha(body),
        cast.chi.id,
        True,
    )


def test_a_file_two_photos_share_stays_until_both_are_removed(
    client: CheckingClient, cast: Cast, engine: Engine, tmp_path: Path
) -> None:
    """The same picture sent with and without what a camera writes beside it."""
    plain = photo()
    noted = plain[:2] + b"\xff\xfe\x00\x06abcd" + plain[2:]
    client.sign_in(cast.an)
    for body in (plain, noted):
        send(client, body)
        with open_session(engine, EVERYWHERE, write=True) as writing:
            evidence.link_photos(writing, NO_ID, cast.village.id, [sha(body)])
            writing.commit()
    assert len(rows(engine)) == 2
    assert len(files(tmp_path)) == 1
    client.post(f"/evidence/{sha(plain)}/remove", data={"why": "asked"})
    assert client.get(f"/evidence/{sha(noted)}.jpg").status_code == 200
    client.post(f"/evidence/{sha(noted)}/remove", data={"why": "asked"})
    assert files(tmp_path) == []
