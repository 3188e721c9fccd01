"""What a house remembers of its approved translations, and the glossary: filled with an approval, asked by machine and
reviewer alike."""

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import F, Func, IntegerField, Value
from django.utils import timezone

from broadcasters.models import Broadcaster, GlossaryTerm
from broadcasters.permissions import require
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.translating.likeness import bands_of, digest_of, settled
from mediaexchange.core.translating.memory import MemoryTranslator
from mediaexchange.core.translating.segments import Cut, aligned, cut_html, cut_plain
from mediaexchange.core.translating.terms import Term
from newsexchange.constants import EditionOrigin
from newsexchange.models import Edition, MemorySegment, Story
from newsexchange.parsing.sanitise import clean_html

TEXT_FIELDS = ("headline", "summary", "body")
MOST_ALIKE = 20  # candidates for one sentence
MOST_LOOKED_UP = 300  # sentences of one text: a list of results is no translation
LEAST_SHOWN = 60  # per cent, for matches beside the editor


def home_of(language: str) -> str:
    """How an edition's row names this language."""
    return stored_language(language) or language


def text_in(story: Story, home: str) -> dict[str, str]:
    """What the story says in one language, wherever that stands. Reads ``story.editions.all()``."""
    if home in STORED:
        return {name: getattr(story, f"{name}_{home}") or "" for name in TEXT_FIELDS}
    edition = next((each for each in story.editions.all() if each.language == home), None)
    return {name: getattr(edition, name) if edition else "" for name in TEXT_FIELDS}


def cut(text: Mapping[str, str], language: str) -> dict[str, Cut]:
    """The text's parts, cut into segments."""
    return {
        name: cut_plain(text[name]) if name == "headline" else cut_html(text[name], language) for name in TEXT_FIELDS
    }


def remember_edition(story: Story, edition: Edition) -> None:
    """Keep the sentences of a translation that a person answers for, in the transaction that saves it.

    Nothing is kept of what nobody has reviewed, nor of a translation that is behind its original.
    """
    original = home_of(story.language)
    is_approved = edition.reviewed_by is not None and edition.origin != EditionOrigin.ORIGINAL and not edition.is_stale
    if not is_approved or edition.language == original:
        return
    source = cut(text_in(story, original), original)
    target = cut(
        text_in(story, edition.language)
        if edition.language in STORED
        else {name: getattr(edition, name) for name in TEXT_FIELDS},
        edition.language,
    )
    pairs = [pair for name in TEXT_FIELDS for pair in aligned(source[name], target[name])]
    remember(story, original, edition.language, pairs, actor=edition.reviewed_by)


def remember(story: Story, source: str, target: str, pairs: Iterable[tuple[str, str]], *, actor: User | None) -> None:
    """Keep these pairs of segments as approved by the actor for this story; what was kept of it before is replaced."""
    now = timezone.now()
    rows = {
        digest_of(said): MemorySegment(
            broadcaster_id=story.broadcaster_id,
            story=story,
            story_version=story.version,
            source_language=source,
            target_language=target,
            source_hash=digest_of(said),
            source=settled(said),
            target=settled(clean_html(translated)),
            bands=bands_of(said),
            approved_by=actor,
            approved_at=now,
        )
        for said, translated in pairs
        if said.strip() and translated.strip()
    }
    MemorySegment.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["story", "source_language", "target_language", "source_hash"],
        update_fields=["story_version", "source", "target", "bands", "approved_by", "approved_at"],
        batch_size=500,
    )


@transaction.atomic
def forget_segment(segment: MemorySegment, *, actor: User | None) -> None:
    """What was approved by mistake is never offered again. The editions it came from stay."""
    require(actor, "newsexchange.review_translation", segment.broadcaster_id)
    MemorySegment.objects.filter(
        broadcaster=segment.broadcaster_id,
        source_language=segment.source_language,
        target_language=segment.target_language,
        source_hash=segment.source_hash,
        target=segment.target,
    ).delete()


def memory_of(broadcaster: Broadcaster | int, name: str, *, least_percent: int = LEAST_SHOWN) -> MemoryTranslator:
    """The house's memory with the shared glossary. It never holds a sentence of another house."""

    def recall(segments: Sequence[str], source: str, target: str) -> dict[str, list[tuple[str, str]]]:
        return _candidates(broadcaster, segments, source, target)

    return MemoryTranslator(name, recall, terms_in, least_percent=least_percent)


def terms_in(language: str) -> list[Term]:
    """The glossary's terms in one language."""
    return [
        Term(
            term.concept, term.language, (term.text, *term.variants), term.doubt if term.is_doubtful else "", term.note
        )
        for term in GlossaryTerm.objects.filter(language=language)
    ]


def _candidates(
    broadcaster: Broadcaster | int, segments: Sequence[str], source: str, target: str
) -> dict[str, list[tuple[str, str]]]:
    """The same sentences, youngest approval first, and for the others those that may be like them."""
    known = MemorySegment.objects.of(broadcaster, source, target)
    digests = {digest_of(segment): segment for segment in segments}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in known.filter(source_hash__in=digests).order_by("-approved_at", "-pk"):
        found.setdefault(digests[row.source_hash], []).append((row.source, row.target))
    for segment in [each for each in dict.fromkeys(segments) if each not in found][:MOST_LOOKED_UP]:
        bands = bands_of(segment)
        alike = known.filter(bands__overlap=bands).annotate(shared=_shared(bands))
        rows = alike.order_by("-shared", "-approved_at", "-pk")
        found[segment] = list(rows.values_list("source", "target")[:MOST_ALIKE])
    return found


def _shared(bands: list[int]) -> Func:
    """How many of these numbers a row has."""
    return Func(
        F("bands"),
        Value(bands, output_field=ArrayField(IntegerField())),
        template="(SELECT count(*) FROM unnest(%(expressions)s))",
        arg_joiner=") AS band (number) WHERE band.number = ANY (",
        output_field=IntegerField(),
    )
