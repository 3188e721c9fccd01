"""``/me/notifications/``: what the caller is told, and the marks of what they have read."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import mark_all_read, mark_read, unread_count, with_texts


class NotificationFilter(filters.FilterSet):
    is_read = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", exclude=True, label=_("read at"))
    kind = filters.CharFilter()

    class Meta:
        model = Notification
        fields: list[str] = []


class NotificationSerializer(serializers.ModelSerializer):
    text = serializers.CharField(
        read_only=True, help_text="In the language asked for; empty once the subject is gone for the caller."
    )
    page = serializers.SerializerMethodField(help_text="Marks it as read and leads to the subject, for people.")

    class Meta:
        model = Notification
        fields = ["uid", "kind", "subject_type", "subject_uid", "text", "page", "created_at", "read_at"]

    def get_page(self, row: Notification) -> str:
        address: str = self.context["request"].build_absolute_uri(
            reverse("admin:core_notification_open", args=[row.pk])
        )
        return address


class ReadInput(serializers.Serializer):
    uids = serializers.ListField(child=serializers.UUIDField(), max_length=100, required=False)
    all = serializers.BooleanField(required=False, default=False)
    up_to = serializers.UUIDField(required=False, help_text="With “all”: this one and what came before it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["all"] == bool(attrs.get("uids")) or ("up_to" in attrs and not attrs["all"]):
            raise serializers.ValidationError(_("Name the notifications, or say “all”."), "contradiction")
        return attrs


class ReadSerializer(serializers.Serializer):
    marked = serializers.IntegerField()
    unread = serializers.IntegerField(help_text="Counted up to 100.")


class NotificationViewSet(ExchangeViewSet):
    """The caller's own, youngest first. Texts are made when they are read, under the rights that hold then."""

    queryset = Notification.objects.all()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    cursor_descending = True

    def get_object(self) -> Notification:
        row: Notification = super().get_object()
        return with_texts([row], actor_of(self.request))[0]

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        rows = super().paginate_queryset(queryset)
        return rows if rows is None else with_texts(rows, actor_of(self.request))

    @extend_schema(request=ReadInput, responses=ReadSerializer, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def read(self, request: Request) -> Response:
        """Mark these, or all, as read. Safe to repeat."""
        refuse_unknown(request, ())
        reader, wanted = actor_of(request), self.validated(ReadInput)
        if not wanted["all"]:
            marked = mark_read(reader, wanted["uids"])
        elif "up_to" in wanted:
            marked = mark_all_read(reader, up_to=self._id_of(wanted["up_to"]))
        else:
            marked = mark_all_read(reader)
        return self.answer(ReadSerializer, {"marked": marked, "unread": unread_count(reader)})

    def _id_of(self, uid: UUID) -> int:
        """Of a notification of the caller's; 0, before everything, for any other."""
        return self.get_queryset().filter(uid=uid).values_list("pk", flat=True).first() or 0
