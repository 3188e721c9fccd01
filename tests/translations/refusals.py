"""Where the message of a refusal comes from, read off the code: gettext, another refusal, a label; or from nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.translations.test_sources import literal

# The last tells the code of a reason in words; the words are looked at with the codes' own tests.
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "told"}
# Attributes that hold what has been translated already: of choices, of other refusals, of Django's validation.
TOLD = {"label", "message", "messages", "detail", "verbose_name", "verbose_name_plural"}
_OWN = {"self", "cls"}
_THROUGH = {"str", "format_html", "capfirst", "next", "iter"}

Refusal = tuple[int, str, ast.expr]


class Module:
    """One module: its refusals, and what its names stand for."""

    def __init__(self, path: Path, classes: dict[str, int]) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.classes = classes
        self._assigned: dict[str, list[ast.expr]] = {}
        self._parameters: dict[str, list[tuple[str, int]]] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._messages: set[str] = set()  # attributes that are declared to be messages
        for node in ast.walk(self.tree):
            self._note(node)

    def refusals(self) -> Iterator[Refusal]:
        for name, position in self.classes.items():
            for call in self._calls.get(name, ()):
                if len(call.args) > position:
                    yield call.lineno, name, call.args[position]

    def is_told(self, node: ast.expr, met: frozenset[str] = frozenset()) -> bool:
        """Whether every value that the expression can have has gone through gettext."""
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in GETTEXT:
                return True
            case ast.Call(func=ast.Attribute(attr=name)) if name in GETTEXT:
                return True
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _THROUGH:
                return self.is_told(first, met)
            case ast.Attribute(attr=name) if name in TOLD or name in self._messages:
                return True
            case ast.BinOp(left=left, op=ast.Mod()):
                return self.is_told(left, met)
            case ast.IfExp(body=one, orelse=other):
                return self.is_told(one, met) and self.is_told(other, met)
            case ast.BoolOp(values=values):
                return all(self.is_told(value, met) for value in values)
            case ast.Subscript(slice=ast.Constant(value=name)) if name in TOLD:
                return True
            case ast.JoinedStr(values=values):  # a number with its sign: HTTP 404
                return not any(literal(value) for value in values) and all(map(_is_number, values))
            case ast.Subscript(value=value):
                return self.is_told(value, met)
            case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                return all(self.is_told(value, met) for value in values)
            case ast.DictComp(value=value) | ast.ListComp(elt=value) | ast.GeneratorExp(elt=value):
                return self.is_told(value, met)
            case ast.Call(func=ast.Name(id=name)) if name.endswith("_errors"):  # a model’s, by field
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name() as table, attr="get" | "items")):
                return self.is_told(table, met)
            case ast.Name(id=name) if name not in met:
                return self._is_name_told(name, met | {name})
        return False

    def _is_name_told(self, name: str, met: frozenset[str]) -> bool:
        values = list(self._assigned.get(name, ()))
        for function, position in self._parameters.get(name, ()):
            calls = self._calls.get(function, ())
            values += [call.args[position] for call in calls if len(call.args) > position]
            values += [word.value for call in calls for word in call.keywords if word.arg == name]
        return bool(values) and all(self.is_told(value, met) for value in values)

    def _note(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assigned.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="Message"), value=None):
                self._messages.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._assigned.setdefault(name, []).append(value)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self._assigned.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Tuple(elts=[*targets])], value=ast.Tuple(elts=[*values])):
                for target, value in zip(targets, values, strict=False):
                    if isinstance(target, ast.Name):
                        self._assigned.setdefault(target.id, []).append(value)
            case ast.Assign(targets=[ast.Tuple(elts=[*targets])], value=ast.Call() as value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        self._assigned.setdefault(target.id, []).append(value)
            case ast.FunctionDef(name=function, args=arguments):
                names = [argument for argument in (*arguments.posonlyargs, *arguments.args) if argument.arg not in _OWN]
                for position, argument in enumerate(names):
                    self._parameters.setdefault(argument.arg, []).append((function, position))
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                self._calls.setdefault(name, []).append(node)


def _is_number(part: ast.expr) -> bool:
    return not isinstance(part, ast.FormattedValue) or (
        isinstance(part.value, ast.Attribute) and part.value.attr == "status"
    )
