"""The files that belong to a backup: photos, scans, signed copies and evidence documents, each named by its hash.

All backups of a folder share one store beside them, `tdteam-files`, where a file lies once however many backups name it; a
backup's own list, `<name>.files.json`, says which. Files never change, so on the same disk they are hard links and cost
nothing; elsewhere they are copies, and a nightly backup copies only what is new.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, select

from tdteam.domain.evidence import is_hash
from tdteam.store.tables import Declared, Document, Evidence, SignedCopy

STORE = "tdteam-files"
FORMAT = "tdteam-files"
_evidence = Evidence.__table__  # type: ignore[attr-defined]
_declared = Declared.__table__  # type: ignore[attr-defined]
_signed = SignedCopy.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Kept:
    """The files of a backup: how many are safe, how many bytes they are, and which are missing or damaged."""

    count: int
    size: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """A backup's list: when it was made, path below the instance folder -> hash."""

    made_at: datetime
    files: dict[str, str]


def list_of(backup: Path) -> Path:
    """Where the list of a backup's files is."""
    return backup.with_name(f"{backup.stem}.files.json")


def wanted(engine: Engine) -> dict[str, str]:
    """Path below the instance folder -> hash of every file the database's rows need."""
    has = set(inspect(engine).get_table_names())
    found: dict[str, str] = {}
    with engine.connect() as connection:
        if "evidence" in has:
            query = select(_evidence.c.stored_sha256).where(_evidence.c.removed_at.is_(None))
            for stored in connection.execute(query).scalars():
                found[f"evidence/{stored[:2]}/{stored}.jpg"] = stored
        if "declared" in has:
            query = select(_declared.c.scan_sha256).where(_declared.c.scan_sha256.is_not(None)).distinct()
            for stored in connection.execute(query).scalars():
                found[f"scans/{stored}"] = stored
        if "signed_copy" in has:
            for stored in connection.execute(select(_signed.c.sha256).distinct()).scalars():
                found[f"scans/{stored}"] = stored
        if "document" in has:
            query = select(_document.c.sha256).where(_document.c.sha256.is_not(None)).distinct()
            for stored in connection.execute(query).scalars():
                found[f"scans/{stored}"] = stored
    return {path: stored for path, stored in sorted(found.items()) if is_hash(stored)}


def keep_files(engine: Engine, instance: Path, backup: Path, now: datetime | None = None) -> Kept:
    """Put the files the database needs beside a backup, every one read and compared with its hash, then write its list.

    A missing or damaged photo spoils no backup: it is left out of the list, and named in the answer.
    """
    store, safe, size, missing = backup.parent / STORE, {}, 0, []
    for path, stored in wanted(engine).items():
        bytes_ = _bring(instance / path, store / path, stored)
        if bytes_ is None:
            missing.append(path)
        else:
            safe[path] = stored
            size += bytes_
    made = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    _write_list(list_of(backup), {"format": FORMAT, "version": 1, "made_at": made, "files": safe})
    return Kept(len(safe), size, tuple(missing))


def put_back(listing: Listing, backup: Path, instance: Path, leave: Iterable[str] = ()) -> int:
    """Bring the files of a backup back where they are not; how many that were. Those of the hashes in `leave` stay away."""
    store, brought, left = backup.parent / STORE, 0, set(leave)
    for path, stored in listing.files.items():
        if stored not in left and _bytes_of(instance / path, stored) is None:
            brought += _bring(store / path, instance / path, stored) is not None
    return brought


def missing_from(engine: Engine, instance: Path) -> list[str]:
    """Files the database needs that are not in the instance folder, or not what they should be."""
    return [path for path, stored in wanted(engine).items() if _bytes_of(instance / path, stored) is None]


def names_of(engine: Engine, paths: Iterable[str]) -> list[str]:
    """What people call these files: a photo by its evidence id (the hash of what was sent), a scan by its path."""
    paths = list(paths)
    stored = {Path(path).stem: path for path in paths if path.startswith("evidence/")}
    query = select(_evidence.c.stored_sha256, _evidence.c.sha256).where(
        _evidence.c.stored_sha256.in_(list(stored)), _evidence.c.removed_at.is_(None)
    )
    ids: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for kept, sent in connection.execute(query.order_by(_evidence.c.sha256)):
            ids.setdefault(stored[kept], []).append(sent)
    return [name for path in paths for name in ids.get(path, [path])]


def read_list(backup: Path) -> Listing | None:
    """A backup's list; None where it has none. Raises ValueError for one that is none of ours."""
    try:
        body = json.loads(list_of(backup).read_text("utf-8"))
    except FileNotFoundError:
        return None
    try:
        files = {str(path): str(stored) for path, stored in body["files"].items()}
        made = datetime.fromisoformat(body["made_at"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a list of files") from error
    if body.get("format") != FORMAT or not all(_is_place(path, stored) for path, stored in files.items()):
        raise ValueError("not a list of files")
    return Listing(made, files)


def prune(folder: Path, keep_days: int, now: datetime | None = None) -> int:
    """Delete the backups of a folder older than so many days, and the files no other backup names; how many backups."""
    oldest = (now or datetime.now(UTC)).timestamp() - keep_days * 86_400
    gone = 0
    for backup in _backups(folder):
        if backup.stat().st_mtime < oldest:
            backup.unlink()
            list_of(backup).unlink(missing_ok=True)
            gone += 1
    try:
        still = {path for backup in _backups(folder) if (one := read_list(backup)) for path in one.files}
    except (OSError, ValueError):
        return gone  # what a list that cannot be read names is not known: no file goes
    for file in list((folder / STORE).rglob("*")):
        if file.is_file() and file.relative_to(folder / STORE).as_posix() not in still:
            file.unlink()
    return gone


def _backups(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("tdteam-*")):
        if path.is_file() and path.suffix in (".db", ".dump"):
            yield path


def _is_place(path: str, stored: str) -> bool:
    """Whether a path of a list is one we write: never outside the two folders, whatever a list says."""
    return is_hash(stored) and path in (f"evidence/{stored[:2]}/{stored}.jpg", f"scans/{stored}")


def _bytes_of(path: Path, stored: str) -> int | None:
    """The size of a file that is what its hash says; None for one that is not, or is not there."""
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == stored:
                return file.tell()
    except OSError:
        pass
    return None


def _bring(source: Path, target: Path, stored: str) -> int | None:
    """The size of the file at `target`, brought there if need be; None where no good copy is to be had."""
    there = _bytes_of(target, stored)
    if there is not None:
        return there
    found = _bytes_of(source, stored)
    if found is None:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".half-{secrets.token_hex(8)}")
    try:
        try:
            half.hardlink_to(source)
        except OSError:  # another disk, or one that knows no links
            shutil.copyfile(source, half)
            half.chmod(0o600)
            _to_disk(half)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    _to_disk(target.parent)
    return found


def _write_list(path: Path, body: dict[str, object]) -> None:
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_text(json.dumps(body, indent=0), "utf-8")
        half.chmod(0o600)
        _to_disk(half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
