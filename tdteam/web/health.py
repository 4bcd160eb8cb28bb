"""/healthz: alive (no database). /readyz: can write, has space; how old the newest backup is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, jsonify

from tdteam.store import backup, doctor
from tdteam.web.gate import engine

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> Any:
    return jsonify(alive=True)


@pages.get("/readyz")
def ready() -> Any:
    """200 while the database takes writes and the disk has room; 503 with what is missing."""
    config = current_app.config["TDTEAM"]
    checks = {
        "database": doctor.can_write(engine()),
        "space": doctor.has_space(config.instance),
    }
    made = backup.newest(config.instance)
    age = int((datetime.now(UTC) - made).total_seconds() // 3600) if made else None
    ready = all(checks.values())
    return jsonify(ready=ready, **checks, backup_age_hours=age), 200 if ready else 503
