"""Below every field of the admin stands what it asks for."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.test import Client
from django.test.utils import ContextList
from django.utils.html import strip_tags

from broadcasters.constants import Role
from tests.factories import make_user
from tests.translations.rows import make_rows
from tests.translations.walk import admin_addresses

# What a form needs to work, and what stands in the head of a table.
_MACHINERY = {"DELETE", "ORDER", "id", "action", "select_across", "_selected_action"}
_NO_FORMS = ("/history/", "/delete/")
_WORD = re.compile(r"\w{2,}")


def test_every_field_of_every_page_says_what_it_asks_for(rooms):
    rows = make_rows(rooms)
    people = [rooms.superuser, rooms.editor]
    missing, seen = {}, 0
    for address in (each for each in admin_addresses(rows) if not each.endswith(_NO_FORMS)):
        for person in people:
            response = _as(person).get(address)
            if response.status_code != 200:
                continue
            for place, field in _fields(response):
                seen += 1
                if problem := _problem(field):
                    missing.setdefault(place, f"{problem} ({field.label!r}: {field.help_text!r}, at {address})")
            break
    assert not missing, "\n".join(f"{place}: {problem}" for place, problem in missing.items())
    assert seen > 400


@pytest.mark.parametrize("role", Role.values)
def test_whatever_a_role_can_add_is_explained(rooms, role):
    person = _as(make_user(rooms.own, role))
    pages = [person.get(address) for address in admin_addresses([rooms.own]) if address.endswith("/add/")]
    fields = [pair for page in pages if page.status_code == 200 for pair in _fields(page)]
    assert fields or role == Role.VIEWER
    assert {place: problem for place, field in fields if (problem := _problem(field))} == {}


def _as(person: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="broadcasters.auth.RoleBackend")
    return client


def _fields(response: Any) -> Iterator[tuple[str, forms.BoundField]]:
    """The visible fields of all forms that the page was made from, under the class and the name of each."""
    for form in {id(form): form for form in _forms(response)}.values():
        model = (
            form._meta.model._meta.label_lower
            if hasattr(form, "_meta")
            else f"{type(form).__module__}.{type(form).__name__}"
        )
        for field in form.visible_fields():
            if field.name not in _MACHINERY and not getattr(field.field, "disabled", False):
                yield f"{model}.{field.name}", field


def _forms(response: Any) -> Iterator[forms.BaseForm]:
    contexts = response.context if isinstance(response.context, ContextList) else [response.context]
    for context in contexts:
        for layer in context.dicts if context is not None else ():
            for value in layer.values():
                yield from _forms_in(value)


def _forms_in(value: Any) -> Iterator[forms.BaseForm]:
    if isinstance(value, AdminForm):
        yield value.form
    elif isinstance(value, forms.BaseForm):
        yield value
    elif isinstance(value, InlineAdminFormSet):
        yield value.formset.empty_form
    elif isinstance(value, forms.BaseFormSet):
        yield value.empty_form
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _forms_in(each)


def _problem(field: forms.BoundField) -> str:
    said = strip_tags(str(field.help_text)).strip()
    words = {word.lower() for word in _WORD.findall(said)}
    label = {word.lower() for word in _WORD.findall(str(field.label))}
    if not said:
        return "says nothing"
    if len(said) < 10 or len(words - label) < 2:
        return "says no more than its label"
    return ""
