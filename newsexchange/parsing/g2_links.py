"""What a NewsML-G2 item is tied to: linked and packaged items, its other identifiers, and the way it has come."""

from collections.abc import Iterator

from lxml import etree

from newsexchange.parsing.base import Association, Hop, Pairs
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.g2_concepts import Concepts
from newsexchange.parsing.g2_media import kind_of, unreachable
from newsexchange.parsing.g2_metadata import NAR, code_of, find_all, last_part, line_of, tongue_of
from newsexchange.parsing.markup import language_tag, local_name, text_of, tidy, whole_number

MAX_LEVELS = 50
MAX_PATHS = 2000  # groups may refer to groups that refer to groups: without an end, though without a circle
# Elements that name another resource by a code.
NAMED = ("itemMeta/memberOf", "itemMeta/instanceOf")


def associations(item: etree._Element, concepts: Concepts) -> tuple[Association, ...]:
    """Members of a package by the path of their groups, then links, sources and other representations."""
    found = list(_members(item, concepts))
    for path in ("itemMeta/link", "itemMeta/deliverableOf", "partMeta/link"):
        for element in find_all(item, path):
            role = last_part(code_of(element, "rel")) or local_name(element)
            found.append(_reference(element, role, item))
    for path in NAMED:
        for element in find_all(item, path):
            found.append(Association(local_name(element), concepts.code(element), headline=concepts.name(element)))
    for name in ("derivedFrom", "derivedFromValue"):
        for element in find_all(item, name):
            uri = concepts.code(element) or tidy(element.get("literal")) or tidy(element.get("sourceidref"))
            found.append(Association(name, uri, headline=concepts.name(element) or text_of(element)))
    for name in ("altRep", "origRep"):
        for element in find_all(item, f"itemMeta/{name}"):
            role = last_part(code_of(element, "representation")) or name
            found.append(Association(role, href=text_of(element), kind=kind_of(element)))
    found += unreachable(item)
    return tuple(dict.fromkeys(link for link in found if link.uri or link.href or link.headline or link.kind))


def assignment_uri(item: etree._Element) -> str:
    """The planning item that this one was made for."""
    for element in find_all(item, "itemMeta/deliverableOf"):
        if code := tidy(element.get("residref")) or tidy(element.get("href")):
            return code
    return ""


def alt_ids(item: etree._Element) -> Pairs:
    """Other identifiers with their role or type, and what the item's file and its incoming feed are called."""
    found = []
    for path in ("itemMeta/altId", "contentMeta/altId", "altId"):
        for element in find_all(item, path):
            role = code_of(element, "role") or code_of(element, "type") or code_of(element, "environment")
            found.append((last_part(role), text_of(element) or tidy(element.get("id"))))
    found += [("fileName", text_of(element)) for element in find_all(item, "itemMeta/fileName")]
    found += [("incomingFeedId", code_of(element)) for element in find_all(item, "itemMeta/incomingFeedId")]
    return tuple(dict.fromkeys((role, value) for role, value in found if value))


def hops(item: etree._Element, concepts: Concepts) -> tuple[Hop, ...]:
    """The item's own history, oldest first; without one, who sent the message that it came in.

    Not when: each message has a time of its own, and an item that is sent once more has not changed by that.
    """
    elements = [hop for path in ("hopHistory/hop", "itemMeta/hopHistory/hop") for hop in find_all(item, path)]
    numbers = [whole_number(element.get("seq")) for element in elements]
    if elements and all(number is not None for number in numbers):
        elements = [hop for _, hop in sorted(zip(numbers, elements, strict=True), key=lambda pair: pair[0] or 0)]
    found = [hop for element in elements if (hop := _hop(element, concepts)).by]
    return tuple(found) or tuple(_senders(item))


def _hop(element: etree._Element, concepts: Concepts) -> Hop:
    party = element.find(f"{NAR}party")
    actions = find_all(element, "action")
    moments = (element.get("timestamp"), *(action.get("timestamp") for action in actions))
    words = []
    for action in actions:
        target = last_part(code_of(action, "target"))
        words.append(" ".join(filter(None, (last_part(code_of(action)) or tidy(action.get("literal")), target))))
    return Hop(
        by="" if party is None else concepts.party(party),
        at=next((moment for text in moments if (moment := parse_date(text))), None),
        action=", ".join(filter(None, words)),
    )


def _senders(item: etree._Element) -> Iterator[Hop]:
    root = item.getroottree().getroot()
    header = root.find(f"{NAR}header") if local_name(root) == "newsMessage" else None
    if header is None:
        return
    if origin := line_of(header, "origin"):
        yield Hop(origin, action="origin")
    if sender := line_of(header, "sender"):
        yield Hop(sender, action="sent")


def _members(item: etree._Element, concepts: Concepts) -> Iterator[Association]:
    """Groups from the root downwards, then groups that nothing refers to, then references outside any group."""
    seen: set[etree._Element] = set()
    for group_set in find_all(item, "groupSet"):
        groups = {tidy(group.get("id")): group for group in find_all(group_set, "group") if group.get("id")}
        budget = [MAX_PATHS]
        if (root := groups.get(tidy(group_set.get("root")))) is not None:
            yield from _walk(root, "", groups, (), item, concepts, seen, budget)
        for group in find_all(group_set, "group"):
            if group not in seen:
                yield from _walk(group, "", groups, (), item, concepts, seen, budget)
    for reference in item.iterfind(f".//{NAR}itemRef"):
        if reference.getparent() not in seen and local_name(reference.getparent()) != "concept":
            yield _reference(reference, "", item)


def _walk(
    group: etree._Element,
    above: str,
    groups: dict[str, etree._Element],
    trail: tuple[etree._Element, ...],
    item: etree._Element,
    concepts: Concepts,
    seen: set[etree._Element],
    budget: list[int],
) -> Iterator[Association]:
    if group in trail or len(trail) > MAX_LEVELS or budget[0] <= 0:
        return
    budget[0] -= 1
    seen.add(group)
    own = last_part(code_of(group, "role")) or tidy(group.get("id"))
    path = f"{above}/{own}" if above and own else above or own
    for child in group.iterchildren(etree.Element):
        name = local_name(child)
        if name == "itemRef":
            yield _reference(child, path, item)
        elif name == "conceptRef":
            yield Association(
                path, concepts.code(child) or tidy(child.get("literal")), "", "concept", concepts.name(child)
            )
        elif name == "group":  # not in the standard, but what else could it mean
            yield from _walk(child, path, groups, (*trail, group), item, concepts, seen, budget)
        elif name == "groupRef" and (below := groups.get(tidy(child.get("idref")))) is not None:
            yield from _walk(below, path, groups, (*trail, group), item, concepts, seen, budget)


def _reference(element: etree._Element, role: str, item: etree._Element) -> Association:
    uri = tidy(element.get("residref")) or tidy(element.get("guidref"))
    language = next((tag for said in find_all(element, "language") if (tag := language_tag(said.get("tag")))), "")
    title = line_of(element, "title") or line_of(element, "headline") or tidy(element.get("title"))
    return Association(
        role=role,
        uri=uri,
        href=tidy(element.get("href")),
        kind=kind_of(element),
        headline=title,
        language=language or tongue_of(element, item),
        version=tidy(element.get("version")),
    )
