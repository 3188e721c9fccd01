"""What a feed's entries change about one story: its fields, access, texts and tags, in memory; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mediaexchange.core.languages.tags import shown_language
from newsexchange.constants import PubStatus
from newsexchange.models import Story
from newsexchange.services.drafting import UNDETERMINED, Draft
from newsexchange.services.drafting_editions import DraftEdition, key_of
from newsexchange.services.feed_said import as_json, hash_of, is_older, languages_of, moment_of, strictest, word_of
from newsexchange.services.rules import Verdict

_BOTH_SAY = ("topics", "keywords")


@dataclass(slots=True)
class Change:
    """A story and the drafts that concern it. ``main`` is in its first language, ``further`` in others.

    ``is_returning``: it did not come as the entry that made the story, but from its own broadcaster under our identity.
    """

    story: Story
    main: Draft | None = None
    further: list[Draft] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    is_returning: bool = False
    is_new: bool = False
    has_moved: bool = False  # the original's text is another one: translations are stale
    renewed: dict[str, DraftEdition] = field(default_factory=dict)  # texts to write, by edition
    offers_to: tuple[int, ...] = ()
    offers_by_module: bool = False
    has_new_dopesheet: bool = False

    @property
    def drafts(self) -> list[Draft]:
        return [*([self.main] if self.main else []), *self.further]

    @property
    def wanted_status(self) -> PubStatus:
        return strictest(self.story.source_said)[2]

    @property
    def is_correction(self) -> bool:
        return any(draft.entry.is_correction for draft in self.drafts)

    @property
    def note(self) -> str:
        return next((note for draft in self.drafts if (note := draft.desk_fields["editors_note"])), "")

    def apply(self) -> None:
        """Take over what the drafts say, field by field, and only where the feed says something else than last time.

        What the desk has set meanwhile (an embargo, a hold, terms) is not undone by a source that never spoke of it.
        """
        said = self.story.source_said
        if self.main and not self.is_returning:
            said["own"] = word_of(self.main)
        for draft in self.further:
            languages_of(self.story)[draft.own.language] = word_of(draft)
        until, is_held, _status = strictest(said)
        fields: dict[str, Any] = dict(self.main.desk_fields) if self.main else {}
        if self.is_returning:
            # Its document cannot say all that stands here: what it leaves open stays as it is.
            fields = {name: value for name, value in fields.items() if value not in ("", [], None, False)}
        else:
            fields |= {"embargoed_until": until, "is_held": is_held}
        self._fill(fields)
        self._judge()
        self._set_texts()
        if self.main and not self.is_returning:
            self._take_over(self.main)

    def _fill(self, fields: dict[str, Any]) -> None:
        story, known = self.story, self.story.source_said.setdefault("fields", {})
        if not self.is_new and not self.main and "embargoed_until" not in known:
            return
        saying = as_json(fields)
        tags = [tag for tag in _rules_of(story).get("tags", []) if tag in story.topics or tag in story.keywords]
        for name, value in fields.items():
            if name not in known or known[name] != saying[name]:
                if name == "expires_at" and value != story.expires_at:
                    story.expired_at = None  # its end is to be told again
                setattr(story, name, value)
        known |= saying
        _add_tags(story, tags)

    def _judge(self) -> None:
        """What rules newly want; what they wanted before may have been undone by the desk, and stays undone."""
        before = _rules_of(self.story)
        _add_tags(self.story, [tag for tag in self.verdict.tags if tag not in before.get("tags", [])])
        if self.verdict.is_held and not before.get("is_held"):
            self.story.is_held = True
        self.offers_to = tuple(pk for pk in self.verdict.offer_to if pk not in before.get("offers", []))
        self.offers_by_module = self.verdict.offers_by_module and not before.get("by_module")
        now = {
            "tags": sorted({*before.get("tags", []), *self.verdict.tags}),
            "is_held": bool(before.get("is_held")) or self.verdict.is_held,
            "offers": sorted({*before.get("offers", []), *self.verdict.offer_to}),
            "by_module": bool(before.get("by_module")) or self.verdict.offers_by_module,
        }
        if any(now.values()):
            self.story.source_said["rules"] = now

    def _set_texts(self) -> None:
        said = self.story.source_said.setdefault("editions", {})
        given: list[DraftEdition] = []
        if self.main:
            own = self.main.own
            self.has_moved = not self.is_new and self._is_another_text(own)
            self.story.source_said["text"] = own.digest
            given = [own, *self.main.others]
        given += [draft.own for draft in self.further if not (self.main and draft.own.key == self.main.own.key)]
        if self.is_new or self.has_moved:
            self.story.signature = None  # its likeness to others is to be found again
        for edition in given:
            face = hash_of([edition.text, edition.origin, edition.ai_use, edition.digital_source_type, edition.script])
            if said.get(edition.key) != face:
                said[edition.key] = face
                self.renewed[edition.key] = edition

    def _is_another_text(self, own: DraftEdition) -> bool:
        if not self.is_returning and "text" in self.story.source_said:
            return bool(self.story.source_said["text"] != own.digest)
        return not own.stored or any(
            (getattr(self.story, f"{name}_{own.stored}") or "") != value for name, value in own.text.items()
        )

    def _take_over(self, draft: Draft) -> None:
        story, said = self.story, self.story.source_said
        for name, value in draft.feed_fields.items():
            setattr(story, name, value)
        dopesheet = hash_of(draft.dopesheet)
        has_any = any(draft.dopesheet.values())
        self.has_new_dopesheet = said.get("dopesheet", "") != dopesheet and (has_any or not self.is_new)
        said["dopesheet"] = dopesheet
        remember(story, draft)


def remember(story: Story, draft: Draft) -> None:
    """How new the feed's last word in the story's first language is: an older one that arrives late must not win."""
    story.source_said["digest"] = draft.digest
    story.source_hash = draft.sent.digest
    if draft.entry.version is not None:
        story.source_version = draft.entry.version
    story.source_updated_at = draft.entry.updated_at or story.source_updated_at


def is_main(draft: Draft, story: Story) -> bool:
    """Whether an entry under a story's identity speaks for its first language. Who declares none does."""
    return not draft.is_declared or story.language == UNDETERMINED or draft.own.key == key_of(story.language)


def is_twin(draft: Draft, story: Story) -> bool:
    """The story's first language in its other script, and no newer: one column holds both."""
    if not draft.is_declared or draft.own.stored is None or story.language == draft.own.language:
        return False
    is_other_script = shown_language(draft.own.language) != shown_language(story.language)
    version, known = draft.entry.version, story.source_version
    is_newer = version is not None and known is not None and version > known
    return draft.own.key == key_of(story.language) and is_other_script and not is_newer


def is_echo(draft: Draft, story: Story) -> bool:
    """Whether a story that its own broadcaster sends back is what we have, or older: its numbers and times are ours."""
    if is_older(draft, story.version, story.versioned_at):
        return True
    if draft.entry.version is not None:
        return draft.entry.version == story.version
    return not any(
        (getattr(story, f"{name}_{draft.own.stored}", "") or "") != value for name, value in draft.own.text.items()
    )


def is_known(word: dict[str, Any] | None, draft: Draft) -> bool:
    return word is not None and word["digest"] == draft.digest


def is_outdated_by(word: dict[str, Any] | None, draft: Draft) -> bool:
    return word is not None and is_older(draft, word["version"], moment_of(word["updated_at"]))


def _rules_of(story: Story) -> dict[str, Any]:
    rules: dict[str, Any] = story.source_said.get("rules", {})
    return rules


def _add_tags(story: Story, tags: Sequence[str]) -> None:
    for tag in tags:
        words = story.topics if tag.startswith("medtop:") else story.keywords
        if tag not in words:
            words.append(tag)
