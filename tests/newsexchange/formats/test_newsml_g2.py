import pytest
from lxml import etree

from newsexchange.constants import VersionKind
from newsexchange.models import StoryVersion
from newsexchange.services.documents import document_of
from tests.factories import make_story
from tests.newsexchange.formats.stories import EVERYTHING

pytestmark = pytest.mark.django_db
NAR = {"g2": "http://iptc.org/std/nar/2006-10-01/"}


def item(story, language="en", format="newsml-g2"):
    return etree.fromstring(document_of(story, format, language).content)


def values(root, path):
    return root.xpath(path, namespaces=NAR)


def test_a_hold_without_an_end_is_an_empty_embargo():
    (embargo,) = values(item(make_story(is_held=True)), "g2:itemMeta/g2:embargoed")
    assert embargo.text is None


def test_shots_are_parts_with_times_in_milliseconds_and_their_own_rights():
    root = item(make_story(**EVERYTHING))
    first, second, bite = values(root, "g2:partMeta")
    (times,) = values(first, "g2:timeDelim")
    assert (times.get("start"), times.get("end"), times.get("timeunit")) == ("0", "1500", "timeunit:milliseconds")
    (terms,) = values(root, f"g2:rightsInfo[@idrefs='{second.get('partid')}']/g2:usageTerms")
    assert "No use." in terms.text
    assert values(bite, "g2:role/@qcode") == ["mx:soundbite"]


def test_files_carry_their_technical_data():
    (first, second) = values(item(make_story(**EVERYTHING)), "g2:contentSet/g2:remoteContent")
    assert dict(first.attrib).items() >= {
        "href": "https://example.org/a%20b.mp4", "contenttype": "video/mp4", "size": "123456789", "width": "1920",
        "videocodec": "vcdc:c015", "videoframerate": "25", "duration": "61500",
    }.items()  # fmt: skip
    assert values(first, "g2:hash/text()") == ["ab12"]
    assert second.get("duration") == "9001"


def test_who_passed_it_on_stands_in_order_with_us_at_the_end(settings):
    settings.EXCHANGE_URI = "urn:example:exchange"
    hops = values(item(make_story(**EVERYTHING)), "g2:hopHistory/g2:hop/g2:party/@uri")
    assert hops == ["urn:example:agency", "urn:example:exchange"]


def test_a_correction_is_signalled_with_its_note():
    story = make_story()
    StoryVersion.objects.filter(story=story).update(kind=VersionKind.CORRECTION, note="Pogrešno ime")
    root = item(story)
    assert values(root, "g2:itemMeta/g2:signal/@qcode") == ["sig:correction"]
    assert "Pogrešno ime" in values(root, "g2:itemMeta/g2:edNote[@role='mx:correction']")[0].text


def test_the_origin_stands_with_its_owner():
    root = item(make_story())
    assert values(root, "g2:itemMeta/g2:provider/g2:definition/text()") == ["public service media"]


def test_a_message_has_a_header_that_does_not_depend_on_the_clock():
    story = make_story(**EVERYTHING)
    root = item(story, format="newsml-g2-message")
    assert values(root, "g2:header/g2:sent/text()") == [story.versioned_at.isoformat()]
    assert values(root, "g2:itemSet/g2:newsItem/@guid") == [f"urn:uuid:{story.uid}"]
