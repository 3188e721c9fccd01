"""Serbian nouns whose к, г, х turn into ц, з, с before и: река, реци; радник, радници; биолог, биолози; сврха, сврси.

Snowball's Serbian stemmer does not know the change, so that a noun and some of its cases would not meet.
"""

import re

# In ци nearly every such word comes from one in к, and what else is made up is no word. In зи and си most words are
# verbs (улази, носи), for which a noun would be another word (улагати): there the nouns are listed.
_FROM_K = re.compile("[^\\W_]{2,}ci$")
_NOT_FROM_K = frozenset(["ulici", "otoci"])  # street, for улика (evidence); swellings
_FROM_LOG = re.compile("[^\\W_]{2,}lozi$")
_FEMININE = "bri istra knji no osno podlo pretra pru slo sna stru ulo uslu zalo zadru zaslu"
_FEMININE_IN_G = frozenset(f"{stem}zi" for stem in _FEMININE.split())
_IN_H = {"svrsi": "svrha", "snasi": "snaha", "orasi": "orah", "monasi": "monah", "siromasi": "siromah"}


def before_the_change(word: str) -> tuple[str, ...]:
    """Forms from which a lower-case word in Latin letters may have come by the change; mostly none."""
    if word.endswith("ci"):
        return (f"{word[:-2]}ka",) if _FROM_K.fullmatch(word) and word not in _NOT_FROM_K else ()
    if word.endswith("zi"):
        if word in _FEMININE_IN_G:
            return (f"{word[:-2]}ga",)
        return (f"{word[:-2]}g",) if _FROM_LOG.fullmatch(word) else ()
    found = _IN_H.get(word, "")
    return (found,) if found else ()
