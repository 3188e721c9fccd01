"""A story side by side in two languages: what it says on the left, what is being written on the right."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from broadcasters.permissions import may
from mediaexchange.core.admin_base import ExchangeAdmin, refusal, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import LANGUAGES, STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.rights.source_types import DIGITAL_SOURCE_TYPES, SYNTHETIC
from mediaexchange.core.validators import validate_language_tag
from newsexchange.admin.source_types import SOURCE_TYPES
from newsexchange.admin.translation_review import shown_terms
from newsexchange.constants import AiUse, EditionOrigin, PubStatus
from newsexchange.models import Edition, Story, TranslationOrder
from newsexchange.parsing.sanitise import clean_html
from newsexchange.permissions import NEWS_ROLES
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.translation_memory import terms_in
from newsexchange.services.translation_order import order_translation

_AUTONYMS = {language.code: language.autonym for language in LANGUAGES}
_BLOCK = re.compile(r"<(p|ul|ol|blockquote|h[1-6]|pre|table|figure|div)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p>(.*)</p>", re.DOTALL)
_ORIGINS = [(origin.value, origin.label) for origin in EditionOrigin if origin != EditionOrigin.ORIGINAL]
_EMPTY_LINE = re.compile(r"\r?\n\s*\n")
MOST_PARAGRAPHS = 400


def paragraphs_of(html: str) -> list[str]:
    """The text's paragraphs, lists and quotations in their order; nothing of it is lost."""
    found, position = [], 0
    for match in _BLOCK.finditer(html):
        found += [html[position : match.start()].strip(), match[0]]
        position = match.end()
    return [part for part in (*found, html[position:].strip()) if part]


def typed(paragraph: str) -> str:
    """A paragraph as it stands in its box: without the tags that only say that it is one."""
    match = _PARAGRAPH.fullmatch(paragraph)
    return match[1] if match and "<p>" not in match[1] else paragraph


def typed_summary(html: str) -> str:
    """A summary as it stands in its one box: its paragraphs with an empty line between them."""
    return "\n\n".join(typed(part) for part in paragraphs_of(html))


def joined_summary(text: str, before: str) -> str:
    """What that box holds, as HTML; plain text that nobody has touched stays plain."""
    if text.replace("\r\n", "\n") == typed_summary(before):
        return before
    return joined(_EMPTY_LINE.split(text))


def joined(parts: Iterable[str]) -> str:
    """What the boxes hold, as a text again."""
    kept = (part.strip() for part in parts)
    return "".join(part if _BLOCK.match(part) else f"<p>{part}</p>" for part in kept if part)


@dataclass(frozen=True, slots=True)
class Side:
    """What a story says in one language."""

    tag: str
    headline: str
    summary: str
    paragraphs: list[str]

    @property
    def name(self) -> str:
        return _AUTONYMS.get(self.tag, self.tag)


def side_of(story: Story, tag: str) -> Side:
    if tag in STORED:
        texts = [getattr(story, f"{field}_{tag}") or "" for field in ("headline", "summary", "body")]
    else:
        edition = next((item for item in story.editions.all() if item.language == tag), None)
        texts = [edition.headline, edition.summary, edition.body] if edition else ["", "", ""]
    return Side(tag, texts[0], texts[1], paragraphs_of(texts[2]))


class TranslationForm(HelpedForm):
    """As many boxes as the longer of the two texts has paragraphs, and one more."""

    headline = forms.CharField(label=_("headline"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget)
    summary = forms.CharField(label=_("summary"), required=False, widget=UnfoldAdminTextareaWidget({"rows": 3}))
    origin = forms.ChoiceField(label=_("comes from"), choices=_ORIGINS, widget=UnfoldAdminSelectWidget)
    ai_use = forms.ChoiceField(
        label=_("use of AI"),
        choices=[("", _("nobody has said")), *AiUse.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    ai_tool = forms.CharField(label=_("AI tool"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget)
    digital_source_type = forms.ChoiceField(
        label=_("digital source type"),
        choices=[("", "—"), *((name, SOURCE_TYPES.get(name, name)) for name in sorted(DIGITAL_SOURCE_TYPES))],
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("IPTC NewsCodes."),
    )
    ai_label = forms.CharField(
        label=_("visible label"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget,
        help_text=_("What readers and viewers are told."),
    )  # fmt: skip
    reviewed_by = forms.ModelChoiceField(
        User.objects.none(), label=_("reviewer"), required=False, widget=UnfoldAdminSelectWidget
    )
    note = forms.CharField(
        label=_("Note on this change"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget
    )
    source_version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    boxes = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_PARAGRAPHS)

    def __init__(self, *args: Any, story: Story, boxes: int, summary: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing_summary = summary
        editors = User.objects.filter(
            memberships__broadcaster=story.broadcaster_id, memberships__role__in=NEWS_ROLES, is_active=True
        )
        self.fields["reviewed_by"].queryset = editors.distinct().order_by("username")  # type: ignore[attr-defined]
        sent = self.data.get("boxes", "") if self.is_bound else ""
        self.count = min(int(sent), MOST_PARAGRAPHS) if sent.isdecimal() and len(sent) < 5 else boxes
        for number in range(self.count):
            widget = UnfoldAdminTextareaWidget({"rows": 4, "aria-label": _("Paragraph")})
            self.fields[f"body_{number}"] = forms.CharField(required=False, widget=widget)

    @property
    def paragraphs(self) -> list[forms.BoundField]:
        return [self[f"body_{number}"] for number in range(self.count)]

    @property
    def declared(self) -> list[forms.BoundField]:
        """What is said about how the text came to be."""
        names = ("origin", "reviewed_by", "ai_use", "ai_tool", "digital_source_type", "ai_label", "note")
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("ai_use") == AiUse.NONE and (answers.get("ai_tool") or answers.get("ai_label")):
            self.add_error("ai_use", _("Without AI there is neither a tool nor a label."))
        if answers.get("ai_use") == AiUse.SYNTHETIC:
            self._check_marks(answers)
        return answers

    def _check_marks(self, answers: dict[str, Any]) -> None:
        """Synthetic text without its marks would not be given to anybody."""
        if answers.get("digital_source_type") not in SYNTHETIC:
            self.add_error("digital_source_type", _("Synthetic text needs a source type that says so."))
        for name in ("ai_label", "reviewed_by"):
            if not answers.get(name):
                self.add_error(name, _("Synthetic text needs this."))

    def text(self) -> Text:
        body = joined(self.cleaned_data[f"body_{number}"] for number in range(self.count))
        summary = joined_summary(self.cleaned_data["summary"], self.standing_summary)
        return Text(self.cleaned_data["headline"], summary, body)


_DECLARED = ("origin", "ai_use", "ai_tool", "digital_source_type", "ai_label", "reviewed_by")


class TranslationPages(ExchangeAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.translation_view)
        own = path("<path:object_id>/translation/<str:tag>/", view, name="newsexchange_story_translation")
        order = self.admin_site.admin_view(self.order_view)
        ordering = path("<path:object_id>/translation/<str:tag>/order/", order, name="newsexchange_story_order")
        return [ordering, own, *super().get_urls()]

    def order_view(self, request: HttpRequest, object_id: str, tag: str) -> HttpResponse:
        """Have the house's services translate the original, by POST, and go where it will be reviewed."""
        story = self.get_object(request, object_id)
        if not isinstance(story, Story):
            return self.missing(request, object_id)
        if not may_translate(staff(request), story):
            raise PermissionDenied
        orders: list[TranslationOrder] = []
        if request.method == "POST" and self.tried(
            request, lambda: orders.append(order_translation(story, _home(tag), actor=staff(request)))
        ):
            return HttpResponseRedirect(self.address(orders[0]))
        return HttpResponseRedirect(reverse("admin:newsexchange_story_translation", args=[story.pk, tag]))

    def translation_view(self, request: HttpRequest, object_id: str, tag: str) -> HttpResponse:
        story = self.get_object(request, object_id)
        if not isinstance(story, Story):
            return self.missing(request, object_id)
        if not may_translate(staff(request), story):
            raise PermissionDenied
        tag, original = _home(tag), _home(story.language)
        if tag == original:  # the original is written on the story's own page
            return HttpResponseRedirect(self.address(story))
        source, target = side_of(story, original), side_of(story, tag)
        edition = next((item for item in story.editions.all() if item.language == tag), None)
        form = _form(request, story, source, target, edition)
        if request.method == "POST" and form.is_valid() and self._kept(request, story, tag, form):
            self.message_user(request, _("The translation is saved."), messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        context = {
            "title": _("Translation"),
            "story": story,
            "source": source,
            "target": target,
            "edition": edition,
            "form": form,
            "rows": _rows(source, form),
            "summaries": _scripts(source.tag, source.summary),
            "headlines": _scripts(source.tag, source.headline, is_html=False),
            "terms": shown_terms(
                " ".join((source.headline, source.summary, *source.paragraphs)),
                " ".join((target.headline, target.summary, *target.paragraphs)),
                terms_in(original),
                terms_in(tag),
            ),
            "order": TranslationOrder.objects.filter(story=story, target_language=tag).pending().first(),
            "order_url": reverse("admin:newsexchange_story_order", args=[story.pk, tag]),
            "preview": [to_latin(text) for text in (target.headline, *target.paragraphs)] if tag == "sr" else [],
            "media": self.media + form.media,
        }
        return self.page(request, "newsexchange/translation.html", story, context)

    def _kept(self, request: HttpRequest, story: Story, tag: str, form: TranslationForm) -> bool:
        answers = form.cleaned_data
        edition = story.editions.filter(language=tag).first()
        if answers["seen"] != _seen(edition):
            form.add_error(None, _("Somebody else has changed this translation since; load it again."))
            return False
        declared = {name: answers[name] for name in _DECLARED} | {"origin": EditionOrigin(answers["origin"])}
        try:
            with transaction.atomic():
                save_edition(
                    story, tag, form.text(), actor=staff(request),
                    translated_from_version=answers["source_version"], note=answers["note"], **declared,
                )  # fmt: skip
        except DomainError as error:
            form.add_error(None, refusal(error))
            return False
        return True


def may_translate(user: User, story: Story) -> bool:
    return story.pubstatus != PubStatus.CANCELED and may(user, "newsexchange.change_story", story.broadcaster_id)


def languages_box(story: Story) -> SafeString:
    """Every language the story has or could have, each with its state and the way to its page."""
    original = _home(story.language)
    editions = {edition.language: edition for edition in story.editions.all()}
    codes = [original, *(code for code in (*STORED, *editions) if code != original)]
    rows = [
        {
            "name": _AUTONYMS.get(code, code),
            "edition": editions.get(code),
            "is_original": code == original,
            "url": reverse("admin:newsexchange_story_translation", args=[story.pk, code]),
        }
        for code in dict.fromkeys(codes)
    ]
    return render_to_string("newsexchange/languages.html", {"rows": rows})


def _home(tag: str) -> str:
    """The code of its columns, or the tag itself. Http404 for what is no language."""
    if found := stored_language(tag):
        return found
    try:
        validate_language_tag(tag)
    except ValidationError as error:
        raise Http404 from error
    return tag


def _seen(edition: Edition | None) -> str:
    return edition.changed_at.isoformat() if edition else ""


def _form(request: HttpRequest, story: Story, source: Side, target: Side, edition: Edition | None) -> TranslationForm:
    boxes = min(max(len(source.paragraphs), len(target.paragraphs)) + 1, MOST_PARAGRAPHS)
    initial: dict[str, Any] = {
        "headline": target.headline,
        "summary": typed_summary(target.summary),
        "origin": EditionOrigin.HUMAN,
        "reviewed_by": staff(request).pk,
        "source_version": story.version,
        "seen": _seen(edition),
        "boxes": boxes,
    }
    if edition is not None:
        initial |= {name: getattr(edition, name) for name in _DECLARED}
    initial |= {f"body_{number}": typed(text) for number, text in enumerate(_fitted(target.paragraphs, boxes))}
    return TranslationForm(request.POST or None, story=story, boxes=boxes, summary=target.summary, initial=initial)


def _fitted(paragraphs: Sequence[str], boxes: int) -> list[str]:
    """As many texts as there are boxes for; what is left over stands in the last."""
    return [*paragraphs[: boxes - 1], "".join(paragraphs[boxes - 1 :])] if len(paragraphs) > boxes else [*paragraphs]


def _scripts(tag: str, text: str, *, is_html: bool = True) -> list[tuple[str, str]]:
    """The text in each script that its language is read in, with the tag of each."""
    shown = [("sr-Cyrl", text), ("sr-Latn", to_latin(text))] if tag == "sr" else [(tag, text)]
    return [(name, mark_safe(clean_html(words)) if is_html else words) for name, words in shown]  # noqa: S308 — cleaned


def _rows(source: Side, form: TranslationForm) -> list[tuple[list[tuple[str, str]], forms.BoundField]]:
    """A source paragraph, in its scripts, beside its box."""
    texts = _fitted(source.paragraphs, form.count)
    texts += [""] * (form.count - len(texts))
    return [(_scripts(source.tag, text), box) for text, box in zip(texts, form.paragraphs, strict=True)]
