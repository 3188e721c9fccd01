import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ALLOWED = (
    "mediaexchange/core/outgoing/",
    "mediaexchange/launcher/",
    "newsexchange/partner_feeds/",
    "benchmarks/",  # measures servers that it has started itself
    "mediaexchange/core/bucket.py",  # speaks to the S3 server that the operator configured, as to PostgreSQL
    "deploy/healthcheck.py",  # stands alone in its container, and asks nobody but that container
)
NOT_OURS = frozenset({"tests", "var", "node_modules", "build", "dist", "venv"})
CLIENTS = frozenset(
    {
        "aiohttp",
        "asyncio.open_connection",
        "asyncio.open_unix_connection",
        "boto3",
        "botocore",
        "ftplib",
        "http.client",
        "httpcore",
        "httplib2",
        "httpx",
        "imaplib",
        "niquests",
        "paramiko",
        "poplib",
        "pycurl",
        "requests",
        "socket",
        "telnetlib",
        "urllib.request",
        "urllib3",
        "websocket",
        "websockets",
        "xmlrpc.client",
    }
)


def modules_named_in(source: str) -> Iterator[tuple[int, str]]:
    """Lines and dotted names of what a file imports, also by importlib and __import__, or reaches as an attribute."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.Call(func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, name
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, name
            case ast.Attribute(value=ast.Name(id=package), attr=attribute) if f"{package}.{attribute}" in CLIENTS:
                yield node.lineno, f"{package}.{attribute}"


def clients_in(source: str) -> list[tuple[int, str]]:
    """The places where a file takes hold of something that opens connections."""
    return sorted(
        {
            (line, client)
            for line, name in modules_named_in(source)
            for client in CLIENTS
            if name == client or name.startswith(client + ".")
        }
    )


def project_files() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.py")
        if not any(part in NOT_OURS or part.startswith(".") for part in path.relative_to(ROOT).parts)
    )


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "import http.client as quiet",
        "from http import client",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import urllib3.util",
        "def later():\n    from aiohttp import ClientSession",
        "import importlib\nimportlib.import_module('httpx')",
        "__import__('socket')",
        "import asyncio\nasyncio.open_connection('example.com', 80)",
        "import urllib\nurllib.request.urlopen('http://example.com')",
    ],
)
def test_the_check_sees_every_way_to_take_a_client(source: str) -> None:
    assert clients_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "from urllib.parse import urlsplit",
        "import http",
        "from http import HTTPStatus",
        "import socketserver",
        "x = 'requests'",
        "requests = []\nrequests.append(1)",
    ],
)
def test_the_check_leaves_harmless_imports_alone(source: str) -> None:
    assert clients_in(source) == []


def test_nothing_but_the_outgoing_package_opens_connections() -> None:
    files = project_files()
    assert any(path.is_relative_to(ROOT / ALLOWED[0]) for path in files)
    found = [
        f"{path.relative_to(ROOT)}:{line} uses {client}"
        for path in files
        if not path.relative_to(ROOT).as_posix().startswith(ALLOWED)
        for line, client in clients_in(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Use mediaexchange.core.outgoing: it guards addresses, sizes and deadlines."
