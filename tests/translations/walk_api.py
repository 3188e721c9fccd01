"""Every address of the API asked in every wrong way that its schema lets one think of."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from mediaexchange.core.languages.leftovers.marking import Lookups, brought_back
from mediaexchange.core.languages.leftovers.surfaces import Data, hard_coded, of_answer

_METHODS = ("get", "post", "put", "patch", "delete")
# What a value can be instead of what it should be; “zz” is no word of any language.
_VALUES: tuple[Any, ...] = ("", None, "zz", -7, [], ["zz"], [{"zz": 1}], {"zz": "zz"}, "z" * 12_000, "zz\0")
# What django-filter calls lookups in labels that only forms have; the API shows none.
_UNSEEN = frozenset({"exact", "gte", "gt", "lte", "lt", "in"})
_BODIES = (b"{", b"[]")


class ApiWalk:
    """The problems that were answered, by status, and what in them was not translated."""

    def __init__(self, key: str, language: str, lookups: Lookups, data: Data) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"accept-language": language} | ({"authorization": f"Bearer {key}"} if key else {})
        self.lookups, self.data = lookups, data
        self.hard_coded: dict[str, str] = {}
        self.texts = 0
        self.codes: dict[int, set[str]] = {}

    def ask(self, method: str, address: str, body: bytes | None = None, **headers: str) -> None:
        """Ask, read the answer if it is a problem, and undo what was done."""
        place = f"{method.upper()} {address[:120]}"
        said = dict(self.lookups.first_places)
        content = {"content_type": headers.pop("content_type", "application/json"), "data": body or b""}
        with transaction.atomic():
            send = getattr(self.client, method)
            response = send(address, headers=self.headers | headers, **({} if method == "get" else content))
            transaction.set_rollback(True)
        if "problem+json" in response.headers.get("Content-Type", ""):
            new = {key for key in self.lookups.first_places.keys() - said.keys() if key[0] not in _UNSEEN}
            self.lookups.first_places = said | dict.fromkeys(new, place)
            problem = response.json()
            self.codes.setdefault(response.status_code, set()).add(problem["code"])
            texts = [(text, f"{where} of {place}") for text, where in of_answer(problem)]
            self.texts += len(texts)
            self.hard_coded |= dict(hard_coded(texts, self.data))
        else:  # labels that were only looked up, for nobody to read
            self.lookups.first_places = said


def walk_api(walk: ApiWalk, rows: list[Model]) -> None:
    schema = SchemaGenerator().get_schema(public=True)
    for path, operations in schema["paths"].items():
        cache.clear()  # no address waits for another
        *addresses, nowhere = _addresses(path, rows)
        for method in _METHODS:
            walk.ask(method, nowhere, b"{}")
            if method in operations:
                for address in addresses or [nowhere]:
                    walk.ask(method, address, b"{}")
                _try(walk, schema, method, next(iter(addresses), nowhere), operations[method])


def _try(walk: ApiWalk, schema: Any, method: str, address: str, operation: dict[str, Any]) -> None:
    names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    for name in [*names, "zzparameter"]:
        walk.ask(method, f"{address}?{name}=zz", b"{}")
    if method == "get":
        walk.ask(method, address, accept="application/zz")
        return
    for body in _BODIES:
        walk.ask(method, address, body)
    walk.ask(method, address, b"zz", content_type="text/zz")
    properties = _properties(schema, operation)
    for value in _VALUES:
        walk.ask(method, address, json.dumps(dict.fromkeys(properties, value)).encode())


def _properties(schema: Any, operation: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = content.get("schema", {})
    while "$ref" in body:
        body = schema["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    return list(body.get("properties", ()))


def _addresses(path: str, rows: list[Model]) -> Iterator[str]:
    """The path with the identities of up to two rows that it may be about, and of one that nobody has."""
    if "{" not in path:
        yield path
        return
    for thing in _things(path.removeprefix("/api/v1/").partition("/")[0].replace("-", ""), rows):
        values = {"uid": getattr(thing, "uid", ""), "slug": getattr(thing, "slug", ""), "document": "ninjs-3.1"}
        values |= {"language": "en", "id": thing.pk}
        yield path.format_map({**dict.fromkeys(_names(path), "zz"), **{k: v for k, v in values.items() if v}})
    uid = "00000000-0000-4000-8000-000000000000"
    yield path.format_map({**dict.fromkeys(_names(path), "zz"), "uid": uid})


def _things(nouns: str, rows: list[Model]) -> list[Model]:
    """Up to two rows of the model that is called so, or of one whose name ends or, in English, begins alike."""
    ones = {nouns.removesuffix("s"), nouns.removesuffix("es"), nouns.removesuffix("ies") + "y"}
    start = nouns.rstrip("s")[:5]
    for called in (
        [row for row in rows if row._meta.model_name in ones],
        [row for row in rows if any(one.endswith(str(row._meta.model_name)) for one in ones)],
        [row for row in rows if start in brought_back(str(row._meta.verbose_name_raw)).replace(" ", "")],
    ):
        if called:
            return called[:2]
    return rows[:1]


def _names(path: str) -> list[str]:
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]
