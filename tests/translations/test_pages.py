"""No page of the admin says anything in another language than its reader's.

One walk in marked letters is enough for all languages: what was looked up is compared with each language's catalog.
"""

import pytest

from tests.translations.rows import make_rows
from tests.translations.walk import Walk, walk_admin

pytestmark = pytest.mark.django_db


def test_every_page_speaks_its_readers_language(rooms, data, reporting):
    rows = make_rows(rooms)
    seen: frozenset[str] = frozenset()
    broken = {}
    with reporting() as (report, lookups):
        for who in (rooms.editor, rooms.superuser, rooms.guest, None):
            walk = Walk(who, "kk", lookups, data)
            walk_admin(walk, rows, without=seen)
            seen |= {address for address, status in walk.statuses.items() if status == 200}
            report.texts += walk.texts
            report.hard_coded |= walk.hard_coded
            broken |= {place: status for place, status in walk.statuses.items() if status >= 500}
    assert not broken
    assert report.texts > 10_000
