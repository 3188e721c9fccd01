"""Plain Django REST framework over the same rows: a ModelViewSet with prefetching and page numbers, as in the tutorial.

No authentication, no access rules, no embargo. One file holds settings, serializers, views and addresses.
"""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "modeltranslation", "django.contrib.auth", "django.contrib.contenttypes", "rest_framework",
        "mediaexchange.core", "broadcasters", "archive", "correspondents", "newsexchange",
    ],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.locale.LocaleMiddleware"],
    AUTH_USER_MODEL="core.User",
    DATABASES={"default": __import__("environ").Env.db_url_config(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": None}},
    LANGUAGES=[("sr", "sr"), ("kk", "kk"), ("ru", "ru"), ("en", "en")],
    LANGUAGE_CODE="en",
    MODELTRANSLATION_LANGUAGES=("sr", "kk", "ru", "en"),
    MODELTRANSLATION_DEFAULT_LANGUAGE="en",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    API_KEY_PEPPER="benchmark",
    SECRETS_KEY="benchmark",
    SECRETS_KEY_PREVIOUS="",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 20,
    },
)  # fmt: skip
django.setup()

from django.core.wsgi import get_wsgi_application
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from broadcasters.models import Broadcaster
from newsexchange.models import Edition, Story


class BroadcasterSerializer(serializers.ModelSerializer):
    class Meta:
        model = Broadcaster
        fields = ["slug", "name", "ownership"]


class EditionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Edition
        fields = ["language", "origin", "is_stale"]


class CardSerializer(serializers.ModelSerializer):
    broadcaster = BroadcasterSerializer()
    editions = EditionSerializer(many=True)

    class Meta:
        model = Story
        fields = [
            "uid", "version", "status", "pubstatus", "broadcaster", "editions", "language", "headline", "summary",
            "slugline", "topics", "urgency", "embargoed_until", "is_held", "published_at", "versioned_at",
        ]  # fmt: skip


class StorySerializer(CardSerializer):
    class Meta(CardSerializer.Meta):
        fields = [
            *CardSerializer.Meta.fields, "body", "editors_note", "byline", "dateline_place", "link", "keywords",
            "credit", "copyright_notice", "usage_terms", "is_open",
        ]  # fmt: skip


class StoryViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Story.objects.filter(status="published").select_related("broadcaster").prefetch_related("editions")
    lookup_field = "uid"

    def get_serializer_class(self):
        return CardSerializer if self.action == "list" else StorySerializer


router = SimpleRouter()
router.register("stories", StoryViewSet)
urlpatterns = router.urls
application = get_wsgi_application()
