"""The app that scripts/bench_servers.py has each server carry: small, but of our kind. The database is BENCH_DB's.

As a program, `bench_servers_app.py PORT` serves it by tdteam/server.py.
"""

import os
import sys
import time

import sqlalchemy as sa
from flask import Flask, render_template_string, request
from sqlcipher3 import dbapi2

LARGE = 400_000
PAGE = """<!doctype html><title>Visits</title><h1>Visits</h1><table>{% for row in rows %}
<tr><td>{{ row.id }}<td>{{ row.head }}<td>{{ row.village }}<td>{{ row.note }}</tr>{% endfor %}</table>"""
VISIT = sa.Table(
    "visit", sa.MetaData(), *(sa.Column(name, sa.Text) for name in ("id", "head", "village", "note"))
)


def _prepare(raw: dbapi2.Connection, _record: object) -> None:
    raw.isolation_level = None
    for line in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {line}")


def make_app() -> Flask:
    """The app, with connections of its own: called once in each process."""
    made = Flask("bench")
    engine = sa.create_engine(f"sqlite:///{os.environ['BENCH_DB']}", module=dbapi2, pool_size=16)
    sa.event.listen(engine, "connect", _prepare)

    @made.get("/page")
    def page() -> str:
        with engine.connect() as db:
            found = db.execute(sa.select(VISIT).order_by(VISIT.c.id.desc()).limit(50)).all()
        return render_template_string(PAGE, rows=found)

    @made.post("/visit")
    def visit() -> str:
        line = {"id": os.urandom(8).hex(), "head": request.form["head"], "village": "v", "note": "n"}
        with engine.connect() as db:
            db.exec_driver_sql("BEGIN IMMEDIATE")
            db.execute(VISIT.insert().values(line))
            db.exec_driver_sql("COMMIT")
        return "saved"

    @made.get("/large")
    def large() -> bytes:
        return b"x" * LARGE

    @made.get("/half-second")
    def half_second() -> str:
        time.sleep(0.5)
        return "finished"

    return made


if __name__ == "__main__":
    from tdteam.server import serve

    serve(make_app, "127.0.0.1", int(sys.argv[1]), workers=2)
