"""How to make what addresses of evidence documents, sponsors and model villages name (`things.py`)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tdteam.domain.ids import new_id
from tdteam.store.tables import Document

if TYPE_CHECKING:
    from tests.web.things import Things

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def document(things: Things) -> int:
    """A plan with a file, filed for this village."""
    body = b"%PDF-1.7\n" + new_id().encode()
    sha256 = hashlib.sha256(body).hexdigest()
    folder = things.stage.instance / "scans"
    folder.mkdir(exist_ok=True)
    (folder / sha256).write_bytes(body)
    return int(
        things.row(
            Document(
                place_id=things.hamlet.id, kind="plan", number="12/KH-UBND", dated=date(2026, 3, 2), issuer="UBND",
                abstract="Kế hoạch", file_name="ke-hoach.pdf", file_kind="pdf", size=len(body), sha256=sha256,
                has_names=False, added_at=NOW, changed_at=NOW,
            )
        )
    )  # fmt: skip


MAKERS: dict[str, Any] = {"document_id": document}
