"""Included by the workers of the fault tests: one document kills whoever reads it, as a broken library may."""

import os
import signal
from typing import Any

from newsexchange.services import inbound

POISON = "Otrovnapečurka".encode()
_ingest_document = inbound.ingest_document


def ingest_or_die(feed: Any, payload: bytes, **options: Any) -> Any:
    if POISON in payload:
        os.kill(os.getpid(), signal.SIGKILL)
    return _ingest_document(feed, payload, **options)


inbound.ingest_document = ingest_or_die
