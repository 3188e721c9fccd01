"""What pages and problems say is never written into code or a template without gettext, even where no walk comes by."""

import ast
import re
from collections.abc import Iterator

import pytest

from mediaexchange.core.languages.catalogs.stores import ROOT
from mediaexchange.core.languages.leftovers.words import is_international

APPS = ("mediaexchange", "broadcasters", "archive", "training", "newsexchange")
# The schema of the API is documentation, in English like the rest of it.
DOCUMENTED = re.compile(r"/api/|/api\.py$|core/search/views\.py$|/filters\.py$")
# Which argument of these is read by people; commands and parsers speak English to whoever runs them.
READ_BY_PEOPLE = {
    "DomainError": 1, "ConflictError": 1, "ForbiddenError": 1, "ValidationError": 0, "BadParameterError": 1,
    "message_user": 1,
}  # fmt: skip
KEYWORDS = {"verbose_name", "verbose_name_plural", "help_text", "label", "description", "short_description", "title"}
CALLS_WITH_KEYWORDS = re.compile(r"(Field|Key|display|action|Filter|Deed|Form|Widget)$")
_ICONS = re.compile(r'<span class="material-symbols-outlined[^>]*>\w+</span>')
_TAGS = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}|<(style|script)\b.*?</\1>|<[^<>]*>", re.S)
_BLOCKS = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
_NAMES = {"Ћирилица", "Latinica"}
_FONTS = {"Libertinus Serif", "DejaVu Sans Mono"}


def literal(node: ast.expr) -> bool:
    """A text that is written there, with at least one word."""
    if isinstance(node, ast.Constant):
        words = re.findall(r"[^\W\d_]{2,}", node.value) if isinstance(node.value, str) else ()
        return not all(map(is_international, words))
    return isinstance(node, ast.JoinedStr) and any(literal(part) for part in node.values)


def is_never_shown(call: ast.Call) -> bool:
    """A field of a model that no form has: what is said of it is for programmers."""
    return any(
        word.arg == "editable" and isinstance(word.value, ast.Constant) and not word.value.value
        for word in call.keywords
    )


def said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        position = READ_BY_PEOPLE.get(name)
        if position is not None and len(node.args) > position and literal(node.args[position]):
            yield node.lineno, name
        if CALLS_WITH_KEYWORDS.search(name) and not is_never_shown(node):
            yield from ((node.lineno, f"{name} {word.arg}") for word in node.keywords
                        if word.arg in KEYWORDS and literal(word.value))  # fmt: skip


def test_no_message_or_label_is_written_into_the_code():
    found = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
        for line, what in said(ast.parse(path.read_text(encoding="utf-8")))
        if not (what.endswith(("help_text", "Filter label")) and DOCUMENTED.search(path.as_posix()))
    ]
    assert found == []


def words_of(template: str) -> list[str]:
    left = _TAGS.sub(" ", _ICONS.sub(" ", _BLOCKS.sub(" ", template)))
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", left))
    return [word for word in words if word not in _NAMES and not is_international(word)]


def test_no_word_is_written_into_a_template():
    found = {
        str(path.relative_to(ROOT)): words
        for app in APPS
        for path in sorted((ROOT / app).rglob("templates/**/*.html"))
        if (words := words_of(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    ['raise ConflictError("taken", "It is taken.")', 'raise DomainError("x", f"No {name} here.")',
     'CharField("x", help_text="Of the story.")', 'self.message_user(request, "Done.")'],
)  # fmt: skip
def test_a_written_message_would_be_found(code):
    assert len(list(said(ast.parse(code)))) == 1


def test_a_written_word_in_a_template_would_be_found():
    assert words_of('<p>{% translate "Home" %} {{ x }}</p>') == []
    assert words_of('<p>{% translate "Home" %} today</p>') == ["today"]


def prose_of_paper(template: str) -> list[str]:
    """Words in a Typst template's own content: what stands in brackets or strings, less settings' values."""
    code = re.sub(r"//.*", "", template)
    content = [*re.findall(r"\[([^\[\]]*)\]", code), *re.findall(r'"([^"\n]*)"', code)]
    return [words for words in content if re.search(r"[^\W\d_]{2,} +[^\W\d_]{2,}", words) and words not in _FONTS]


def test_no_sentence_is_written_into_a_template_for_paper():
    found = {
        str(path.relative_to(ROOT)): words
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.typ"))
        if (words := prose_of_paper(path.read_text(encoding="utf-8")))
    }
    assert found == {}
    assert prose_of_paper('#text("Not for broadcast")') == ["Not for broadcast"]


def sentences_of_script(code: str) -> list[str]:
    """Texts in a script that look like something said to people: two words or more, the first with a capital."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", code, flags=re.S | re.M)
    strings = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", code)
    return [text for found in strings for text in found if re.match(r"[A-Z][a-z]+,? +[^\W\d_]{2,}", text)]


def test_no_sentence_is_written_into_a_script():
    found = {
        str(path.relative_to(ROOT)): texts
        for app in APPS
        for path in sorted((ROOT / app).rglob("static/**/*.js"))
        if "vendor" not in path.parts and (texts := sentences_of_script(path.read_text(encoding="utf-8")))
    }
    assert found == {}
    assert sentences_of_script('say("Upload failed"); // It failed\n"use strict"') == ["Upload failed"]
