"""Hashing passwords: Argon2id at OWASP's strength, light enough for a small server under a flood of guesses."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tdteam.domain.passwords import MOST, stored_password

# 32 MiB and three passes: some 60 ms here. More memory would let a handful of parallel guesses exhaust the machine.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


def hash_password(typed: str) -> str:
    """The Argon2id hash of a password, its spelling composed first."""
    return _hasher.hash(stored_password(typed))


def check_password(stored: str | None, typed: str) -> bool:
    """Whether the password is the hashed one. Without a hash it takes as long and is False, so that time tells nothing."""
    password = stored_password(typed)[: MOST + 1]
    try:
        return (
            _hasher.verify(stored or _of_nobody(), password) and stored is not None and len(password) <= MOST
        )
    except InvalidHashError:
        check_password(None, typed)
        return False
    except VerificationError:
        return False


def rehashed(stored: str, typed: str) -> str | None:
    """A new hash where the stored one was made with other parameters than today's; call it with a checked password."""
    return hash_password(typed) if _hasher.check_needs_rehash(stored) else None


@cache
def _of_nobody() -> str:
    return _hasher.hash("nobody signs in with this")
