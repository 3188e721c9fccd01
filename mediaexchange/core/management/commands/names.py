"""Print the key under which each name of standard input is looked up."""

from typing import Any

from mediaexchange.core.languages.names import name_key
from mediaexchange.core.management.stream import LineCommand


class Command(LineCommand):
    help = "Print the key of each name (UTF-8, one a line): spellings of one name in any script share it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.answer_text(name_key)
