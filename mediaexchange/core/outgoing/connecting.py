"""From a checked target to an open socket: one name resolution, and the connection goes to an address it checked."""

import functools
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from typing import cast

import certifi

from mediaexchange.core.outgoing.deadline import Deadline, DeadlineSocket, DeadlineTlsSocket
from mediaexchange.core.outgoing.errors import ConnectionFailedError, NameNotFoundError, TlsError
from mediaexchange.core.outgoing.guard import AddressGuard
from mediaexchange.core.outgoing.target import Address, Target

Resolver = Callable[[str], list[str]]


def resolve_by_system(host: str) -> list[str]:
    """Every address that the system knows for an ASCII name. Raises OSError; may block as long as resolv.conf says."""
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


@functools.cache
def tls_context(ca_file: str = "") -> ssl.SSLContext:
    """TLS 1.2 or newer against the public authorities or those of a PEM file; nothing in the environment changes it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=ca_file or certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = DeadlineTlsSocket
    return context


def connect(
    target: Target, *, guard: AddressGuard, resolver: Resolver, ca_file: str, deadline: Deadline
) -> DeadlineSocket | DeadlineTlsSocket:
    """A connected socket, encrypted and verified for an https target; whoever asked closes it. Raises OutgoingError."""
    guard.checked(target)
    if target.literal is not None:
        addresses = [target.literal]
    else:
        addresses = guard.addresses(target, _resolve(target.host, resolver, deadline))
    plain = _connect_to_any(addresses, target, deadline)
    if target.scheme == "http":
        return plain
    try:
        return _encrypted(plain, target, tls_context(ca_file), deadline)
    except BaseException:
        plain.close()
        raise


def hang_up(connected: socket.socket) -> None:
    """Free the descriptor now, even while a response that was never finished still refers to it. Safe to repeat."""
    descriptor = connected.detach()
    if descriptor != -1:
        socket.close(descriptor)


def _resolve(host: str, resolver: Resolver, deadline: Deadline) -> list[str]:
    """Ask in a thread, because the system's resolver has no time limit of ours."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolver(host))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, name="outgoing-resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.remaining())
    except queue.Empty:
        raise deadline.exceeded() from None
    if isinstance(answer, OSError):
        raise NameNotFoundError(f"{host} has no address.") from answer
    return answer


def _connect_to_any(addresses: list[Address], target: Target, deadline: Deadline) -> DeadlineSocket:
    """Try one after another; none may use up the time of those that follow."""
    failure: OSError | None = None
    for tried, address in enumerate(addresses):
        plain = DeadlineSocket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        try:
            plain.deadline = deadline
            plain.settimeout(deadline.remaining() / (len(addresses) - tried))
            plain.connect((str(address), target.port))
        except OSError as error:
            plain.close()
            failure = error
        except BaseException:
            plain.close()
            raise
        else:
            return plain
    deadline.remaining()
    raise ConnectionFailedError(f"{target.host} cannot be reached.") from failure


def _encrypted(plain: DeadlineSocket, target: Target, context: ssl.SSLContext, deadline: Deadline) -> DeadlineTlsSocket:
    plain.settimeout(deadline.remaining())  # OpenSSL's handshake keeps to it as a whole
    try:
        encrypted = cast("DeadlineTlsSocket", context.wrap_socket(plain, server_hostname=target.host))
    except ssl.SSLCertVerificationError as error:
        raise TlsError(f"The certificate of {target.host} is not valid: {error.verify_message}.") from error
    except ssl.SSLError as error:
        raise TlsError(f"{target.host} does not speak TLS as we need it ({error.reason}).") from error
    except TimeoutError:
        raise deadline.exceeded() from None
    except OSError as error:
        raise ConnectionFailedError(f"{target.host} broke off during the TLS handshake.") from error
    encrypted.deadline = deadline
    return encrypted
