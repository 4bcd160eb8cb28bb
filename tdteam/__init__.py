"""tdteam: the field tool of Vietnam's community digital-technology teams. `create_app` makes the web application.

Nothing third-party is imported here, so that `python -m tdteam` can say plainly what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tdteam.config import Config

__version__ = "0.1.0"


def create_app(config: Config | None = None) -> Flask:
    """The application for a configuration (default: from the environment)."""
    from tdteam.config import read_config
    from tdteam.web.app import make_app

    return make_app(config or read_config())
