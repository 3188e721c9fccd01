"""Who guesses passwords is locked out, and told so in their own language, with the time after which to try again."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(settings) -> Client:
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    make_user(username="guessed")
    return Client()


def guess(client: Client, language: str):
    client.cookies["django_language"] = language
    for _ in range(3):
        response = client.post(reverse("admin:login"), {"username": "guessed", "password": "wrong"})
    return response


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Try again in 15 minutes."),
        ("sr", "Покушајте поново за 15 минута."),
        ("sr-latn", "Pokušajte ponovo za 15 minuta."),
        ("ru", "Повторите попытку через 15 минут."),
        ("kk", "15 минуттан кейін қайталап көріңіз."),
    ],
)
def test_a_locked_name_is_told_when_it_opens_again(locked, language, words):
    response = guess(locked, language)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    page = response.content.decode()
    assert words in page
    assert "<h1>" in page


def test_a_lock_of_one_minute_is_counted_as_one(locked, settings):
    settings.AXES_COOLOFF_TIME = 1 / 60
    assert "in 1 minute." in guess(locked, "en").content.decode()
