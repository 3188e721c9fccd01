"""Diplomatic events, topics and claims as search finds them. A claim's title is who says it and where."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from broadcasters.attribution import attributed
from broadcasters.calendar_constants import ClaimKind
from broadcasters.models import Claim, ClaimTopic, DiplomaticEvent
from broadcasters.search import NamedSearch
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.resolve import Resolved
from mediaexchange.core.languages.tags import STORED, STORED_AS, shown_language, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.search.registry import Document, SearchType, Shown, Text, Wanted, register


@register
class DiplomaticEventSearch(NamedSearch):
    key = "event"
    model = DiplomaticEvent
    icon = "flag"
    route = "api:diplomaticevent-detail"
    described = ("note",)
    has_names = False  # its title is a sentence, not a name


@register
class ClaimTopicSearch(NamedSearch):
    key = "claim-topic"
    model = ClaimTopic
    icon = "compare"
    route = "api:claimtopic-detail"
    described = ("note",)
    has_names = False


@register
class ClaimSearch(SearchType):
    """By what is said, by the very words and by the speaker's words; persons who speak are found by their records."""

    key = "claim"
    model = Claim
    icon = "format_quote"
    resource = "broadcasters"
    route = "api:claim-detail"

    def objects(self, ids: Collection[int]) -> Sequence[Any]:
        return list(Claim.objects.with_attribution().filter(pk__in=ids))

    def describe(self, record: Claim) -> Iterable[Document]:
        texts = []
        for language in STORED:
            with override(language):
                told = attributed(record, language)
            texts.append(Text("A", told.speaker, language))
            if getattr(record, f"wording_{language}"):
                texts.append(Text("B", told.wording, language))
        if record.quote:
            spoken = stored_language(record.original_language) or record.original_language
            texts.append(Text("B", record.quote, spoken))
        texts.append(Text("C", f"{record.source_title} {record.source_publisher}", "en"))
        fresh = datetime.combine(record.said_first, time(), UTC) if record.said_first else None
        yield Document(record.pk, "", tuple(texts), fresh_at=fresh, kind=record.kind)

    def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
        """The title names speaker and source, so that no snippet stands without them."""
        visible = Claim.objects.visible_to(reader).with_attribution().filter(pk__in=[each.object_id for each in wanted])
        found = {}
        master = STORED_AS.get(language, language)  # Serbian is handed on in Cyrillic
        for row in visible:
            with override(master):
                told = attributed(row, master)
            spoken = shown_language(row.original_language) or row.original_language
            texts = (Resolved(told.text, master), Resolved(told.quote, spoken))
            title = f"{told.speaker} ({told.source})"
            found[row.pk] = Shown(str(row.uid), "", title, texts, master, row.said)
        return found

    def kinds(self) -> dict[str, Message]:
        return {kind.value: kind.label for kind in ClaimKind}

    def repeats(self, key: str, ids: Collection[int]) -> QuerySet[Any] | None:
        """Claims carry the names of those who say them."""
        speakers = {"person": "speaker_person", "institution": "speaker_institution"}
        return Claim.objects.filter(**{f"{speakers[key]}__in": ids}) if key in speakers else None
