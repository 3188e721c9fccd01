"""One row of every kind for the admin's pages, and the addresses of those pages."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from lxml import html

from broadcasters.constants import Role
from broadcasters.models import (
    Broadcaster,
    Channel,
    Institution,
    Membership,
    Memorandum,
    Party,
    PartySource,
    Person,
    PersonAlias,
    PlaceName,
)
from mediaexchange.core.models import ApiKey, User
from tests.factories import make_broadcaster, make_key, make_module, make_place, make_user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    return client


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def page_of(obj: Model, page: str = "change") -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=[obj.pk])


def make_memorandum(*parties: Broadcaster, slug: str = "mou", **fields: Any) -> Memorandum:
    memorandum = Memorandum.objects.create(slug=slug, name_en=f"Memorandum {slug}", **fields)
    for broadcaster in parties:
        party = Party.objects.create(memorandum=memorandum, broadcaster=broadcaster)
        PartySource.objects.create(party=party, title="Agency report", publisher="Agency", url="https://example.org/1")
    return memorandum


def make_one_of_each(broadcaster: Broadcaster, suffix: str = "") -> list[Model]:
    """A row of every kind that has pages, each belonging to this broadcaster as far as it can belong."""
    place = make_place(f"place{suffix}", time_zone="Europe/Belgrade")
    PlaceName.objects.create(place=place, text="Other name", language="hu")
    person = Person.objects.create(slug=f"person{suffix}", name_en="Ana", sources=[{"title": "Report", "url": ""}])
    PersonAlias.objects.create(person=person, text="Anna")
    colleague = make_user(broadcaster, role=Role.VIEWER)
    make_key(broadcaster)
    memorandum = make_memorandum(broadcaster, slug=f"mou{suffix}")
    return [
        place,
        person,
        Institution.objects.create(slug=f"museum{suffix}", name_en="Museum", kind="museum", country_code="RS"),
        broadcaster,
        Channel.objects.create(slug=f"channel{suffix}", name_en="Channel", broadcaster=broadcaster, kind="television"),
        memorandum,
        memorandum.parties.get(),
        make_module(broadcaster),
        colleague,
        Membership.objects.get(user=colleague),
        ApiKey.objects.filter(user__username=f"api-{broadcaster.slug}").latest("pk"),
    ]


def rts() -> Broadcaster:
    return make_broadcaster("rts")


def sent(client: Client, address: str, **changed: Any) -> Any:
    """What comes of opening a page, changing these fields of its form and saving it."""
    forms = html.fromstring(client.get(address).content).forms
    form = max((each for each in forms if each.method == "POST"), key=lambda each: len(each.fields))
    values = {name: value for name, value in form.form_values() if name} | changed
    return client.post(address, values | {"_save": "1"})
