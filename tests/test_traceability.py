"""docs/traceability.md names what exists: every place and every test in it, and every requirement once."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "traceability.md"
DESIGN = ROOT.parent / "shared"
_NUMBER = re.compile(r"R\d\d")
_CODE = re.compile(r"`([^`]+)`")
CONTEXT = "Context only: "


def rows() -> list[list[str]]:
    """The cells of all rows of both tables, without their heads."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] not in {"id", "role"}]


REQUIREMENTS = [row for row in rows() if _NUMBER.fullmatch(row[0])]
ROADS = [row for row in rows() if not _NUMBER.fullmatch(row[0])]


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_each_of_the_82_requirements_has_one_row():
    assert [row[0] for row in REQUIREMENTS] == [f"R{number:02}" for number in range(1, 83)]


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row[0])
def test_a_requirement_lives_somewhere_and_is_shown_by_a_test_or_says_why_not(row):
    _number, _asked, where, shown = row
    if shown.startswith(CONTEXT):
        assert len(shown.removeprefix(CONTEXT)) > 20
        return
    places = _CODE.findall(where)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []
    assert_shown(shown)


@pytest.mark.parametrize("row", ROADS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_what_a_role_has_to_be_able_to_do_is_shown_by_a_test(row):
    assert_shown(row[2])


def assert_shown(cell: str) -> None:
    named = _CODE.findall(cell)
    assert named
    for name in named:
        path, _colons, function = name.partition("::")
        assert function in functions_of(path), name


@pytest.mark.shared_samples
@pytest.mark.skipif(not DESIGN.is_dir(), reason="the founding documents are not beside the repository")
def test_no_requirement_and_no_clause_of_a_role_is_left_out():
    table = (DESIGN / "data" / "requirements.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split("\t")[0] for line in table] == [row[0] for row in REQUIREMENTS]
    domain = (DESIGN / "design" / "domain.md").read_text(encoding="utf-8")
    clauses = re.findall(r"^\| ([a-z' ]+) \|[^|]*\|[^|]*\| (.+) \|$", domain, re.MULTILINE)
    wanted = {role: len(text.split("; ")) for role, text in clauses if role != "user"}
    assert len(wanted) == 6
    told = {role: sum(row[0] == role for row in ROADS) for role in wanted}
    assert {role: told[role] >= count for role, count in wanted.items()} == dict.fromkeys(wanted, True)
