"""A feed's rules asked about an entry: pure, in order, the same for either Serbian script."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from newsexchange.constants import RuleAction, RuleField
from newsexchange.models import FeedRule
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.services.drafting import Draft
from newsexchange.similarity import folded


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data. ``offer_to`` holds ids of broadcasters; none means the parties of the feed's module."""

    field: str
    value: str
    action: str
    tag: str = ""
    offer_to: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules want for an entry."""

    tags: tuple[str, ...] = ()
    offer_to: tuple[int, ...] = ()
    offers_by_module: bool = False
    is_held: bool = False
    is_left_out: bool = False


def rules_of(feed_id: int) -> list[Rule]:
    """The feed's active rules in their order."""
    rows = FeedRule.objects.filter(feed=feed_id, is_active=True).order_by("position", "id")
    return [
        Rule(
            row.field,
            row.value,
            row.action,
            row.tag,
            tuple(sorted(partner.pk for partner in row.offer_to.all() if partner.is_active)),
        )
        for row in rows.prefetch_related("offer_to")
        if row.action != RuleAction.OFFER or _names_somebody(row)
    ]


def judge(rules: Sequence[Rule], draft: Draft) -> Verdict:
    """Ask every rule in order; a rule that leaves the entry out ends the asking."""
    tags: dict[str, None] = {}
    partners: dict[int, None] = {}
    by_module = is_held = False
    subject = _Subject(draft)
    for rule in rules:
        if not subject.fits(rule):
            continue
        if rule.action == RuleAction.DROP:
            return Verdict(is_left_out=True)
        if rule.action == RuleAction.HOLD:
            is_held = True
        elif rule.action == RuleAction.TAG:
            tags[rule.tag] = None
        elif rule.offer_to:
            partners |= dict.fromkeys(rule.offer_to)
        else:
            by_module = True
    return Verdict(tuple(tags), tuple(partners), by_module, is_held)


def _names_somebody(row: FeedRule) -> bool:
    """A rule whose partners have all become inactive is not one for all parties of the module."""
    partners = list(row.offer_to.all())
    return not partners or any(partner.is_active for partner in partners)


class _Subject:
    """An entry as rules look at it; its texts are folded once, and only if a rule asks for them."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def fits(self, rule: Rule) -> bool:
        fields = self.draft.desk_fields
        match rule.field:
            case RuleField.ALWAYS:
                return True
            case RuleField.URGENCY:
                # 1 is a flash: "at least 3" means 3, 2 or 1. What declares no urgency has none.
                wanted = rule.value.strip()
                return wanted.isdecimal() and fields["urgency"] is not None and fields["urgency"] <= int(wanted)
            case RuleField.TOPIC:
                code = rule.value.strip().lower().removeprefix("medtop:")
                return f"medtop:{code}" in fields["topics"]
            case RuleField.LANGUAGE:
                return any(_is_range_of(rule.value, item.language) for item in (self.draft.own, *self.draft.others))
        wanted = folded(rule.value).strip()
        match rule.field:
            case RuleField.KEYWORD:
                return wanted in (folded(word).strip() for word in fields["keywords"])
            case RuleField.HEADLINE:
                return wanted in self.headline
            case RuleField.TEXT:
                return wanted in self.text
            case RuleField.KIND:
                return wanted == folded(fields["kind"])
            case RuleField.CREDIT:
                return wanted in folded(fields["credit"])
        return False

    @cached_property
    def headline(self) -> str:
        return folded("\n".join(item.text["headline"] for item in (self.draft.own, *self.draft.others)))

    @cached_property
    def text(self) -> str:
        texts = (item.text[name] for item in (self.draft.own, *self.draft.others) for name in ("summary", "body"))
        return self.headline + "\n" + folded("\n".join(html_to_text(text) for text in texts if text))


def _is_range_of(wanted: str, tag: str) -> bool:
    """RFC 4647 basic filtering: "sr" means sr-Cyrl and sr-Latn too."""
    wanted, tag = wanted.strip().lower(), tag.lower()
    return tag == wanted or tag.startswith(f"{wanted}-")
