"""Writing stories by API: drafts, changes, corrections, editions, many at once. Every deed is a service's."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import Serializer

from broadcasters.permissions import house_of
from mediaexchange.core.api.permissions import require_scope
from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.problems import problem_of
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.validators import validate_language_tag
from newsexchange.api.serializers import StorySerializer
from newsexchange.api.story_input import (
    BulkAnswerSerializer,
    BulkInput,
    BulkStoryInput,
    ChangedStoryInput,
    CorrectionInput,
    EditionInput,
    EditionSerializer,
    NewStoryInput,
    fill,
)
from newsexchange.constants import VersionKind
from newsexchange.models import Edition, Story
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.offer import offer_story
from newsexchange.services.story import publish_story, save_story

LANGUAGE = OpenApiParameter("language", str, OpenApiParameter.PATH, description="BCP 47 tag")


class StoryWritingMixin(ExchangeViewSet):
    """Whoever changes a story says with ``If-Match`` what they have read of it: what changed meanwhile is 412."""

    @extend_schema(request=NewStoryInput, responses={201: StorySerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a draft. Nobody else sees it until it is published."""
        story = _written(actor_of(request), self.validated(NewStoryInput))
        response = self.shown(story, status=201)
        response.headers["Location"] = reverse("api:story-detail", args=[story.uid], request=request)
        return response

    @extend_schema(request=ChangedStoryInput, responses=StorySerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else; a published story gets a new version."""
        return self._change(ChangedStoryInput, VersionKind.UPDATE)

    @extend_schema(request=CorrectionInput, responses=StorySerializer, parameters=[IF_MATCH], filters=False)
    @action(detail=True, methods=["post"], url_name="correct")
    def correct(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Correct a published story, with a note on what was wrong."""
        return self._change(CorrectionInput, VersionKind.CORRECTION)

    @extend_schema(request=None, responses=StorySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="publish")
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the draft a story. Safe to repeat."""
        return self.shown(publish_story(self.own(), actor=actor_of(request)))

    @extend_schema(responses=EditionSerializer(many=True), filters=False, operation_id="stories_editions_list")
    @action(detail=True, filterset_class=None, pagination_class=None)
    def editions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How the story stands in each of its languages."""
        editions = Edition.objects.visible_to(request.user).filter(story=self.get_object()).order_by("language")
        return Response(EditionSerializer(editions, many=True).data)

    @extend_schema(request=EditionInput, responses=EditionSerializer, parameters=[IF_MATCH, LANGUAGE], filters=False)
    @action(detail=True, methods=["put"], url_path="editions/<str:language>", url_name="edition")
    def edition(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the story's text in one language, with how it came about; a published story gets a new version."""
        with transaction.atomic():
            story = self._matching()
            validate_tag(kwargs["language"])
            values = self.validated(EditionInput)
            reviewer = actor_of(request) if values.pop("is_reviewed") else None
            text = Text(**{name: values.pop(name) for name in ("headline", "summary", "body")})
            edition = save_edition(
                story, kwargs["language"], text, actor=actor_of(request), reviewed_by=reviewer, **values
            )
        return self.answer(EditionSerializer, edition)

    @extend_schema(request=BulkInput, responses=BulkAnswerSerializer, filters=False)
    @action(detail=False, methods=["post"], url_name="bulk")
    def bulk(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write up to 100 stories, each on its own: the answer says for each what became of it."""
        items = self.validated(BulkInput)["stories"]
        results = [{"index": index} | self._one_of_many(item) for index, item in enumerate(items)]
        return Response({"results": results})

    def own(self) -> Story:
        raise NotImplementedError

    def shown(self, story: Story, status: int = 200) -> Response:
        raise NotImplementedError

    def _change(self, serializer_class: type[Serializer[Any]], kind: VersionKind) -> Response:
        with transaction.atomic():
            story = self._matching()
            values = self.validated(serializer_class)
            changed, texts = fill(story, values)
            if changed or texts or kind == VersionKind.CORRECTION:
                story = save_story(
                    story,
                    actor=actor_of(self.request),
                    changed=changed,
                    texts=texts,
                    note=values.get("note", ""),
                    kind=kind,
                )
        return self.shown(story)

    def _matching(self) -> Story:
        """The caller's own story, locked, if it still is what they have read."""
        story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=self.own().pk)
        require_match(self.request, story.revision, *([str(story.version)] if story.version else []))
        return story

    def _one_of_many(self, item: dict[str, Any]) -> dict[str, Any]:
        actor = actor_of(self.request)
        try:
            with transaction.atomic():
                serializer = BulkStoryInput(data=item, context=self.get_serializer_context())
                serializer.is_valid(raise_exception=True)
                values = serializer.validated_data
                story = _written(actor, values)
                if values["publish"]:
                    story = publish_story(story, actor=actor)
                if values["offer_to"]:
                    require_scope(self.request, "offers:write")
                    offer_story(story, to=values["offer_to"], actor=actor)
        except (DomainError, PermissionDenied, ValidationError) as error:
            return problem_of(error)
        return {"status": 201, "uid": str(story.uid), "version": story.version}


def validate_tag(tag: str) -> None:
    """Raises DomainError for an address whose language is none."""
    try:
        validate_language_tag(tag)
    except DjangoValidationError as error:
        raise DomainError("unknown-language", error.messages[0]) from None


def _written(actor: User, values: dict[str, Any]) -> Story:
    house = house_of(actor, "newsexchange.add_story", values.get("broadcaster"))
    story = Story(broadcaster=house)
    changed, texts = fill(story, values)
    return save_story(story, actor=actor, changed=changed, texts=texts)
