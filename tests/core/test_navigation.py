import pytest
from django.test import RequestFactory
from django.urls import reverse

from mediaexchange.core.navigation import sidebar
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "args", "lit"),
    [
        ("broadcasters_memorandum_healths", [], "Health of agreements"),
        ("broadcasters_memorandum_health", [7], "Health of agreements"),
        ("broadcasters_memorandum_records", [7], "Health of agreements"),
        ("core_calendarfeed_changelist", [], "My calendars"),
    ],
)
def test_one_entry_is_lit_also_on_the_pages_below_it(name, args, lit):
    request = RequestFactory().get(reverse(f"admin:{name}", args=args))
    request.user = make_user(make_broadcaster("rts"), is_superuser=True)
    links = [link for group in sidebar(request) for link in group["items"]]
    assert [link["title"] for link in links if link["active"]] == [lit]


def test_a_row_of_a_list_leaves_it_to_the_list(rts):
    request = RequestFactory().get(reverse("admin:broadcasters_memorandum_change", args=[7]))
    request.user = make_user(rts, is_superuser=True)
    assert not any("active" in link for group in sidebar(request) for link in group["items"])
