"""/healthz: alive (no database). /readyz: can write, has space."""

from __future__ import annotations

import shutil
from typing import Any

from flask import Blueprint, current_app, jsonify

from tdteam.store import doctor
from tdteam.web.gate import engine

pages = Blueprint("health", __name__)
LEAST_SPACE = 200 * 1024 * 1024


@pages.get("/healthz")
def alive() -> Any:
    return jsonify(alive=True)


@pages.get("/readyz")
def ready() -> Any:
    """200 while the database takes writes and the disk has room; 503 with what is missing."""
    config = current_app.config["TDTEAM"]
    checks = {
        "database": doctor.can_write(engine()),
        "space": shutil.disk_usage(config.instance).free > LEAST_SPACE,
    }
    return jsonify(ready=all(checks.values()), **checks), 200 if all(checks.values()) else 503
