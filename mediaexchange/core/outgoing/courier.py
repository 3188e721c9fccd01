"""Post small messages to many servers at once: one session, checked addresses, one deadline for each exchange.

Of an answer only the status and Retry-After are kept. Redirects are answers like any other; nothing follows them.
"""

import asyncio
import datetime
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from mediaexchange.core.outgoing import configuration
from mediaexchange.core.outgoing.connecting import Resolver, resolve_by_system, tls_context
from mediaexchange.core.outgoing.errors import (
    BrokenResponseError,
    ConnectionFailedError,
    DeadlineExceededError,
    NameNotFoundError,
    OutgoingError,
    RefusedUrlError,
    TlsError,
)
from mediaexchange.core.outgoing.fetched import parse_retry_after
from mediaexchange.core.outgoing.guard import AddressGuard
from mediaexchange.core.outgoing.target import Target

POST_SECONDS = 15.0
_RESOLVERS = 32  # threads that may wait for name servers: a dead one shall not keep others from their names
_NAMES_KEPT_S = 10
_IDLE_KEPT_S = 4.0  # below what common servers keep; a connection they have closed costs a second try
_DRAIN_BYTES = 16 * 1024
_DRAIN_S = 0.25
_TARGETS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: anything that has a status, and nothing of what it said."""

    status: int
    elapsed_ms: int
    retry_after: datetime.timedelta | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Courier:
    """Use it as an asynchronous context, within one event loop. Keeps connections between posts, and no cookies."""

    def __init__(
        self,
        guard: AddressGuard | None = None,
        *,
        connections: int = 500,
        resolver: Resolver = resolve_by_system,
        ca_file: str = "",
    ) -> None:
        self._guard = guard or AddressGuard(configuration.allowed_addresses())
        self._connections = connections
        self._resolver = _GuardedResolver(self._guard, resolver)
        self._ca_file = ca_file
        self._targets: dict[str, Target] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=_Connector(
                limit=self._connections,
                resolver=self._resolver,
                ssl=tls_context(self._ca_file),
                ttl_dns_cache=_NAMES_KEPT_S,
                keepalive_timeout=_IDLE_KEPT_S,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": configuration.user_agent(), "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str], timeout: float = POST_SECONDS) -> Answer:
        """Send and wait for the head of the answer. ``timeout`` is for everything together, in seconds.

        Raises OutgoingError. A kept connection that the other side had closed meanwhile is replaced once.
        """
        target = self._target(url)
        started = time.monotonic()
        try:
            async with asyncio.timeout(timeout):
                status, retry_after = await self._exchange(target, body, headers)
        except TimeoutError:
            raise DeadlineExceededError(f"The exchange took longer than {timeout:g} s.") from None
        return Answer(status, round((time.monotonic() - started) * 1000), retry_after)

    def _target(self, url: str) -> Target:
        """A URL says the same every time it is read; what its name resolves to is asked before every connection."""
        known = self._targets.get(url)
        if known is None:
            if len(self._targets) >= _TARGETS_KEPT:
                self._targets.clear()
            known = self._targets[url] = self._guard.target(url)
        return known

    async def _exchange(
        self, target: Target, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, datetime.timedelta | None]:
        _has_kept_connection.set(False)
        try:
            return await self._post(target, body, headers)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            if not _has_kept_connection.get() or isinstance(error, aiohttp.ClientConnectorError):
                raise _named(error, target) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise _named(error, target) from error
        try:
            return await self._post(target, body, headers)
        except (aiohttp.ClientError, ValueError) as error:
            raise _named(error, target) from error

    async def _post(
        self, target: Target, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, datetime.timedelta | None]:
        response = await self._session.post(
            yarl.URL(target.url, encoded=True),
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=_NO_OTHER_TIMEOUT,
        )
        try:
            said = response.headers.get("Retry-After", "")
            retry_after = parse_retry_after(said, now=datetime.datetime.now(datetime.UTC)) if said else None
            if not response.content.at_eof():
                await _drain(response)
            return response.status, retry_after
        finally:
            response.close()  # returns nothing to the pool unless the body has ended


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read a short answer to its end, so that its connection can serve again; a long or slow one is cut off."""
    try:
        async with asyncio.timeout(_DRAIN_S):
            taken = 0
            while taken < _DRAIN_BYTES and (piece := await response.content.read(_DRAIN_BYTES)):
                taken += len(piece)
    except (TimeoutError, aiohttp.ClientError):
        return


_has_kept_connection: ContextVar[bool] = ContextVar("has_kept_connection", default=False)


class _Connector(aiohttp.TCPConnector):
    """Tells the task that asks whether it was given a connection that had served before; tracing costs far more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._served: WeakSet[asyncio.BaseProtocol] = WeakSet()

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> aiohttp.connector.Connection:
        connection = await super().connect(req, traces, timeout)
        protocol = connection.protocol
        if protocol is not None:
            _has_kept_connection.set(protocol in self._served)
            self._served.add(protocol)
        return connection


def _named(error: Exception, target: Target) -> OutgoingError:
    """Our name for the transport's error. Its own words stay out: some of them quote what the server sent."""
    host = target.host
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return TlsError(f"The certificate of {host} is not valid.")
        case aiohttp.ClientSSLError():
            return TlsError(f"{host} does not speak TLS as we need it.")
        case aiohttp.ClientConnectorDNSError():
            return NameNotFoundError(f"{host} has no address.")
        case aiohttp.ClientConnectorError():
            return ConnectionFailedError(f"{host} cannot be reached.")
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return ConnectionFailedError(f"{host} closed the connection without an answer.")
        case aiohttp.InvalidURL() | ValueError():
            return RefusedUrlError("The URL or a header cannot be sent.")
        case _:
            return BrokenResponseError(f"{host} sent an incomplete or malformed response.")


_NO_OTHER_TIMEOUT = aiohttp.ClientTimeout(total=None)


class _GuardedResolver(AbstractResolver):
    """Asks the system in threads of its own and lets the guard see every address before anything connects.

    aiohttp connects to the addresses given here and to nothing else. A host that is written as an address never comes
    here: the guard has seen it in the URL.
    """

    def __init__(self, guard: AddressGuard, resolver: Resolver) -> None:
        self._guard = guard
        self._resolver = resolver
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="outgoing-resolver")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, self._resolver, host)
        except OSError as error:
            raise NameNotFoundError(f"{host} has no address.") from error
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET6 if address.version == 6 else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._guard.addresses(Target("", host, port, "/"), found)
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
