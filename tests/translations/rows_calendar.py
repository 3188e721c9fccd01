"""Rows of the diplomatic calendar and of claims, in words that no catalog holds."""

from typing import Any

from django.db.models import Model

from broadcasters.models import Broadcaster, Claim, ClaimTopic, DiplomaticEvent, EventSource


def calendar_rows(own: Broadcaster, names: dict[str, Any], words: str) -> list[Model]:
    """A draft of the house in two parts with a source, a topic and a contested figure with a quote."""
    notes = {f"note_{field.rpartition('_')[2]}": text for field, text in names.items()}
    event = DiplomaticEvent.objects.create(
        slug="zzevent", kind="commission", session_number=3, dated="2016-09", is_yearly=True, broadcaster=own,
        **names, **notes,
    )  # fmt: skip
    EventSource.objects.create(event=event, title=words, publisher=words, url="https://example.org/1", note=words)
    DiplomaticEvent.objects.create(slug="zzpart", kind="signing", part_of=event, broadcaster=own, **names)
    topic = ClaimTopic.objects.create(slug="zztopic", **names, **notes)
    said = {
        f"{name}_{field.rpartition('_')[2]}": text for field, text in names.items() for name in ("said_by", "wording")
    }
    claim = Claim.objects.create(
        topic=topic, event=event, kind="statistic", value=5, unit="USD", is_approximate=True, is_sensitive=True,
        quote=words, original_language="en", source_title=words, source_publisher=words, said="2026-02", period="2023",
        confidence="hedged", broadcaster=own, **said, **notes,
    )  # fmt: skip
    return [event, topic, claim]
