"""Every refusal that a rule can raise is told in every language, though no walk provokes it.

What is looked up is in every catalog: `check_catalogs` compares them with the sources, placeholders included. So it is
enough that every message is looked up, and that labels which become messages are translated.
"""

import ast
import inspect
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Choices

from mediaexchange.core.api.problems import TITLES, BadParameterError
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.catalogs.stores import ROOT
from mediaexchange.core.languages.leftovers.marking import is_translated, marking
from mediaexchange.core.languages.tags import SHOWN
from tests.translations.refusals import Module
from tests.translations.test_sources import APPS

# Built from other refusals' messages, row by row.
HANDED_ON = {"{'restrictions': _by_row(error, len(rows))}"}


def below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


@pytest.fixture(scope="module")
def kinds() -> dict[str, int]:
    """Every class of refusal, with the place of its message; one that brings its own takes none."""
    found = {"DomainError": 1, BadParameterError.__name__: 1, "ValidationError": 0}
    for kind in below(DomainError):
        names = list(inspect.signature(kind.__init__).parameters)
        if "message" in names:
            found[kind.__name__] = names.index("message") - 1
    return found


def modules() -> Iterator[str]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "outgoing", "launcher"}.intersection(path.parts):
                yield path.relative_to(ROOT).as_posix()


def test_every_refusal_has_gone_through_gettext(kinds):
    silent, count = [], 0
    for name in modules():
        module = Module(ROOT / name, kinds)
        for line, kind, message in module.refusals():
            count += 1
            if not module.is_told(message) and ast.unparse(message) not in HANDED_ON:
                silent.append(f"{name}:{line} {kind}: {ast.unparse(message)}")
    assert silent == []
    assert count > 100


def test_every_label_of_a_choice_and_every_title_of_a_problem_is_in_every_language():
    labels = [choice for app in apps.get_app_configs() if app.name in APPS for choice in choices_of(app.name)]
    with marking() as lookups:
        for kind in labels:
            lookups.place = kind.__name__
            for label in kind.labels:
                str(label)
        lookups.place = "titles of problems"
        for title in TITLES.values():
            str(title)
    missing = [
        f"{language}: {message[0]!r} of {place}"
        for message, place in lookups.first_places.items()
        for language in SHOWN
        if not is_translated(message, language)
    ]
    assert missing == []
    assert len(lookups.first_places) > 200


def choices_of(app: str) -> Iterator[type[Choices]]:
    yield from (kind for kind in below(Choices) if kind.__module__.startswith(f"{app}.") and kind.choices)


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        ('raise DomainError("x", _("No."))', True),
        ('raise DomainError("x", _("No %(n)d.") % {"n": 1})', True),
        ('raise DomainError("x", Refusal(known).label)', True),
        ('def no(message):\n    raise DomainError("x", message)\nno(_("No."))', True),
        ('WORDS = {1: _("No."), 2: _("Never.")}\nraise DomainError("x", WORDS[2])', True),
        ('raise DomainError("x", str(error))', False),
        ('raise DomainError("x", f"HTTP {status}")', False),
        ('def no(message):\n    raise DomainError("x", message)\nno(_("No."))\nno("Never.")', False),
        ('WORDS = {1: _("No."), 2: "Never."}\nraise DomainError("x", WORDS[2])', False),
    ],
)
def test_a_message_that_nobody_translates_would_be_found(tmp_path, code, is_told):
    path = tmp_path / "one.py"
    path.write_text(code)
    module = Module(path, {"DomainError": 1})
    ((_line, _kind, message),) = module.refusals()
    assert module.is_told(message) == is_told
