"""Pausing a module has effect in every area, by service, API and admin alike; resuming it restores what was possible.

Digital development is shown in tests/broadcasters/test_digital_development.py and test_agreement_pages.py.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from archive.models import FootageRequest
from broadcasters.constants import ModuleState, Role
from broadcasters.models import Broadcaster, Channel
from broadcasters.services.module import move_module
from correspondents.models import Assignment
from correspondents.services.assignment import give_assignment
from mediaexchange.core.errors import ConflictError
from newsexchange.models import Offer
from newsexchange.services.offer import offer_story
from productions.services.deliverable import deliver
from productions.services.stage import move_production
from tests.archive.factories import make_archive_module, make_item
from tests.broadcasters.admin_pages import signed_in
from tests.correspondents.factories import make_assignment, make_astana, make_desk, make_scheme
from tests.factories import make_module, make_story, make_user
from tests.productions.delivery import make_ready
from tests.productions.factories import make_producer, make_production, stage_of
from tests.training.factories import make_coordinator, make_participant, make_workshop
from training.models import Enrolment, Workshop
from training.services.enrolment import nominate_participant
from training.services.workshop import save_workshop

pytestmark = pytest.mark.django_db


class Switch:
    """Pauses and resumes a module as its party's administrator does."""

    def __init__(self, module, actor):
        self.module, self.actor = module, actor

    def pause(self):
        move_module(self.module, actor=self.actor, state=ModuleState.PAUSED, reason="Elections")
        self.module.refresh_from_db()

    def resume(self):
        move_module(self.module, actor=self.actor, state=ModuleState.ACTIVE, reason="They are over")
        self.module.refresh_from_db()


@pytest.fixture
def switch(rts):
    actor = make_user(rts, Role.ADMINISTRATOR)
    return lambda module: Switch(module, actor)


def refusal(deed, *args, **kwargs):
    """The codes with which a deed is refused: its own and those of its reasons."""
    with pytest.raises(ConflictError) as refused:
        deed(*args, **kwargs)
    reasons = {each["code"] for each in refused.value.details.get("reasons", ())}
    return reasons or {refused.value.code}


def send(user, path, body):
    headers = {"Accept-Language": "en"}
    return signed_in(user).post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def told(answer):
    """The status and the codes of a refusal over the API."""
    body = answer.json()
    reasons = {each["code"] for each in body.get("reasons", ())}
    return answer.status_code, reasons or {body["code"]}


def test_news_exchange_offers_nothing_whether_or_not_the_module_is_named(switch, rts, ptrc):
    desk, story = make_user(rts), make_story(rts)
    module = make_module(rts, ptrc)
    paused = switch(module)
    paused.pause()
    for named in (module, None):
        assert refusal(offer_story, story, to=[ptrc], actor=desk, module=named) == {"module-not-running"}
    body = {"to": ["ptrc"]}
    assert told(send(desk, f"stories/{story.uid}/offer/", body)) == (409, {"module-not-running"})
    page = reverse("admin:newsexchange_story_deed", args=[story.pk, "offer"])
    for choice in ({"to": [ptrc.pk]}, {"modules": [module.pk]}):
        signed_in(desk).post(page, choice)
    assert not Offer.objects.exists()
    paused.resume()
    assert send(desk, f"stories/{story.uid}/offer/", body).status_code == 201


def test_co_productions_neither_move_on_nor_deliver(switch, rts, ptrc):
    producer = make_producer(rts)
    pilot = make_production(rts, ptrc, stage="development", is_pilot=True)
    late = make_production(rts, ptrc, stage="post-production", module=pilot.module, is_pilot=True)
    deliverable = make_ready(late)
    paused = switch(pilot.module)
    paused.pause()
    for production in (pilot, late):
        production.refresh_from_db()
    assert refusal(move_production, pilot, actor=producer, stage=stage_of("pilot")) == {"module-not-running"}
    assert refusal(deliver, deliverable, actor=None) == {"module-not-running"}
    body = {"stage": "pilot"}
    assert told(send(producer, f"productions/{pilot.uid}/move/", body)) == (409, {"module-not-running"})
    refused = send(producer, f"deliverables/{deliverable.uid}/deliver/", {})
    assert told(refused) == (409, {"module-not-running"})
    signed_in(producer).post(reverse("admin:productions_production_move", args=[pilot.pk, "pilot"]), {"reason": "Go"})
    signed_in(producer).post(reverse("admin:productions_deliverable_deliver", args=[deliverable.pk]), {})
    pilot.refresh_from_db()
    deliverable.refresh_from_db()
    assert (pilot.stage.slug, deliverable.delivered_at) == ("development", None)
    paused.resume()
    assert send(producer, f"productions/{pilot.uid}/move/", body).status_code == 200
    assert send(producer, f"deliverables/{deliverable.uid}/deliver/", {}).status_code == 200


def test_a_co_production_can_be_stopped_and_sent_back_while_its_module_rests(switch, rts, ptrc):
    producer = make_producer(rts)
    production = make_production(rts, ptrc, stage="post-production")
    switch(production.module).pause()
    move_production(production, actor=producer, stage=stage_of("production"), reason="More footage is needed")
    stop = stage_of("stopped")
    move_production(production, actor=producer, stage=stop, reason="No money")
    production.refresh_from_db()
    assert production.stage == stop


def test_training_takes_no_nominations_and_no_new_workshops(switch, rts, ptrc):
    host, coordinator, person = make_coordinator(rts), make_coordinator(ptrc), make_participant()
    workshop = make_workshop(rts)
    paused = switch(workshop.programme.module)
    paused.pause()
    workshop.programme.module.refresh_from_db()
    assert refusal(nominate_participant, workshop, person, actor=None) == {"module-not-running"}
    another = Workshop(
        slug="another", name_en="Another", programme=workshop.programme, broadcaster=rts, capacity=4,
        time_zone="Europe/Belgrade", languages=["sr"],
    )  # fmt: skip
    assert refusal(save_workshop, another, actor=host) == {"module-not-running"}
    owner = coordinator if person.broadcaster == ptrc else make_coordinator(person.broadcaster)
    nomination = f"workshops/{workshop.slug}/nominate/"
    assert told(send(owner, nomination, {"participant": str(person.uid)})) == (409, {"module-not-running"})
    body = {
        "slug": "third", "programme": workshop.programme.slug, "texts": {"en": {"name": "Third"}}, "capacity": 4,
        "languages": ["sr"], "time_zone": "Europe/Belgrade",
    }  # fmt: skip
    assert told(send(host, "workshops/", body)) == (409, {"module-not-running"})
    page = {
        "slug": "fourth", "name_en": "Fourth", "programme": workshop.programme.pk, "broadcaster": rts.pk,
        "capacity": 4, "languages": "sr", "time_zone": "Europe/Belgrade", "offer_hours": 48, "attendance_percent": 80,
        "follow_up_days": 90,
    }  # fmt: skip
    assert signed_in(host).post(reverse("admin:training_workshop_add"), page).status_code == 200
    assert Workshop.objects.get() == workshop
    assert not Enrolment.objects.exists()
    paused.resume()
    assert send(host, "workshops/", body).status_code == 201
    assert send(owner, nomination, {"participant": str(person.uid)}).status_code in {200, 201}


def test_the_archive_takes_no_requests(switch, rts, ptrc):
    item, asking = make_item(rts), make_user(ptrc, Role.PRODUCER)
    paused = switch(make_archive_module(rts, ptrc))
    paused.pause()
    line = {"item": str(item.uid), "seconds": 10}
    today = timezone.localdate()
    body = {
        "purpose": "A documentary", "lines": [line], "starts_on": str(today),
        "ends_on": str(today + timedelta(days=30)), "platforms": ["television"], "territories": ["KZ"],
    }  # fmt: skip
    assert told(send(asking, "footage-requests/", body)) == (409, {"module-paused"})
    assert not FootageRequest.objects.exists()
    paused.resume()
    assert send(asking, "footage-requests/", body).status_code == 201


def test_correspondents_are_sent_nowhere(switch, rts):
    desk, module = make_desk(rts), make_scheme()
    draft = make_assignment(status="draft", module=module)
    paused = switch(module)
    paused.pause()
    draft.module.refresh_from_db()
    assert refusal(give_assignment, draft, actor=desk) == {"module-not-running"}
    give = f"assignments/{draft.uid}/give/"
    assert told(send(desk, give, {})) == (409, {"module-not-running"})
    begins = timezone.now() + timedelta(days=40)
    body = {
        "texts": {"en": {"title": "Forum"}}, "place": make_astana().slug, "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(days=2)).isoformat(), "module": module.slug,
    }  # fmt: skip
    assert told(send(desk, "assignments/", body)) == (409, {"module-not-running"})
    signed_in(desk).post(reverse("admin:correspondents_assignment_ask", args=[draft.pk, "give"]), {})
    draft.refresh_from_db()
    assert (draft.status, Assignment.objects.count()) == ("draft", 1)
    paused.resume()
    assert send(desk, "assignments/", body).status_code == 201
    assert send(desk, give, {}).status_code == 200


def test_a_channel_belongs_to_one_house_and_nothing_can_make_a_joint_one(rts):
    many = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.many_to_many and Channel in (field.model, field.related_model)
    ]
    assert many == []
    links = [field for field in Channel._meta.get_fields() if field.is_relation and field.related_model is Broadcaster]
    assert [(field.name, type(field), field.null) for field in links] == [("broadcaster", models.ForeignKey, False)]
    with pytest.raises(IntegrityError, match="broadcaster_id"), transaction.atomic():
        Channel.objects.create(slug="joint", name_en="Joint", kind="television")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT is_nullable, data_type FROM information_schema.columns "
            "WHERE table_name = 'broadcasters_channel' AND column_name = 'broadcaster_id'"
        )
        assert cursor.fetchall() == [("NO", "bigint")]
    form = admin.site.get_model_admin(Channel).get_form(_request(rts))
    assert type(form.base_fields["broadcaster"]).__name__ == "ModelChoiceField"  # one, not several
    schema = SchemaGenerator().get_schema(public=True)
    paths = {path: set(deeds) for path, deeds in schema["paths"].items() if path.startswith("/api/v1/channels/")}
    assert paths
    assert all(deeds <= {"get", "parameters"} for deeds in paths.values())
    assert schema["components"]["schemas"]["Channel"]["properties"]["broadcaster"]["type"] == "string"


def _request(house):
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = make_user(house, Role.ADMINISTRATOR)
    return request
