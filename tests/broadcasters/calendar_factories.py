"""Events of the diplomatic calendar and claims in tests."""

from itertools import count
from typing import Any

from django.db import transaction

from broadcasters.models import Claim, ClaimTopic, DiplomaticEvent, EventSource

_numbers = count(1)


def make_diplomatic_event(**fields: Any) -> DiplomaticEvent:
    """A published milestone of 10 December 1996 with its source."""
    number = next(_numbers)
    defaults = {
        "slug": f"milestone{number}",
        "kind": "milestone",
        "dated": "1996-12-10",
        "is_published": True,
        "name_en": "Diplomatic relations established",
        "name_sr": "Успостављени дипломатски односи",
    }
    with transaction.atomic():
        event = DiplomaticEvent.objects.create(**defaults | fields)
        EventSource.objects.create(event=event, title="Report", publisher="Agency")
    return event


def make_topic(**fields: Any) -> ClaimTopic:
    return ClaimTopic.objects.create(
        **{"slug": f"topic{next(_numbers)}", "name_en": "How large is trade?", "name_sr": "Колика је размена?"} | fields
    )


def make_claim(**fields: Any) -> Claim:
    """Somebody says something somewhere, of a topic of its own unless it is about something."""
    about = {"event", "place", "institution", "person", "memorandum", "module", "topic"}
    if not about & set(fields):
        fields["topic"] = make_topic()
    defaults = {
        "said_by_en": "the envoy",
        "said_by_sr": "изасланик",
        "wording_en": "the bridge is open",
        "wording_sr": "мост је отворен",
        "original_language": "sr",
        "source_title": "Interview",
        "source_publisher": "Agency",
        "is_published": True,
    }
    return Claim.objects.create(**defaults | fields)
