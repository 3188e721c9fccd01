"""Make the tables of the Wagtail site and fill them with as many pages as the exchange has stories.

Run as ``python fill.py COUNT``; reads the texts from the exchange's own stories in the database next door.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"

import django

django.setup()

from bench_pages.models import StoryPage
from django.core.management import call_command
from django.db import connection
from wagtail.models import Page, Site

TEXTS = [f"{field}_{language}" for field in ("headline", "summary", "body") for language in ("sr", "kk", "ru", "en")]


def fill(count: int, texts: dict[str, str]) -> None:
    """One page through Wagtail itself, the others copied from it in SQL under the same parent."""
    call_command("migrate", verbosity=0)
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth__gt=1).delete()
    root = Page.objects.get(pk=root.pk)
    home = root.add_child(instance=Page(title="Home", slug="home"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "127.0.0.1", "root_page": home})
    first = home.add_child(instance=StoryPage(title="Story 0", slug="story-0", slugline="railway", urgency=5, **texts))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE OR REPLACE FUNCTION pg_temp.step(n bigint) RETURNS text LANGUAGE sql AS $$
                SELECT string_agg(
                    substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (n / (36 ^ p)::bigint % 36)::int + 1, 1), ''
                    ORDER BY p DESC
                ) FROM generate_series(0, 3) p $$
            """
        )
        columns = [field.column for field in Page._meta.local_concrete_fields if field.column != "id"]
        own = {
            "path": "%s || pg_temp.step(n + 1)",
            "title": "'Story ' || n",
            "draft_title": "'Story ' || n",
            "slug": "'story-' || n",
            "url_path": "'/home/story-' || n || '/'",
            "translation_key": "md5(n::text)::uuid",
            "first_published_at": "now() - n * interval '30 seconds'",
        }
        values = ", ".join(own.get(name, f"template.{name}") for name in columns)
        cursor.execute(
            f"INSERT INTO wagtailcore_page ({', '.join(columns)}) SELECT {values} FROM wagtailcore_page template,"
            f" generate_series(1, {int(count) - 1}) n WHERE template.id = %s",
            [home.path, first.pk],
        )
        kept = [field.column for field in StoryPage._meta.local_concrete_fields if field.column != "page_ptr_id"]
        cursor.execute(
            f"INSERT INTO bench_pages_storypage (page_ptr_id, {', '.join(kept)})"
            f" SELECT p.id, {', '.join('t.' + name for name in kept)} FROM wagtailcore_page p, bench_pages_storypage t"
            " WHERE t.page_ptr_id = %s AND p.depth = 3 AND p.id <> %s",
            [first.pk, first.pk],
        )
        cursor.execute("UPDATE wagtailcore_page SET numchild = %s WHERE id = %s", [count, home.pk])
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    fill(int(sys.argv[1]), dict(zip(TEXTS, sys.stdin.read().split("\x1e"), strict=True)))
