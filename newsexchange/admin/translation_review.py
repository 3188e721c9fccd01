"""A machine's translation before a person: sentence beside sentence, with the glossary and what was approved before."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from broadcasters.constants import TermDoubt
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import LANGUAGES
from mediaexchange.core.translating.memory import Match
from mediaexchange.core.translating.segments import plain, same_tags
from mediaexchange.core.translating.terms import Hit, Term, hits_in
from newsexchange.admin.deeds import DeedAdmin
from newsexchange.constants import OrderStatus
from newsexchange.models import Story, TranslationOrder
from newsexchange.parsing.sanitise import clean_html
from newsexchange.services.translation_memory import memory_of, terms_in, text_in
from newsexchange.services.translation_order import REVIEW, approve_order, is_behind, reject_order

_TAGS = {language.code: language.tag for language in LANGUAGES}
_PARTS = {"headline": _("headline"), "summary": _("summary"), "body": _("text")}
_VIEW = "newsexchange.view_translationorder"
MOST_MATCHES = 3


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A glossary's concept in both languages, ready to be shown in the reader's script."""

    source: str
    target: str
    doubt: Any
    note: str
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Row:
    """``part`` names the part of the story where it begins, and is empty within it."""

    part: Any
    sources: list[tuple[str, SafeString]]
    box: forms.BoundField | None
    said: str
    latin: str
    origin: str
    percent: int | None
    terms: list[ShownTerm]
    matches: list[Match]
    has_other_tags: bool


class ReviewForm(HelpedForm):
    """One box for each segment."""

    note = forms.CharField(
        label=_("Note on this change"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget
    )
    reason = forms.CharField(
        label=_("Why it is rejected"), required=False, max_length=500, widget=UnfoldAdminTextareaWidget({"rows": 2})
    )
    has_looked = forms.BooleanField(
        label=_("Terms of the glossary are missing, and that is right."),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, order: TranslationOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        for number, segment in enumerate(order.segments):
            is_headline = segment["field"] == "headline"
            self.fields[f"text_{number}"] = forms.CharField(
                required=False,
                initial=plain(segment["text"]) if is_headline else segment["text"],
                widget=UnfoldAdminTextareaWidget({"rows": 2, "aria-label": _("translation")}),
            )

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[f"text_{number}"] for number in range(len(self.order.segments))]

    @property
    def texts(self) -> list[str]:
        return [str(box.value() or "") for box in self.boxes]


class ReviewPages(DeedAdmin):
    """The page of an order: to be decided on, or to be looked at."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id or "")
        user = staff(request)
        if not isinstance(order, TranslationOrder) or not may(user, _VIEW, order.story.broadcaster_id):
            return self.missing(request, object_id or "")
        is_open = order.status == OrderStatus.DONE and may(user, REVIEW, order.story.broadcaster_id)
        form = ReviewForm(request.POST if request.method == "POST" and is_open else None, order=order)
        rows = _rows(order, form, is_open=is_open)
        if request.method == "POST" and is_open and form.is_valid():
            answer = self._decide(request, order, form, rows)
            if answer is not None:
                return answer
        context = {
            "title": _("Machine translation"),
            "subject": order,
            "top": self.top_of(request, order),
            "deeds": self.deeds_for(request, order),
            "is_open": is_open,
            "form": form,
            "rows": rows,
            "is_behind": bool(order.source) and is_behind(order),
            "replaces": is_open and _has_text(order.story, order.target_language),
            "lacks": any(term.is_missing for row in rows for term in row.terms),
            "source_tag": order.source_language,
            "target_tag": _TAGS.get(order.target_language, order.target_language),
            "story_url": reverse("admin:newsexchange_story_change", args=[order.story_id]),
            "back": reverse("admin:newsexchange_translationorder_changelist"),
            "media": self.media + form.media,
        }
        return self.page(request, "newsexchange/translation_review.html", order, context)

    def _decide(
        self, request: HttpRequest, order: TranslationOrder, form: ReviewForm, rows: list[Row]
    ) -> HttpResponse | None:
        """Where to go after a decision that was made; None where there is something to repair."""
        user, back = staff(request), self.address(order)
        if "reject" in request.POST:
            if not form.cleaned_data["reason"].strip():
                form.add_error("reason", _("Say why it is rejected."))
                return None
            if self.tried(request, lambda: reject_order(order, actor=user, reason=form.cleaned_data["reason"])):
                self.message_user(request, _("The machine translation is rejected."), messages.SUCCESS)
            return HttpResponseRedirect(back)
        lacking = sorted({term.target for row in rows for term in row.terms if term.is_missing})
        if lacking and not form.cleaned_data["has_looked"]:
            text = _("The glossary says otherwise: %(terms)s. Use its words, or say that it is right as it stands.")
            form.add_error("has_looked", text % {"terms": ", ".join(lacking)})
            return None
        note = form.cleaned_data["note"]
        if self.tried(request, lambda: approve_order(order, actor=user, texts=form.texts, note=note)):
            self.message_user(request, _("The translation is approved and is part of the story."), messages.SUCCESS)
            return HttpResponseRedirect(back)
        return None


def shown_terms(source: str, target: str, sources: list[Term], targets: list[Term]) -> list[ShownTerm]:
    """The glossary's concepts in a text; those its translation lacks are marked, unless the term is in doubt."""
    return [_shown(hit) for hit in hits_in(source, target, sources, targets)]


def scripts(language: str, markup: str) -> list[tuple[str, SafeString]]:
    """A segment made safe, in each script that its language is read in."""
    safe = clean_html(markup)
    both = [("sr-Cyrl", safe), ("sr-Latn", to_latin(safe))] if language == "sr" else [(language, safe)]
    return [(tag, mark_safe(text)) for tag, text in both]  # noqa: S308 — cleaned


def _rows(order: TranslationOrder, form: ReviewForm, *, is_open: bool) -> list[Row]:
    source, target = order.source_language, order.target_language
    sources, targets = terms_in(source), terms_in(target)
    segments = [segment["source"] for segment in order.segments]
    memory = memory_of(order.story.broadcaster_id, "")
    matches = memory.matches(segments, source, target) if is_open else {}
    rows, part = [], ""
    for segment, box, typed in zip(order.segments, form.boxes, form.texts, strict=True):
        said = typed if is_open else segment.get("approved", segment["text"])
        markup = escape(said) if is_open and segment["field"] == "headline" else said
        rows.append(
            Row(
                part=_PARTS[segment["field"]] if segment["field"] != part else "",
                sources=scripts(source, segment["source"]),
                box=box if is_open else None,
                said=mark_safe(clean_html(markup)),  # noqa: S308 — cleaned
                latin=to_latin(plain(markup)) if target == "sr" and markup else "",
                origin=f"{segment['provider']} · {segment['model']}" if segment["text"] else "",
                percent=segment["percent"],
                terms=shown_terms(segment["source"], markup, sources, targets),
                matches=[match for match in matches.get(segment["source"], []) if match.target != segment["text"]][
                    :MOST_MATCHES
                ],
                has_other_tags=bool(markup) and not same_tags(segment["source"], markup),
            )
        )
        part = segment["field"]
    return rows


def _shown(hit: Hit) -> ShownTerm:
    doubt = hit.target.doubt
    return ShownTerm(
        source=hit.source.texts[0],
        target=" / ".join(hit.target.texts),
        doubt=TermDoubt(doubt).label if doubt else "",
        note=hit.target.note,
        is_missing=hit.is_missing and not doubt,
    )


def _has_text(story: Story, language: str) -> bool:
    return any(text_in(story, language).values())
