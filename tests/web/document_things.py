"""How to make what addresses of evidence documents, sponsors and model villages name (`things.py`)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tdteam.domain.ids import new_id
from tdteam.store.tables import Document, ModelVillage, Sponsor

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


def model_village(things: Things) -> int:
    """This village, chosen for the model of four groups (once a village)."""
    from sqlmodel import select

    from tdteam.store.gate import EVERYWHERE, open_session

    with open_session(things.stage.engine, EVERYWHERE) as looking:
        query = select(ModelVillage.id).where(ModelVillage.village_id == things.hamlet.id)
        held = looking.exec(query).first()
    row = ModelVillage(village_id=things.hamlet.id, model="SMART_VILLAGE", changed_at=NOW)
    return int(held or things.row(row))


def sponsor(things: Things) -> int:
    """An agency that sponsors the commune of this village."""
    return int(things.row(Sponsor(commune_id=things["commune_id"], agency="Chi cục Thuế", changed_at=NOW)))


MAKERS: dict[str, Any] = {
    "document_id": document,
    "model_village_id": model_village,
    "sponsor_id": sponsor,
}
CODES: dict[str, Any] = {
    "model_catalogue.model:code": lambda _: "SMART_VILLAGE",
    "model_catalogue.item:code": lambda _: "SV_WIFI",
}
"""Of what addresses name by a code."""
