import datetime
import ipaddress
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mediaexchange.core.outgoing.client import Client
from mediaexchange.core.outgoing.errors import ConnectionFailedError, DeadlineExceededError, TlsError
from mediaexchange.core.outgoing.guard import AddressGuard
from tests.core.outgoing.loopback import LoopbackServer, answers, says

FEED = b"<rss/>"


class Authority(NamedTuple):
    """A certificate authority of our own, in files."""

    ca_file: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    def server_context(self, host: str, *, days: int = 1) -> ssl.SSLContext:
        """What a server needs to show a certificate for this host, expired when ``days`` is negative."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host[0].isdigit():
            names = [x509.IPAddress(ipaddress.ip_address(host))]
        certificate = _certificate(_name(host), self.name, key.public_key(), days).add_extension(
            x509.SubjectAlternativeName(names), critical=False
        )
        pem_file = self.ca_file.with_name(f"{host}{days}.pem")
        pem_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem_file)
        return context


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=10))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Test authority")
    certificate = _certificate(name, name, key.public_key(), 1).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    ca_file = tmp_path_factory.mktemp("tls") / "authority.pem"
    ca_file.write_bytes(certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return Authority(ca_file, key, name)


def client_for(server: LoopbackServer, *, host: str = "feeds.test", ca_file: str = "") -> Client:
    guard = AddressGuard([f"{host}:{server.port}"])
    return Client(guard, user_agent="t", resolver=lambda host: ["127.0.0.1"], ca_file=ca_file)


@pytest.fixture
def asked_names() -> list[str | None]:
    """The server names that clients sent in the clear (SNI)."""
    return []


@pytest.fixture
def server(authority: Authority, asked_names: list[str | None]) -> Iterator[LoopbackServer]:
    context = authority.server_context("feeds.test")
    context.sni_callback = lambda connection, name, context: asked_names.append(name)
    with LoopbackServer(answers(FEED), tls=context) as running:
        yield running


def test_the_name_stays_in_sni_and_host_though_the_address_is_pinned(
    server: LoopbackServer, authority: Authority, asked_names: list[str | None]
) -> None:
    client = client_for(server, ca_file=str(authority.ca_file))
    assert client.fetch(server.url(scheme="https", host="Feeds.TEST.")).body == FEED
    assert asked_names == ["feeds.test"]
    assert f"Host: feeds.test:{server.port}\r\n" in server.requests[0]


def test_an_unknown_authority_is_not_trusted(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TlsError, match="issuer"):
        client_for(server).fetch(server.url(scheme="https", host="feeds.test"))
    assert server.requests == []


def test_the_environment_cannot_add_an_authority(
    server: LoopbackServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(authority.ca_file))
    with pytest.raises(TlsError):
        client_for(server).fetch(server.url(scheme="https", host="feeds.test"))


def test_a_certificate_for_another_name_is_not_enough(server: LoopbackServer, authority: Authority) -> None:
    client = client_for(server, host="other.test", ca_file=str(authority.ca_file))
    with pytest.raises(TlsError, match="mismatch"):
        client.fetch(server.url(scheme="https", host="other.test"))


def test_an_expired_certificate_is_not_enough(authority: Authority) -> None:
    with LoopbackServer(answers(FEED), tls=authority.server_context("feeds.test", days=-1)) as server:
        client = client_for(server, ca_file=str(authority.ca_file))
        with pytest.raises(TlsError, match="expired"):
            client.fetch(server.url(scheme="https", host="feeds.test"))


def test_an_old_protocol_is_not_spoken(authority: Authority) -> None:
    context = authority.server_context("feeds.test")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with LoopbackServer(answers(FEED), tls=context) as server:
        client = client_for(server, ca_file=str(authority.ca_file))
        with pytest.raises(TlsError):
            client.fetch(server.url(scheme="https", host="feeds.test"))


def test_a_certificate_may_name_an_address(authority: Authority) -> None:
    with LoopbackServer(answers(FEED), tls=authority.server_context("127.0.0.1")) as server:
        client = client_for(server, host="127.0.0.1", ca_file=str(authority.ca_file))
        assert client.fetch(server.url(scheme="https")).body == FEED


def test_a_server_that_speaks_plain_http_is_named_as_such(authority: Authority) -> None:
    with LoopbackServer(says(b"")) as server:
        server.greet(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        with pytest.raises(TlsError):
            client_for(server).fetch(server.url(scheme="https", host="feeds.test"))


def test_a_handshake_that_never_ends_meets_the_deadline() -> None:
    with LoopbackServer(says(b"")) as server:
        started_at = time.monotonic()
        with pytest.raises(DeadlineExceededError):
            client_for(server).fetch(server.url(scheme="https", host="feeds.test"), timeout=0.3)
        assert time.monotonic() - started_at < 0.8


def test_a_handshake_that_breaks_off_is_a_failed_connection() -> None:
    with LoopbackServer(says(b"")) as server:
        server.greet(b"")
        with pytest.raises((ConnectionFailedError, TlsError)):
            client_for(server).fetch(server.url(scheme="https", host="feeds.test"))


def test_a_dripping_server_meets_the_deadline_behind_tls(authority: Authority) -> None:
    with LoopbackServer(tls=authority.server_context("feeds.test")) as server:
        server.play(server.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x", every=0.02))
        client = client_for(server, ca_file=str(authority.ca_file))
        with pytest.raises(DeadlineExceededError):
            client.fetch(server.url(scheme="https", host="feeds.test"), timeout=0.3)
