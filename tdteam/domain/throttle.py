"""How long to wait after failed tries: a few are free, then the wait doubles up to a bound. Nobody waits for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rule:
    """`free` failures cost nothing; the next waits `first`, each further one twice as long, at most `longest`.
    A quiet spell of `forgotten_after` wipes the slate."""

    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """The wait that follows the given number of failures in a row."""
        over = failures - self.free
        if over <= 0:
            return timedelta(0)
        return min(self.longest, self.first * int(2 ** min(over - 1, 20)))

    def is_forgotten(self, last_at: datetime, now: datetime) -> bool:
        return now - last_at >= self.forgotten_after


# Who does not know the password of an account gets some four guesses an hour at it, from wherever they come.
ACCOUNT = Rule(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=24))
# One address may be a whole commune office or a mobile operator's gateway: much is free.
ADDRESS = Rule(30, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1))
# A browser or address that this account signed in from before is counted by itself: strangers cannot use it up.
KNOWN = Rule(10, timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=24))
# The six figures of the second step.
CODE = Rule(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=24))
# The present password, asked of whoever sits at an open session before the account's locks may be changed.
OWN = Rule(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=24))

KNOWN_DEVICE_DAYS = 400
KNOWN_ADDRESS_DAYS = 90
