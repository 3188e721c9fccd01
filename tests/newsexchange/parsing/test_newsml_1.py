from datetime import UTC, date, datetime

import pytest

from newsexchange.parsing.base import Association, DocumentError, Entity, Hop, ReasonCode, RightsStatement, Text
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import only_entry, only_problem

IDENTIFIER = (
    "<ProviderId>a.example</ProviderId><DateId>20240102</DateId><NewsItemId>X1</NewsItemId>"
    '<RevisionId PreviousRevision="1" Update="N">2</RevisionId>'
    "<PublicIdentifier>urn:newsml:a.example:20240102:X1:2N</PublicIdentifier>"
)
GUID = "urn:newsml:a.example:20240102:X1"
WORDS = "<NewsComponent><ContentItem><DataContent>Words</DataContent></ContentItem></NewsComponent>"


def item(content=WORDS, *, management='<Status FormalName="Usable"/>', identifier=IDENTIFIER, attributes=""):  # type: ignore[no-untyped-def]
    return (
        f"<NewsItem {attributes}><Identification><NewsIdentifier>{identifier}</NewsIdentifier></Identification>"
        f"<NewsManagement>{management}</NewsManagement>{content}</NewsItem>"
    )


def message(*items: str, envelope: str = "", more: str = "") -> bytes:
    return (
        '<!DOCTYPE NewsML SYSTEM "NewsML_1.2.dtd"><NewsML Version="1.2">'
        f"<NewsEnvelope>{envelope}</NewsEnvelope>{more}{''.join(items)}</NewsML>"
    ).encode()


def entry(*args, **parts):  # type: ignore[no-untyped-def]
    return only_entry(message(item(*args, **parts)))


def component(inside: str, role: str = "", attributes: str = "") -> str:
    named = f'<Role FormalName="{role}"/>' if role else ""
    return f"<NewsComponent {attributes}>{named}{inside}</NewsComponent>"


def words(text: str, role: str = "", attributes: str = "") -> str:
    return component(f"<ContentItem><DataContent>{text}</DataContent></ContentItem>", role, attributes)


def test_the_guid_leaves_out_the_revision_and_keeps_the_public_identifier_beside_it():
    story = entry()
    assert (story.guid, story.version) == (GUID, 2)
    assert ("public-identifier", f"{GUID}:2N") in story.alt_ids
    assert Association("previousVersion", uri=GUID, version="1") in story.associations


def test_a_date_identifier_that_moves_with_the_revision_does_not_change_the_guid():
    def revision(number: int, moment: str) -> str:
        identifier = (
            f"<ProviderId>b</ProviderId><DateId>{moment}</DateId><NewsItemId>7</NewsItemId><RevisionId>{number}"
            "</RevisionId><PublicIdentifier>urn:newsml:b</PublicIdentifier>"
        )
        management = f"<FirstCreated>20240102T090000</FirstCreated><ThisRevisionCreated>{moment}</ThisRevisionCreated>"
        return entry(management=management, identifier=identifier).guid

    assert revision(1, "20240102T090000") == revision(2, "20240102T100000") == revision(3, "20240103T100000")


@pytest.mark.parametrize(
    ("management", "status", "until", "is_held"),
    [
        ('<Status FormalName="Usable"/>', "usable", None, False),
        ("", "usable", None, False),
        ('<Status FormalName="WITHHELD"/>', "withheld", None, False),
        ('<Status FormalName="Canceled"/>', "canceled", None, False),
        ('<Status FormalName="Strange"/>', "withheld", None, False),
        ('<Status FormalName="Embargoed"/>', "usable", None, True),
        (
            '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/>'
            "<DateAndTime>20240103T060000+0100</DateAndTime></StatusWillChange>",
            "usable",
            datetime(2024, 1, 3, 5, tzinfo=UTC),
            False,
        ),
        (
            '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Canceled"/>'
            "<DateAndTime>20240103T060000+0100</DateAndTime></StatusWillChange>",
            "usable",
            None,
            True,
        ),
    ],
)
def test_the_status_and_its_change_are_the_embargo(management, status, until, is_held):
    story = entry(management=management)
    assert (story.pubstatus, story.embargoed_until, story.is_held_indefinitely) == (status, until, is_held)


def test_a_usable_item_that_will_be_withdrawn_expires():
    change = (
        '<Status FormalName="Usable"/><StatusWillChange><FutureStatus FormalName="Withheld"/>'
        "<DateAndTime>20240103T060000Z</DateAndTime></StatusWillChange>"
    )
    assert entry(management=change).expires_at == datetime(2024, 1, 3, 6, tzinfo=UTC)


def test_a_cancelled_item_needs_no_content():
    assert entry("", management='<Status FormalName="Canceled"/>').pubstatus == "canceled"


def test_lines_people_and_places_are_read_from_the_tree():
    story = entry(
        component(
            "<NewsLines><HeadLine>Dam &amp; co</HeadLine><SubHeadLine>Water rises</SubHeadLine><ByLine>Ana</ByLine>"
            "<DateLine>Bor, 2 jan 2024 (A) -</DateLine><CreditLine>A</CreditLine><CopyrightLine>© A</CopyrightLine>"
            "<RightsLine>Serbia only</RightsLine><SlugLine>DAM</SlugLine><KeywordLine>dam</KeywordLine>"
            '<NewsLine><NewsLineType FormalName="Advisory"/><NewsLineText>More later</NewsLineText></NewsLine>'
            "</NewsLines>"
            '<AdministrativeMetadata><Creator><Party FormalName="ANA" Topic="#ana"/></Creator><Source>'
            '<Party FormalName="RTS"/></Source></AdministrativeMetadata>'
            '<DescriptiveMetadata><Language FormalName="sr"/><SubjectCode><Subject FormalName="medtop:20000065"/>'
            '</SubjectCode><SubjectCode><SubjectMatter FormalName="03001000"/></SubjectCode>'
            "<DateLineDate>20240102T090000Z</DateLineDate>"
            '<Location HowPresent="Origin"><Property FormalName="City" Value="Bor"/>'
            '<Property FormalName="Country" Value="SRB"/></Location><Property FormalName="Keyword" Value="river"/>'
            '<TopicOccurrence Topic="#co"/></DescriptiveMetadata>'
            '<TopicSet><Topic Duid="ana"><TopicType FormalName="Person"/><Description>Ana Anić</Description></Topic>'
            '<Topic Duid="co"><TopicType FormalName="Company"/><FormalName>X</FormalName>'
            "<Description>Dam Builders</Description></Topic></TopicSet>" + words("Text")
        )
    )
    assert (story.headline, story.byline, story.slugline, story.credit) == ("Dam & co", "Ana", "DAM", "A")
    assert (story.language, story.dateline_place, story.dateline_on) == ("sr", "Bor", date(2024, 1, 2))
    assert story.topics == ("medtop:20000065",)
    assert story.keywords == ("dam", "subj:03001000", "river")
    assert story.editors_note == "More later"
    assert story.copyright_notice == "© A"
    assert story.usage_terms == "Serbia only"
    assert story.entities == (
        Entity("Ana Anić", "author"),
        Entity("Dam Builders", "subject", kind="organisation"),
        Entity("Bor, SRB", "origin", kind="place"),
    )
    assert story.hops == (Hop("RTS", action="source"),)
    assert Text("headline", "Water rises", "subheadline") in story.texts


def test_the_dateline_names_the_place_where_no_location_does():
    line = "<NewsLines><DateLine>Bor, 2 jan 2024 (A) -</DateLine></NewsLines>"
    assert entry(component(line + words("Text"))).dateline_place == "Bor"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<DataContent>a\n\nb</DataContent>", "<p>a</p><p>b</p>"),
        ("<DataContent>&lt;p&gt;a &lt;b&gt;b&lt;/b&gt;&lt;/p&gt;</DataContent>", "<p>a <b>b</b></p>"),
        ("<DataContent><nitf><body><body.content><p>a</p></body.content></body></nitf></DataContent>", "<p>a</p>"),
        (
            '<DataContent><html xmlns="http://www.w3.org/1999/xhtml"><body><p>a</p></body></html></DataContent>',
            "<p>a</p>",
        ),
        ("<DataContent><p>a</p><p>b</p></DataContent>", "<p>a</p><p>b</p>"),
        ('<Encoding Notation="base64"><DataContent>0YHQuw==</DataContent></Encoding>', "<p>сл</p>"),
    ],
)
def test_words_are_read_whatever_they_are_wrapped_in(content, body):
    assert entry(component(f"<ContentItem>{content}</ContentItem>")).body == body


def test_one_language_is_the_story_and_the_others_are_kept_with_their_tags():
    story = entry(
        component(
            words("Tekst", attributes='xml:lang="sr"') + words("Мәтін", attributes='xml:lang="kk"'),
            attributes='EquivalentsList="yes"',
        )
    )
    assert (story.language, story.body) == ("sr", "<p>Tekst</p>")
    assert Text("body", "<p>Мәтін</p>", language="kk") in story.texts
    assert Text("body", "<p>Tekst</p>") in story.texts


def test_of_two_forms_of_the_same_words_the_richer_one_is_the_body():
    forms = (
        "<ContentItem><DataContent>a b</DataContent></ContentItem>"
        "<ContentItem><DataContent><p>a <b>b</b></p></DataContent></ContentItem>"
    )
    assert entry(component(forms)).body == "<p>a <b>b</b></p>"


def test_components_by_role_are_headline_summary_body_and_caption():
    story = entry(
        component(words("Head", "Title") + words("Lead words", "Lead") + words("Body words", "Body"), "Short")
    )
    assert (story.headline, story.summary, story.body) == ("Head", "<p>Lead words</p>", "<p>Body words</p>")


PICTURE = (
    '<ContentItem Href="{href}"><MediaType FormalName="Photo"/><Format FormalName="image/jpeg"/><Characteristics>'
    '<SizeInBytes>99</SizeInBytes><Property FormalName="Width" Value="10"/><Property FormalName="Height" Value="20"/>'
    '<Property FormalName="ColorSpace" Value="sRGB"/></Characteristics></ContentItem>'
)


def test_files_become_renditions_with_their_characteristics_and_caption():
    story = entry(
        component(words("The dam", "Caption") + component(PICTURE.format(href="https://a.example/p.jpg"), "Main"))
    )
    (picture,) = story.renditions
    assert (picture.href, picture.rel, picture.content_type) == ("https://a.example/p.jpg", "main", "image/jpeg")
    assert (picture.size_bytes, picture.width, picture.height, picture.title) == (99, 10, 20, "The dam")
    assert picture.technical == (("colorspace", "sRGB"),)
    assert (story.kind, story.body) == ("picture", "<p>The dam</p>")


def test_a_file_that_came_beside_the_document_is_named():
    story = entry(component(words("Text") + component(PICTURE.format(href="p.jpg"), "Main")))
    assert story.renditions == ()
    assert Association("main", "p.jpg", kind="image/jpeg") in story.associations
    assert story.kind == "text"


def test_a_clip_with_a_script_is_a_video():
    clip = (
        '<ContentItem Href="https://a.example/v.mp4"><MediaType FormalName="Video"/><Characteristics>'
        '<Property FormalName="Duration" Value="00:01:30"/></Characteristics></ContentItem>'
    )
    story = entry(component(words("Script", "Body") + component(clip, "Clip")))
    assert (story.kind, story.body) == ("video", "<p>Script</p>")
    assert story.renditions[0].duration_ms == 90_000


def test_rights_are_kept_in_words_and_no_restriction_is_guessed():
    story = entry(
        component(
            "<RightsMetadata><Copyright><CopyrightHolder>A</CopyrightHolder><CopyrightDate>2024</CopyrightDate>"
            "</Copyright><UsageRights><UsageType>broadcast</UsageType><Geography>Serbia</Geography><RightsHolder>B"
            "</RightsHolder><Limitations>no web</Limitations></UsageRights></RightsMetadata>" + words("Text")
        )
    )
    assert story.rights == (
        RightsStatement("", "copyright", "A", "© 2024 A"),
        RightsStatement(
            "", "broadcast", "B", usage_terms="UsageType: broadcast; Geography: Serbia; Limitations: no web"
        ),
    )
    assert story.restrictions == ()


def test_management_and_envelope_say_urgency_correction_relations_and_the_sender():
    management = (
        '<Status FormalName="Usable"/><Urgency FormalName="2"/><Instruction FormalName="Correction">'
        '<Comment>Name fixed</Comment></Instruction><DerivedFrom NewsItem="urn:x"/>'
        '<AssociatedWith FormalName="Photo"/><RevisionHistory Href="history.xml"/>'
    )
    sender = '<SentFrom><Party FormalName="A"/></SentFrom><DateAndTime>20240102T100000Z</DateAndTime>'
    envelope = f'<TransmissionId>17</TransmissionId>{sender}<Priority FormalName="4"/>'
    story = only_entry(message(item(management=management), envelope=envelope))
    assert (story.urgency, story.is_correction, story.editors_note) == (2, True, "Name fixed")
    assert story.associations[:3] == (
        Association("derivedFrom", uri="urn:x"),
        Association("associatedWith", kind="photo"),
        Association("revisionHistory", uri="history.xml"),
    )
    assert ("transmission-id", "17") in story.alt_ids
    assert story.hops == (Hop("A", action="sent"),)
    assert only_entry(message(item(), envelope=envelope)).urgency == 4


def test_every_item_of_a_message_is_an_entry_also_one_inside_another():
    def numbered(number: int, inside: str = "") -> str:
        return item(component(words(f"n{number}") + inside), identifier=IDENTIFIER.replace("X1", f"X{number}"))

    parsed = parse(message(numbered(1), numbered(2, component(numbered(3), "sidebar"))))
    assert [one.body for one in parsed.entries] == ["<p>n1</p>", "<p>n2</p>", "<p>n3</p>"]
    assert [(one.role, one.uri[-5:]) for one in parsed.entries[1].associations if one.role == "sidebar"] == [
        ("sidebar", "X3:2N")
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<TopicSet/>", ReasonCode.NOT_NEWS),
        ("<Update><Replace/></Update>", ReasonCode.BAD_STRUCTURE),
        ("", ReasonCode.NO_TEXT),
        ("<NewsComponent/>", ReasonCode.NO_TEXT),
    ],
)
def test_an_item_without_a_story_is_a_reasoned_problem(content, reason):
    problem = only_problem(parse(message(item(content))))
    assert (problem.reason, problem.guid) == (reason, GUID)
    assert b"NewsItem" in problem.raw


def test_another_root_is_refused_by_name():
    with pytest.raises(DocumentError, match="<rss> is no <NewsML>"):
        parse(b"<rss/>", format="newsml-1")
