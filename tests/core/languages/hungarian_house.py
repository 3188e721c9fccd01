"""What test_add_a_language.py runs in a process of its own: migrations made and run, pages read in Hungarian."""

import io
import json
import sys

import django
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_test_environment


def main() -> None:
    django.setup()
    setup_test_environment()
    said = io.StringIO()
    call_command("makemigrations", "-n", "hungarian", stdout=said)
    again = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=again)
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        answers = ask()
    finally:
        connection.creation.destroy_test_db("", verbosity=0)
    json.dump({"migrations": said.getvalue(), "again": again.getvalue()} | answers, sys.stdout)


def ask() -> dict[str, object]:
    from django.test import Client
    from django.urls import reverse
    from rest_framework.test import APIClient

    from broadcasters.models import Person
    from tests.factories import make_broadcaster, make_story, make_user

    rts = make_broadcaster("rts")
    for slug, name in (("c", "Zala Zoltán"), ("b", "Ács Éva"), ("a", "Nagy Béla")):
        Person.objects.create(slug=slug, name_en=slug, name_hu=name)
    story = make_story(rts, headline_hu="Az új vasútvonal", headline_en="The new railway", headline_sr="")
    user = make_user(rts, language="hu", is_superuser=True)
    api = APIClient()
    api.force_authenticate(user)
    header = {"Accept-Language": "hu-HU,en;q=0.5"}
    people = api.get("/api/v1/people/", {"ordering": "name"}, headers=header)
    one = api.get(f"/api/v1/stories/{story.uid}/", headers=header)
    missing = api.get("/api/v1/people/nobody/", headers=header)
    browser = Client()
    browser.force_login(user)
    page = browser.get(reverse("admin:broadcasters_person_changelist"), headers=header)
    form = browser.get(reverse("admin:broadcasters_person_add"), headers=header)
    return {
        "people": [row["name"] for row in people.json()["results"]],
        "language": people.headers.get("Content-Language"),
        "story": one.json(),
        "missing": missing.json(),
        "page": page.content.decode(),
        "form": form.content.decode(),
    }


if __name__ == "__main__":
    main()
