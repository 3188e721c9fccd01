"""Fetch one document politely: within a deadline, a size and an address space that the other side cannot stretch."""

import contextlib
import datetime
import http.client
import logging
import re
import ssl
from collections.abc import Iterator, Mapping
from typing import IO

import urllib3.exceptions
from urllib3.connection import HTTPConnection
from urllib3.response import HTTPResponse

from mediaexchange.core.outgoing import configuration
from mediaexchange.core.outgoing.connecting import Resolver, connect, hang_up, resolve_by_system
from mediaexchange.core.outgoing.deadline import Deadline
from mediaexchange.core.outgoing.decoding import ACCEPT_ENCODING, decoded
from mediaexchange.core.outgoing.errors import (
    BadEncodingError,
    BrokenResponseError,
    ConnectionFailedError,
    OutgoingError,
    TlsError,
    TooLargeError,
    TooManyRedirectsError,
)
from mediaexchange.core.outgoing.fetched import Fetched, parse_retry_after, readable_headers
from mediaexchange.core.outgoing.guard import AddressGuard
from mediaexchange.core.outgoing.target import Target, parse_target

TOTAL_SECONDS = 20.0
MAX_BODY_BYTES = 15 * 1024 * 1024
MAX_ERROR_BODY_BYTES = 4096
MAX_REDIRECTS = 3
DOWNLOAD_SECONDS = 420.0  # below the time limit of a task
MAX_DOWNLOAD_BYTES = 5 * 1024**3

_READ_BYTES = 64 * 1024
_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
_KEPT_ACROSS_ORIGINS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since", "user-agent"})
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te", "upgrade"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

# It quotes the URL, which may hold a partner's key, and the headers when it finds these badly formed.
logging.getLogger("urllib3.connection").addFilter(lambda record: False)


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    headers: Mapping[str, str] | None = None,
    timeout: float = TOTAL_SECONDS,
    max_bytes: int = MAX_BODY_BYTES,
) -> Fetched:
    """GET with the project's settings; see Client.fetch."""
    client = Client(AddressGuard(configuration.allowed_addresses()), user_agent=configuration.user_agent())
    return client.fetch(
        url, etag=etag, last_modified=last_modified, headers=headers, timeout=timeout, max_bytes=max_bytes
    )


def download_to(
    file: IO[bytes],
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = DOWNLOAD_SECONDS,
    max_bytes: int = MAX_DOWNLOAD_BYTES,
) -> Fetched:
    """GET into a file with the project's settings; see Client.download_to."""
    client = Client(AddressGuard(configuration.allowed_addresses()), user_agent=configuration.user_agent())
    return client.download_to(file, url, headers=headers, timeout=timeout, max_bytes=max_bytes)


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    timeout: float = TOTAL_SECONDS,
    max_bytes: int = MAX_BODY_BYTES,
) -> Fetched:
    """POST with the project's settings; see Client.post."""
    client = Client(AddressGuard(configuration.allowed_addresses()), user_agent=configuration.user_agent())
    return client.post(url, body, headers=headers, timeout=timeout, max_bytes=max_bytes)


class Client:
    """Keeps nothing between requests (no cookies, no connections) and takes nothing from the environment or netrc."""

    def __init__(
        self, guard: AddressGuard, *, user_agent: str, resolver: Resolver = resolve_by_system, ca_file: str = ""
    ) -> None:
        self._guard = guard
        self._user_agent = user_agent
        self._resolver = resolver
        self._ca_file = ca_file

    def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> Fetched:
        """GET a document; any status is a result, and no document is a half one.

        ``timeout`` is for everything together, in seconds; ``max_bytes`` is counted after decompression. Redirects are
        checked like the first URL, and headers of the caller's stay behind when the origin changes. Raises
        OutgoingError, and ValueError for headers that cannot be sent.
        """
        return self._get(url, self._request_headers(etag, last_modified, headers or {}), timeout, max_bytes, None)

    def download_to(
        self,
        file: IO[bytes],
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = DOWNLOAD_SECONDS,
        max_bytes: int = MAX_DOWNLOAD_BYTES,
    ) -> Fetched:
        """GET a large document piece by piece into a file; the result's ``body`` is empty after a success.

        Everything else is as with ``fetch``. After an error the file may hold a part of the document.
        """
        return self._get(url, self._request_headers("", "", headers or {}), timeout, max_bytes, file)

    def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        timeout: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> Fetched:
        """Send a body and read the answer to its end. Redirects are answers: nothing follows them with what was sent.

        Everything else is as with ``fetch``.
        """
        deadline = Deadline(timeout)
        target = parse_target(url)
        sent = self._request_headers("", "", headers)
        with self._exchange(target, sent, deadline, body) as response:
            return self._result(response, target, sent, deadline, max_bytes, None, is_moved=False)

    def _get(self, url: str, sent: dict[str, str], timeout: float, max_bytes: int, file: IO[bytes] | None) -> Fetched:
        deadline = Deadline(timeout)
        target = parse_target(url)
        seen = {target.url}
        are_all_permanent = True
        while True:
            with self._exchange(target, sent, deadline) as response:
                following = self._following(response, target)
                if following is None:
                    is_moved = are_all_permanent and len(seen) > 1
                    return self._result(response, target, sent, deadline, max_bytes, file, is_moved=is_moved)
            if following.url in seen or len(seen) > MAX_REDIRECTS:
                raise TooManyRedirectsError(f"{target.host} redirects in a loop or more than {MAX_REDIRECTS} times.")
            seen.add(following.url)
            are_all_permanent = are_all_permanent and response.status in _PERMANENT
            if following.origin != target.origin:
                sent = {name: value for name, value in sent.items() if name in _KEPT_ACROSS_ORIGINS}
            target = following

    def _request_headers(self, etag: str, last_modified: str, extra: Mapping[str, str]) -> dict[str, str]:
        sent = {"accept": "*/*", "user-agent": self._user_agent}
        sent |= {name.lower(): value for name, value in extra.items()}
        if etag:
            sent["if-none-match"] = etag
        if last_modified:
            sent["if-modified-since"] = last_modified
        for name, value in sent.items():
            if name in _OURS or not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
                raise ValueError(f"The header {name!r} cannot be sent.")
        return sent

    @contextlib.contextmanager
    def _exchange(
        self, target: Target, sent: Mapping[str, str], deadline: Deadline, body: bytes | None = None
    ) -> Iterator[HTTPResponse]:
        """One hop, a POST if there is a body, up to its headers; the connection is closed at the end."""
        connection = HTTPConnection(target.host, target.port, timeout=deadline.remaining())
        connection.auto_open = 0  # it shall never open a socket of its own
        connected = connect(
            target, guard=self._guard, resolver=self._resolver, ca_file=self._ca_file, deadline=deadline
        )
        connection.sock = connected
        try:
            with _named_failures(target, deadline):
                connection.request(
                    "GET" if body is None else "POST",
                    target.path,
                    body=body,
                    headers={
                        "Host": target.authority,
                        "Accept-Encoding": ACCEPT_ENCODING,
                        "Connection": "close",
                        **{name.title(): value for name, value in sent.items()},
                    },
                    preload_content=False,
                    decode_content=False,
                )
                response = connection.getresponse()
            try:
                yield response
            finally:
                response.close()
        finally:
            connection.close()
            hang_up(connected)

    def _following(self, response: HTTPResponse, target: Target) -> Target | None:
        """Where a redirect leads, or None if this answer is the last; connecting checks it. Raises RefusedUrlError."""
        if response.status not in _REDIRECTS:
            return None
        locations = set(filter(None, response.headers.getlist("Location")))
        if len(locations) > 1:
            raise BrokenResponseError(f"{target.host} redirects to several places at once.")
        return target.follow(locations.pop()) if locations else None

    def _result(
        self,
        response: HTTPResponse,
        target: Target,
        sent: Mapping[str, str],
        deadline: Deadline,
        max_bytes: int,
        file: IO[bytes] | None,
        *,
        is_moved: bool,
    ) -> Fetched:
        status = response.status
        if status == 304:
            if not {"if-none-match", "if-modified-since"} & sent.keys():
                raise BrokenResponseError(f"{target.host} says “not modified” although nothing was compared.")
            body = b""
        elif status < 200 or status == 206:
            raise BrokenResponseError(f"{target.host} answered with status {status}, which was not asked for.")
        elif status < 300:
            pieces = _body(response, target, deadline, max_bytes)
            body = b"".join(pieces) if file is None else _written(pieces, file)
        else:
            body = _beginning(response, target, deadline)
        headers = readable_headers(list(response.headers.iteritems()))
        is_success = status < 300 or status == 304
        return Fetched(
            status=status,
            url_final=target.url,
            headers=headers,
            body=body,
            elapsed_ms=round(deadline.elapsed() * 1000),
            permanent_redirect_to=target.url if is_moved and is_success else None,
            retry_after=parse_retry_after(headers.get("retry-after", ""), now=datetime.datetime.now(datetime.UTC)),
        )


def _body(response: HTTPResponse, target: Target, deadline: Deadline, max_bytes: int) -> Iterator[bytes]:
    if response.headers.get("Transfer-Encoding", "chunked").strip().lower() != "chunked":
        raise BadEncodingError(f"{target.host} uses a transfer coding that we did not offer to read.")
    if (response.length_remaining or 0) > max_bytes:
        raise TooLargeError(f"The body is larger than {max_bytes} bytes.")

    def pieces() -> Iterator[bytes]:
        with _named_failures(target, deadline):
            while piece := response.read(_READ_BYTES):
                deadline.remaining()
                yield piece

    return decoded(pieces(), response.headers.get("Content-Encoding", ""), max_bytes=max_bytes)


def _written(pieces: Iterator[bytes], file: IO[bytes]) -> bytes:
    """Into the file; nothing is left for memory. Errors of the disk are the caller's."""
    for piece in pieces:
        file.write(piece)
    return b""


def _beginning(response: HTTPResponse, target: Target, deadline: Deadline) -> bytes:
    """The first words of an error page, for staff; whatever goes wrong with it matters less than its status."""
    body = bytearray()
    with contextlib.suppress(OutgoingError):
        for piece in _body(response, target, deadline, MAX_BODY_BYTES):
            body += piece
            if len(body) >= MAX_ERROR_BODY_BYTES:
                break
    return bytes(body[:MAX_ERROR_BODY_BYTES])


@contextlib.contextmanager
def _named_failures(target: Target, deadline: Deadline) -> Iterator[None]:
    """Turn the transport's errors into ours. Their own words stay out: some of them quote what the server sent."""
    host = target.host
    try:
        yield
    except (TimeoutError, urllib3.exceptions.TimeoutError) as error:
        raise deadline.exceeded() from error
    except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
        raise TlsError(f"The encrypted connection to {host} broke.") from error
    except (urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
        if isinstance(error, ConnectionError):
            raise ConnectionFailedError(f"{host} closed the connection without an answer.") from error
        raise BrokenResponseError(f"{host} sent an incomplete or malformed response.") from error
    except OSError as error:
        raise ConnectionFailedError(f"{host} broke the connection.") from error
