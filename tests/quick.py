"""What makes the suite quick without changing what a test sees. Each piece says what it saves."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from tdteam.store import engine as store_engine

GIB = 1 << 30
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - whatever is put there gets a folder of its own by mkdtemp


def quick_folder() -> Path | None:
    """A folder in memory with room for the databases of a run, if the machine has one.

    PostgreSQL copies some 300 files for each fresh database: 30 ms of the system's time in memory, 200 ms on a disk.
    """
    try:
        about = os.statvfs(IN_MEMORY)
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    free = next((int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), 0)
    wide = about.f_bavail * about.f_frsize >= 3 * GIB and free * 1024 >= 5 * GIB
    runs = not about.f_flag & os.ST_NOEXEC  # tests write programs and run them
    return IN_MEMORY if wide and runs and os.access(IN_MEMORY, os.W_OK | os.X_OK) else None


class Compiled(BytecodeCache):
    """Templates compiled once for all apps of a process; a third of a page's test was compiling them anew."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.held:
            bucket.bytecode_from_string(self.held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.held[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def share_statements() -> None:
    """Let all engines of a process share the SQL made from a statement, as the requests of one application do.

    SQLAlchemy keeps that SQL by engine and dialect object; with an engine or two a test, each test paid for the SQL of
    every statement again.
    """
    kept: dict[type, LRUCache[Any, Any]] = {}

    def sharing(*given: Any, **options: Any) -> Engine:
        made = create_engine(*given, **options)
        made._compiled_cache = kept.setdefault(type(made.dialect), LRUCache(5000))
        return made

    for kind in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        kind.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
        kind.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign, assignment]
    store_engine.create_engine = sharing  # type: ignore[attr-defined]


def compile_addresses_when_asked() -> None:
    """Werkzeug compiles two Python functions for each of some 150 rules of an app; a test asks for a handful."""
    compile_now = Rule._compile_builder

    def compile_later(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(bound: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_now(rule, append_unknown))
            return made[0](bound, **values)

        return build

    Rule._compile_builder = compile_later  # type: ignore[method-assign, assignment]


def spare_the_collector() -> None:
    """What is imported stays: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
