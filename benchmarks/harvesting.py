"""How many records a second a harvester gets by OAI-PMH: whole answers over HTTP-less requests, page after page."""

import re
import time
from collections.abc import Iterator
from html import unescape

from django.conf import settings
from django.test import Client

from archive.models import Credit, Item, ItemIdentifier, ItemTitle
from benchmarks.report import Goal, Report

OURS = "ours"
ITEMS = 20_000
PREFIXES = ("oai_dc", "pbcore", "ebucore")
GOALS: list[Goal] = []
_TOKEN = re.compile(r"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
_RECORD = re.compile(r"<(?:header)>")


def measure(report: Report, *, rounds: int) -> None:
    """Harvest the public part of an archive of 20,000 items in each format, and what has changed since."""
    settings.API_RATE = (10**9, 60)  # a harvester in a hurry
    fill(ITEMS)
    for _round in range(rounds):
        for prefix in PREFIXES:
            number, seconds = harvest({"verb": "ListRecords", "metadataPrefix": prefix})
            report.add(f"OAI-PMH, all records as {prefix}", OURS, "records/s", number / seconds)
        number, seconds = harvest({"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
        report.add("OAI-PMH, all headers", OURS, "records/s", number / seconds)
        since = _changed_lately()
        number, seconds = harvest({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": since})
        report.add("OAI-PMH, what 100 changes cost", OURS, "ms", seconds * 1000)
        if number < 100:
            raise RuntimeError(f"{number} records were harvested after 100 changes")


def harvest(query: dict[str, str]) -> tuple[int, float]:
    """Every page of a list; how many records it gave, and in how many seconds."""
    started, number = time.perf_counter(), 0
    for page in _pages(query):
        number += len(_RECORD.findall(page))
    return number, time.perf_counter() - started


def _pages(query: dict[str, str]) -> Iterator[str]:
    client = Client(SERVER_NAME="127.0.0.1")
    while True:
        response = client.get("/oai", query)
        if response.status_code != 200:
            raise RuntimeError(f"the harvest was answered {response.status_code}")
        page = response.content.decode()
        yield page
        token = _TOKEN.search(page)
        if token is None:
            return
        query = {"verb": query["verb"], "resumptionToken": unescape(token[1])}


def _changed_lately() -> str:
    """Change 100 items; the moment from which a harvester asks."""
    page = Client(SERVER_NAME="127.0.0.1").get("/oai", {"verb": "Identify"}).content.decode()
    ids = list(Item.objects.filter(identifier__startswith="HARVEST-").values_list("pk", flat=True)[:100])
    Item.objects.filter(pk__in=ids).update(credit_line=f"changed {time.time()}")
    return re.findall(r"<responseDate>([^<]+)", page)[0]


def fill(number: int) -> None:
    """Public items with two titles, a credit and an identifier each. Nothing, if they are there."""
    from tests.factories import make_broadcaster

    house = make_broadcaster("rts")
    if Item.objects.filter(identifier__startswith="HARVEST-").count() >= number:
        return
    for start in range(0, number, 2_000):
        items = [
            Item(
                broadcaster=house, identifier=f"HARVEST-{place:06}", status="published", access="public",
                category="historical-footage", title_sr=f"Филмске новости, ролна {place}", title_en=f"Newsreel {place}",
                description_en="A crowd welcomes a train at the station. " * 5, dated=f"{1945 + place % 40}",
                speech_languages=["sr"], topics=["medtop:20000038"],
            )
            for place in range(start, min(start + 2_000, number))
        ]  # fmt: skip
        for item in items:
            item.set_span()
        Item.objects.bulk_create(items)
        ItemTitle.objects.bulk_create(
            ItemTitle(item=item, kind="alternative", text="Дневник", language="sr") for item in items
        )
        Credit.objects.bulk_create(Credit(item=item, role="camera", name="Петар П.") for item in items)
        ItemIdentifier.objects.bulk_create(
            ItemIdentifier(item=item, source="Tape", value=item.identifier) for item in items
        )
