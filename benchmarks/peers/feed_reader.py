"""What a feed reader usually is: feedparser, and ``update_or_create`` for each entry."""

import feedparser
from django.db import connection, models


class ReadEntry(models.Model):
    feed = models.IntegerField()
    guid = models.CharField(max_length=1000)
    title = models.TextField()
    summary = models.TextField()
    body = models.TextField()
    link = models.TextField()
    published = models.TextField()

    class Meta:
        app_label = "benchmarks"
        unique_together = [("feed", "guid")]


def make_table() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(ReadEntry)


def sync(feed: int, payload: bytes) -> int:
    """Read and store; returns how many entries the document held."""
    document = feedparser.parse(payload)
    for entry in document.entries:
        contents = entry.get("content", [])
        ReadEntry.objects.update_or_create(
            feed=feed,
            guid=entry.get("id", entry.get("link", "")),
            defaults={
                "title": entry.get("title", ""),
                "summary": entry.get("summary", ""),
                "body": contents[0].get("value", "") if contents else "",
                "link": entry.get("link", ""),
                "published": entry.get("published", ""),
            },
        )
    return len(document.entries)
