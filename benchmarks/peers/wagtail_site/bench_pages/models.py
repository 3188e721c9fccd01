"""A story as a page, with the same text fields."""

from django.db import models
from wagtail.api import APIField
from wagtail.models import Page


class StoryPage(Page):
    headline_sr = models.CharField(max_length=500)
    headline_kk = models.CharField(max_length=500)
    headline_ru = models.CharField(max_length=500)
    headline_en = models.CharField(max_length=500)
    summary_sr = models.TextField()
    summary_kk = models.TextField()
    summary_ru = models.TextField()
    summary_en = models.TextField()
    body_sr = models.TextField()
    body_kk = models.TextField()
    body_ru = models.TextField()
    body_en = models.TextField()
    slugline = models.CharField(max_length=200)
    urgency = models.PositiveSmallIntegerField(null=True)

    api_fields = [
        *(APIField(f"{name}_{code}") for name in ("headline", "summary", "body") for code in ("sr", "kk", "ru", "en")),
        APIField("slugline"),
        APIField("urgency"),
    ]
