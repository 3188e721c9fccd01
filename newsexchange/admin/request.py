"""Requests for stories: asked of a partner, and the partners' requests to answer."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminTextareaWidget

from broadcasters.models import Broadcaster
from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, staff
from mediaexchange.core.models import User
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedAdmin, DeedForm
from newsexchange.admin.marks import label, moment
from newsexchange.constants import PubStatus, RequestStatus, StoryStatus
from newsexchange.models import Story, StoryRequest
from newsexchange.services.request import acknowledge_request, ask_story, decline_request, fill_request

_ANSWER = "newsexchange.answer_storyrequest"
_LOOK = {
    RequestStatus.ASKED: "info",
    RequestStatus.ACKNOWLEDGED: "warning",
    RequestStatus.FILLED: "success",
    RequestStatus.DECLINED: "",
}
_NEWEST = 200  # stories to choose from


class AskForm(ServiceForm):
    class Meta:
        model = StoryRequest
        fields = ["from_broadcaster", "to_broadcaster", "subject", "text", "language", "needed_by"]
        widgets = {"text": UnfoldAdminTextareaWidget({"rows": 5})}

    def perform(self, answers: dict[str, Any]) -> Model:
        values = {name: answers[name] for name in ("subject", "text", "language", "needed_by")}
        return ask_story(asker=answers["from_broadcaster"], of=answers["to_broadcaster"], actor=self.user, **values)


class FillForm(DeedForm):
    """One of the newest stories of the house that was asked."""

    story = forms.ModelChoiceField(Story.objects.none(), label=_("story"), widget=UnfoldAdminSelect2Widget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (wanted,) = self.subjects
        usable = Story.objects.filter(
            broadcaster=wanted.to_broadcaster_id, status=StoryStatus.PUBLISHED, pubstatus=PubStatus.USABLE
        )
        newest = usable.order_by("-published_at").values("pk")[:_NEWEST]
        chosen = usable.filter(pk__in=list(newest.values_list("pk", flat=True)))
        self.fields["story"].queryset = chosen.prefetch_related("editions")  # type: ignore[attr-defined]


def _may_answer(user: User, wanted: StoryRequest) -> bool:
    is_open = wanted.status in (RequestStatus.ASKED, RequestStatus.ACKNOWLEDGED)
    return is_open and may(user, _ANSWER, wanted.to_broadcaster_id)


def _acknowledge(wanted: StoryRequest, user: User, answers: dict[str, Any]) -> None:
    acknowledge_request(wanted, actor=user)


def _fill(wanted: StoryRequest, user: User, answers: dict[str, Any]) -> None:
    fill_request(wanted, story=answers["story"], actor=user)


def _decline(wanted: StoryRequest, user: User, answers: dict[str, Any]) -> None:
    decline_request(wanted, actor=user)


@admin.register(StoryRequest)
class StoryRequestAdmin(DeedAdmin, ServiceAdmin):
    form = AskForm
    deeds = (
        Deed(
            "acknowledge", _("Acknowledge"), _ANSWER,
            lambda user, wanted: wanted.status == RequestStatus.ASKED and _may_answer(user, wanted), _acknowledge,
            _("They know that somebody is at it."), icon="done", look="primary",
        ),
        Deed(
            "fill", _("Answer with a story…"), _ANSWER, _may_answer, _fill, _("The story is offered."),
            icon="task_alt", look="primary", form=FillForm, in_list=False,
        ),
        Deed(
            "decline", _("Decline"), _ANSWER, _may_answer, _decline, _("The request is declined."),
            icon="do_not_disturb_on",
        ),
    )  # fmt: skip
    list_display = ("subject", "from_broadcaster", "to_broadcaster", "state", "needed", "asked", "answer")
    list_select_related = ("from_broadcaster", "to_broadcaster")
    list_filter = (filters.WhichRequestFilter, filters.RequestStatusFilter)
    search_fields = ("subject", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("from_broadcaster", "to_broadcaster")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        asked = ("from_broadcaster", "to_broadcaster", "subject", "text", "language")
        return (*asked, "needed", "asked", "state", "answer") if obj else (*asked, "needed_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("needed", "asked", "state", "answer") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(roles_of(staff(request)))
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return ({"from_broadcaster": own[0]} if len(own) == 1 else {}) | given

    def has_add_permission(self, request: HttpRequest) -> bool:
        user = staff(request)
        return any(may(user, "newsexchange.ask_story", pk) for pk in roles_of(user))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was asked stands; it is answered by deeds."""
        return False

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        user = staff(request)
        if db_field.name == "from_broadcaster":
            return Broadcaster.objects.filter(
                pk__in=[pk for pk in roles_of(user) if may(user, "newsexchange.ask_story", pk)]
            )
        if db_field.name == "to_broadcaster":
            return Broadcaster.objects.visible_to(user).filter(is_active=True)
        return super().get_field_queryset(db, db_field, request)

    @display(description=_("status"), ordering="status")
    def state(self, wanted: StoryRequest) -> SafeString:
        return label(wanted.get_status_display(), _LOOK[RequestStatus(wanted.status)])

    @display(description=_("needed by"), ordering="needed_by")
    def needed(self, wanted: StoryRequest) -> str:
        return moment(wanted.needed_by)

    @display(description=_("asked at"), ordering="asked_at")
    def asked(self, wanted: StoryRequest) -> str:
        return moment(wanted.asked_at)

    @display(description=_("answer"))
    def answer(self, wanted: StoryRequest) -> SafeString | str:
        if wanted.story_id is None:
            return moment(wanted.answered_at)
        address = reverse("admin:newsexchange_story_change", args=[wanted.story_id])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, _("the story"))

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [
            (_("status"), self.state(subject)),
            (_("asked by"), subject.from_broadcaster),
            (_("asked of"), subject.to_broadcaster),
            (_("needed by"), self.needed(subject)),
        ]
        return {"title": subject.subject, "facts": facts}
