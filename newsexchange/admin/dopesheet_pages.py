"""Pages on which a desk writes the dopesheet of its own story: shots, soundbites, restrictions and files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may
from mediaexchange.core.admin_base import ExchangeAdmin, refusal, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User
from newsexchange.admin.dopesheet_forms import (
    RenditionForm,
    RestrictionForm,
    RowForm,
    ShotForm,
    SoundbiteForm,
    UploadForm,
    initial_rows,
    rows_of,
)
from newsexchange.constants import PubStatus
from newsexchange.formats.words import timecode
from newsexchange.models import Story
from newsexchange.services.media import attach_file
from newsexchange.services.restriction import RestrictionsError, set_restrictions
from newsexchange.services.shotlist import RowsError, save_dopesheet

_EDIT = "newsexchange.change_story"


@dataclass(frozen=True, slots=True)
class Part:
    """One page. ``save`` puts the rows in the place of those that stand."""

    name: str
    title: Message
    form: type[RowForm]
    permission: str
    items: Callable[[Story], Sequence[Any]]
    save: Callable[[Story, list[dict[str, Any]], User, str], object]
    is_ordered: bool = True


def _own(relation: str) -> Callable[[Story], Sequence[Any]]:
    return lambda story: list(getattr(story, relation).filter(from_feed=False))


def _saving(relation: str) -> Callable[[Story, list[dict[str, Any]], User, str], object]:
    return lambda story, rows, user, note: save_dopesheet(story, actor=user, note=note, **{relation: rows})


def _save_restrictions(story: Story, rows: list[dict[str, Any]], user: User, note: str) -> object:
    return set_restrictions(story, rows, actor=user, note=note)


def _restrictions(story: Story) -> Sequence[Any]:
    places = {shot.pk: place for place, shot in enumerate(story.shots.all())}
    items = list(story.restrictions.all())
    for item in items:
        item.place = places.get(item.shot_id)  # type: ignore[attr-defined, arg-type]
    return items


PARTS = (
    Part("shots", _("Shots"), ShotForm, _EDIT, _own("shots"), _saving("shots")),
    Part("soundbites", _("Soundbites"), SoundbiteForm, _EDIT, _own("soundbites"), _saving("soundbites")),
    Part(
        "restrictions", _("Restrictions"), RestrictionForm, "newsexchange.change_restriction", _restrictions,
        _save_restrictions, is_ordered=False,
    ),
    Part("renditions", _("Files"), RenditionForm, _EDIT, _own("renditions"), _saving("renditions")),
)  # fmt: skip


class ChangeForm(HelpedForm):
    """What belongs to a change of a dopesheet as a whole."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=500, label=_("Note on this change"))


class DopesheetPages(ExchangeAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{part.name}/",
                self.admin_site.admin_view(self._view_of(part)),
                name=f"newsexchange_story_{part.name}",
            )
            for part in PARTS
        ]
        upload = self.admin_site.admin_view(self.upload_view)
        return [path("<path:object_id>/files/", upload, name="newsexchange_story_upload"), *own, *super().get_urls()]

    def _view_of(self, part: Part) -> Callable[[HttpRequest, str], HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return self.part_view(request, object_id, part)

        return view

    def part_view(self, request: HttpRequest, object_id: str, part: Part) -> HttpResponse:
        story = self.get_object(request, object_id)
        if story is None:
            return self.missing(request, object_id)
        if not may_write(staff(request), story, part):
            raise PermissionDenied
        formset, change = self._forms(request, story, part)
        if request.method == "POST" and formset.is_valid() and change.is_valid():
            if change.cleaned_data["seen"] != story.revision:
                change.add_error(None, _("Somebody else has changed the story since; load it again."))
            elif self._saved(request, story, part, formset, change):
                self.message_user(request, _("Saved."), messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        return self._part_page(request, story, part, formset, change)

    def _forms(self, request: HttpRequest, story: Story, part: Part) -> tuple[Any, ChangeForm]:
        items = part.items(story)
        initial = initial_rows(part.form, items)
        options: dict[str, Any] = {}
        if part.form is RestrictionForm:
            options["form_kwargs"] = {"shots": shot_names(story)}
            initial = [{**row, "shot": item.place} for row, item in zip(initial, items, strict=True)]
        data = request.POST if request.method == "POST" else None
        formset = rows_of(part.form, is_ordered=part.is_ordered)(data, initial=initial, prefix=part.name, **options)
        return formset, ChangeForm(data, initial={"seen": story.revision})

    def _saved(self, request: HttpRequest, story: Story, part: Part, formset: Any, change: ChangeForm) -> bool:
        """Whether the service took it; what it says against it stands beside the rows."""
        wanted = formset.wanted()
        try:
            with transaction.atomic():
                part.save(story, [form.row() for form in wanted], staff(request), change.cleaned_data["note"])
        except (RowsError, RestrictionsError) as error:
            for number, about in error.by_row.items():
                wanted[number].report(about)
            return False
        except DomainError as error:
            change.add_error(None, refusal(error))
            return False
        return True

    def _part_page(
        self, request: HttpRequest, story: Story, part: Part, formset: Any, change: ChangeForm
    ) -> HttpResponse:
        from_feed = getattr(story, part.name).filter(from_feed=True).count() if part.is_ordered else 0
        context = {
            "title": part.title,
            "story": story,
            "formset": formset,
            "change": change,
            "from_feed": from_feed,
            "parts": part_links(story, staff(request), here=part.name),
            "media": self.media + formset.media + UploadForm().media,
            "upload": UploadForm() if part.name == "renditions" else None,
            "upload_url": reverse("admin:newsexchange_story_upload", args=[story.pk]),
        }
        return self.page(request, "newsexchange/dopesheet_rows.html", story, context)

    def upload_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Attach a file; outside of a transaction, as the service wants it."""
        story = self.get_object(request, object_id)
        if story is None:
            return self.missing(request, object_id)
        if not may(staff(request), _EDIT, story.broadcaster_id):
            raise PermissionDenied
        back = reverse("admin:newsexchange_story_renditions", args=[story.pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            for error in (message for found in form.errors.values() for message in found):
                self.message_user(request, error, messages.ERROR)
            return HttpResponseRedirect(back)
        answers = form.cleaned_data
        file = answers.pop("file")
        try:
            attach_file(
                story, file, actor=staff(request), original_name=file.name or "",
                declared_type=file.content_type or "", **answers,
            )  # fmt: skip
        except DomainError as error:
            return self.refused(request, error, back)
        self.message_user(request, _("The file is attached."), messages.SUCCESS)
        return HttpResponseRedirect(back)


def may_write(user: User, story: Story, part: Part) -> bool:
    return story.pubstatus != PubStatus.CANCELED and may(user, part.permission, story.broadcaster_id)


def part_links(story: Story, user: User, here: str = "") -> list[dict[str, Any]]:
    """The pages of the dopesheet that this person may write."""
    return [
        {
            "title": part.title,
            "url": reverse(f"admin:newsexchange_story_{part.name}", args=[story.pk]),
            "is_here": part.name == here,
        }
        for part in PARTS
        if may_write(user, story, part)
    ]


def shot_names(story: Story) -> list[str]:
    """Each shot by number, time and what is seen."""
    reader = get_language() or DEFAULT
    names = []
    for place, shot in enumerate(story.shots.all(), start=1):
        seen = resolve(shot.description, reader).text
        names.append(f"{place}. {timecode(shot.in_ms)} {seen[:60]}".strip())
    return names
