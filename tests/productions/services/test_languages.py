"""Language versions in any language: canonical tags with scripts, names in the reader's language."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from mediaexchange.core.errors import ConflictError, DomainError
from productions.languages import canonical_tag, language_name
from productions.models import LanguageVersion
from tests.productions.delivery import make_version
from tests.productions.factories import make_production


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("hu", "hu-Latn"), ("HUN", "hu-Latn"), ("hu-latn-HU", "hu-Latn-HU"), ("rue", "rue-Cyrl"),
        ("rue_latn", "rue-Latn"), ("rsk", "rsk-Cyrl"), ("srp", "sr-Cyrl"), ("sr-latn", "sr-Latn"),
        ("nog-Cyrl", "nog-Cyrl"),
    ],
)  # fmt: skip
def test_a_tag_is_written_canonically_and_with_its_script(typed, stored):
    assert canonical_tag(typed) == stored


@pytest.mark.parametrize(("typed", "code"), [("", "bad-language"), ("1x", "bad-language"), ("nog", "script-missing")])
def test_what_is_no_tag_or_has_no_known_script_is_refused(typed, code):
    with pytest.raises(DomainError) as refused:
        canonical_tag(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("tag", "reader", "name"),
    [
        ("hu-Latn", "sr", "мађарски"), ("hu-Latn", "sr-latn", "mađarski"), ("hu-Latn", "kk", "мажар тілі"),
        ("rue-Cyrl", "ru", "русинский (кириллица)"), ("rue-Cyrl", "en", "Rusyn (Cyrillic)"),
        ("rsk-Cyrl", "sr-latn", "panonskorusinski"), ("sr-Latn", "kk", "серб тілі (латын жазуы)"),
    ],
)  # fmt: skip
def test_languages_are_named_in_the_readers_language(tag, reader, name):
    with override(reader):
        assert language_name(tag) == name


def test_a_language_that_nobody_listed_shows_its_own_name():
    assert language_name("nog-Cyrl", autonym="ногай тили") == "ногай тили"
    assert language_name("nog-Cyrl") == "nog-Cyrl"


@pytest.mark.django_db
def test_one_version_of_a_kind_in_a_language_and_never_without_a_script():
    production = make_production(stage="post-production")
    make_version(production, "hu", kind="subtitle")
    with pytest.raises(ConflictError):
        make_version(production, "hun-Latn", kind="subtitle")
    version = make_version(production, "hu", kind="dub")
    with pytest.raises(IntegrityError), transaction.atomic():
        LanguageVersion.objects.filter(pk=version.pk).update(language="hu")
