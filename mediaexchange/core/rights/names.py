"""Names of organisations brought to one spelling, so that a statement finds its broadcaster in any script."""

import unicodedata

_CYRILLIC = "абвгдђеёжзиійјклљмнњопрстћуфхцчџшщыэюяәғқңөұүһєїґѓќѕ"
_LATIN = (
    "a b v g d dj e e z z i i j j k l lj m n nj o p r s t c u f h c c dz s s i e ju ja a g k n o u u h je ji g gj kj dz"
)
_TO_LATIN = str.maketrans(
    dict(zip(_CYRILLIC, _LATIN.split(), strict=True)) | {"ъ": "", "ь": "", "đ": "dj", "y": "j", "ı": "i"}
)


def folded(name: str) -> str:
    """Lower case, Latin letters without marks, nothing but letters and digits: "РТС", "rts" and "R.T.S." are one."""
    latin = unicodedata.normalize("NFC", name).casefold().translate(_TO_LATIN)
    plain = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in plain if letter.isalnum())
