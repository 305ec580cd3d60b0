"""Passwords: what is accepted, and argon2id hashes of them."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.errors import OptionError

SHORTEST, LONGEST = 10, 256

hasher = PasswordHasher()
"""Makes and checks the hashes; tests put a cheap one here."""

_at_once = threading.BoundedSemaphore(4)
"""A hash takes 64 MiB: many logins at the same moment wait for each other."""


class WeakPasswordError(OptionError):
    """A new password is refused. The text is English, for the command line; ``shown`` is Indonesian, for the page."""

    def __init__(self, text: str, shown: str) -> None:
        super().__init__(text)
        self.shown = shown


def check_new(password: str, login: str) -> None:
    """Raise :class:`WeakPasswordError` where *password* is too short, too long or the login name."""
    if len(password) < SHORTEST:
        raise WeakPasswordError(
            f"The password needs at least {SHORTEST} characters.", f"Kata sandi minimal {SHORTEST} karakter."
        )
    if len(password) > LONGEST:
        raise WeakPasswordError(
            f"The password has more than {LONGEST} characters.", f"Kata sandi maksimal {LONGEST} karakter."
        )
    if len(set(password)) == 1 or password.lower() == login:
        raise WeakPasswordError(
            "The password is too easy to guess. Choose another one.",
            "Kata sandi terlalu mudah ditebak. Pilih kata sandi lain.",
        )


def make_hash(password: str) -> str:
    """Return the argon2id hash of *password*, with its parameters and salt."""
    with _at_once:
        return hasher.hash(_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Return whether *password* has the hash *stored*; ``None`` (no such person) takes the same time."""
    stand_in = _stand_in(hasher)
    if len(password) > LONGEST:
        stored, password = None, ""  # none is that long, and normalising it would take the square of its length
    with _at_once:
        try:
            hasher.verify(stored or stand_in, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Return whether *stored* was made with other parameters than those of now."""
    return hasher.check_needs_rehash(stored)


@cache
def _stand_in(maker: PasswordHasher) -> str:
    return maker.hash(b"nobody's password")


def _bytes(password: str) -> bytes:
    # The same letters typed on another keyboard may come composed in another way.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
