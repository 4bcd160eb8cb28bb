"""Imports of others, of two people at once, and long ago."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tdteam.actions.import_roster import do_upload, take_file, undo_upload
from tdteam.domain.errors import Conflict, NotFound
from tdteam.store import uploads
from tdteam.store.tables import (
    Household,
    Upload,
    UploadChange,
    UploadFile,
)
from tests.actions.test_import_teams import team_file
from tests.actions.test_undo_import import is_sound, undo, upload
from tests.district import XUAN_QUANG, District, body


def test_an_import_of_the_next_commune_is_neither_found_nor_undone(bao_thang: District) -> None:
    done = upload(bao_thang, XUAN_QUANG)
    for act in (undo_upload, do_upload):
        with pytest.raises(NotFound), bao_thang.as_("neighbour") as session:
            act(session, done)
    with bao_thang.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 1619


def test_two_officials_who_confirm_at_once_import_once(bao_thang: District) -> None:
    with bao_thang.as_("official") as session:
        taken = take_file(session, bao_thang.commune("02926"), XUAN_QUANG, body(XUAN_QUANG)).id or 0
    outcomes: list[str] = []

    def confirm() -> None:
        try:
            with bao_thang.as_("official") as session:
                do_upload(session, taken)
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["conflict", "done"]
    with bao_thang.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 1619


def test_two_uploads_of_one_file_confirmed_at_once_add_it_once(bao_thang: District) -> None:
    with bao_thang.as_("official") as session:
        place = bao_thang.commune("02926")
        taken = [take_file(session, place, XUAN_QUANG, body(XUAN_QUANG)).id or 0 for _ in range(2)]

    def confirm(upload_id: int) -> None:
        with bao_thang.as_("official") as session:
            do_upload(session, upload_id)

    threads = [threading.Thread(target=confirm, args=(one,)) for one in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with bao_thang.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 1619
        added = [(one.outcome or {})["added"] for one in session.scalars(select(Upload))]
        assert sorted(added) == [0, 1619]
    assert is_sound(bao_thang)


def test_what_is_kept_of_an_upload_goes_after_thirty_days_and_with_it_the_undo(bao_thang: District) -> None:
    done = upload(bao_thang, XUAN_QUANG)
    upload(
        bao_thang,
        "to.xlsx",
        team_file([1, "Tả Hà 1", "Vàng B", 1985, "", "", ""], commune="UBND xã Sơn Hà"),
        "neighbour",
    )
    with bao_thang.everywhere(write=True) as session:
        for row in session.scalars(select(Upload)):
            row.uploaded_at = row.done_at = datetime.now(UTC) - timedelta(days=uploads.KEPT_DAYS, minutes=1)
    fresh = upload(
        bao_thang, "to.xlsx", team_file([1, "Hốc Đá", "Lý A", 1990, "", "", ""], commune="UBND xã Xuân Quang")
    )
    with bao_thang.everywhere() as session:
        assert session.scalars(select(UploadFile.upload_id)).all() == [fresh], "in whatever commune"
        assert set(session.scalars(select(UploadChange.upload_id))) == {fresh}
        assert session.scalar(select(func.count()).select_from(Household)) == 1619
    with pytest.raises(Conflict):
        undo(bao_thang, done)
