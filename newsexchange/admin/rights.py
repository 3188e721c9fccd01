"""What the rights of a story leave to the person who looks at its page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User
from mediaexchange.core.rights.terms import PLATFORMS, Decision
from mediaexchange.core.rights.territories import ALIASES, KNOWN
from mediaexchange.core.rights.words import platform_label, territory_label
from mediaexchange.core.rights.words import territory_choices as every_territory
from newsexchange.admin.marks import label
from newsexchange.models import Story
from newsexchange.readers import decision_for_reader
from newsexchange.rights import said


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes with conditions or no with reasons, in the reader's words."""

    is_allowed: bool
    messages: list[str]

    @property
    def mark(self) -> SafeString:
        return label(_("allowed"), "success") if self.is_allowed else label(_("not allowed"), "danger")


def answer_of(decision: Decision, broadcaster: Broadcaster) -> Answer:
    statements = decision.conditions if decision.is_allowed else decision.reasons
    return Answer(decision.is_allowed, [each["message"] for each in said(statements, broadcaster)])


def may_read(story: Story, user: User) -> bool:
    """Whether one of the person's newsrooms may use the story in some way; the origin always."""
    try:
        return decision_for_reader(story, user)[0].is_allowed
    except Story.DoesNotExist:
        return False


def territory_choices(*first: str) -> list[tuple[str, str]]:
    """Every territory and set by name, in the order of the reader's alphabet; ``first`` ones lead."""
    others = [choice for choice in every_territory() if choice[0] not in first]
    return [*((code, territory_label(code)) for code in first), *others]


def platform_choices() -> list[tuple[str, str]]:
    return [(name, platform_label(name)) for name in PLATFORMS]


def usability_box(request: HttpRequest, story: Story) -> SafeString | str:
    """ "May we use it?" for a reader's own country, or as asked in the address: there, and on that."""
    platform = request.GET.get("platform", "")
    platform = platform if platform in PLATFORMS else ""
    territory = request.GET.get("territory", "")
    territory = ALIASES.get(territory, territory) if territory in KNOWN else ""
    try:
        decision, broadcaster = decision_for_reader(story, staff(request), platform=platform, territory=territory)
    except Story.DoesNotExist:
        return ""
    home = broadcaster.country_code
    every: tuple[str, Message] = ("", _("any platform"))
    context = {
        "answer": answer_of(decision, broadcaster),
        "broadcaster": broadcaster,
        "platforms": [every, *platform_choices()],
        "platform": platform,
        "territories": territory_choices(home),
        "territory": territory or home,
    }
    return render_to_string("newsexchange/usability.html", context)
