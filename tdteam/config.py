"""What the environment says (docs/deploy.md lists the names). Read once, at the start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEAK_SECRETS = {"secret", "changeme", "password", "tdteam", "development", "dev"}
SHORTEST_SECRET = 32


class BadConfig(Exception):
    """The environment does not make sense; the message is a code (`secret_missing`, `secret_weak`, `mode_unknown`…)."""


@dataclass(frozen=True)
class Config:
    """Settings of one process."""

    instance: Path
    database_url: str
    secret_key: str
    mode: str = "production"
    database_key: str | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    period_start_day: int | None = None
    public_url: str = ""

    @property
    def address(self) -> str:
        """What a printed code leads to. The demonstration may do without a public address, production may not."""
        if self.public_url or not self.is_demo:
            return self.public_url
        return f"http://{self.host}:{self.port}"

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of this process; raises BadConfig with a code."""
    env = os.environ if environ is None else environ
    mode = env.get("TDTEAM_MODE", "production")
    if mode not in ("demo", "production"):
        raise BadConfig("mode_unknown")
    instance = Path(env.get("TDTEAM_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    url = env.get("TDTEAM_DATABASE_URL") or f"sqlite:///{instance / 'tdteam.db'}"
    return Config(
        instance=instance,
        database_url=url,
        secret_key=_secret(env.get("TDTEAM_SECRET_KEY", ""), mode, instance),
        mode=mode,
        database_key=env.get("TDTEAM_DATABASE_KEY") or None,
        host=env.get("HOST") or "127.0.0.1",
        port=_number(env.get("PORT") or "8080", 0, 65_535, "port_unknown"),
        period_start_day=_start_day(env.get("TDTEAM_PERIOD_START_DAY")),
        public_url=env.get("TDTEAM_PUBLIC_URL", "").rstrip("/"),
    )


def _number(text: str, low: int, high: int, code: str) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BadConfig(code)
    return int(text)


def _start_day(text: str | None) -> int | None:
    return _number(text, 1, 28, "start_day_unknown") if text else None


def _secret(given: str, mode: str, instance: Path) -> str:
    """The key that signs sessions. Production must give a good one; the demonstration draws and keeps its own."""
    if given:
        weak = len(given) < SHORTEST_SECRET or given.lower() in WEAK_SECRETS or len(set(given)) < 8
        if weak and mode == "production":
            raise BadConfig("secret_weak")
        return given
    if mode == "production":
        raise BadConfig("secret_missing")
    kept = instance / "demo-secret"
    if not kept.exists():
        kept.write_text(secrets.token_urlsafe(48), "ascii")
        kept.chmod(0o600)
    return kept.read_text("ascii")
