"""The optional second step of signing in: a code from an app (RFC 6238), or one of ten recovery codes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

import pyotp

from tdteam.actions.passwords import check_password
from tdteam.domain.errors import Flaw, NotAllowed, Refused
from tdteam.store import audit
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account

ISSUER = "tdteam"
_STEP = 30
_DRIFT = 1  # a step before and after: clocks of cheap phones wander
RECOVERY_CODES = 10
_DRAWN = "abcdefghkmnpqrstuvwxyz23456789"


def draw_secret() -> str:
    """A new secret for the app: 160 bits in base 32."""
    return pyotp.random_base32()


def address(secret: str, username: str) -> str:
    """The otpauth address that a QR carries to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def turn_on(session: GatedSession, account: Account, secret: str, typed: str, password: str) -> list[str]:
    """Switch the second step on, with the present password, once the app shows the right code; the recovery codes, to be
    shown this one time. None of them where it is on already. Raises Refused.

    Without the password, who finds an open session could tie the account to a telephone of theirs.
    """
    if account.is_demo:
        raise NotAllowed
    _prove(session, account, password)
    if account.totp_secret is not None:
        return []
    step = _step_of(secret, typed)
    if step is None:
        raise Refused([Flaw("code", "code_wrong")])
    account.totp_secret, account.totp_last_step = secret, step
    codes = _give_codes(account)
    session.add(account)
    audit.append(session, "two_step_on", "account", account.id)
    return codes


def turn_off(session: GatedSession, account: Account, password: str) -> None:
    """Switch the second step off, with the present password, and forget its secret and codes. Raises Refused."""
    _prove(session, account, password)
    account.totp_secret, account.totp_last_step, account.recovery_hashes = None, None, ""
    session.add(account)
    audit.append(session, "two_step_off", "account", account.id)


def renew_codes(session: GatedSession, account: Account, password: str) -> list[str]:
    """Draw the recovery codes anew, with the present password; the old ones open nothing any more. None where the
    second step is off. Raises Refused."""
    _prove(session, account, password)
    if account.totp_secret is None:
        return []
    codes = _give_codes(account)
    session.add(account)
    audit.append(session, "two_step_codes", "account", account.id)
    return codes


def recovery_left(account: Account) -> int:
    """How many recovery codes have not been used."""
    return len(account.recovery_hashes.split())


def spend(session: GatedSession, account: Account, typed: str) -> bool:
    """Whether a code is right; it is then used up. The account's row must be held by this transaction (see `hold`)."""
    clean = "".join(c for c in typed.lower() if c.isalnum())
    if account.totp_secret is None:
        return False
    if clean.isdecimal() and clean.isascii() and len(clean) == 6:
        step = _step_of(account.totp_secret, clean)
        if step is None or (account.totp_last_step is not None and step <= account.totp_last_step):
            return False
        account.totp_last_step = step
        session.add(account)
        return True
    left = account.recovery_hashes.split()
    found = _digest(clean)
    if found not in left:
        return False
    account.recovery_hashes = " ".join(code for code in left if code != found)
    session.add(account)
    return True


def _prove(session: GatedSession, account: Account, password: str) -> None:
    if not check_password(account.password_hash, password):
        audit.append(session, "password_refused", "account", account.id)
        raise Refused([Flaw("current", "password_wrong")])


def _step_of(secret: str, typed: str) -> int | None:
    """The time step a code belongs to, within the drift allowed; None when it is none of theirs."""
    now = int(datetime.now(UTC).timestamp()) // _STEP
    code = "".join(c for c in typed if c.isascii() and c.isdecimal())
    app = pyotp.TOTP(secret)
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if secrets.compare_digest(app.generate_otp(step), code):
            return step
    return None


def _give_codes(account: Account) -> list[str]:
    drawn = ["".join(secrets.choice(_DRAWN) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    account.recovery_hashes = " ".join(_digest(code) for code in drawn)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in drawn]


def _digest(code: str) -> str:
    # 58 bits drawn by lot: a fast hash is enough, there is nothing to guess from a list.
    return hashlib.sha256(code.encode()).hexdigest()
