"""Secrets that must be read back (a feed's password, a webhook's signing key) are stored encrypted with Fernet.

The key is derived from ``SECRETS_KEY``; with ``SECRETS_KEY_PREVIOUS`` set, what was written under it can still be read.
"""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def encrypt(text: str) -> str:
    """Ciphertext as URL-safe text; the empty string stays empty."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """The text behind ``encrypt``. Raises cryptography.fernet.InvalidToken if no key fits."""
    return _fernet().decrypt(token.encode()).decode() if token else ""


class EncryptedTextField(models.TextField):
    """Plain text in Python, ciphertext in the column. Cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else super().get_prep_value(value)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value) if value else value


def _fernet() -> MultiFernet:
    return _fernet_of(settings.SECRETS_KEY, settings.SECRETS_KEY_PREVIOUS)


@lru_cache(maxsize=4)
def _fernet_of(*keys: str) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"secrets:{key}".encode()).digest())) for key in keys if key]
    )
