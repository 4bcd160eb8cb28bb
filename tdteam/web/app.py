"""Puts the web together: configuration, engine, gates, words, looks and one blueprint a noun."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

import tdteam
from tdteam.config import ROOT, Config
from tdteam.store.engine import make_engine
from tdteam.web import api_door, api_memory, assets, errors, frame, gate, sane, security, words

# One module a noun under tdteam/web, each with a blueprint `pages`.
NOUNS = (
    "sign_in",
    "home",
    "help",
    "health",
    "accounts",
    "two_step",
    "tokens",
    "api",
    "api_figures",
    "api_reports",
    "audit",
    "visits",
    "gatherings",
    "filings",
    "inbox",
    "outreach",
    "proposals",
    "evidence",
    "reports",
    "report_steps",
    "many_reports",
    "correction_letters",
    "spans",
    "imports",
    "teams",
    "members",
    "joining",
    "devices",
    "own_phones",
    "phone_session",
    "households",
    "residents",
    "places",
    "search",
    "coverage",
    "attention",
    "quality",
    "samples",
    "rule_limits",
    "coverage_map",
    "coverage_ranking",
    "coverage_trends",
    "shapes",
    "area_month",
    "area_report",
    "deadlines",
    "declared",
    "declared_books",
    "declared_figures",
    "catalogue",
    "targets",
    "targets_books",
    "phone",
    "sync",
    "offer",
    "verify",
    "signed_copies",
    "team_months",
    "papers",
    "documents",
    "bundle",
    "village_models",
    "model_catalogue",
    "sponsors",
    "village_ground",
)
# Imported here and not in make_app, so that workers forked after it share them.
_PAGES = [import_module(f"tdteam.web.{noun}").pages for noun in NOUNS]


def make_app(config: Config) -> Flask:
    """The WSGI application. The database must have been migrated."""
    app = Flask(
        "tdteam",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(config.instance),
    )
    app.config.update(SECRET_KEY=config.secret_key, TDTEAM=config)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["tdteam_engine"] = make_engine(config.database_url, key=config.database_key)
    words.install(app)
    api_door.install(app)
    api_memory.install(app)
    gate.install(app)
    security.install(app, https=config.public_url.startswith("https://"))
    sane.install(app)
    errors.install(app)
    assets.install(app)
    frame.install(app, who=_who, holds=gate.may, demo=config.is_demo, version=tdteam.__version__)
    for pages in _PAGES:
        app.register_blueprint(pages)
    return app


def _who() -> frame.Who | None:
    visitor = gate.visitor()
    if visitor is None:
        return None
    seen = visitor.seen
    return frame.Who(seen.name, frame.ROLES[seen.role], ", ".join(seen.root_names))
