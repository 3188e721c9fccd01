"""Every block of rights information of a NewsML-G2 item, and the credit, copyright and terms that follow from them."""

from collections.abc import Iterator

from lxml import etree

from newsexchange.parsing.base import RightsStatement
from newsexchange.parsing.g2_concepts import Concepts
from newsexchange.parsing.g2_metadata import code_of, find_all, in_tongue, last_part, line_of, words_of
from newsexchange.parsing.markup import inner_html, local_name, raw_of, text_of, tidy

EXPRESSIONS = frozenset({"rightsExpressionXML", "rightsExpressionData"})


def rights(item: etree._Element, concepts: Concepts, tag: str) -> tuple[str, str, str]:
    """Credit, copyright notice and usage terms of the whole item."""
    holder = _first_party(item, "rightsInfo/copyrightHolder", concepts)
    notices = _all_words(item, "rightsInfo/copyrightNotice", tag)
    # In every language: a term left out is a term broken. What is written down elsewhere holds all the same.
    terms = _all_words(item, "rightsInfo/usageTerms", "") or "\n".join(dict.fromkeys(_elsewhere(item)))
    provider = _first_party(item, "itemMeta/provider", concepts)
    credit = line_of(item, "contentMeta/creditline") or holder or provider
    return credit, notices or holder, terms


def statements(item: etree._Element, concepts: Concepts) -> tuple[RightsStatement, ...]:
    """What each <rightsInfo> says and what it is about, and what parts say of themselves; expressions come whole."""
    found = []
    for block in find_all(item, "rightsInfo"):
        found += _statements(block, concepts, _scope(block))
    for element in find_all(item, "contentMeta/exclAudience"):
        found.append(RightsStatement(aspect="exclAudience", usage_terms=concepts.party(element)))
    for part in find_all(item, "partMeta"):
        scope = tidy(part.get("partid")) or tidy(part.get("id"))
        for block in (part, *find_all(part, "rightsInfo")):
            found += _statements(block, concepts, scope)
    return tuple(dict.fromkeys(statement for statement in found if _says_something(statement)))


def _elsewhere(item: etree._Element) -> Iterator[str]:
    for block in find_all(item, "rightsInfo"):
        for element in (*find_all(block, "usageTerms"), *find_all(block, "link")):
            if address := tidy(element.get("href")) or tidy(element.get("residref")):
                yield address
        for element in block.iterchildren(etree.Element):
            if local_name(element) in EXPRESSIONS and (said := tidy(element.get("langid"))):
                yield said


def _statements(block: etree._Element, concepts: Concepts, scope: str) -> list[RightsStatement]:
    aspect = " ".join(last_part(code) for code in code_of(block, "aspect").split())
    main = RightsStatement(
        scope=scope,
        aspect=aspect,
        holder=_first_party(block, "copyrightHolder", concepts),
        notice=_all_words(block, "copyrightNotice", ""),
        usage_terms=_all_words(block, "usageTerms", ""),
        link=next(iter(links := _links(block)), ""),
    )
    found = [main, *(RightsStatement(scope, aspect, link=link) for link in links[1:])]
    for child in block.iterchildren(etree.Element):
        name = local_name(child)
        if name in EXPRESSIONS:
            found.append(RightsStatement(scope, name, usage_terms=_expression(child), link=tidy(child.get("langid"))))
        elif name == "dataMining":
            found.append(RightsStatement(scope, name, usage_terms=concepts.party(child)))
        elif name == "rightsInfoExtProperty":
            value = tidy(child.get("value")) or concepts.party(child) or text_of(child)
            found.append(RightsStatement(scope, last_part(code_of(child, "rel")) or name, usage_terms=value))
    return found


def _scope(block: etree._Element) -> str:
    """Parts of the item by NewsCodes "Rights Info Scope" ("content", "metadata") or by the ids of their elements."""
    codes = [last_part(code) for code in code_of(block, "scope").split()]
    return " ".join((*codes, *tidy(block.get("idrefs")).split()))


def _links(block: etree._Element) -> list[str]:
    """Where rights are written down elsewhere. Parts link to anything, so there only terms and notices count."""
    elements = find_all(block, "copyrightNotice") + find_all(block, "usageTerms")
    if local_name(block) == "rightsInfo":
        elements += find_all(block, "link")
    codes = (tidy(element.get("href")) or tidy(element.get("residref")) for element in elements)
    return list(dict.fromkeys(code for code in codes if code))


def _expression(element: etree._Element) -> str:
    if local_name(element) == "rightsExpressionData":
        return text_of(element)
    root = next(element.iterchildren(etree.Element), None)
    return inner_html(element) if root is None else raw_of(root).decode()


def _first_party(item: etree._Element, path: str, concepts: Concepts) -> str:
    """The first party that has a name; none with a mere URI, which nobody could print as a credit."""
    for element in find_all(item, path):
        name = concepts.name(element)
        if name or tidy(element.get("qcode")):
            return name or concepts.party(element)
    return ""


def _all_words(item: etree._Element, path: str, tag: str) -> str:
    elements = find_all(item, path)
    chosen = in_tongue(elements, item, tag) if tag else elements
    return "\n".join(dict.fromkeys(words for element in chosen if (words := words_of(element))))


def _says_something(statement: RightsStatement) -> bool:
    return any((statement.holder, statement.notice, statement.usage_terms, statement.link))
