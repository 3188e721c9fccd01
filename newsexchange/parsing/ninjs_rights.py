"""Every statement about rights in a ninjs item and in what is associated with it."""

from newsexchange.parsing.base import RightsStatement
from newsexchange.parsing.json_text import JsonObject, line, objects, string
from newsexchange.parsing.ninjs_parts import associated, folded
from newsexchange.parsing.ninjs_texts import strings


def usage_terms(fields: JsonObject) -> str:
    """The terms in words; where there are none, the address of those written down elsewhere: they hold all the same."""
    if words := _terms(fields):
        return words
    blocks = [folded(block) for block in objects(fields.get("rightsinfo"))]
    elsewhere = (_terms(block) or string(block.get("linkedrights")) or _language(block) for block in blocks)
    return "\n".join(dict.fromkeys(terms for terms in elsewhere if terms))


def statements(fields: JsonObject) -> tuple[RightsStatement, ...]:
    """The item's own, then those of associated items, whose names are their scope."""
    found = _statements(fields, "")
    for member in associated(fields):
        found += _statements(member.fields, member.name or string(member.fields.get("uri")))
    return tuple(dict.fromkeys(found))


def _statements(fields: JsonObject, scope: str) -> list[RightsStatement]:
    holder, notice = line(fields.get("copyrightholder")), "\n".join(strings(fields.get("copyrightnotice")))
    terms = _terms(fields)
    found = [RightsStatement(scope, "", holder, notice, terms)] if holder or notice or terms else []
    for block in map(folded, objects(fields.get("rightsinfo"))):
        linked, encoded = string(block.get("linkedrights")), string(block.get("encodedrights"))
        if linked or encoded:
            # The language of an expression says how to read it; it stands where G2 names the sort of expression.
            found.append(RightsStatement(scope, string(block.get("langid")), usage_terms=encoded, link=linked))
        terms = _terms(block)
        holder, notice = line(block.get("copyrightholder")), "\n".join(strings(block.get("copyrightnotice")))
        if holder or notice or terms:
            found.append(RightsStatement(scope, "", holder, notice, terms))
    return found


def _terms(fields: JsonObject) -> str:
    """Some agencies send a list of terms."""
    return "\n".join(strings(fields.get("usageterms")))


def _language(block: JsonObject) -> str:
    """The language of an encoded expression: whoever cannot read it still learns that there is one."""
    return string(block.get("langid")) if string(block.get("encodedrights")) else ""
