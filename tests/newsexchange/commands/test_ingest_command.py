import json
import os
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from newsexchange.models import QuarantinedEntry, Story
from tests.factories import make_feed

pytestmark = pytest.mark.django_db
SAMPLES = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES", Path(__file__).parents[4] / "shared" / "data")) / "samples"

RSS = """<rss version="2.0"><channel><title>t</title><item><guid>a</guid><title>Један &amp;lt;b&amp;gt;</title>
<description>&lt;p&gt;A &lt;b&gt;B&lt;/b&gt; C &amp;lt;i&amp;gt;&lt;/p&gt;</description></item></channel></rss>"""


def ingest(*paths, feed="hand"):
    out = StringIO()
    call_command("ingest", *map(str, paths), feed=feed, json=True, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_entry_has_a_line_with_its_uid_or_its_reason(tmp_path):
    make_feed(slug="hand")
    (tmp_path / "a.xml").write_text(RSS, "utf-8")
    (tmp_path / "b.txt").write_text("rubbish")
    (tmp_path / "c.xml").write_text('<rss version="2.0"><channel><title>t</title></channel></rss>')
    (tmp_path / "d.xml").write_bytes(b"")
    lines = {Path(line["path"]).name: line for line in ingest(tmp_path)}
    assert lines["a.xml"]["uid"] == str(Story.objects.get().uid)
    assert lines["b.txt"]["reason"] == "unknown-format"
    assert lines["c.xml"]["reason"] == "no-entries"
    assert lines["d.xml"]["reason"]


def test_inline_markup_stays_whole_and_escaped_markup_stays_escaped(tmp_path):
    make_feed(slug="hand", language="en")
    (tmp_path / "a.xml").write_text(RSS, "utf-8")
    ingest(tmp_path / "a.xml")
    assert Story.objects.get().body_en == "<p>A <b>B</b> C &lt;i&gt;</p>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "windows-1251", "koi8-r", "iso-8859-5"])
def test_cyrillic_arrives_whole_in_every_encoding(tmp_path, encoding):
    make_feed(slug="hand", language="ru")
    document = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>t</title><item>' \
        "<guid>a</guid><title>Открылась новая библиотека</title></item></channel></rss>"  # fmt: skip
    (tmp_path / "a.xml").write_bytes(document.encode(encoding))
    ingest(tmp_path)
    assert Story.objects.get().headline_ru == "Открылась новая библиотека"


def test_a_path_or_feed_that_is_not_there_is_an_error_of_the_caller(tmp_path):
    make_feed(slug="hand")
    with pytest.raises(CommandError, match="No such file"):
        ingest(tmp_path / "missing")
    with pytest.raises(CommandError, match="no feed"):
        ingest(tmp_path, feed="other")


@pytest.mark.shared_samples
@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no sample documents at {SAMPLES}")
def test_real_documents_are_all_accounted_for_and_a_second_time_changes_nothing():
    make_feed(slug="hand", language="")
    folders = [SAMPLES / name for name in ("feeds", "newsml-g2", "ninjs")]
    first = ingest(*folders)
    files = {str(path) for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert {line["path"] for line in first} == files
    assert all(line.get("uid") or line.get("reason") for line in first)
    # Two documents that say the same in different words of the format share an identity made of their content.
    alike = {uid for uid, count in Counter(line["uid"] for line in first if line.get("uid")).items() if count > 1}
    stories = list(Story.objects.exclude(uid__in=alike).order_by("pk").values())
    entries = list(QuarantinedEntry.objects.order_by("pk").values_list("pk", "reason", "payload_hash"))
    second = ingest(*folders)
    assert {line["result"] for line in second if line.get("uid") and line["uid"] not in alike} == {"unchanged"}
    assert list(Story.objects.exclude(uid__in=alike).order_by("pk").values()) == stories
    assert len(alike) <= 2
    assert list(QuarantinedEntry.objects.order_by("pk").values_list("pk", "reason", "payload_hash")) == entries
