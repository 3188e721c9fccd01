"""Addresses of what the caller is told."""

from rest_framework.routers import SimpleRouter

from mediaexchange.core.inbox.api import NotificationViewSet

router = SimpleRouter(use_regex_path=False)
router.register("me/notifications", NotificationViewSet)
