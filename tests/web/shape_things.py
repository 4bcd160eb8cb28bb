"""A GeoJSON file, for the routes that take one in and back."""

from __future__ import annotations

import json
from typing import Any

from tdteam.actions import import_shapes


def shapes(things: Any) -> int:
    """A file of a village, stored where the address is about taking it back."""
    from tests.web.things import writing

    told = {"type": "Point", "coordinates": [104.2, 22.3]}
    feature = {"type": "Feature", "properties": {"ten": things.hamlet.place.name}, "geometry": told}
    with writing(things.stage) as session:
        body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
        upload = import_shapes.keep_file(session, things.hamlet.id, body, "thon.geojson")
        if things.endpoint == "shapes.undo":
            import_shapes.store_file(session, upload.id or 0)
        return upload.id or 0


MAKERS = dict.fromkeys(("shapes.show:upload_id", "shapes.confirm:upload_id", "shapes.undo:upload_id"), shapes)
