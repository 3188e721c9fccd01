"""A source says what it is; anything else is refused where it is typed and by the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from correspondents.models import CountryRequirement
from mediaexchange.core.sources import validate_sources

pytestmark = pytest.mark.django_db
GOOD = ([], [{"title": "Akorda"}], [{"title": "Akorda", "url": "https://www.akorda.kz/"}])
BAD = (
    ["https://www.akorda.kz/"],
    [{"url": "https://www.akorda.kz/"}],
    [{"title": ""}],
    [{"title": 1}],
    {"title": "a"},
    "a",
)


@pytest.fixture
def requirement():
    return CountryRequirement.objects.create(
        slug="zz", country_code="RS", kind="visa", for_whom="foreign", time_zone="Europe/Belgrade", name_en="Visa"
    )


@pytest.mark.parametrize("sources", GOOD, ids=str)
def test_what_is_titled_is_kept(requirement, sources):
    validate_sources(sources)
    CountryRequirement.objects.filter(pk=requirement.pk).update(sources=sources)


@pytest.mark.parametrize("sources", BAD, ids=str)
def test_what_is_not_is_refused_in_the_form_and_by_the_database(requirement, sources):
    with pytest.raises(ValidationError):
        validate_sources(sources)
    with pytest.raises(IntegrityError, match="correspondents_requirement_sources"), transaction.atomic():
        CountryRequirement.objects.filter(pk=requirement.pk).update(sources=sources)
