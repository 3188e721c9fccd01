"""The typed client that anybody generates from the API's schema does what a partner's program needs."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx  # noqa: TID251 — what the client is made of; it asks this process
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from newsexchange.models import Take
from tests.factories import make_broadcaster, make_key, make_story, offer

pytestmark = pytest.mark.django_db
_SCHEMA = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
_PACKAGE = "media_exchange_api_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The package, as ``make client`` writes it."""
    folder = tmp_path_factory.mktemp("client")
    program = Path(sys.executable).with_name("openapi-python-client")
    config = folder / "config.json"
    config.write_text('{"post_hooks": []}')  # it would be made pretty for nobody
    done = subprocess.run(
        [
            program,
            "generate",
            "--path",
            _SCHEMA,
            "--output-path",
            folder / _PACKAGE,
            "--meta",
            "none",
            "--config",
            config,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.sub(r"\s+", " ", done.stderr + done.stdout)
    left_out = set(re.findall(r"parsing (\w+ \S+) within \w+\. Endpoint will not be generated", said))
    resumable = {"POST /api/v1/uploads/", "PATCH /api/v1/uploads/{uid}/"}  # tus has clients of its own
    assert left_out == {*resumable, "POST /api/v1/inbound/{slug}/"}, said
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]


def of_client(path: str) -> Any:
    return importlib.import_module(f"{_PACKAGE}.{path}" if path else _PACKAGE)


def answered(request: httpx.Request) -> httpx.Response:
    """By this process, within the test's transaction."""
    address = request.url.raw_path.decode()
    kind = request.headers.get("Content-Type", "")
    answer = Client().generic(request.method, address, request.content, kind, headers=dict(request.headers))
    return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


def test_a_program_finds_an_offer_takes_it_and_reads_the_story(generated):
    cache.clear()
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    story = make_story(rts, headline_en="A new library opens")
    offer(story, ptrc)
    with of_client("").AuthenticatedClient(
        base_url="http://testserver",
        token=make_key(ptrc),
        headers={"Accept-Language": "en"},
        httpx_args={"transport": httpx.MockTransport(answered)},
    ) as client:
        (offered,) = of_client("api.offers.offers_list").sync(client=client).results
        body = of_client("models").TakeInput(accepts_credit=True)
        taken = of_client("api.offers.offers_take_create").sync(offered.uid, client=client, body=body)
        assert taken.uid == Take.objects.get().uid
        read = of_client("api.stories.stories_retrieve").sync(story.uid, client=client)
        assert read.headline == "A new library opens"
        assert (read.published_at, read.uid) == (story.published_at, story.uid)
        nothing = of_client("api.stories.stories_retrieve").sync(uuid4(), client=client)
        assert (nothing.status, nothing.code) == (404, "not-found")
