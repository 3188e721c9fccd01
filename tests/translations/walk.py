"""A walk through the pages of the admin: every address, every kind of link, every form whole, empty and broken."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.html import conditional_escape
from lxml import html

from mediaexchange.core.languages.leftovers.marking import Lookups
from mediaexchange.core.languages.leftovers.surfaces import Data, hard_coded, of_page
from tests.test_access_matrix import FIXED, PARAMETER, addresses, filled

# No pages: files, redirects, answers to scripts.
NOT_PAGES = {"admin:logout", "admin:jsi18n", "admin:autocomplete", "admin:view_on_site", "admin:None"}
_SORTED = {"o", "p", "all"}  # how a list is shown brings no words that it has not shown already
WHOLE = "WALK_EVERY_LANGUAGE" in os.environ
_EACH = 3 if WHOLE else 1  # rows of a kind whose pages are looked at
_TRIES = 4 if WHOLE else 1  # links that are followed to find a page of a kind
_ALIKE = ("_history", "_delete")
_GARBAGE = {"number": "-7", "email": "zz", "url": "zz", "date": "zz", "time": "zz", "datetime-local": "zz"}
_NEVER_FILLED = {"csrfmiddlewaretoken", "action", "select_across", "index", "next", "_selected_action"}
_NOT_TYPED = {"hidden", "checkbox", "submit", "radio", "file"}


class Walk:
    """What somebody has been shown so far: ``hard_coded`` texts, the number of texts, and the answers' statuses."""

    def __init__(self, user: Any, language: str, lookups: Lookups, data: Data) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend="broadcasters.auth.RoleBackend")
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.lookups, self.data = lookups, data
        self.hard_coded: dict[str, str] = {}
        self.texts = 0
        self.statuses: dict[str, int] = {}

    def look(self, address: str) -> Any:
        """Open a page; returns its tree, or None where there is none."""
        self.lookups.place = address
        response = self.client.get(address)
        self.statuses[address] = response.status_code
        return self.read(response, address)

    def send(self, address: str, values: dict[str, Any], how: str) -> None:
        """Send a form and undo what it did."""
        place = f"{address} ({how})"
        self.lookups.place = place
        cookies = copy(self.client.cookies)  # a new session would be undone with the rest
        with transaction.atomic():
            response = self.client.post(address, values)
            self.statuses[place] = response.status_code
            self.read(response, place)
            for message in get_messages(response.wsgi_request):
                self.note(of_page(f"<p>{conditional_escape(message.message)}"), f"{place}, message")
            transaction.set_rollback(True)
        self.client.cookies = cookies

    def note(self, texts: Any, place: str = "") -> None:
        texts = [(text, f"{where} of {place or self.lookups.place}") for text, where in texts]
        self.texts += len(texts)
        for words, where in hard_coded(texts, self.data):
            self.hard_coded.setdefault(words, where)

    def read(self, response: Any, place: str) -> Any:
        if "html" not in response.headers.get("Content-Type", "") or not response.content.strip():
            return None
        content = response.content.decode()
        self.note(of_page(content), place)
        return html.document_fromstring(content)


def walk_admin(walk: Walk, rows: list[Model], *, without: frozenset[str] = frozenset(), forms: bool = True) -> None:
    """Every address of the admin for these rows but those ``without``, then what the pages lead to.

    A link is followed until a page of its kind has opened: what is asked of a row in another state opens elsewhere.
    """
    todo = [address for address in admin_addresses(rows) if address not in without]
    given, known = set(todo), set(todo)
    opened: set[tuple[str, ...] | None] = {None}
    tries: Counter[tuple[str, ...] | None] = Counter()
    tried: set[tuple[str, ...]] = set()
    while todo:
        address = todo.pop(0)
        kind = kind_of(address)
        if address not in given and (kind in opened or tries[kind] == _TRIES):
            continue
        tries[kind] += address not in given
        page = walk.look(address)
        if walk.statuses[address] < 300:
            opened.add(kind)
        if page is None:
            continue
        for form in page.forms if forms else ():
            _try(walk, form, address, tried)
        for element, attribute, link, _position in page.iterlinks():
            target = urljoin(address, link)
            if attribute == "href" and element.tag == "a" and target not in known and kind_of(target) not in opened:
                known.add(target)
                todo.append(target)


def admin_addresses(rows: list[Model]) -> Iterator[str]:
    """Every address of the admin that these rows lead to; the pages of some rows of each kind.

    Histories and deletions are made by one template for all: outside a whole walk those of one kind in each app.
    """
    alike: set[tuple[str, str]] = set()
    for name, route in addresses():
        if not name.startswith("admin:") or name in NOT_PAGES:
            continue
        things = [row for row in rows if f"_{row._meta.model_name}_" in name]
        if not things and all(match["name"] in FIXED for match in PARAMETER.finditer(route)):
            things = rows[:1]
        if things and not WHOLE and name.endswith(_ALIKE):
            if (of := (name.partition("_")[0], name.rpartition("_")[2])) in alike:
                continue
            alike.add(of)
        for thing in things[: _EACH if name.endswith("_change") else 1]:
            yield from filled(route, thing)


def kind_of(address: str) -> tuple[str, ...] | None:
    """What a page is, less whose: its name, deed or language, whether it is asked. None for what is no page of ours."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/admin/"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if (name := f"{match.namespace}:{match.url_name}") in NOT_PAGES:
        return None
    of = (value for key, value in match.kwargs.items() if key in {"deed", "tag", "document"})
    asked = parse_qs(parts.query).keys() - _SORTED - {"_changelist_filters"}
    return (name, *of, "asked" if asked else "")


def _try(walk: Walk, form: Any, address: str, tried: set[tuple[str, ...]]) -> None:
    """Send it as it stands, empty, and filled with what no field can mean; a form of a kind once.

    Outside a whole walk only once or twice: new rows empty, changes broken, deeds as they stand and broken.
    """
    target = urljoin(address, form.action or "")
    if not (kind := kind_of(target)):
        return
    signature = (*kind, form.method, *sorted({re.sub(r"\d+", "0", name) for name in form.fields if name}))
    if signature in tried:
        return
    tried.add(signature)
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    if form.method.upper() != "POST":
        walk.look(target.partition("?")[0] + "?" + urlencode({**values, "q": "zzqqq"}, doseq=True))
        return
    if "action" in form.fields:
        boxes = [box.get("value") for box in form.xpath(".//input[@name='_selected_action']")]
        for action in form.inputs["action"].value_options:
            walk.send(target, values | {"action": action, "_selected_action": boxes[:2]}, f"action {action}")
        return
    if not kind[0].endswith("_change" if WHOLE else ("_change", "_add")):
        walk.send(target, values, "as it stands")
    if any(name and name not in _NEVER_FILLED for name in form.fields):
        if not kind[0].endswith("_add"):
            walk.send(target, values | _broken(form), "broken")
        if kind[0].endswith("_add") or (WHOLE and not kind[0].endswith("_change")):
            walk.send(target, {name: value for name, value in values.items() if "_FORMS" in name}, "empty")


def _broken(form: Any) -> dict[str, str]:
    broken = {}
    for name in form.fields:
        kind = getattr(form.inputs[name], "type", "") if name and name not in _NEVER_FILLED else "hidden"
        if kind not in _NOT_TYPED and "_FORMS" not in name:
            is_choice = isinstance(form.inputs[name], html.SelectElement)
            broken[name] = "987654321" if is_choice else _GARBAGE.get(kind or "", "zz:// <" + "z" * 3000)
    return broken
