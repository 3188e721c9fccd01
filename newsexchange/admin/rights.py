"""What the rights of a story leave to the person who looks at its page."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.models import User
from newsexchange.admin.marks import label
from newsexchange.models import Story
from newsexchange.readers import decision_for_reader
from newsexchange.rights import said


def may_read(story: Story, user: User) -> bool:
    """Whether one of the person's newsrooms may use the story in some way; the origin always."""
    try:
        return decision_for_reader(story, user)[0].is_allowed
    except Story.DoesNotExist:
        return False


def use_of(story: Story, user: User) -> SafeString:
    """Yes with its conditions or no with its reasons, in the reader's language."""
    try:
        decision, broadcaster = decision_for_reader(story, user)
    except Story.DoesNotExist:
        return label(_("not allowed"), "danger")
    look = label(_("allowed"), "success") if decision.is_allowed else label(_("not allowed"), "danger")
    statements = said(decision.conditions if decision.is_allowed else decision.reasons, broadcaster)
    lines = format_html_join("", '<div class="mx-sub">{}</div>', ((each["message"],) for each in statements))
    return format_html("{}{}", look, lines)
