"""What can be done to a story from its page and from the list."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import may, roles_of
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import stored_language
from mediaexchange.core.models import User
from newsexchange.admin.deeds import Deed, DeedForm
from newsexchange.admin.rights import Answer, answer_of
from newsexchange.constants import PubStatus, RecallKind, StoryStatus, VersionKind
from newsexchange.models import Offer, Story
from newsexchange.rights import decisions_for, may_use
from newsexchange.services.edition import TEXT_FIELDS
from newsexchange.services.offer import decline_offer, offer_story, take_offer
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.story import publish_story, save_story


def _choices(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ModelMultipleChoiceField):
        field.queryset = rows


class OfferForm(DeedForm):
    """Named partners, or everybody in a running module."""

    to: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        Broadcaster.objects.none(), label=_("Partners"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    modules: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        Module.objects.none(),
        label=_("All parties of a module"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        origins = {story.broadcaster_id for story in self.subjects}
        partners = Broadcaster.objects.visible_to(self.user).filter(is_active=True)
        _choices(self, "to", partners.exclude(pk__in=origins) if len(origins) == 1 else partners)
        modules = Module.objects.visible_to(self.user).running()
        for origin in origins:
            modules = modules.filter(parties=origin)
        _choices(self, "modules", modules.prefetch_related("parties"))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not answers.get("to") and not answers.get("modules"):
            raise forms.ValidationError(_("Choose at least one partner or module."))
        return answers


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands before somebody who is about to take a story: whose it is, and what its rights say."""

    story: Story
    answer: Answer


class TakeForm(DeedForm):
    """Shows the terms of each story to whoever takes it for the broadcaster it is offered to."""

    accepts_credit = forms.BooleanField(
        label=_("We will credit the source and keep to its terms."),
        widget=UnfoldBooleanSwitchWidget,
        error_messages={"required": _("Taking a story means accepting the duty to credit its source.")},
    )

    @cached_property
    def terms(self) -> list[Terms]:
        by_broadcaster: dict[Broadcaster, list[Story]] = {}
        for subject in self.subjects:
            offered = subject if isinstance(subject, Offer) else open_offers(self.user, subject).get()
            by_broadcaster.setdefault(offered.to_broadcaster, []).append(offered.story)
        return [
            Terms(story, answer_of(decisions[story.pk], broadcaster))
            for broadcaster, stories in by_broadcaster.items()
            for decisions in (decisions_for(stories, broadcaster),)
            for story in stories
        ]

    @property
    def is_refused(self) -> bool:
        """Whether there is nothing here that may be taken."""
        return not any(each.answer.is_allowed for each in self.terms)


class CorrectForm(DeedForm):
    """The original text, to be corrected, and a note that partners read beside the new version."""

    headline = forms.CharField(label=_("headline"), max_length=500, widget=UnfoldAdminTextInputWidget)
    summary = forms.CharField(label=_("summary"), required=False, widget=UnfoldAdminTextareaWidget({"rows": 3}))
    body = forms.CharField(label=_("text"), required=False, widget=UnfoldAdminTextareaWidget({"rows": 14}))
    note = forms.CharField(
        label=_("What is corrected"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text=_("Everybody who has the story reads this beside the new version."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (story,) = self.subjects
        self.initial = {field: getattr(story, f"{field}_{stored_language(story.language)}") for field in TEXT_FIELDS}


class RecallForm(DeedForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (RecallKind.WITHHOLD.value, _("Withhold: it can be restored")),
            (RecallKind.KILL.value, _("Kill: this is final")),
        ],
        widget=UnfoldAdminRadioSelectWidget,
        help_text=_("Either way nobody may use it from now on, in any version or language."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget({"rows": 5}),
        help_text=_("Everybody who had the story reads this."),
    )

    @property
    def opened_offers(self) -> QuerySet[Offer]:
        """Through which others could have read it."""
        opened = Offer.objects.filter(story__in=self.subjects, opened_at__isnull=False)
        return opened.select_related("to_broadcaster").order_by("pk")


def open_offers(user: User, story: Story) -> QuerySet[Offer]:
    """The offers of this story that wait for this user's answer."""
    answering = [pk for pk in roles_of(user) if may(user, "newsexchange.answer_offer", pk)]
    return Offer.objects.open_for(user).filter(story=story, to_broadcaster__in=answering)


def _is_draft(user: User, story: Story) -> bool:
    return story.status == StoryStatus.DRAFT and may(user, "newsexchange.change_story", story.broadcaster_id)


def _can_be_offered(user: User, story: Story) -> bool:
    is_usable = story.status == StoryStatus.PUBLISHED and story.pubstatus == PubStatus.USABLE
    return is_usable and may(user, "newsexchange.offer_story", story.broadcaster_id)


def _waits_for_one_answer(user: User, story: Story) -> bool:
    """With offers to two of the user's broadcasters it must be said for which: the list of offers does."""
    return story.broadcaster_id not in roles_of(user) and open_offers(user, story).count() == 1


def take_bars(user: User, subject: Story | Offer) -> list[str]:
    """Why the rights in the story do not let it be taken for whom it is offered to; nothing where they do."""
    offer = subject if isinstance(subject, Offer) else open_offers(user, subject).select_related("to_broadcaster").get()
    answer = answer_of(may_use(offer.story, offer.to_broadcaster), offer.to_broadcaster)
    return [] if answer.is_allowed else answer.messages


def _can_be_recalled(user: User, story: Story) -> bool:
    is_out = story.status == StoryStatus.PUBLISHED and story.pubstatus != PubStatus.CANCELED
    return is_out and may(user, "newsexchange.recall_story", story.broadcaster_id)


def _is_withheld(user: User, story: Story) -> bool:
    return story.pubstatus == PubStatus.WITHHELD and may(user, "newsexchange.recall_story", story.broadcaster_id)


def _can_be_corrected(user: User, story: Story) -> bool:
    """Its original text, where that has columns; another one is corrected on the page of its language."""
    is_out = story.status == StoryStatus.PUBLISHED and story.pubstatus != PubStatus.CANCELED
    has_columns = stored_language(story.language) is not None
    return is_out and has_columns and may(user, "newsexchange.change_story", story.broadcaster_id)


def _correct(story: Story, user: User, answers: dict[str, Any]) -> None:
    language = stored_language(story.language)
    changed = set()
    for field in TEXT_FIELDS:
        name = f"{field}_{language}"
        if answers[field] != (getattr(story, name) or ""):
            setattr(story, name, answers[field])
            changed.add(name)
    save_story(story, actor=user, changed=changed, note=answers["note"], kind=VersionKind.CORRECTION)


def _publish(story: Story, user: User, answers: dict[str, Any]) -> None:
    publish_story(story, actor=user)


@transaction.atomic
def _offer(story: Story, user: User, answers: dict[str, Any]) -> None:
    for module in answers["modules"]:
        offer_story(story, to=(), actor=user, module=module)
    offer_story(story, to=answers["to"], actor=user)


def _take(story: Story, user: User, answers: dict[str, Any]) -> None:
    take_offer(open_offers(user, story).get(), actor=user, accepts_credit=answers["accepts_credit"])


def _decline(story: Story, user: User, answers: dict[str, Any]) -> None:
    decline_offer(open_offers(user, story).get(), actor=user)


def _recall(story: Story, user: User, answers: dict[str, Any]) -> None:
    recall_story(story, actor=user, kind=RecallKind(answers["kind"]), reason=answers["reason"])


def _restore(story: Story, user: User, answers: dict[str, Any]) -> Message | None:
    restore_story(story, actor=user)
    return None


DEEDS = (
    Deed(
        "publish", _("Publish"), "newsexchange.change_story", _is_draft, _publish, _("The story is published."),
        icon="publish", look="primary",
    ),
    Deed(
        "offer", _("Offer…"), "newsexchange.offer_story", _can_be_offered, _offer, _("The story is offered."),
        icon="outbox", look="primary", form=OfferForm, template="newsexchange/offer_story.html",
    ),
    Deed(
        "take", _("Take…"), "newsexchange.answer_offer", _waits_for_one_answer, _take, _("The story is taken."),
        icon="move_to_inbox", look="primary", form=TakeForm, template="newsexchange/take_story.html",
        bars=take_bars,
    ),
    Deed(
        "decline", _("Decline"), "newsexchange.answer_offer", _waits_for_one_answer, _decline,
        _("The offer is declined."), icon="do_not_disturb_on",
    ),
    Deed(
        "restore", _("Restore"), "newsexchange.recall_story", _is_withheld, _restore,
        _("The story is usable again."), icon="restore",
    ),
    Deed(
        "correct", _("Correct…"), "newsexchange.change_story", _can_be_corrected, _correct,
        _("The correction is published."), icon="edit_note", form=CorrectForm, in_list=False,
    ),
    Deed(
        "recall", _("Recall…"), "newsexchange.recall_story", _can_be_recalled, _recall, _("The story is recalled."),
        icon="block", look="danger", form=RecallForm, template="newsexchange/recall_story.html", in_list=False,
    ),
)  # fmt: skip
