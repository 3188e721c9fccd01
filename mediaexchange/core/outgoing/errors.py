"""Why an outgoing request gave no answer. Details are English, name only the host and never quote a response."""

from typing import ClassVar


class OutgoingError(Exception):
    """``code`` is stable and may be stored; ``detail`` is for the person who repairs the address."""

    code: ClassVar[str] = "outgoing-failed"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class RefusedError(OutgoingError):
    """We did not try: the destination is not one that this project may reach."""

    code = "refused"


class RefusedUrlError(RefusedError):
    """The URL itself is not acceptable: its scheme, port, host, or a name and password inside it."""

    code = "refused-url"


class RefusedAddressError(RefusedError):
    """The host stands for an address that is not public."""

    code = "refused-address"


class ConnectionFailedError(OutgoingError):
    """Nothing answered: refused, reset before the first header, unreachable."""

    code = "connection-failed"


class NameNotFoundError(ConnectionFailedError):
    """The name has no address."""

    code = "name-not-found"


class TlsError(OutgoingError):
    """No trustworthy encrypted connection: the certificate, its name, or the protocol."""

    code = "tls-failed"


class DeadlineExceededError(OutgoingError):
    """The whole exchange, redirects included, took longer than it was given."""

    code = "deadline-exceeded"


class TooManyRedirectsError(OutgoingError):
    """More hops than allowed, or a loop."""

    code = "too-many-redirects"


class TooLargeError(OutgoingError):
    """The body exceeds the cap, as sent or once decompressed, or swells like a decompression bomb."""

    code = "too-large"


class BadEncodingError(OutgoingError):
    """The body cannot be decompressed: unknown, damaged, cut off, or wrapped too often."""

    code = "bad-encoding"


class BrokenResponseError(OutgoingError):
    """Something answered, but not with one complete HTTP response."""

    code = "broken-response"
