import pytest

from newsexchange.parsing.base import Entity, Restriction, RightsStatement, Shot, Text
from tests.newsexchange.parsing.documents import atom_entry, only_entry, rss, rss_entry

BASICS = "<guid isPermaLink='false'>1</guid><title>Head</title>"


def entry(media: str, *, channel: str = ""):  # type: ignore[no-untyped-def]
    return rss_entry(BASICS + media, channel=channel)


def test_every_attribute_of_a_content_is_kept():
    (file,) = entry(
        "<media:content url='https://a.example/v.mp4' fileSize='1000' type='video/mp4' medium='video' isDefault='true' "
        "expression='full' bitrate='128.5' framerate='25' samplingrate='44.1' channels='2' duration='185.5' "
        "height='200' width='300' lang='sr'><media:title>The dam</media:title><media:hash algo='sha-1'>ab</media:hash>"
        "</media:content>"
    ).renditions
    assert (file.href, file.size_bytes, file.content_type, file.rel) == (
        "https://a.example/v.mp4",
        1000,
        "video/mp4",
        "video",
    )
    assert (file.duration_ms, file.height, file.width, file.language) == (185_500, 200, 300, "sr")
    assert (file.title, file.checksum) == ("The dam", "sha-1:ab")
    assert dict(file.technical) == {
        "videoavgbitrate": "128500",
        "videoframerate": "25",
        "audiosamplerate": "44100",
        "audiochannels": "2",
        "expression": "full",
        "isdefault": "true",
    }


def test_files_of_groups_thumbnails_players_subtitles_and_peers_are_renditions():
    files = entry(
        "<media:group><media:content url='https://a.example/1.mp4'/><media:content url='https://a.example/2.mp4'>"
        "<media:thumbnail url='https://a.example/t.jpg' width='75' height='50' time='12:05:01.123'/></media:content>"
        "</media:group><media:player url='https://a.example/play' width='400' height='200'/>"
        "<media:subTitle type='application/smil' lang='en-us' href='https://a.example/s.smil'/>"
        "<media:peerLink type='application/x-bittorrent' href='https://a.example/x.torrent'/>"
    ).renditions
    assert {(file.rel, file.href.rpartition("/")[2]) for file in files} == {
        ("media", "1.mp4"),
        ("media", "2.mp4"),
        ("thumbnail", "t.jpg"),
        ("player", "play"),
        ("subtitle", "s.smil"),
        ("peer", "x.torrent"),
    }
    (thumbnail,) = (file for file in files if file.rel == "thumbnail")
    assert (thumbnail.width, thumbnail.height, thumbnail.technical) == (75, 50, (("time", "12:05:01.123"),))


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (
            "<media:restriction relationship='allow' type='country'>rs kz</media:restriction>",
            {"territories": ("RS", "KZ"), "is_elsewhere": True},
        ),
        (
            "<media:restriction relationship='deny' type='country'>US, ca</media:restriction>",
            {"territories": ("US", "CA"), "is_elsewhere": False},
        ),
        ("<media:restriction relationship='deny'>all</media:restriction>", {}),
        ("<media:restriction relationship='allow' type='country'>none</media:restriction>", {}),
        ("<media:restriction relationship='allow' type='country'>the moon</media:restriction>", {}),
    ],
)
def test_a_restriction_by_country_is_data(element, expected):
    (restriction,) = entry(element).restrictions
    defaults = {"territories": (), "is_elsewhere": False}
    assert restriction == Restriction(is_barred=True, note=restriction.note, **(defaults | expected))
    assert restriction.note.startswith("media:restriction")


@pytest.mark.parametrize(("relation", "who"), [("allow", "all"), ("deny", "none")])
def test_a_restriction_that_forbids_nothing_is_none(relation, who):
    assert entry(f"<media:restriction relationship='{relation}'>{who}</media:restriction>").restrictions == ()


def test_restrictions_by_site_and_on_sharing_are_kept_in_words():
    story = entry(
        "<media:restriction relationship='deny' type='sharing'/>"
        "<media:restriction relationship='allow' type='uri'>https://b.example</media:restriction>"
    )
    assert story.restrictions == ()
    assert [(one.aspect, one.usage_terms) for one in story.rights] == [
        ("sharing", "sharing: deny"),
        ("uri", "uri: allow https://b.example"),
    ]
    assert story.usage_terms == "sharing: deny\nuri: allow https://b.example"


def test_what_the_feed_says_of_rights_holds_for_items_that_say_nothing():
    channel = (
        "<media:restriction relationship='allow' type='country'>rs</media:restriction>"
        "<media:copyright url='https://a.example/c'>2024 A</media:copyright><media:credit>A</media:credit>"
    )
    silent = entry("", channel=channel)
    assert [one.territories for one in silent.restrictions] == [("RS",)]
    assert (silent.copyright_notice, silent.credit) == ("2024 A", "A")
    own = entry("<media:restriction relationship='deny' type='country'>us</media:restriction>", channel=channel)
    assert [(one.territories, one.is_elsewhere) for one in own.restrictions] == [(("US",), False)]


def test_the_licence_and_status_of_the_feed_hold_for_items_that_say_nothing():
    channel = (
        "<media:license href='https://a.example/l'>No derivatives</media:license><media:rights status='official'/>"
    )
    assert entry("", channel=channel).usage_terms == "No derivatives\nstatus: official"
    own = entry("<media:license>Free</media:license>", channel=channel)
    assert own.usage_terms == "Free\nstatus: official"


def test_a_restriction_inside_a_group_or_a_content_is_not_overlooked():
    inside = "<media:restriction relationship='deny' type='country'>us</media:restriction>"
    for media in (
        f"<media:group>{inside}</media:group>",
        f"<media:content url='https://a.example/v.mp4'>{inside}</media:content>",
        f"<media:group><media:content url='https://a.example/v.mp4'>{inside}</media:content></media:group>",
    ):
        assert [one.territories for one in entry(media).restrictions] == [("US",)]


def test_credits_copyright_and_licence_are_people_and_rights():
    story = entry(
        "<media:credit role='producer' scheme='urn:ebu'>Ana</media:credit>"
        "<media:credit role='owner'>RTS</media:credit><media:copyright url='https://a.example/c'>2024 RTS"
        "</media:copyright><media:license type='text/html' href='https://a.example/l'>Share alike</media:license>"
        "<media:rights status='userCreated'/>"
    )
    assert story.entities == (Entity("Ana", "producer"), Entity("RTS", "owner", kind="organisation"))
    assert story.credit == "Ana, RTS"
    assert (story.copyright_notice, story.usage_terms) == ("2024 RTS", "Share alike\nstatus: userCreated")
    assert story.rights[-3:] == (
        RightsStatement("", "copyright", notice="2024 RTS", link="https://a.example/c"),
        RightsStatement("", "license", usage_terms="Share alike", link="https://a.example/l"),
        RightsStatement("", "status", usage_terms="status: userCreated"),
    )


def test_texts_keywords_rating_and_transcript_are_kept():
    story = entry(
        "<media:title type='plain'>A title</media:title><media:description type='html'>&lt;p&gt;Words&lt;/p&gt;"
        "</media:description><media:keywords>dam, river</media:keywords><media:category label='Water'>w/1"
        "</media:category><media:rating scheme='urn:simple'>nonadult</media:rating>"
        "<media:text type='plain' lang='en' start='00:00:03.000'>Somebody speaks</media:text>"
    )
    assert (story.headline, story.body) == ("Head", "<p>Words</p>")
    assert story.keywords == ("w/1", "Water", "dam", "river")
    assert {
        Text("title", "A title"),
        Text("description", "<p>Words</p>"),
        Text("caption", "Somebody speaks", "transcript", "en"),
        Text("note", "nonadult", "rating"),
    } <= set(story.texts)


def test_scenes_are_shots():
    scenes = (
        "<media:scenes><media:scene><sceneTitle>Dam</sceneTitle><sceneDescription>Water falls</sceneDescription>"
        "<sceneStartTime>00:15</sceneStartTime><sceneEndTime>00:45</sceneEndTime></media:scene><media:scene>"
        "<sceneTitle>Odd</sceneTitle><sceneStartTime>10</sceneStartTime><sceneEndTime>5</sceneEndTime></media:scene>"
        "</media:scenes>"
    )
    assert entry(scenes).shots == (
        Shot(15_000, 45_000, (("und", "Dam. Water falls"),)),
        Shot(10_000, None, (("und", "Odd"),)),
    )


@pytest.mark.parametrize(("state", "status"), [("active", "usable"), ("blocked", "withheld"), ("deleted", "canceled")])
def test_the_state_of_the_media_is_the_publishing_status(state, status):
    assert entry(f"<media:status state='{state}' reason='x'/>").pubstatus == status


def test_the_exchange_s_own_status_is_stronger():
    assert entry("<media:status state='active'/><nar:pubStatus qcode='stat:withheld'/>").pubstatus == "withheld"


@pytest.mark.parametrize(
    "namespace",
    [
        "http://search.yahoo.com/mrss",
        "http://search.yahoo.com/mrss/",
        "https://search.yahoo.com/mrss/",
        "http://search.yahoo.com/MRSS/#",
        "http://www.rssboard.org/media-rss",
    ],
)
def test_the_namespace_is_known_in_every_spelling(namespace):
    feed = rss(f"<item>{BASICS}<m:thumbnail xmlns:m='{namespace}' url='https://a.example/t.jpg'/></item>")
    assert [file.rel for file in only_entry(feed).renditions] == ["thumbnail"]


def test_atom_has_it_too():
    story = atom_entry(
        "<id>1</id><title>Head</title><m:group xmlns:m='http://search.yahoo.com/mrss/'>"
        "<m:content url='https://a.example/v.mp4' medium='video' duration='12'/><m:description>Words</m:description>"
        "<m:restriction relationship='deny' type='country'>us</m:restriction><m:keywords>dam</m:keywords></m:group>"
    )
    assert (story.renditions[0].duration_ms, story.body, story.keywords) == (12_000, "<p>Words</p>", ("dam",))
    assert [one.territories for one in story.restrictions] == [("US",)]


@pytest.mark.parametrize("number", ["-1", "9" * 30, "wide", ""])
def test_an_absurd_size_is_not_said(number):
    (file,) = entry(f"<media:content url='https://a.example/v' width='{number}' duration='{number}'/>").renditions
    assert (file.width, file.duration_ms) == (None, None)


def test_no_number_or_name_of_a_file_is_larger_than_its_column():
    (file,) = entry(
        f"<media:content url='https://a.example/v' width='{2**40}' height='9' medium='{'m' * 300}'/>"
    ).renditions
    assert (file.width, file.height, len(file.rel)) == (None, 9, 100)


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ("<media:content url='https://a.example/v' medium='video'/>", "video"),
        ("<media:content url='https://a.example/a' type='audio/mpeg'/><description>Short</description>", "audio"),
        ("<media:content url='https://a.example/v' medium='video'/><content:encoded>Long</content:encoded>", "text"),
        ("<media:content url='https://a.example/p' medium='image'/>", "text"),
        (
            "<media:content url='https://a.example/v' medium='video'/>"
            "<media:content url='https://a.example/p' medium='image'/>",
            "text",
        ),
    ],
)
def test_an_item_that_only_describes_a_recording_is_one(media, kind):
    assert entry(media).kind == kind
